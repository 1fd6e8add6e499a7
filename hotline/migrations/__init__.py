"""The database's shape through time (Alembic), for all rooms' tables together.

``upgrade`` brings a database to the newest shape; a new revision is drafted by comparing the newest shape with
the rooms' tables: ``python -m hotline.migrations "what changes"``.
"""

from __future__ import annotations

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData

from hotline import resources


def metadata() -> MetaData:
    """The tables of every room in one catalogue; a room's tables are its own, no foreign key crosses."""
    import agent_desktop.tables
    import cti.tables
    import recordings.tables
    import ticketing.tables

    together = MetaData()
    for room in (cti.tables, recordings.tables, ticketing.tables, agent_desktop.tables):
        for table in room.Base.metadata.sorted_tables:
            table.to_metadata(together)
    return together


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, made here instead of in a file; ``env.py`` finds the connection in it."""
    made = Config()
    made.set_main_option("script_location", str(resources.migrations()).replace("%", "%%"))
    made.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    made.attributes["connection"] = connection
    return made


def upgrade(engine: Engine) -> list[str]:
    """Runs what is missing, each revision in a transaction of its own; returns the revisions that ran."""
    missing = pending(engine)
    if missing:
        with engine.connect() as connection:
            command.upgrade(config(connection), "head")
    return missing


def pending(engine: Engine) -> list[str]:
    """Revisions that the database has not seen yet, oldest first."""
    scripts = ScriptDirectory.from_config(config())
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return [script.revision for script in reversed(list(scripts.iterate_revisions("heads", current or "base")))]


def differences(connection: Connection) -> list[object]:
    """What the rooms' tables have and the database has not, or the other way round; empty when they agree.

    On SQLite indexes are left out: it cannot describe those on expressions.
    """

    def comparable(_object: object, _name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        return kind != "index" or connection.dialect.name != "sqlite"

    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": comparable})
    return list(compare_metadata(context, metadata()))
