"""Run by Alembic; the connection, inside its transaction, comes from `streams.store.migrate`."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
