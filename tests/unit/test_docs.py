"""Documentation that cannot rot: what a page claims to be complete about, is compared with the code."""

from __future__ import annotations

import re
import tomllib
from configparser import ConfigParser
from pathlib import Path

import pytest

from cti.agents import AgentState
from hotline.cli import reference
from hotline.settings import Settings
from ticketing.life import TABLE

pytestmark = pytest.mark.unit

TOP = Path(__file__).parents[2]
PAGES = sorted([*TOP.glob("*.md"), *(TOP / "docs").rglob("*.md")])
FOLDERS = ("agent_desktop", "asterisk-conf", "bench", "cities", "cti", "deploy", "docs", "hotline", "ivr", "recordings")
FOLDERS = (*FOLDERS, "tests", "ticketing")
GENERATED = ("agent_desktop/static", "agent_desktop/web/node_modules")


@pytest.mark.parametrize(("name", "text"), reference.pages().items(), ids=reference.pages().keys())
def test_generated_pages_are_current(name: str, text: str) -> None:
    assert (TOP / "docs" / name).read_text("utf-8") == text, "run: python -m hotline.cli.reference"


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_command_option_is_explained() -> None:
    page = (TOP / "docs" / "cli.md").read_text("utf-8")
    assert re.findall(r"^\| `.*` \| +\|$", page, re.M) == []


NO_JSON = {
    "captions": "a program that runs on",
    "desk": "a program that runs on",
    "duplicates": "is JSON already, a line a pair",
    "ivr": "a program that runs on",
    "replay": "is JSON already, a line a fact",
    "rulepack life": "a page of documentation",
    "rulepack schema": "is JSON already",
    "switch cli": "Asterisk's own words",
    "switch run": "becomes Asterisk",
    "worker": "a program that runs on",
}
"""Commands without ``--json``, and why."""


def test_every_command_answers_in_json_or_has_a_reason_not_to() -> None:
    without = {
        " ".join(words)
        for words, command in reference.command_tree()
        if (not getattr(command, "commands", None) or command.invoke_without_command)
        and not any("--json" in param.opts for param in command.params)
    }
    assert without == set(NO_JSON)


def test_the_commands_an_office_was_promised_exist() -> None:
    promised = {"up", "down", "status", "doctor", "ivr", "desk", "worker", "migrate", "seed"}
    promised |= {"call", "capture", "replay", "prompts build", "agent add", "agent remove"}
    promised |= {"user add", "user list", "user passwd"}
    assert promised <= set(reference.commands())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(TOP).as_posix())
def test_links_and_named_files_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    named = re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]+)`", text)
    missing = [link for link in links if link and not (page.parent / link).exists()]
    missing += [name for name in named if not name.startswith(GENERATED) and not _is_there(TOP / name)]
    assert missing == []


def _is_there(path: Path) -> bool:
    """A bench is named without its ending."""
    return path.exists() or path.with_suffix(".py").exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(TOP).as_posix())
def test_commands_in_pages_exist(page: Path) -> None:
    known = set(reference.commands())
    typed = re.findall(r"`(?:\.venv/bin/)?hotline ([a-z][a-z -]*)", page.read_text("utf-8"))
    unknown = [line for line in typed if not any(line == name or line.startswith(f"{name} ") for name in known)]
    assert unknown == []


def test_make_targets_in_pages_exist() -> None:
    makefile = (TOP / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.M))
    typed = {name for page in PAGES for name in re.findall(r"`make ([a-z-]+)", page.read_text("utf-8"))}
    assert typed <= targets


def test_the_two_readmes_are_twins() -> None:
    """Same headings in depth and order, same code, same pictures and links (but for the link to each other)."""

    def skeleton(name: str) -> dict[str, list[str]]:
        text = (TOP / name).read_text("utf-8")
        prose = re.sub(r"```.*?```", "", text, flags=re.S)
        return {
            "headings": re.findall(r"^(#+) ", prose, re.M),
            "code": [re.sub(r" *#.*", "", block) for block in re.findall(r"```.*?```", text, re.S)],
            "links": sorted(link for link in re.findall(r"\]\(([^)]+)\)", text) if not link.startswith("README")),
            "rows": [str(line.count("|")) for line in prose.splitlines() if line.startswith("|")],
        }

    assert skeleton("README.md") == skeleton("README.zh-CN.md")


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), [TOP / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        for link in re.findall(r"\]\(([^)#\s]+\.md)", page.read_text("utf-8")):
            if "://" not in link:
                waiting.append((page.parent / link).resolve())
    assert [page.relative_to(TOP).as_posix() for page in PAGES if page not in reached] == []


def test_decisions_have_different_numbers() -> None:
    numbers = [path.name.partition("-")[0] for path in (TOP / "docs" / "decisions").glob("[0-9]*.md")]
    assert len(numbers) == len(set(numbers))


def test_the_changelog_knows_this_version() -> None:
    setup = ConfigParser()
    setup.read(TOP / "setup.cfg")
    assert f"## {setup['metadata']['version']}" in (TOP / "CHANGELOG.md").read_text("utf-8")


def test_every_folder_of_the_repository_is_on_the_map() -> None:
    readme = (TOP / "README.md").read_text("utf-8")
    assert [name for name in FOLDERS if f"`{name}/`" not in readme] == []


def test_the_glossary_has_every_word_of_the_ticket_workflow_and_of_agent_states() -> None:
    words = {str(state) for state in AgentState}
    words |= {word for row in TABLE for word in (row.frm, row.verb, row.to) if word and word.islower()}
    glossary = (TOP / "docs" / "glossary.md").read_text("utf-8")
    assert [word for word in sorted(words) if f"`{word}`" not in glossary] == []


def test_ticket_kinds_of_the_demo_are_glossary_words() -> None:
    pack = tomllib.loads((TOP / "cities" / "demo" / "tickets.toml").read_text("utf-8"))
    glossary = (TOP / "docs" / "glossary.md").read_text("utf-8")
    assert [kind["code"] for kind in pack["kind"] if f"`{kind['code']}`" not in glossary] == []
