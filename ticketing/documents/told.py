"""What the papers of one matter are written from, and how they say days, articles and codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ticketing.deadlines import how_counted
from ticketing.documents.content import chinese_date
from ticketing.model import HistoryEntry
from ticketing.office import Office
from ticketing.rulepack import Version
from ticketing.words import labels


@dataclass(frozen=True)
class Told:
    """What the papers of one matter are written from."""

    matter: Mapping[str, Any]
    """As the person who issues the paper may see it (:func:`ticketing.matter`)."""
    lines: Sequence[HistoryEntry]
    """The matter's history, oldest first."""
    office: Office
    version: Version
    """The regulation that the ticket keeps."""
    names: Mapping[str, str]
    """Display names by user id."""
    issuer: str
    """Who issues the paper, by name."""

    def unit(self, unit_id: str | None) -> Any:
        """The unit of this id, None when the office knows none."""
        return next((one for one in self.office.dictionary.units if one.unit_id == unit_id), None)

    def name(self, unit_id: str | None) -> str:
        """Its Chinese name."""
        unit = self.unit(unit_id)
        return unit.zh if unit is not None else ""

    def lead(self) -> Mapping[str, Any] | None:
        """The lead unit's work; one that was given back or taken away only where there is no other."""
        works = [work for work in self.matter["works"] if work["role"] == "lead" and not work["parent_id"]]
        held = [work for work in works if work["status"] not in ("returned", "withdrawn")]
        return next(reversed(held or works), None)

    def work(self, work_id: str) -> Mapping[str, Any]:
        """The work of this id."""
        return next(work for work in self.matter["works"] if work["work_id"] == work_id)

    def last(self, *verbs: str) -> HistoryEntry | None:
        """The newest line of the history with one of these verbs, as far as it is about what is shown."""
        return next((line for line in reversed(self.shown()) if line.verb in verbs), None)

    def shown(self) -> list[HistoryEntry]:
        """The lines about the ticket itself and about the works that are shown."""
        mine = {work["work_id"] for work in self.matter["works"]}
        return [line for line in self.lines if line.body.get("work_id") is None or line.body["work_id"] in mine]

    def day(self, moment: str | datetime) -> str:
        """The local day of a moment, in words."""
        return chinese_date(self.local(moment).date())

    def local(self, moment: str | datetime) -> datetime:
        """A moment on the office's clocks."""
        at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        return at.astimezone(how_counted(self.version.rules.counting).zone)

    def until(self, moment: str | datetime | None) -> str:
        """By when, in words: 2026年3月9日23时59分前; "" without a date."""
        return f"{self.local(moment):%Y年%-m月%-d日%-H时%M分}前" if moment else ""

    def cite(self, src: Iterable[str]) -> str:
        """Articles as a paper cites them: 《热线管理办法》第13条; what is a convention and no article is left out."""
        titles = {source.id: source.title for source in self.office.pack.sources}
        cited = []
        for source, _, place in (article.partition(":") for article in src):
            if source in titles:
                cited.append(f"《{titles[source]}》{re.sub(r'^[0-9]+', lambda hit: f'第{hit[0]}条', place)}")
        return "；".join(dict.fromkeys(cited))

    def rule(self, topic: str) -> str:
        """The articles of a topic of the regulation; "" where it is silent."""
        found = getattr(self.version.rules, topic)
        return self.cite(found.src) if found is not None else ""


def word(group: str, code: str) -> str:
    """The Chinese word of one of the program's codes."""
    return next(label.zh for label in labels(group) if label.code == code)
