"""The rendered configuration against the code and against itself: variables, routes, queues, contexts, ports, paths."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from cti import calling_out, mending, talks
from hotline import resources
from hotline.settings import Settings
from hotline.switch.installation import Installation
from hotline.switch.provision import Phone, add_phone
from hotline.switch.render import CHANNEL_VARIABLES, needed_modules, rendered, values
from ivr.flows.inbound import Choice
from tests.kit.dialplan import Step, matches, sections, split_arguments, steps, variables

pytestmark = pytest.mark.unit

SETTINGS = Settings(home=Path("/srv/hotline"), fastagi_port=4573)
INSTALLATION = Installation(("/usr/sbin/asterisk",), Path("/usr/lib/asterisk/modules"), Path("/usr/share"), "22", False)
FILES = rendered(resources.asterisk_conf(), values(SETTINGS, "s" * 40, INSTALLATION), INSTALLATION)
STEPS = steps(FILES["extensions.conf"])
PJSIP = sections(FILES["pjsip.conf"])
QUEUES = {
    name for name, found in sections(FILES["queues.conf"]).items() if name != "general" and found[0]["template"] != "!"
}
GLOBALS = sections(FILES["extensions.conf"])["globals"][0].keys() - {"template"}

# What Asterisk itself sets: channel variables of the core and of the applications we call.
GIVEN = {"EXTEN", "EPOCH", "AGISTATUS", "QUEUESTATUS", "HL_HEARD"}

# Each application and function, and the module that brings it; none: the core.
APPLICATIONS = {
    **dict.fromkeys(("Answer", "Goto", "GotoIf", "Hangup", "MSet", "Set", "Wait"), None),
    "Return": "app_stack",
    "SoftHangup": "app_softhangup",
    "StartMusicOnHold": "res_musiconhold",
    "AGI": "res_agi",
    "MixMonitor": "app_mixmonitor",
    "StopMixMonitor": "app_mixmonitor",
    "ChanSpy": "app_chanspy",
    "Queue": "app_queue",
    "Record": "app_record",
    "Playback": "app_playback",
    "MusicOnHold": "res_musiconhold",
    "ConfBridge": "app_confbridge",
    "Dial": "app_dial",
    "Echo": "app_echo",
    "ExecIf": "app_exec",
}
FUNCTIONS = {
    "UUID": "func_uuid",
    "CHANNEL": "func_channel",
    "TIMEOUT": "func_timeout",
    "GLOBAL": "func_global",
    "QUEUE_EXISTS": "app_queue",
    "FILTER": "func_strings",
    "STAT": "func_env",
    "CALLERID": "func_callerid",
    "PJSIP_DIAL_CONTACTS": "chan_pjsip",
    "PJSIP_HEADER": "res_pjsip_header_funcs",
}


def places(context: str) -> list[Step]:
    return [step for step in STEPS if step.context == context]


def targets() -> list[tuple[str, Step]]:
    """Every jump, as Goto writes it."""
    found = []
    for step in STEPS:
        if step.application == "Goto":
            found.append((step.arguments, step))
        if step.application == "GotoIf":
            branches = step.arguments.rpartition("?")[2]
            found += [(branch, step) for branch in re.split(r":(?![^{]*\})", branches) if branch]
        if step.application == "Dial":
            found += [(place.replace("^", ","), step) for place in re.findall(r"G\(([^)]*)\)", step.arguments)]
            found += [(place.replace("^", ","), step) for place in re.findall(r"[bB]\(([^()]*)", step.arguments)]
            found += [(f"{routine},s,1", step) for routine in re.findall(r"U\(([^)^]*)", step.arguments)]
    return found


def places_the_desk_sends_to() -> list[tuple[str, str, str]]:
    """Where the desk sends channels, read from its own source: file, context, extension (empty: made at run time)."""
    found = []
    for module in (talks, mending, calling_out):
        name, tree = Path(module.__file__ or "").name, ast.parse(Path(module.__file__ or "").read_text("utf-8"))
        for node in ast.walk(tree):
            for pair in pairs(node):
                context, extension = pair.elts
                names = [context.body, context.orelse] if isinstance(context, ast.IfExp) else [context]
                fixed = str(extension.value) if isinstance(extension, ast.Constant) else ""
                found += [(name, str(one.value), fixed) for one in names if isinstance(one, ast.Constant)]
            if isinstance(node, ast.Dict):
                keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
                value = node.values[keys.index("Context")] if "Context" in keys else None
                if isinstance(value, ast.Constant):
                    found.append((name, str(value.value), ""))
    return sorted(set(found))


def pairs(node: ast.AST) -> list[ast.Tuple]:
    """The places in a call that moves a channel, a repair, a chosen place or a named one."""
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in ("send_to", "_call", "_aside", "Repair"):
            inside = [part for argument in node.args for part in ast.walk(argument)]
            return [part for part in inside if isinstance(part, ast.Tuple) and len(part.elts) == 2]
    if isinstance(node, ast.Assign):
        values = [node.value, *(node.value.elts if isinstance(node.value, ast.Tuple) else [])]
        of_words = [one for one in values if isinstance(one, ast.Tuple) and len(one.elts) == 2]
        return [one for one in of_words if isinstance(one.elts[0], ast.Constant) and isinstance(one.elts[0].value, str)]
    return []


def arrives(target: str, origin: Step) -> bool:
    """Whether a jump finds a step: context, extension (a pattern's own name for itself), priority or label."""
    parts = target.split(",")
    context = parts[0] if len(parts) == 3 else origin.context
    extension = parts[-2] if len(parts) >= 2 else origin.extension
    there = [step for step in places(context) if goes_to(step.extension, extension, origin)]
    return any(parts[-1] in (str(step.priority), step.label) for step in there)


def goes_to(there: str, wanted: str, origin: Step) -> bool:
    if wanted != "${EXTEN}":
        return matches(there, wanted) or there == wanted
    samples = [number for number in ("12345", "+8613800138000", "s") if matches(origin.extension, number)]
    return bool(samples) and all(matches(there, number) for number in samples)


@pytest.mark.parametrize(("target", "origin"), targets(), ids=lambda value: getattr(value, "place", str(value)))
def test_every_jump_arrives(target: str, origin: Step) -> None:
    assert arrives(target, origin)


def test_jumps_inside_of_options_are_seen() -> None:
    jumps = {target for target, _ in targets()}
    assert {"put-through,s,1", "outgoing,s,1", "rejoin,call-back,1", "rejoined,s,1"} <= jumps


@pytest.mark.parametrize(("module", "context", "extension"), places_the_desk_sends_to())
def test_every_place_the_desk_sends_a_channel_to_is_there(module: str, context: str, extension: str) -> None:
    there = places(context)
    assert there, f"{module}: no context {context}"
    if extension:
        assert any(matches(step.extension, extension) or step.extension == extension for step in there), module


def test_the_places_of_the_desk_are_found() -> None:
    found = {(context, extension) for _, context, extension in places_the_desk_sends_to()}
    assert {("conf", ""), ("aside", ""), ("brief", ""), ("rejoin", "lost"), ("hold", "s"), ("hold", "unit")} <= found
    assert {("hold", "left"), ("survey", "s"), ("unit-out", ""), ("agent-out", ""), ("from-agents", "")} <= found


@pytest.mark.parametrize("context", sorted({step.context for step in STEPS}))
def test_no_path_ends_in_the_middle(context: str) -> None:
    """The last step of every extension leaves on purpose."""
    for extension in {step.extension for step in places(context)}:
        last = max((step for step in places(context) if step.extension == extension), key=lambda step: step.priority)
        assert last.application in ("Goto", "Hangup", "Echo", "Return"), last.place


def test_every_variable_is_set_somewhere() -> None:
    assigned = set(GLOBALS) | GIVEN
    for step in STEPS:
        if step.application in ("Set", "MSet", "ExecIf"):
            assigned |= {name.lstrip("_") for name in re.findall(r"(?:^|[,(?])(?:Set\()?(\w+)=", step.arguments)}
    read = variables("\n".join(step.arguments for step in STEPS))
    assert read <= assigned, read - assigned


def defaults() -> dict[str, str]:
    """What a citizen's call starts with: variable and value; all inherited by the legs it dials."""
    found = {}
    for step in places("citizen"):
        if step.application in ("Set", "MSet"):
            pairs = [pair.partition("=") for pair in split_arguments(step.arguments) if pair.startswith("__")]
            found |= {name.removeprefix("__"): value for name, _, value in pairs}
    return found


def test_a_call_starts_with_everything_that_ami_reports() -> None:
    assert set(CHANNEL_VARIABLES) <= defaults().keys()
    reported = sections(FILES["manager.conf"])["general"][0]["channelvars"]
    assert reported.split(",") == list(CHANNEL_VARIABLES)


def test_the_ivr_improves_only_what_has_a_default() -> None:
    improved = {name.removeprefix("__") for name, _ in Choice("citizens", 0, "zh").variables().values}
    assert improved <= defaults().keys()
    assert defaults()["HL_QUEUE"] in QUEUES
    assert (defaults()["HL_PRIORITY"], defaults()["HL_NEXT"]) == ("0", "queue")


def test_every_next_step_of_the_ivr_is_known() -> None:
    """``queue`` is what happens when nothing else is asked for."""
    asked = set(re.findall(r'"\$\{HL_NEXT\}" = "(\w+)"', FILES["extensions.conf"]))
    assert asked | {"queue"} == {"queue", "voicemail", "hangup"}


@pytest.mark.parametrize("pack", sorted(resources.cities().glob("*/ivr.toml")), ids=lambda path: path.parent.name)
def test_queues_of_every_city_exist(pack: Path) -> None:
    def named(value: object) -> set[str]:
        if isinstance(value, dict):
            own = {found for key, found in value.items() if key.endswith("queue") and isinstance(found, str)}
            return own.union(*(named(inner) for inner in value.values()))
        return set().union(*(named(inner) for inner in value)) if isinstance(value, list) else set()

    content = tomllib.loads(pack.read_text("utf-8"))
    assert named(content) | {content["queue"]["name"]} <= QUEUES


def test_the_ivr_is_asked_where_it_listens() -> None:
    assert sections(FILES["extensions.conf"])["globals"][0]["IVR"] == "agi://127.0.0.1:4573"
    asked = {step.arguments.split(",")[0] for step in STEPS if step.application == "AGI"}
    assert asked == {f"${{IVR}}/{script}" for script in ("inbound", "voicemail", "survey")}
    timer = [step.arguments for step in places("ivr") if "TIMEOUT(absolute)" in step.arguments]
    assert timer[0] == "TIMEOUT(absolute)=${IVR_PATIENCE}"
    patience = re.search(r"^IVR_PATIENCE = ([\d.]+)$", FILES["extensions.conf"], re.MULTILINE)
    assert patience is not None
    assert float(patience[1]) < 2
    assert any(step.extension == "T" for step in places("ivr"))


def test_recording_starts_right_after_the_answer_and_is_named_by_the_contact_only() -> None:
    applications = [step.application for step in places("citizen")]
    assert applications.index("MixMonitor") == applications.index("Answer") + 1
    for step in STEPS:
        if step.application in ("MixMonitor", "Record"):
            ours = {"CONSULT_ID"} if step.context == "aside" else {"CONTACT_ID"}
            assert variables(step.arguments) == ours, "a caller's text must never reach a file name"
            spools = (SETTINGS.recording_spool, SETTINGS.consult_spool, SETTINGS.voicemail_spool)
            assert any(str(spool) in step.arguments for spool in spools)


def test_applications_and_functions_have_their_modules() -> None:
    loaded = needed_modules(resources.asterisk_conf())
    used = {step.application for step in STEPS}
    assert used <= APPLICATIONS.keys(), used - APPLICATIONS.keys()
    called = set(re.findall(r"([A-Z_]{3,})\(", "\n".join(step.arguments for step in STEPS)))
    assert called <= FUNCTIONS.keys(), called - FUNCTIONS.keys()
    for module in {*APPLICATIONS.values(), *FUNCTIONS.values()} - {None}:
        assert f"{module}.so" in loaded


def test_endpoints_lead_into_contexts_that_exist() -> None:
    contexts = {step.context for step in STEPS}
    for name, found in PJSIP.items():
        for section in found:
            if "context" in section:
                assert section["context"] in contexts, name
            for reference in ("aors", "endpoint"):
                assert section.get(reference, name) in PJSIP, name
    dialled = set(re.findall(r"PJSIP/[^@,]+@(\w+)", FILES["extensions.conf"]))
    assert dialled <= PJSIP.keys()


def test_conference_profiles_exist() -> None:
    profiles = sections(FILES["confbridge.conf"])
    for step in STEPS:
        if step.application == "ConfBridge":
            _, bridge, user = split_arguments(step.arguments)
            assert (profiles[bridge][0]["type"], profiles[user][0]["type"]) == ("bridge", "user")


@pytest.mark.parametrize("kind", ["web", "phone", "citizen"])
def test_phones_use_templates_that_exist(tmp_path: Path, kind: str) -> None:
    add_phone(tmp_path, Phone("8001", kind, "王芳", "a" * 40))  # type: ignore[arg-type]
    endpoint, auth, aor = sections((tmp_path / "8001.conf").read_text("utf-8"))["8001"]
    assert [endpoint["template"], auth["template"], aor["template"]] == [kind, "secret", "seat"]
    for template in (kind, "secret", "seat"):
        assert PJSIP[template][0]["template"].startswith("!")


def test_ways_in_are_separate() -> None:
    """Citizens reach the hotline by any number; the demo's phones by one; a stranger's context does not exist."""
    assert any(matches(step.extension, "12345") for step in places("from-trunk"))
    assert any(matches(step.extension, "+8657112345") for step in places("from-trunk"))
    assert {step.extension for step in places("from-demo")} == {SETTINGS.hotline_number}
    assert "anonymous" not in PJSIP
    assert {step.context for step in STEPS if "@trunk" in step.arguments} == {"from-agents"}


def test_ami_and_http_stay_on_loopback() -> None:
    manager, http = sections(FILES["manager.conf"]), sections(FILES["http.conf"])["general"][0]
    assert manager["general"][0]["bindaddr"] == http["bindaddr"] == "127.0.0.1"
    assert http["tlsbindaddr"].startswith("127.0.0.1:")
    assert manager["hotline"][0]["secret"] == "s" * 40
    assert "dtmf" not in manager["hotline"][0]["read"]


def test_nothing_can_run_a_program() -> None:
    modules = needed_modules(resources.asterisk_conf(), optional=True)
    assert not {"app_system.so", "func_shell.so", "app_externalivr.so", "res_ari.so"} & set(modules)
    assert sections(FILES["asterisk.conf"])["options"][0]["live_dangerously"] == "no"


@pytest.mark.parametrize("context", ["aside", "brief", "conf", "from-agents"])
def test_a_party_that_cannot_be_reached_starts_nothing(context: str) -> None:
    """Asterisk runs the extension "failed" of the context a party was called for, if there is one."""
    assert not any(matches(step.extension, "failed") for step in places(context))
