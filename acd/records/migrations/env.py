"""Alembic's entry: runs on the connection it is given, inside that connection's transaction."""

from alembic import context

from acd.records.tables import journal_tables, people_tables

attributes = context.config.attributes
context.configure(
    connection=attributes["connection"],
    target_metadata={"journal": journal_tables, "people": people_tables}[attributes["history"]],
    version_table=f"{attributes['history']}_version",
    render_as_batch=True,  # SQLite cannot alter a column in place
)
with context.begin_transaction():
    context.run_migrations()
