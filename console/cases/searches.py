"""Searches of the queue that somebody keeps under a name of their own."""

from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import Engine, func, select

from console.cases.tables import saved_searches
from console.decisions.errors import InvalidOrder
from streams.store.engine import reading, writing
from streams.store.upsert import put_row

SEARCHES_MAX: Final = 30
"""Of one person."""
NAME_CHARACTERS_MAX: Final = 64
QUERY_CHARACTERS_MAX: Final = 4_096
VALUE_CHARACTERS_MAX: Final = 200
FIELDS: Final = ("status", "severity", "outcome", "text", "account", "held", "days", "joined")
"""What a search may set; a place in the list is not kept."""


class Search(NamedTuple):
    """One kept search."""

    name: str
    query: str


def save(engine: Engine, user_id: str, name: str, query: str, now_ms: int) -> Search:
    """Keep `query` under `name`, in place of one of the same name. Raises `InvalidOrder`."""
    search = Search(" ".join(name.split()), cleaned(query))
    if not search.name or len(search.name) > NAME_CHARACTERS_MAX or not search.name.isprintable():
        raise InvalidOrder("name", f"1 to {NAME_CHARACTERS_MAX} printable characters")
    if len(search.query) > QUERY_CHARACTERS_MAX:
        raise InvalidOrder("query", f"at most {QUERY_CHARACTERS_MAX} characters")
    table = saved_searches
    with writing(engine) as connection:
        others = (table.c.user_id == user_id) & (table.c.name != search.name)
        if connection.execute(select(func.count()).where(others)).scalar_one() >= SEARCHES_MAX:
            raise InvalidOrder("name", f"at most {SEARCHES_MAX} searches are kept; remove one first")
        put_row(connection, table, {"user_id": user_id, **search._asdict(), "saved_at_ms": now_ms})
    return search


def remove(engine: Engine, user_id: str, name: str) -> None:
    """Keep it no longer; one that is not there is no error."""
    with writing(engine) as connection:
        own = (saved_searches.c.user_id == user_id) & (saved_searches.c.name == name)
        connection.execute(saved_searches.delete().where(own))


def searches_of(engine: Engine, user_id: str) -> list[Search]:
    """Searches of one person, by name."""
    table = saved_searches
    query = select(table.c.name, table.c.query).where(table.c.user_id == user_id).order_by(table.c.name)
    with reading(engine) as connection:
        return [Search(*tuple(row)) for row in connection.execute(query)]


def cleaned(query: str) -> str:
    """Return `query` with known fields only, in one order; values are cut as the queue cuts them."""
    found = dict(parse_qsl(query[: 4 * QUERY_CHARACTERS_MAX]))
    values = {name: found.get(name, "").replace("\x00", "")[:VALUE_CHARACTERS_MAX] for name in FIELDS}
    return urlencode([(name, value) for name, value in values.items() if value])
