"""Suggestions at intake: the taxonomy alone, learning, persistence, and what cannot be learned."""

from __future__ import annotations

from pathlib import Path

import pytest

from ticketing.keywords import Example, Keywords, suggester
from ticketing.suggest import Learned, clean, evaluate

pytestmark = pytest.mark.unit

TAXONOMY = {"市政": ["路灯 井盖 下水道", "停水 水管"], "教育": ["学校 老师 补课", "学费"], "物业": ["物业费 路灯"]}
WORDS = {
    "市政": ["路灯不亮", "井盖丢了", "下水道堵了", "小区停水", "水管裂了"],
    "教育": ["学校收学费", "老师补课", "孩子入学", "学校食堂", "补课收费"],
}
EXAMPLES = [
    Example(f"{text}，请尽快处理{n}", label) for label, texts in WORDS.items() for text in texts for n in range(3)
]


def test_the_taxonomy_names_the_words_it_found() -> None:
    first = Keywords(TAXONOMY).suggest("门口井盖坏了，下水道也堵")[0]
    assert first.label == "市政"
    assert set(first.reasons) == {"井盖", "下水道"}


def test_a_word_of_two_labels_counts_half_for_each() -> None:
    scores = {one.label: one.score for one in Keywords(TAXONOMY).suggest("路灯")}
    assert scores == {"市政": 0.5, "物业": 0.5}


def test_nothing_found_is_no_suggestion() -> None:
    assert Keywords(TAXONOMY).suggest("你好") == []
    assert Keywords({}).suggest("路灯") == []


def test_the_subject_counts_twice_and_codes_do_not_count() -> None:
    assert clean("路灯A3坏了。12号楼") == "路灯 坏了 路灯 坏了 号楼"


def test_learning_beats_the_empty_taxonomy_and_gives_reasons() -> None:
    learned = Learned.train(EXAMPLES, Keywords({}))
    first = learned.suggest("井盖没有了，水管也裂")[0]
    assert first.label == "市政"
    assert first.reasons
    assert learned.expected.examples == len(EXAMPLES)
    assert learned.expected.accuracy == 1.0


def test_scores_of_all_labels_add_up_to_one() -> None:
    assert sum(one.score for one in Learned.train(EXAMPLES, Keywords(TAXONOMY)).suggest("路灯")) == pytest.approx(1)


def test_a_text_with_no_known_character_gets_no_suggestion() -> None:
    assert Learned.train(EXAMPLES, Keywords({})).suggest("hello 123") == []


@pytest.mark.parametrize(
    ("examples", "reason"),
    [
        ([Example("路灯", "市政")] * 3, "at least two labels"),
        ([*[Example("路灯", "市政")] * 3, Example("学校", "教育")], "only one for: 教育"),
    ],
)
def test_what_cannot_be_learned_is_said(examples: list[Example], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Learned.train(examples, Keywords({}))


def test_what_is_saved_is_loaded_and_readable_by_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "models" / "suggest.joblib"
    learned = Learned.train(EXAMPLES, Keywords(TAXONOMY))
    learned.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert suggester(path, tmp_path / "none.toml", "category").suggest("路灯") == learned.suggest("路灯")


def test_without_a_model_the_taxonomy_serves(tmp_path: Path) -> None:
    words = tmp_path / "keywords.toml"
    words.write_text('[category]\n"市政" = ["路灯"]\n', encoding="utf-8")
    in_use = suggester(tmp_path / "none.joblib", words, "category")
    assert (in_use.source, in_use.suggest("路灯")[0].label) == ("keywords", "市政")


def test_macro_f1_counts_a_rare_label_as_much_as_a_common_one() -> None:
    examples = [Example("", "a")] * 9 + [Example("", "b")]
    result = evaluate(examples, [["a", "b"]] * 10)
    assert result.accuracy == 0.9
    assert result.top3 == 1.0
    assert result.macro_f1 == pytest.approx((2 * 0.9 / 1.9) / 2)
