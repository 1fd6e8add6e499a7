"""Made-up citizens' requests for benches: seeded, any number of them, no two places and matters combined alike."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CITY = Path(__file__).parent.parent / "cities" / "demo"
_FIRST = "东西南北金银青红白春秋明向和太永长新福安康宁兴盛华天龙凤梅兰竹菊松柏云海江河湖山石玉林泉溪"
_SECOND = "阳光辉平桥湖江景苑城府园华庭泰丰源泽润达庆祥瑞雅秀岭峰台亭塘湾港坪岗"
_KINDS = ("小区", "花园", "新城", "家园", "路", "大道", "街", "村", "广场", "学校", "市场", "医院", "苑")
_OPEN = ("我是{place}的居民，", "你好，{place}", "反映{place}", "{place}附近", "家住{place}，", "请问{place}")
_WHAT = ("一直没有人处理", "已经半个月了", "影响正常生活", "打了几次电话都没有结果", "晚上尤其严重", "老人小孩出行不便")
_ASK = ("请尽快派人来看。", "希望有关部门给个答复。", "要求查处。", "请问归哪个单位管？", "盼回复。", "请求协调解决。")


@dataclass(frozen=True)
class MadeUp:
    """One request: title, text, place, category's Chinese name."""

    title: str
    text: str
    place: str
    category: str


def requests(count: int, seed: int = 1) -> Iterator[MadeUp]:
    """``count`` requests; the same seed gives the same ones."""
    rng = random.Random(seed)
    groups = tomllib.loads((_CITY / "keywords.toml").read_text("utf-8"))["category"]
    matters = [(category, row.split()) for category, rows in groups.items() for row in rows]
    for _ in range(count):
        category, words = rng.choice(matters)
        # some 13,000 names, each of them many times over: neighbours complain of the same things
        place = rng.choice(_FIRST) + rng.choice(_SECOND) + rng.choice(_KINDS)
        picked = rng.sample(words, min(len(words), rng.randint(2, 4)))
        title = f"{place}{picked[0]}{picked[1]}问题"
        sentences = [rng.choice(_OPEN).format(place=place) + "，".join(picked)]
        sentences += [f"{rng.choice(words)}{rng.choice(_WHAT)}" for _ in range(rng.randint(1, 5))]
        yield MadeUp(title, "，".join(sentences) + "，" + rng.choice(_ASK), place, category)
