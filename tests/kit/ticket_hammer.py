"""Many commands at once, each told on stdout when it is acknowledged; made to be killed in the middle.

``python -m tests.kit.ticket_hammer URL THREADS`` prints ``READY`` and then, per acknowledged command, one line
``created KEY TICKET`` or ``done KEY TICKET``.
"""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime

import ticketing as t
from hotline.database import build_engine, sessions
from tests.kit.tickets import CENTRE, pack_of


def hammer(url: str, threads: int) -> None:
    engine = build_engine(url)
    db, desk, lock = sessions(engine), t.OfficeDesk(pack_of("demo")), threading.Lock()

    def tell(line: str) -> None:
        with lock:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()

    def work(name: int) -> None:
        number = 0
        while True:
            number += 1
            key = f"{name}-{number}"
            now = datetime.now(UTC)
            with db.begin() as session:
                command = t.CreateTicket(idempotency_key=key, created_by="op1", title="路灯不亮", text=key)
                made = t.create_ticket(session, command, now, office=desk.current(session))
            assert isinstance(made, t.Ticket)
            tell(f"created {key} {made.ticket_id}")
            act = t.Act(
                ticket_id=made.ticket_id,
                verb="dispatch",
                actor=CENTRE,
                given={"units": ["bureau"]},
                idempotency_key=f"{key}-d",
            )
            with db.begin() as session:
                done = t.perform(session, desk.current(session), act, now)
            assert isinstance(done, t.Ticket)
            tell(f"done {key}-d {made.ticket_id}")

    tell("READY")
    for name in range(threads):
        threading.Thread(target=work, args=(name,), daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    hammer(sys.argv[1], int(sys.argv[2]))
