"""Drafts the next revision: ``python -m hotline.migrations "what changes"``.  Read it before committing it."""

from __future__ import annotations

import sys

from alembic import command

from hotline import database
from hotline.migrations import config, pending


def draft(message: str) -> None:
    """Compares a database at the newest revision with the rooms' tables and writes what is between them."""
    engine = database.build_engine("sqlite://")
    with engine.connect() as connection:
        number = len(pending(engine)) + 1
        settings = config(connection)
        command.upgrade(settings, "head")
        command.revision(settings, message, autogenerate=True, rev_id=f"{number:04d}")


if __name__ == "__main__":
    draft(sys.argv[1])
