"""Runs the migrations within the connection, and so the transaction, that the journal hands over."""

from alembic import context

given = context.config.attributes
context.configure(connection=given["connection"], version_table=given["version_table"])
context.run_migrations()
