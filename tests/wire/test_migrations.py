"""Every revision on both databases; at the end the database is what the rooms' tables say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

import ticketing
from hotline import database, migrations
from tests.kit.postgres import shared_postgres

pytestmark = pytest.mark.wire
DUMPS = Path(__file__).parents[1] / "data" / "dumps"
DROPPED = {("tkt_ticket", "query_hash")}
"""Columns that a later release has no use for: the code itself is kept instead of its hash (revision 0002)."""
NOW = datetime(2026, 3, 2, tzinfo=UTC)
Rows = dict[str, list[dict[str, object]]]


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/t.sqlite"
    else:
        url = shared_postgres().database("migrations")
        with database.build_engine(url).begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    made = database.build_engine(url)
    yield made
    made.dispose()


def test_a_migrated_database_is_what_the_tables_say(engine: Engine) -> None:
    assert migrations.upgrade(engine) != []
    with engine.connect() as connection:
        assert migrations.differences(connection) == []


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    migrations.upgrade(engine)
    assert migrations.pending(engine) == []
    assert migrations.upgrade(engine) == []


def test_every_revision_can_be_taken_back(engine: Engine) -> None:
    migrations.upgrade(engine)
    with engine.connect() as connection:
        command.downgrade(migrations.config(connection), "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}


def test_indexes_exist_on_both_databases(engine: Engine) -> None:
    """SQLite's cannot be compared, but they can be counted: the database's own list has every named one."""
    migrations.upgrade(engine)
    listing = "SELECT name FROM sqlite_master WHERE type = 'index'"
    if engine.dialect.name == "postgresql":
        listing = "SELECT indexname FROM pg_indexes"
    with engine.connect() as connection:
        there = set(connection.execute(text(listing)).scalars())
    wanted = {index.name for table in migrations.metadata().tables.values() for index in table.indexes}
    assert wanted - there == set()


def test_revisions_form_one_line_with_numbers_that_count_up() -> None:
    scripts = list(ScriptDirectory.from_config(migrations.config()).walk_revisions())
    numbers = [script.revision for script in reversed(scripts)]
    assert numbers == [f"{number:04d}" for number in range(1, len(scripts) + 1)]


def load(engine: Engine, dump: str) -> None:
    """A database as an earlier release left it: ``sqlite3 .dump`` or ``pg_dump --inserts``."""
    statements = (DUMPS / f"{dump}.{engine.dialect.name}.sql").read_text("utf-8")
    connection = engine.raw_connection()
    cursor = connection.cursor()
    if engine.dialect.name == "sqlite":
        script = f"PRAGMA foreign_keys=OFF; {statements} PRAGMA foreign_keys=ON;"  # tables stand in any order
        cursor.executescript(script)  # type: ignore[attr-defined]
    else:
        cursor.execute(statements)
    connection.commit()
    connection.close()


def everything(engine: Engine) -> Rows:
    """Every row of every table."""
    with engine.connect() as connection:
        return {
            table: [dict(row) for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings()]
            for table in inspect(engine).get_table_names()
            if table != "alembic_version"
        }


@pytest.mark.parametrize("dump", ["0001"])
def test_a_database_of_an_earlier_release_keeps_every_row(engine: Engine, dump: str) -> None:
    load(engine, dump)
    before = everything(engine)
    assert all(before.values()), "a dump has rows in every table"
    assert migrations.upgrade(engine) == migrations_after(dump)
    after = everything(engine)
    with engine.connect() as connection:
        assert migrations.differences(connection) == []
    for table, rows in before.items():
        kept = [name for name in rows[0] if (table, name) not in DROPPED]
        assert in_order(rows, kept) == in_order(after[table], kept), table


def migrations_after(dump: str) -> list[str]:
    scripts = reversed(list(ScriptDirectory.from_config(migrations.config()).walk_revisions()))
    return [script.revision for script in scripts if script.revision > dump]


def in_order(rows: list[dict[str, object]], names: list[str]) -> list[str]:
    return sorted(repr([row[name] for name in names]) for row in rows)


def test_work_goes_on_in_a_database_of_an_earlier_release(engine: Engine) -> None:
    load(engine, "0001")
    migrations.upgrade(engine)
    with database.sessions(engine).begin() as session:
        made = ticketing.create_ticket(
            session, ticketing.CreateTicket(idempotency_key="k", created_by="op1", title="路灯不亮"), NOW
        )
        assert isinstance(made, ticketing.Ticket)
        listed = ticketing.list_tickets(session, ticketing.TicketFilter(), ticketing.Viewer("op1"))
        assert isinstance(listed, ticketing.Page)
        assert len(listed.tickets) == 4
        assert list(ticketing.verify(session)) == []
