"""Alembic's entry: runs the revisions on the connection that :func:`hotline.migrations.config` carries."""

from alembic import context

from hotline.migrations import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata(),
    compare_type=True,
    render_as_batch=True,  # SQLite cannot alter a column; batch mode copies the table instead
    transaction_per_migration=True,
    transactional_ddl=True,  # also on SQLite: hotline.database opens real transactions there
)
with context.begin_transaction():
    context.run_migrations()
