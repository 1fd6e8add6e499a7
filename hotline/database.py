"""The one place that builds a database engine (SQLite embedded, PostgreSQL in production)."""

from __future__ import annotations

import sqlite3

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker


def build_engine(url: str) -> Engine:
    """An engine for ``url``.

    SQLite runs in WAL mode so that readers never wait for the writer, with a 10 s busy timeout because
    several of our processes write (https://www.sqlite.org/wal.html); every transaction that may write starts
    with BEGIN IMMEDIATE, otherwise a read-then-write upgrade fails at once with SQLITE_BUSY.  A connection may keep
    64 MB of pages in memory: with the 2 MB that are usual, an office of a million tickets reads its indexes again for
    every ticket (https://www.sqlite.org/pragma.html#pragma_cache_size).
    Errors do not carry the statement's values: they are citizens' names and numbers, and errors are logged.
    """
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(url, connect_args={"timeout": 10}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy emits BEGIN itself, below
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "busy_timeout=10000",
            "cache_size=-65536",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get("read_only", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def keep_statistics(engine: Engine) -> bool:
    """Lets SQLite see how its tables have grown, so that it chooses the right index; PostgreSQL does so by itself.

    A sample of each index suffices and takes milliseconds (https://www.sqlite.org/lang_analyze.html).
    """
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA analysis_limit=1000")
            connection.exec_driver_sql("ANALYZE")
    return False


def read_only(engine: Engine) -> Engine:
    """The same engine for reading: on SQLite its transactions take no write lock."""
    return engine.execution_options(read_only=True)


def sessions(engine: Engine) -> sessionmaker[Session]:
    """A factory of sessions; objects stay readable after commit so that handlers may return them."""
    return sessionmaker(engine, expire_on_commit=False)
