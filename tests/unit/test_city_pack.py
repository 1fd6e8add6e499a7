"""A city pack that cannot be used is refused with every mistake at once, whichever file it stands in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hotline import city_pack, resources
from hotline.settings import Settings
from recordings import SHIPPED_SCORECARD

pytestmark = pytest.mark.unit

DEMO = resources.cities() / "demo"
TOP = Path(__file__).parents[2]
SHIPPED_DESK = TOP / "agent_desktop" / "data" / "desk.toml"
FILES = (*sorted(file.name for file in DEMO.glob("*.toml")), "desk.toml", "retention.toml", "scorecard.toml")
STRANGE = {
    "desk.toml": "[roles]\nx = 3\n",
    "form.toml": "required = 3\n",
    "history.toml": '# matters\n[[course]]\nname = "x"\n',
    "ivr.toml": "[greeting]\nprompt = 3\n",
    "keywords.toml": "[category]\nx = 3\n",
    "knowledge.toml": '[[article]]\nquestion = "x"\n',
    "retention.toml": "[[keep]]\ndays = 0\n",
    "scorecard.toml": "pass_mark = 1000\n",
    "seed.toml": '[[user]]\nname = "x"\n',
    "tickets.toml": "schema = 99\n",
}
"""What is TOML and yet cannot be used, a file of each kind."""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack with every file a pack can have, in order."""
    folder = tmp_path / "city"
    shutil.copytree(DEMO, folder)
    shutil.copy(SHIPPED_SCORECARD, folder / "scorecard.toml")
    shutil.copy(SHIPPED_DESK, folder / "desk.toml")
    (folder / "retention.toml").write_text("[[keep]]\ndays = 30\n")
    (folder / "hotwords.txt").write_text("滨江路\n", "utf-8")
    return folder


def problems(pack: Path) -> list[str]:
    return city_pack.problems(Settings(home=pack.parent, city_dir=pack))


def test_a_whole_pack_has_no_problem(pack: Path) -> None:
    assert problems(pack) == []
    assert {*STRANGE} == {*FILES}


@pytest.mark.parametrize("name", [*FILES, "hotwords.txt", "blacklist.txt", "prompts/prompts.toml"])
def test_a_file_that_is_no_utf_8(pack: Path, name: str) -> None:
    (pack / name).write_bytes("名称".encode("gb18030"))
    said = problems(pack)
    assert len(said) == 1
    assert Path(name).name in said[0] and str(pack) in said[0]


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_toml_is_named_with_the_line(pack: Path, name: str) -> None:
    text = (pack / name).read_text("utf-8")
    (pack / name).write_text(f"{text}\nthis is no key\n", "utf-8")
    line = text.count("\n") + 2
    assert any(one.startswith(f"{pack / name}:{line}: ") for one in problems(pack))


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_values_that_cannot_be(pack: Path, name: str) -> None:
    (pack / name).write_text(STRANGE[name], "utf-8")
    said = problems(pack)
    assert said
    for one in said:
        file, line, message = one.split(":", 2)
        assert (file, line.isdigit(), bool(message.strip())) == (str(pack / name), True, True)


def test_all_files_at_once(pack: Path) -> None:
    for name, text in STRANGE.items():
        (pack / name).write_text(text, "utf-8")
    said = problems(pack)
    assert {Path(one.partition(":")[0]).name for one in said} == {*STRANGE}


def test_a_pack_that_is_not_there(tmp_path: Path) -> None:
    assert problems(tmp_path / "nowhere") == [f"{tmp_path / 'nowhere'}: no such city pack"]


def test_the_line_is_the_one_of_the_mistake(pack: Path) -> None:
    (pack / "seed.toml").write_text('[[user]]\nusername = "a"\nname = "b"\n\n[[user]]\nname = "c"\n', "utf-8")
    (pack / "retention.toml").write_text("[[keep]]\ndays = 3\n\n[[keep]]\ndays = 0\n", "utf-8")
    assert f"{pack / 'seed.toml'}:5: user: needs username" in problems(pack)
    assert any(one.startswith(f"{pack / 'retention.toml'}:4: rule 2") for one in problems(pack))
