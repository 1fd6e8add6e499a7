"""The search index on a folder of its own: Chinese and other words, filters, order, and what a viewer must not find."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ticketing.search_index import SearchDocument, SearchFilter, SearchIndex, Sight, terms

pytestmark = pytest.mark.unit

START = datetime(2026, 3, 1, tzinfo=UTC)
ME = Sight("someone")


def _ticket(number: int, title: str, text: str = "", **more: object) -> SearchDocument:
    base = SearchDocument(f"t{number}", f"20260301-00000{number}", title, text, START + timedelta(days=number))
    return replace(base, **more)  # type: ignore[arg-type]


TICKETS = [
    _ticket(
        1,
        "东湖新城路灯不亮",
        "晚上出行不便，请尽快修理",
        status="handling",
        unit="lighting",
        involved=frozenset({"lighting"}),
    ),
    _ticket(
        2,
        "滨江路停水",
        "水管爆裂，联系人已报 ＡＢＣ-12",
        status="closed",
        unit="water-company",
        involved=frozenset({"water-company"}),
    ),
    _ticket(
        3,
        "举报某工地夜间施工",
        "施工噪音",
        status="handling",
        accused_unit="water-company",
        involved=frozenset({"water-company"}),
    ),
    _ticket(4, "路灯与井盖", "井盖丢失", others=["已派人更换井盖"], status="handling", unit="lighting"),
    _ticket(5, "保密举报路灯采购", "路灯采购", accused_person="inspector", caller_key="13800138000"),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    built = SearchIndex(tmp_path_factory.mktemp("index"))
    with built.writing(15_000_000) as writer:
        for ticket in TICKETS:
            writer.put(ticket)
    return built


def _ids(index: SearchIndex, words: str, viewer: Sight = ME, **more: object) -> list[str]:
    return [hit.ticket_id for hit in index.search(words, viewer, **more).hits]  # type: ignore[arg-type]


def test_chinese_is_cut_into_pairs_and_the_rest_into_words() -> None:
    assert terms("路灯坏了，ＡＢＣ-12号") == ["路灯", "灯坏", "坏了", "abc", "12"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("路灯", {"t1", "t4", "t5"}),
        ("停水", {"t2"}),
        ("abc", {"t2"}),
        ("更换井盖", {"t4"}),
        ("20260301-000002", {"t2"}),
        ("灯", {"t1", "t4", "t5"}),
        ("没有这样的事", set()),
        ("！！！", set()),
    ],
)
def test_what_is_found(index: SearchIndex, words: str, expected: set[str]) -> None:
    assert set(_ids(index, words)) == expected


def test_a_number_comes_first(index: SearchIndex) -> None:
    assert _ids(index, "20260301-000004")[0] == "t4"


def test_a_word_in_the_title_counts_for_more(index: SearchIndex) -> None:
    assert _ids(index, "路灯不亮")[0] == "t1"


WATER = Sight("clerk", frozenset({"water-company"}), frozenset({"water-company", "utilities"}))


def test_a_unit_finds_what_it_works_on_and_never_what_accuses_it(index: SearchIndex) -> None:
    assert _ids(index, "", WATER) == ["t2"]
    assert index.search("施工噪音", WATER).total == 0
    assert index.search("施工噪音", ME).total == 1


def test_the_unit_below_an_accused_one_finds_nothing_of_it(index: SearchIndex) -> None:
    below = Sight("clerk", frozenset({"water-company"}), frozenset({"station", "water-company"}))
    assert index.search("施工噪音", below).total == 0


def test_the_accused_person_finds_and_counts_nothing(index: SearchIndex) -> None:
    assert index.search("路灯采购", Sight("inspector")).total == 0
    assert "t5" in _ids(index, "路灯采购")


@pytest.mark.parametrize("interest", [("ticket_id", "t5"), ("caller_key", "13800138000")])
def test_who_declared_an_interest_finds_nothing_of_it(index: SearchIndex, interest: tuple[str, str]) -> None:
    assert "t5" not in _ids(index, "路灯采购", Sight("someone", recused=frozenset({interest})))


def test_filters_restrict_hits_and_counts(index: SearchIndex) -> None:
    assert index.search("路灯", ME, SearchFilter({"unit": "lighting"})).total == 2
    since = SearchFilter({"status": "handling"}, since=START + timedelta(days=2))
    assert _ids(index, "路灯", where=since) == ["t4"]
    assert _ids(index, "", where=SearchFilter(until=START + timedelta(days=2))) == ["t1"]


def test_an_unknown_filter_is_refused(index: SearchIndex) -> None:
    with pytest.raises(ValueError, match="no such filter: title"):
        index.search("路灯", ME, SearchFilter({"title": "x"}))


def test_order_by_time_and_paging(index: SearchIndex) -> None:
    assert _ids(index, "", sort="newest") == ["t5", "t4", "t3", "t2", "t1"]
    assert _ids(index, "", sort="oldest", limit=1, offset=1) == ["t2"]


@pytest.mark.parametrize("words", ['"', "a:b AND (", "*", "路" * 5000, "\x00", "💡路灯"])
def test_any_words_can_be_asked(index: SearchIndex, words: str) -> None:
    assert index.search(words, ME).total >= 0


def test_putting_a_ticket_again_replaces_it(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path)
    for title in ("路灯", "停水"):
        with index.writing(15_000_000) as writer:
            writer.put(_ticket(1, title))
    assert len(index) == 1
    assert (index.search("路灯", ME).total, index.search("停水", ME).total) == (0, 1)


def test_a_failed_batch_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path)

    def fails_half_way() -> None:
        with index.writing(15_000_000) as writer:
            writer.put(_ticket(1, "路灯"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails_half_way()
    assert len(index) == 0


def test_another_process_sees_what_was_committed(tmp_path: Path) -> None:
    writing, reading = SearchIndex(tmp_path), SearchIndex(tmp_path)
    with writing.writing(15_000_000) as writer:
        writer.put(_ticket(1, "路灯"))
    assert reading.search("路灯", ME).total == 1
