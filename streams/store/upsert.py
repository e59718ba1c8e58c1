"""`INSERT … ON CONFLICT`, which both databases have and SQLAlchemy spells once for each."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def insert_for(connection: Connection, table: Table) -> Any:
    """Return the dialect's INSERT into `table`, which knows ON CONFLICT."""
    return _INSERT[connection.dialect.name](table)


def add_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows whose primary keys are new; return how many there were."""
    if not rows:
        return 0
    statement = insert_for(connection, table).on_conflict_do_nothing()
    done = connection.execute(statement, list(rows), execution_options={"preserve_rowcount": True})
    return int(done.rowcount)


def replace_older(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], by: str = "revision") -> int:
    """Insert or, where the row's `by` is greater than what is kept, replace; return how many rows changed.

    All rows have the same columns.
    """
    if not rows:
        return 0
    keys = {column.name for column in table.primary_key}
    statement = insert_for(connection, table)
    statement = statement.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={name: statement.excluded[name] for name in rows[0] if name not in keys},
        where=statement.excluded[by] > table.c[by],
    )
    done = connection.execute(statement, list(rows), execution_options={"preserve_rowcount": True})
    return int(done.rowcount)


def put_row(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert the row, or replace what has its primary key."""
    keys = {column.name for column in table.primary_key}
    statement = insert_for(connection, table).values(dict(row))
    rest = {name: statement.excluded[name] for name in row if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=rest))
