"""Databases full of tickets, on SQLite and on PostgreSQL: filled once, copied for every bench that wants one.

A million tickets take minutes to write.  ``BENCH_KEEP`` names a folder in which filled databases are left for the next
bench (``python -m bench`` does so while it runs); without it they live as long as the bench.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, text

import ticketing as t
from bench.kit.tickets import dispatched, say, tables
from hotline.database import build_engine, keep_statistics
from tests.kit.postgres import Postgres, tools_folder

BATCH = 10_000
OFFICE_SERVER = ("shared_buffers=1GB", "max_wal_size=4GB", "maintenance_work_mem=256MB")
"""What docs/install.md advises for an office's PostgreSQL."""

Urls = dict[str, dict[int, str]]
"""Engine's name → number of tickets → address."""
Rows = Callable[[range], Sequence[Sequence[Mapping[str, Any]]]]
"""Numbers → the rows of these tickets, for each of :func:`bench.kit.tickets.tables`."""


@contextmanager
def offices(*counts: int, rows: Rows = dispatched) -> Iterator[Urls]:
    """A database of one's own for each number of tickets, in both engines."""
    with ExitStack() as stack:
        home = stack.enter_context(kept_folder())
        own = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="own-", dir=home)))
        server = stack.enter_context(_server(home))
        yield {
            "sqlite": {count: _sqlite(home, own, count, rows) for count in counts},
            "postgresql": {count: _postgresql(server, count, rows) for count in counts},
        }


@contextmanager
def kept_folder() -> Iterator[Path]:
    """Where filled databases and indexes lie for the benches that follow."""
    with ExitStack() as stack:
        keep = os.environ.get("BENCH_KEEP")
        home = Path(keep) if keep else Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hlb-")))
        home.mkdir(parents=True, exist_ok=True)
        yield home


@contextmanager
def measuring() -> Iterator[None]:
    """Around what is timed: where ``BENCH_LOCK`` names a file, nothing else that respects it runs meanwhile."""
    lock = os.environ.get("BENCH_LOCK")
    if lock is None:
        yield
        return
    with open(lock, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def fill(engine: Engine, count: int, rows: Rows) -> None:
    """Tickets straight into empty tables, as fast as the database takes them; indexes come last."""
    began = time.perf_counter()
    t.Base.metadata.create_all(engine)
    indexes = [index for table in tables() for index in table.indexes]
    for index in indexes:
        index.drop(engine)
    for start in range(0, count, BATCH):
        for table, some in zip(tables(), rows(range(start, min(start + BATCH, count))), strict=True):
            if some:
                put(engine, table, some)
        if start % 100_000 == 0:
            say(f"  {engine.dialect.name}: {start:,} tickets, {time.perf_counter() - began:.0f} s")
    for index in indexes:
        index.create(engine)
    settle(engine)
    say(f"  {engine.dialect.name}: {count:,} tickets and their indexes, {time.perf_counter() - began:.0f} s")


def put(engine: Engine, table: Table, some: Sequence[Mapping[str, Any]]) -> None:
    """Writes rows that all have the same columns."""
    names = list(some[0])
    types = [table.c[name].type.dialect_impl(engine.dialect) for name in names]
    ready = [_remembering(kind.bind_processor(engine.dialect)) for kind in types]
    values = ([made(row[name]) for name, made in zip(names, ready, strict=True)] for row in some)
    columns = ", ".join(f'"{name}"' for name in names)
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        if engine.dialect.name == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:  # type: ignore[attr-defined]
                for row in values:
                    copy.write_row([_plain(one) for one in row])
        else:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(names))})", values)
        connection.commit()
    finally:
        connection.close()


def settle(engine: Engine) -> None:
    """Statistics, and pages marked as seen by all: what the worker and autovacuum do by themselves in an office."""
    keep_statistics(engine)
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))


def _remembering(made: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    """A column's conversion, done once for a value that stands in many rows."""
    if made is None:
        return lambda value: value
    kept = lru_cache(256)(made)
    last: list[Any] = [object(), None]

    def convert(value: Any) -> Any:
        if isinstance(value, datetime):
            return kept(value)
        if value is not last[0]:
            last[:] = value, made(value)
        return last[1]

    return convert


def _plain(value: Any) -> Any:
    """psycopg's wrapped JSON as text, which COPY takes for a column of any kind."""
    return json.dumps(value.obj, ensure_ascii=False) if hasattr(value, "obj") else value


def _sqlite(home: Path, own: Path, count: int, rows: Rows) -> str:
    full = home / f"{rows.__name__}_{count}.sqlite"
    if not full.exists():
        part = full.with_suffix(".part")
        part.unlink(missing_ok=True)
        engine = build_engine(f"sqlite:///{part}")
        fill(engine, count, rows)
        engine.dispose()  # the last to close writes the log into the file
        part.rename(full)
    shutil.copy(full, own / full.name)
    return f"sqlite:///{own / full.name}"


@contextmanager
def _server(home: Path) -> Iterator[Postgres]:
    tools = tools_folder()
    if tools is None:
        raise SystemExit("needs PostgreSQL's server: apt-get install -y postgresql")
    folder = home / "pg"
    for path in (home, folder):
        path.mkdir(exist_ok=True)
        path.chmod(0o777)
    server = Postgres(tools, folder, OFFICE_SERVER)
    if (folder / "data" / "PG_VERSION").exists():
        server.start()
    else:
        server.create()
    try:
        yield server
    finally:
        server.stop("fast")


def _postgresql(server: Postgres, count: int, rows: Rows) -> str:
    admin = build_engine(server.url).execution_options(isolation_level="AUTOCOMMIT")
    own, full = f"own_{rows.__name__}_{count}", f"{rows.__name__}_{count}"
    url = server.url.replace("/postgres?", f"/{own}?")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {own}"))
        if full not in set(connection.scalars(text("SELECT datname FROM pg_database"))):
            connection.execute(text(f"CREATE DATABASE {own}"))
            engine = build_engine(url)
            fill(engine, count, rows)
            engine.dispose()
            connection.execute(text(f"ALTER DATABASE {own} RENAME TO {full}"))
        connection.execute(text(f"CREATE DATABASE {own} TEMPLATE {full} STRATEGY file_copy"))
    admin.dispose()
    return url
