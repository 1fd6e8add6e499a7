"""A database that stopped at a revision in the middle comes to the newest one with every row and every value.

The rows are written by plain SQL into the tables as that revision has them, two into each, a value in every column.
"""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, MetaData, inspect, text
from sqlalchemy import types as sql

from hotline import migrations
from tests.wire.test_migrations import engine, everything, in_order, migrations_after

__all__ = ["engine"]
pytestmark = pytest.mark.wire

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
CONSULTATION = {"rec_recording": {"kind": "consult"}}
"""What a revision looks for; the others take rows as they are."""
FILLED = {"0009": {("rec_search_due", "recording_id"), ("tkt_ticket", "channel")}, "0018": set[tuple[str, str]]()}
"""Columns that revisions after this one write into by themselves."""


def value(column: Any, number: int) -> Any:
    """Something of the column's type, another one in every row; the same in a column that refers to it."""
    for key in column.foreign_keys:
        return value(key.column, number)
    kind = column.type
    if isinstance(kind, sql.JSON):
        return f'{{"n": {number}}}'
    if isinstance(kind, sql.Boolean):
        return bool(number % 2)
    if isinstance(kind, sql.DateTime):
        return NOW + timedelta(days=number)
    if isinstance(kind, sql.Date):
        return date(2026, 3, number)
    if isinstance(kind, sql.LargeBinary):
        return bytes([number])
    if isinstance(kind, sql.Integer | sql.Numeric | sql.Float):
        return number
    said = f"{number}号 {column.name}"
    return said[: kind.length] if isinstance(kind, sql.String) and kind.length else said


def fill(engine: Engine) -> None:
    """Two rows in every table, written column by column; PostgreSQL counts up what it counts up by itself."""
    known = MetaData()
    known.reflect(engine)
    with engine.begin() as connection:
        for table, number in itertools.product(known.sorted_tables, (1, 2)):
            if table.name == "alembic_version":
                continue
            columns = [one for one in table.columns if "nextval" not in str(getattr(one.server_default, "arg", ""))]
            row = {column.name: value(column, number) for column in columns}
            row |= CONSULTATION.get(table.name, {})
            names = ", ".join(f'"{name}"' for name in row)
            places = ", ".join(f":{name}" for name in row)
            connection.execute(text(f'INSERT INTO "{table.name}" ({names}) VALUES ({places})'), row)


@pytest.mark.parametrize("revision", ["0009", "0018"])
def test_every_row_and_its_values_are_there_at_the_end(engine: Engine, revision: str) -> None:
    with engine.connect() as connection:
        command.upgrade(migrations.config(connection), revision)
    fill(engine)
    before = everything(engine)
    assert before
    assert {len(rows) for rows in before.values()} == {2}
    assert migrations.upgrade(engine) == migrations_after(revision)
    after = everything(engine)
    for table, rows in before.items():
        names = [name for name in rows[0] if (table, name) not in FILLED[revision]]
        if any(written == table for written, _ in FILLED[revision]) and len(after[table]) != len(rows):
            assert len(after[table]) > len(rows), table
            continue
        assert in_order(rows, names) == in_order(after[table], names), table
    assert set(before) <= set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        assert migrations.differences(connection) == []


def test_what_a_revision_writes_follows_from_the_rows(engine: Engine) -> None:
    """0015: tickets of voice messages came in as such; 0018: private consultations are looked through again."""
    with engine.connect() as connection:
        command.upgrade(migrations.config(connection), "0009")
    fill(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE tkt_voicemail SET ticket_id = (SELECT MIN(ticket_id) FROM tkt_ticket)"))
    migrations.upgrade(engine)
    with engine.connect() as connection:
        ways = connection.execute(text("SELECT channel FROM tkt_ticket ORDER BY ticket_id")).scalars().all()
        due = set(connection.execute(text("SELECT recording_id FROM rec_search_due")).scalars())
        consultations = set(connection.execute(text("SELECT recording_id FROM rec_recording")).scalars())
    assert ways == ["voicemail", "phone"]
    assert consultations <= due
