"""Every revision on both databases; at the end the database is what the rooms' tables say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from hotline import database, migrations
from tests.kit.postgres import Postgres, postgres, tools_folder

pytestmark = pytest.mark.wire


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    tools = tools_folder()
    assert tools is not None, "apt-get install -y postgresql"
    with postgres(tools) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/t.sqlite"
    else:
        url = request.getfixturevalue("server").url
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
