"""Same matter, same place: names of places, and when two requests are offered as one."""

from __future__ import annotations

import pytest

from ticketing.places import agreement, places_in, shared
from ticketing.similar import Comparer

pytestmark = pytest.mark.unit

COMPARER = Comparer(["搅拌站", "噪音", "扬尘", "油烟", "路灯", "物业费"])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("投诉东湖新城小区附近的搅拌站", {"东湖新城"}),
        ("家住东湖新城社区", {"东湖新城"}),
        ("滨江路路灯坏了", {"滨江路"}),
        ("向阳小区停水", {"向阳小区"}),
        ("我们小区门口", set()),
        ("附近的搅拌站、水泥厂、高速公路", set()),
        ("某某小区", set()),
        ("", set()),
    ],
)
def test_names_of_places(text: str, names: set[str]) -> None:
    assert places_in(text).names == names


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("东湖新城小区油烟", "市里东湖新城社区的油烟", "agrees"),
        ("某某新城油烟", "东湖新城油烟", "agrees"),
        ("某某小区油烟", "向阳小区油烟", "unknown"),
        ("向阳小区油烟", "金桥小区油烟", "differs"),
        ("A3区油烟", "A5区油烟", "differs"),
        ("青山镇向阳村修路", "青山镇红星村修路", "differs"),
        ("油烟太大", "向阳小区油烟", "unknown"),
    ],
)
def test_whether_places_agree(one: str, other: str, expected: str) -> None:
    assert agreement(places_in(one), places_in(other)) == expected
    assert agreement(places_in(other), places_in(one)) == expected


def test_what_both_name_is_told() -> None:
    assert shared(places_in("投诉东湖新城"), places_in("住东湖新城小区")) == "东湖新城"


def _compare(one: tuple[str, str], other: tuple[str, str]):
    return COMPARER.compare(COMPARER.read(*one), COMPARER.read(*other))


def test_same_matter_at_the_same_place_in_other_words() -> None:
    found = _compare(
        ("东湖新城附近建搅拌站噪音扰民", "搅拌站离小区不到百米，噪音和扬尘让人无法开窗"),
        ("投诉小区旁的搅拌站", "东湖新城小区边上的搅拌站扬尘污染，噪音大，请搬迁"),
    )
    assert found.same
    assert found.shared_place == "东湖新城"


def test_another_matter_at_the_same_place_stays_apart() -> None:
    assert not _compare(
        ("东湖新城物业费上涨", "物业私自涨价，没有公示"), ("东湖新城路口摆摊", "早晚摊贩占道，车过不去")
    ).same


COPIED = "{}临街店铺油烟直排，烟道正对住户窗口，一天到晚都是油烟味，多次反映没有结果，请求查处。"


def test_a_text_copied_about_another_place_does_not_merge() -> None:
    one, other = (("油烟扰民", COPIED.format(name)) for name in ("向阳花园", "金桥花园"))
    found = _compare(one, other)
    assert (found.same, found.place) == (False, "differs")


def test_a_copy_with_one_of_two_places_exchanged_does_not_merge() -> None:
    one, other = (("油烟扰民", COPIED.format(f"看云路{name}")) for name in ("向阳花园", "金桥花园"))
    assert not _compare(one, other).same


def test_the_same_text_twice_is_the_same() -> None:
    request = ("油烟扰民", COPIED.format("向阳花园"))
    assert _compare(request, request).score > 0.9


def test_where_no_place_is_named_only_a_copy_counts() -> None:
    assert _compare(("油烟直排", COPIED.format("")), ("油烟直排", COPIED.format(""))).same
    assert not _compare(("油烟直排", "烧烤店油烟大"), ("油烟太大", "饭馆油烟扰民")).same


def test_the_forms_place_field_counts_as_named() -> None:
    one = COMPARER.read("油烟扰民", COPIED.format(""), "向阳花园")
    other = COMPARER.read("油烟扰民", COPIED.format(""), "金桥花园")
    assert not COMPARER.compare(one, other).same


@pytest.mark.parametrize("text", ["", "   ", "12345", "😀" * 50, "a\x00b", "小区" * 2000])
def test_any_text_can_be_read(text: str) -> None:
    request = COMPARER.read(text, text)
    assert 0 <= COMPARER.compare(request, request).score <= 1
