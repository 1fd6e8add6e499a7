"""For tests of the desk that hold on both databases: ``from tests.wire.desk.databases import url``."""

from __future__ import annotations

from functools import cache

import pytest
from sqlalchemy import Engine

import agent_desktop
import cti
import recordings
import ticketing
from hotline.database import build_engine
from tests.kit.postgres import shared_postgres
from tests.wire.desk.house import make_tables

ROOMS = (cti, ticketing, recordings, agent_desktop)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str | None:
    """The address of an empty database; None for the desk's own file."""
    return _emptied() if request.param == "postgresql" else None


def _emptied() -> str:
    engine = _desk()
    connection = engine.raw_connection()
    connection.cursor().execute(
        "; ".join(f'DELETE FROM "{table}"' for room in ROOMS for table in room.Base.metadata.tables)
    )
    connection.commit()
    connection.close()
    return engine.url.render_as_string(hide_password=False)


@cache
def _desk() -> Engine:
    """Tables are made once for all tests of a process; emptying them is quicker."""
    engine = build_engine(shared_postgres().database("desk"))
    make_tables(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER DATABASE desk SET synchronous_commit = off")
    return engine
