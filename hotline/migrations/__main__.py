"""Drafts the next revision: ``python -m hotline.migrations "what changes" [URL]``.  Read it before committing it.

With the address of an empty PostgreSQL database the draft also sees indexes on expressions, which SQLite cannot tell.
"""

from __future__ import annotations

import subprocess
import sys

from alembic import command

from hotline import database
from hotline.migrations import config, pending


def draft(message: str, url: str) -> None:
    """Brings an empty database to the newest revision, compares it with the rooms' tables, writes the difference."""
    engine = database.build_engine(url)
    with engine.connect() as connection:
        number = len(pending(engine)) + 1
        settings = config(connection)
        command.upgrade(settings, "head")
        command.revision(settings, message, autogenerate=True, rev_id=f"{number:04d}")


if __name__ == "__main__":
    draft(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "sqlite://")
    for tidy in (["check", "--fix", "-q"], ["format", "-q"]):
        subprocess.run([sys.executable, "-m", "ruff", *tidy, "hotline/migrations/versions"], check=True)  # noqa: S603
