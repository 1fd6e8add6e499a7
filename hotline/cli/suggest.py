"""``hotline suggest`` and ``hotline duplicates``: what intake suggests, trained, measured and tried from the shell."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotline.cli.output import JsonOption, console, fail, notices, print_json, settings_or_exit

if TYPE_CHECKING:
    from ticketing.keywords import Example
    from ticketing.similar import Comparer, Request
    from ticketing.suggest import Evaluation


class Target(StrEnum):
    """What is suggested: the labels of a training file mean one of these."""

    CATEGORY = "category"
    UNIT = "unit"
    URGENCY = "urgency"


CsvFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, UTF-8, columns text,label.")]
TargetOption = Annotated[Target, typer.Option(help="What the labels are.")]

_suggest = typer.Typer(help="Suggestions of category, lead unit and urgency: learn, measure, try.")


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.add_typer(_suggest, name="suggest")
    app.command()(duplicates)


@_suggest.command()
def train(file: CsvFile, target: TargetOption = Target.CATEGORY, as_json: JsonOption = False) -> None:
    """Learn from the office's own tickets; the model in use is replaced only by one that was learned whole."""
    from hotline import resources
    from ticketing.keywords import Keywords
    from ticketing.suggest import Learned

    settings = settings_or_exit()
    examples = _examples(file)
    keywords = Keywords.load(resources.city_dir(settings) / "keywords.toml", target)
    with notices.status(f"Learning from {len(examples)} texts …"):
        try:
            learned = Learned.train(examples, keywords)
        except ValueError as error:
            fail(f"{file}: {error}")
    path = settings.suggest_model(target)
    learned.save(path)
    if as_json:
        print_json({"model": path, "labels": learned.labels, "expected": asdict(learned.expected)})
        return
    console.print(f"Learned {len(learned.labels)} labels from {len(examples)} texts.")
    console.print("On texts held back while learning:")
    _show(learned.expected)


@_suggest.command(name="eval")
def evaluate(file: CsvFile, target: TargetOption = Target.CATEGORY, as_json: JsonOption = False) -> None:
    """Measure the suggestions now in use against texts that people have labelled."""
    from ticketing.suggest import Learned
    from ticketing.suggest import evaluate as measure

    examples = _examples(file)
    suggester = _in_use(target)
    if isinstance(suggester, Learned):
        ranked = suggester.suggest_many([example.text for example in examples])
    else:
        ranked = [[one.label for one in suggester.suggest(example.text)] for example in examples]
    result = measure(examples, ranked)
    if as_json:
        print_json({"source": suggester.source, **asdict(result)})
        return
    console.print(f"Source: {suggester.source}")
    _show(result)


@_suggest.command()
def text(
    words: Annotated[str, typer.Argument(help="What the citizen said.")],
    target: TargetOption = Target.CATEGORY,
    as_json: JsonOption = False,
) -> None:
    """The first three suggestions for one text, with the words that speak for them."""
    suggester = _in_use(target)
    found = suggester.suggest(words)
    if as_json:
        print_json({"source": suggester.source, "suggestions": [asdict(one) for one in found]})
        return
    for one in found:
        console.print(f"{one.score:6.1%}  {one.label}  {' '.join(one.reasons)}", highlight=False)
    if not found:
        console.print("Nothing in this text speaks for any label.")


def duplicates(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON lines: {a: {…}, b: {…}}.")],
) -> None:
    """Score pairs of requests as the desk does; one JSON line a pair on stdout.

    Each side is a text or an object with subject, detail (or text) and place.  Where pairs carry ``same`` (0 or 1),
    stderr tells how many were met.
    """
    from hotline import resources
    from ticketing.keywords import Keywords
    from ticketing.similar import Comparer

    settings = settings_or_exit()
    keywords = Keywords.load(resources.city_dir(settings) / "keywords.toml", Target.CATEGORY)
    comparer = Comparer(keywords.words())
    met: list[tuple[bool, bool]] = []
    for number, pair in _pairs(file):
        try:
            likeness = comparer.compare(_request(comparer, pair["a"]), _request(comparer, pair["b"]))
        except (KeyError, TypeError, AttributeError):
            fail(f"{file}:{number}: each line needs a and b, each a text or an object with subject and detail")
        print_json(asdict(likeness))
        if "same" in pair:
            met.append((bool(pair["same"]), likeness.same))
    if met:
        right = sum(given == found for given, found in met)
        wrongly = sum(found and not given for given, found in met)
        notices.print(f"{right} of {len(met)} as labelled; {wrongly} joined that should not be.")


def _in_use(target: Target) -> Any:
    from hotline import resources
    from ticketing.keywords import suggester

    settings = settings_or_exit()
    try:
        return suggester(settings.suggest_model(target), resources.city_dir(settings) / "keywords.toml", target)
    except ValueError as error:
        fail(str(error))


def _examples(file: Path) -> list[Example]:
    from ticketing.keywords import Example

    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        if not {"text", "label"} <= set(rows.fieldnames or ()):
            fail(f"{file}:1: the columns text and label are needed")
        try:
            examples = [Example(row["text"], row["label"]) for row in rows if row["text"] and row["label"]]
        except (UnicodeDecodeError, csv.Error) as error:
            fail(f"{file}:{rows.line_num}: {error}")
    if not examples:
        fail(f"{file}: no row has both a text and a label")
    return examples


def _pairs(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield number, json.loads(line)
                except ValueError as error:
                    fail(f"{file}:{number}: {error}")


def _request(comparer: Comparer, side: str | dict[str, str]) -> Request:
    if isinstance(side, str):
        return comparer.read(side, side)
    return comparer.read(
        side.get("subject") or side.get("title") or "",
        side.get("detail") or side.get("text") or "",
        side.get("place") or "",
    )


def _show(result: Evaluation) -> None:
    console.print(
        f"{result.examples} texts: accuracy {result.accuracy:.1%}, macro-F1 {result.macro_f1:.1%}, "
        f"right one among the first three {result.top3:.1%}",
        highlight=False,
    )
    for label, value in sorted(result.per_label.items(), key=lambda item: item[1]):
        console.print(f"  F1 {value:6.1%}  {label}", highlight=False)
