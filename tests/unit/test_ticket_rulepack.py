"""Rule packs: the shipped ones are whole, a broken one names every fault, a sixth city needs no Python."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hotline.cli.main import app
from ticketing import load_rulepack, pack_json, schema_markdown
from ticketing.rulepack import TOPICS, RulePack, read_rulepack
from ticketing.toml_lines import line_index

pytestmark = pytest.mark.unit

TOP = Path(__file__).parents[2]
CITIES = sorted(path for path in (TOP / "cities").iterdir() if (path / "tickets.toml").is_file())
SIXTH = TOP / "tests" / "data" / "cities" / "qinghe"
MINIMAL = """
schema = 1
id = "x"
name = "某市"
[[source]]
id = "s"
title = "办法"
articles = 9
[[version]]
id = "1"
effective = 2020-01-01
src = "s:9"
silent = [{silent}]
[version.counting]
src = "convention"
"""


def minimal(*spoken: str) -> str:
    return MINIMAL.format(silent=", ".join(f'"{topic}"' for topic in TOPICS if topic not in ("counting", *spoken)))


def faults(text: str) -> list[str]:
    found = read_rulepack(text, "p.toml")
    return [] if isinstance(found, RulePack) else [str(problem) for problem in found]


def pack_of(folder: Path) -> RulePack:
    pack = load_rulepack(folder)
    assert isinstance(pack, RulePack), pack
    return pack


@pytest.mark.parametrize("folder", CITIES, ids=lambda folder: folder.name)
def test_a_shipped_pack_has_no_fault(folder: Path) -> None:
    pack = pack_of(folder)
    assert pack.city == folder.name
    assert pack.dictionary.kinds


@pytest.mark.parametrize("folder", [*CITIES, SIXTH], ids=lambda folder: folder.name)
def test_every_value_names_its_article(folder: Path) -> None:
    def check(value: object, where: str) -> None:
        if isinstance(value, dict):
            assert value.get("src"), where
            for key, inner in value.items():
                if isinstance(inner, dict) or (isinstance(inner, list) and inner and isinstance(inner[0], dict)):
                    check(inner, f"{where}.{key}")
        elif isinstance(value, list):
            for inner in value:
                check(inner, where)

    for version in pack_json(pack_of(folder))["versions"]:
        for topic, value in version["rules"].items():
            check(value, topic)


def test_a_silent_topic_is_not_filled_in() -> None:
    rules = pack_json(pack_of(TOP / "cities" / "weifang"))["versions"][0]["rules"]
    assert rules["extension"] is None
    assert rules["return"]["window"] is None


def test_silence_must_be_said() -> None:
    assert faults(minimal()) == []
    assert faults(minimal("recusal")) == ["p.toml:9: topic 'recusal' is neither regulated nor named in 'silent'"]


def test_every_fault_is_named_with_its_line() -> None:
    broken = (
        minimal("limit", "return", "consequence")
        + """
[[version.limit]]
src = "s:10"
amount = 5
unit = "days"

[[version.limit]]
src = "t:1"
amount = 0

[[version.limit]]
src = "s:1"
rule = "centre_sets"
amount = 3

[version.return]
src = "s1"
ground = "not_own_duty"
windw = 1

[[version.consequence]]
src = "s:1"
id = "a"
counts = "urges"
at_least = 0
while = "always"
judged = "after_limit"

[[unit]]
id = "a"
zh = "甲"
en = "A"
kind = "departement"
parent = "b"

[[kind]]
code = "riddle"
zh = "谜"
en = 3
"""
    )
    lines = broken.splitlines()
    expected = {
        "source 's' has articles 1 to 9, not 10": 'src = "s:10"',
        "'unit' cannot be 'days', did you mean 'day'?": 'unit = "days"',
        "source 't' is not declared": 'src = "t:1"',
        "'src' must look like 'source:article', not 's1'": 'src = "s1"',
        "unknown key 'windw', did you mean 'window'?": "windw = 1",
        "a limit of rule 'centre_sets' cannot have an 'amount'": "amount = 3",
        "'at_least' must be 1 or more": "at_least = 0",
        "only a supervise order has a limit of its own": 'judged = "after_limit"',
        "needs 'must' or 'may'": "[[version.consequence]]",
        "'kind' cannot be 'departement', did you mean 'department'?": 'kind = "departement"',
        "there is no unit 'b' above this line": 'parent = "b"',
        "there is no kind 'riddle'": 'code = "riddle"',
        "'en' cannot be 3": "en = 3",
    }
    found = faults(broken)
    assert {fault.split(": ", 1)[1] for fault in found} == set(expected)
    for fault in found:
        place, message = fault.split(": ", 1)
        assert lines[int(place.split(":")[1]) - 1].strip() == expected[message]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a = [1\n", "p.toml:"),
        ('schema = 1\nid = "x"\nid = "y"\n', "p.toml:3: Cannot overwrite a value"),
        ("", "p.toml:1: needs 'id'"),
        ("schema = 2", "p.toml:1: 'schema' must be 1"),
        ("version = 3\n", "p.toml:1: 'version' must be tables [[version]]"),
    ],
)
def test_what_is_no_pack_at_all(text: str, fault: str) -> None:
    assert any(found.startswith(fault) for found in faults(text))


def test_a_limit_nothing_can_reach_is_a_fault() -> None:
    text = (
        minimal("limit")
        + '[[version.limit]]\nsrc = "s:1"\namount = 5\n[[version.limit]]\nsrc = "s:2"\namount = 9\nkind = "help"\n'
    )
    assert [fault.split(": ", 1)[1] for fault in faults(text)] == [
        "can never hold: an earlier limit fits everything this one does"
    ]


def test_a_limit_from_delivery_has_no_clock_that_waits_for_the_signature() -> None:
    limit = '[[version.limit]]\nsrc = "s:1"\namount = 5\nstarts = "delivery"\n'
    assert faults(minimal("limit") + limit) == []
    (fault,) = faults(minimal("limit") + 'unit_clock_from = "signature"\n' + limit)
    assert fault.endswith("a limit from delivery contradicts 'unit_clock_from' in 'counting'")
    (fault,) = faults(minimal("limit") + limit.replace("delivery", "acceptance"))
    assert "starts" in fault


def test_lines_are_found_behind_strings_brackets_and_comments() -> None:
    text = 'a = """\nb = 1\n"""\nc = [\n "]", # ]\n "[x]",\n]\n[t."d.e"]\n"f g" = {h = 1}\n'
    text += "[[u]]\n[[u.v]]\nw = 1\n[[u]]\n[[u.v]]\nw = 2\n"
    index = line_index(text)
    assert index[("c",)] == 4
    assert ("b",) not in index
    assert index[("t", "d.e", "f g")] == 9
    assert index[("u", 1, "v", 0, "w")] == 15


def test_a_version_is_in_force_from_its_date_on() -> None:
    pack = pack_of(SIXTH)
    assert [pack.in_force(date.fromisoformat(day)).id for day in ("2018-01-01", "2024-05-31", "2024-06-01")] == [
        "trial",
        "trial",
        "law",
    ]


def test_a_version_without_a_date_waits_for_the_office() -> None:
    pack = pack_of(TOP / "cities" / "kunming")
    assert pack.in_force(date(2026, 1, 1)).id == "2003"
    later = pack.version("later")
    assert later is not None
    assert later.rules.guide is None
    assert later.rules.extension == pack.versions[0].rules.extension


def test_the_document_is_the_schema() -> None:
    text = (TOP / "docs" / "city.md").read_text("utf-8")
    assert text.endswith(schema_markdown())
    for topic in TOPICS:
        assert f"version.{topic}]" in text


def due(*options: str) -> dict[str, object]:
    """What the command says of a pack outside the shipped ones."""
    result = CliRunner().invoke(app, ["due", "--json", *options], env={"HOTLINE_CITY_DIR": str(SIXTH)})
    assert result.exit_code == 0, result.output
    said: dict[str, object] = json.loads(result.stdout)
    return said


def test_a_sixth_city_counts_natural_days_and_a_closing_hour() -> None:
    assert due("--start", "2023-09-22T10:00")["due"] == "2023-10-07T17:30:00+08:00"


def test_a_sixth_city_counts_hours() -> None:
    said = due("--start", "2024-10-01T22:00", "--category", "inquiry")
    assert (said["due"], said["article"], said["version"]) == ("2024-10-02T22:00:00+08:00", "new:10", "law")
    assert due("--start", "2024-10-01T22:00", "--step", "sign")["due"] == "2024-10-02T00:00:00+08:00"


def test_a_sixth_city_keeps_what_its_new_law_does_not_mention() -> None:
    said = due("--extend", "5", "--from-due", "2024-09-30")
    assert (said["due"], said["article"]) == ("2024-10-08T17:30:00+08:00", "old:6")


def test_checking_a_pack_from_the_command_line(tmp_path: Path) -> None:
    good = CliRunner().invoke(app, ["rulepack", "check", str(SIXTH)])
    assert (good.exit_code, good.stdout.strip()) == (0, "qinghe: no fault; versions trial, law")
    (tmp_path / "tickets.toml").write_text("schema = 3\n[[version]]\nid=1\n")
    bad = CliRunner().invoke(app, ["rulepack", "check", str(tmp_path)])
    assert bad.exit_code == 1
    assert f"{tmp_path}/tickets.toml:1: 'schema' must be 1" in bad.stdout
    assert f"{tmp_path}/tickets.toml:3: 'id' cannot be 1" in bad.stdout
    every = CliRunner().invoke(app, ["rulepack", "check", str(TOP / "cities")])
    assert (every.exit_code, len(every.stdout.splitlines())) == (0, len(CITIES))
    assert CliRunner().invoke(app, ["rulepack", "check", str(tmp_path / "none")]).exit_code == 1
