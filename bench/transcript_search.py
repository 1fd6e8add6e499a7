"""Search among what was said: 100,000 calls of 200 utterances, by words, by whom, with and without other conditions.

The calls are made up (seeded, see bench/texts.py), the index is the product's own, and so is the search: a page of 20
recordings with the sentences that were meant.  Queries are stretches of two to eight characters out of real utterances
of the set, some of them in every second call, some in one alone; a fifth also asks for an agent and a month.  Who is
asked for is the one who said it.  Searches that find something and searches that find nothing (a second word from
elsewhere, another agent) are timed apart, and the slower kind is the figure.

Building the index takes minutes; ``--keep FOLDER`` leaves it there and uses it the next time.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.texts import requests
from recordings import RecordingDocument, RecordingIndex, Said, Wanted

MUST_MS = 100.0
QUERIES = 600
START = datetime(2026, 1, 1, tzinfo=UTC)
AGENTS = 200
_POLITE = (
    "您好，很高兴为您服务",
    "请问具体是什么位置",
    "请您慢慢说",
    "好的，我记录一下",
    "请问您贵姓",
    "感谢您的来电，再见",
    "这个问题我们会转给承办单位",
    "您反映的情况我再跟您核对一下",
    "嗯",
    "是的",
    "大概什么时候开始的",
)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def calls(count: int, sentences: int) -> Iterator[RecordingDocument]:
    """Calls in which a citizen tells several matters and an agent asks and confirms."""
    rng = random.Random(5)
    matters = requests(10**9, seed=6)
    for number in range(count):
        said: list[Said] = []
        while len(said) < sentences:
            one = next(matters)
            for piece in (*one.text.split("，"), one.title):
                at = len(said) * 3.0
                said.append(Said("citizen", at, at + 2.5, piece))
                said.append(Said("other", at + 3, at + 5, rng.choice(_POLITE)))
        yield RecordingDocument(
            recording_id=f"{number:036d}",
            contact_id=f"c{number}",
            created_at=START + timedelta(minutes=5 * number),
            seconds=sentences * 3.0,
            sentences=said[:sentences],
            queue="citizens",
            agents=[f"a{rng.randrange(AGENTS)}"],
            talk_over_seconds=rng.random() * 20,
            longest_silence=rng.random() * 60,
        )


def build(index: RecordingIndex, count: int, sentences: int) -> float:
    """Seconds it took to index that many calls."""
    began = time.perf_counter()
    with index.writing(512_000_000) as writer:
        for number, document in enumerate(calls(count, sentences), 1):
            writer.put(document)
            if number % 5_000 == 0:
                _say(f"  {number:,} of {count:,} calls, {number / (time.perf_counter() - began):.0f} a second")
    return time.perf_counter() - began


def queries(sentences: int) -> Iterator[Wanted]:
    """What people type, made of what was said."""
    rng = random.Random(7)
    spoken = [said for call in calls(200, sentences) for said in call.sentences]
    for _ in range(QUERIES):
        said = rng.choice(spoken)
        size = rng.randint(2, 8)
        start = rng.randrange(max(1, len(said.text) - size))
        words = said.text[start : start + size]
        if rng.random() < 0.3:
            words += " " + rng.choice(spoken).text[:3]
        narrowed = rng.random() < 0.2
        yield Wanted(
            words=words,
            by=rng.choice((None, said.leg)),
            equal={"agent": f"a{rng.randrange(AGENTS)}"} if narrowed else {},
            since=START if narrowed else None,
            until=START + timedelta(days=30) if narrowed else None,
        )


def _described(took: list[float]) -> dict[str, float]:
    took = sorted(took)
    if not took:
        return {"queries": 0}
    return {
        "p50_ms": round(statistics.median(took), 1),
        "p95_ms": round(took[int(len(took) * 0.95)], 1),
        "p99_ms": round(took[int(len(took) * 0.99)], 1),
        "queries": len(took),
    }


def measure(index: RecordingIndex, sentences: int) -> dict[str, dict[str, float]]:
    """Milliseconds of searches in the order of the page: newest first, as well as best first."""
    hits: list[float] = []
    misses: list[float] = []
    for number, wanted in enumerate(queries(sentences)):
        began = time.perf_counter()
        page = index.search(wanted, "someone", sort="best" if number % 2 else "newest")
        milliseconds = (time.perf_counter() - began) * 1000
        (hits if page.found else misses).append(milliseconds)
    return {"found": _described(hits), "found_nothing": _described(misses)}


def main() -> None:
    """Print the result as one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--sentences", type=int, default=200)
    parser.add_argument("--keep", type=Path, help="folder in which the index stays")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as temporary:
        folder = (asked.keep or Path(temporary)) / f"said-{asked.calls}x{asked.sentences}"
        index, seconds = RecordingIndex(folder), 0.0
        if len(index) != asked.calls:
            _say(f"indexing {asked.calls:,} calls of {asked.sentences} utterances …")
            seconds = build(index, asked.calls, asked.sentences)
        _say(f"{QUERIES} searches …")
        times = measure(index, asked.sentences)
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    detail: dict[str, object] = {**times, "calls": asked.calls, "utterances": asked.calls * asked.sentences}
    detail |= {"index_gb": round(size / 1e9, 2)}
    detail |= {"indexed_calls_per_second": round(asked.calls / seconds)} if seconds else {}
    value = max(kind.get("p95_ms", 0.0) for kind in times.values())
    must = f"p95 <= {MUST_MS:.0f} ms over 100,000 calls x 200 utterances, of hits and of misses"
    ok = value <= MUST_MS and times["found"]["queries"] > 0
    print(json.dumps({"name": "transcript_search", "value": value, "unit": "ms", "must": must, "ok": ok,
                      "detail": detail}))  # fmt: skip


if __name__ == "__main__":
    main()
