"""From the database into the search index: what changed, or everything.

What changed is read off the ledger, which every command writes to.  The last entry seen is kept beside the index, so
a stopped worker goes on where it was; entries that a slower transaction wrote with a lower number are caught by
looking a little way back each time (putting a ticket again changes nothing).
"""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from ticketing.model import Viewer
from ticketing.search_index import SearchDocument, SearchIndex, Sight
from ticketing.tables import LedgerRow, TicketRow
from ticketing.tables_work import ItemRow, RecusalRow, ReportRow, WorkRow

LOOK_BACK = 200
BATCH = 500
REBUILD_COMMIT = 20_000
_PLACE_OF_SCOPE = {"ticket": ("ticket_id",), "unit": ("involved", "accused_unit"), "caller": ("caller_key",)}

Transcripts = Callable[[Session, Sequence[str]], Mapping[str, str]]
"""Contact ids → what was said in those calls; they lie in another room."""


def no_transcripts(_session: Session, _contacts: Sequence[str]) -> Mapping[str, str]:
    """For an installation without them."""
    return {}


def sight_of(session: Session, viewer: Viewer) -> Sight:
    """The viewer as the index knows one; declared interests are read now, so that they hold at once."""
    recusals = session.scalars(
        select(RecusalRow).where(RecusalRow.user_id == viewer.user_id, RecusalRow.ended_at.is_(None))
    )
    recused = {(place, row.scope_id) for row in recusals for place in _PLACE_OF_SCOPE[row.scope]}
    if viewer.sees == "numbers":
        return Sight(viewer.user_id, frozenset())
    if viewer.unit_id is None:
        return Sight(viewer.user_id, recused=frozenset(recused))
    own = frozenset({viewer.unit_id})
    return Sight(viewer.user_id, viewer.units_below or own, viewer.unit_line or own, frozenset(recused))


class Feed:
    """Keeps the index in ``folder`` up to date."""

    def __init__(
        self, sessions: sessionmaker[Session], folder: Path, transcripts: Transcripts = no_transcripts
    ) -> None:
        self._sessions, self._folder, self._transcripts = sessions, folder, transcripts
        self._seen: set[int] = set()

    def step(self) -> bool:
        """Takes in the next batch of changes; False when there was nothing new."""
        mark = _mark(self._folder)
        with self._sessions() as session:
            entries = session.execute(
                select(LedgerRow.entry_id, LedgerRow.ticket_id)
                .where(LedgerRow.entry_id > mark - LOOK_BACK, LedgerRow.ledger != "access")
                .order_by(LedgerRow.entry_id)
                .limit(LOOK_BACK + BATCH)
            ).all()
            fresh = [entry for entry in entries if entry.entry_id not in self._seen]
            if not fresh:
                return False
            documents = list(self._documents(session, sorted({entry.ticket_id for entry in fresh})))
        if documents:
            with SearchIndex(self._folder).writing() as writer:
                for document in documents:
                    writer.put(document)
        last = max(mark, entries[-1].entry_id)
        _set_mark(self._folder, last)
        self._seen = {entry.entry_id for entry in entries if entry.entry_id > last - LOOK_BACK}
        return True

    def rebuild(self, progress: Callable[[int, int], None]) -> int:
        """Builds the whole index again beside the one in use, then takes its place; returns how many tickets.

        ``progress`` is told (done, all).  Stopped half way, the next call goes on where it was.
        """
        fresh = self._folder.with_name(self._folder.name + ".new")
        with self._sessions() as session:
            everything = session.scalar(select(func.count()).select_from(TicketRow)) or 0
            if not (fresh / "from.json").exists():
                shutil.rmtree(fresh, ignore_errors=True)
                fresh.mkdir(parents=True)
                newest = session.scalar(select(func.max(LedgerRow.entry_id))) or 0
                _write(fresh / "from.json", {"entry": newest, "after": "", "done": 0})
        state = json.loads((fresh / "from.json").read_text("utf-8"))
        while True:
            with self._sessions() as session:
                after = select(TicketRow.ticket_id).where(TicketRow.ticket_id > state["after"])
                ids = session.scalars(after.order_by(TicketRow.ticket_id).limit(REBUILD_COMMIT)).all()
                if not ids:
                    break
                with SearchIndex(fresh).writing(256_000_000) as writer:
                    for start in range(0, len(ids), BATCH):
                        for document in self._documents(session, ids[start : start + BATCH]):
                            writer.put(document)
                        progress(state["done"] + min(start + BATCH, len(ids)), everything)
            state |= {"after": ids[-1], "done": state["done"] + len(ids)}
            _write(fresh / "from.json", state)
        self._take_over(fresh, state["entry"])
        return int(state["done"])

    def _take_over(self, fresh: Path, entry: int) -> None:
        SearchIndex(fresh)  # an office without tickets gets an empty index, not a missing one
        (fresh / "from.json").unlink()
        _set_mark(fresh, entry)
        old = self._folder.with_name(self._folder.name + ".old")
        shutil.rmtree(old, ignore_errors=True)
        with SearchIndex(self._folder).locked():  # nobody else writes while the folders change places
            self._folder.rename(old)
            fresh.rename(self._folder)
        shutil.rmtree(old, ignore_errors=True)

    def _documents(self, session: Session, ids: Sequence[str]) -> Iterator[SearchDocument]:
        rows = session.scalars(select(TicketRow).where(TicketRow.ticket_id.in_(ids))).all()
        others: dict[str, list[str]] = defaultdict(list)
        for item in session.scalars(select(ItemRow).where(ItemRow.ticket_id.in_(ids))):
            others[item.ticket_id] += [item.text, item.result or ""]
        for report in session.scalars(select(ReportRow).where(ReportRow.ticket_id.in_(ids))):
            others[report.ticket_id] += [report.result, report.public_reply]
        involved: dict[str, set[str]] = defaultdict(set)
        for work in session.execute(select(WorkRow.ticket_id, WorkRow.unit_id).where(WorkRow.ticket_id.in_(ids))):
            involved[work.ticket_id].add(work.unit_id)
        said = self._transcripts(session, [row.contact_id for row in rows if row.contact_id])
        for row in rows:
            words = [*others[row.ticket_id], row.public_reply, said.get(row.contact_id or "", "")]
            yield SearchDocument(
                ticket_id=row.ticket_id,
                number=row.number,
                title=row.title,
                text=row.text,
                created_at=row.created_at,
                place=row.place,
                others=[text for text in words if text],
                status=row.status,
                kind=row.kind,
                category=row.category,
                unit=row.unit or "",
                caller_key=row.caller_key,
                accused_unit=row.accused_unit or "",
                accused_person=row.accused_person or "",
                involved=frozenset(involved[row.ticket_id]),
            )


def _mark(folder: Path) -> int:
    try:
        return int(json.loads((folder / "mark.json").read_text("utf-8"))["entry"])
    except FileNotFoundError:
        return 0


def _set_mark(folder: Path, entry: int) -> None:
    _write(folder / "mark.json", {"entry": entry})


def _write(path: Path, value: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".part")
    fresh.write_text(json.dumps(value), encoding="utf-8")
    fresh.replace(path)
