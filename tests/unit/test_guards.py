"""The house's rules that no linter knows, read from the files themselves."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

TOP = Path(__file__).parents[2]
OURS = ("agent_desktop", "cti", "hotline", "ivr", "recordings", "ticketing")


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the repository that git knows and that still exists."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, text=True, check=True)
    return tuple(path for name in listing.stdout.split("\0") if name and (path := TOP / name).is_file())


def files(*suffixes: str, under: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Name and text of the tracked files with one of the suffixes, in one of the top folders."""
    for path in tracked():
        name = path.relative_to(TOP).as_posix()
        if path.suffix in suffixes and (not under or name.split("/")[0] in under):
            yield name, path.read_text("utf-8")


def found(pattern: str, *suffixes: str, under: tuple[str, ...] = ()) -> list[str]:
    rule = re.compile(pattern)
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in files(*suffixes, under=under)
        for number, line in enumerate(text.splitlines(), 1)
        if rule.search(line)
    ]


CODE = (".py", ".ts", ".vue")
TEXTS = (*CODE, ".md", ".toml", ".cfg", ".json", ".conf", ".yaml", ".html", ".lock", ".service", ".sh", "")


def test_no_registry_host_and_no_path_of_a_developers_machine() -> None:
    hosts = r"de[b]\.debian\.|archiv[e]\.ubuntu|pyp[i]\.org|pythonhoste[d]|registr[y]\.npmjs|registr[y]\.yarn"
    assert found(hosts + r"|/wor[k]/|/roo[t]/|/hom[e]/\w", *TEXTS) == []


def test_lock_files_hold_no_addresses() -> None:
    lock = TOP / "agent_desktop" / "web" / "package-lock.json"
    assert '"resolved": "http' not in lock.read_text("utf-8")
    for line in (TOP / "requirements.lock").read_text("utf-8").splitlines():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line), line


def test_modules_stay_small_enough_to_read() -> None:
    written = [(name, text) for name, text in files(*CODE) if not re.search(r"/generated/|/migrations/versions/", name)]
    lengths = {name: text.count("\n") for name, text in written}
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}


def test_a_city_is_data() -> None:
    """No city's name stands in code; ``demo`` may, as the default of one setting and of the test material."""
    words_of_the_language = {"demo", "platform"}
    packs = [path.name for path in (TOP / "cities").iterdir() if path.is_dir()]
    packs = [name for name in packs if name not in words_of_the_language]
    known = [*packs, "kunming", "mudanjiang", "weifang", "heyuan", "luhe", "昆明", "牡丹江", "潍坊", "河源", "六合"]
    words = "|".join(rf"\b{re.escape(name)}\b" if name.isascii() else name for name in known)
    assert found(words, *CODE, under=OURS) == []


def test_nothing_is_left_half_done() -> None:
    marks = r"TOD[O]|FIXM[E]|\bXX[X]\b|NotImplemente[d]Error|pytest\.mark\.ski[p]|xfai[l]"
    assert found(marks + r"|pragma: no cove[r]|type: ignor[e]$", *CODE) == []


def test_tests_wait_for_conditions_instead_of_sleeping() -> None:
    assert found(r"(time|asyncio)\.slee[p]\((0\.[1-9]|[1-9])", ".py", under=("tests",)) == []


@pytest.mark.parametrize(
    ("library", "door"),
    [
        ("panoramisk", "cti/ami.py"),
        ("asterisk", "ivr/agi_session.py"),
        ("vosk", "recordings/vosk_recogniser.py"),
        ("pydub", "recordings/audio.py"),
        ("puremagic", "agent_desktop/attachment_types.py"),
    ],
)
def test_a_foreign_library_has_one_door(library: str, door: str) -> None:
    uses = {name for name, text in files(".py", under=OURS) if re.search(rf"^\s*(import|from) {library}\b", text, re.M)}
    assert uses == {door}


def test_twisted_stays_in_the_ivr_and_the_house() -> None:
    uses = {
        name.split("/")[0]
        for name, text in files(".py", under=OURS)
        if re.search(r"^\s*(import|from) twisted\b", text, re.M)
    }
    assert uses <= {"ivr", "hotline"}


LOG_METHODS = {"debug", "info", "warning", "error", "exception", "critical"}
PERSONAL = re.compile(
    r"number|phone|caller|(display|user|agent|full)_?name|text|title|address|body|digits|password|secret"
)
HARMLESS = re.compile(r".*_id|len\(.*\)|type\(.*\)\.__name__|config\.address")


def log_calls() -> Iterator[tuple[str, ast.Call]]:
    for name, text in files(".py", under=OURS):
        for node in ast.walk(ast.parse(text)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in LOG_METHODS
                and re.search(r"\blog(ger|ging)?$", ast.unparse(node.func.value), re.IGNORECASE)
            ):
                yield f"{name}:{node.lineno}", node


def test_log_texts_are_static() -> None:
    bad = [place for place, call in log_calls() if not (call.args and isinstance(call.args[0], ast.Constant))]
    assert bad == []


def test_log_values_are_never_personal() -> None:
    bad = [
        f"{place}: {value}"
        for place, call in log_calls()
        for value in map(ast.unparse, call.args[1:])
        if PERSONAL.search(value) and not HARMLESS.fullmatch(value)
    ]
    assert bad == []


def test_every_test_file_has_one_marker() -> None:
    marker = re.compile(r"^pytestmark = pytest\.mark\.(unit|wire|live|browser)$", re.M)
    tests = [(name, text) for name, text in files(".py", under=("tests",)) if Path(name).name.startswith("test_")]
    assert [name for name, text in tests if len(marker.findall(text)) != 1] == []


COMES_WITH = {
    "botocore": "s3fs",
    "jinja2": "docxtpl",
    "joblib": "scikit-learn",
    "pydantic-core": "pydantic",
    "python-docx": "docxtpl",
}
"""Part of another library's own interface: one cannot use that without this."""


def test_every_library_we_import_is_one_we_ask_for() -> None:
    """A package that is here only because another one needs it may be gone tomorrow."""
    setup = ConfigParser()
    setup.read(TOP / "setup.cfg")
    lists = [value for name, value in setup["options.extras_require"].items() if name != "test"]
    asked = "\n".join([setup["options"]["install_requires"], *lists]).split("\n")
    known = {_plain(re.split(r"[<>=\[; ]", line.strip())[0]) for line in asked if line.strip()}
    known |= {name for name, owner in COMES_WITH.items() if owner in known}
    offered = packages_distributions()  # of what is not installed (an extra), the name itself
    missing = set()
    for name, text in files(".py", under=OURS):
        for module in imported(text):
            foreign = module not in sys.stdlib_module_names and module not in OURS
            if foreign and not known & {_plain(owner) for owner in offered.get(module, [module])}:
                missing.add(f"{name}: {module}")
    assert missing == set()


def imported(text: str) -> set[str]:
    """The top-level names of everything a module imports."""
    nodes = list(ast.walk(ast.parse(text)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    plain |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    return {name.partition(".")[0] for name in plain}


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")


def test_nothing_that_is_built_is_tracked() -> None:
    built = re.compile(r"^(agent_desktop/static[^/]*|dist|build|[^/]*\.egg-info|.*node_modules|.*__pycache__)/")
    assert [name for path in tracked() if built.match(name := path.relative_to(TOP).as_posix())] == []
