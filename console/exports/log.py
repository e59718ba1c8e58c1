"""Who took which cases out of the console, when, and how many accounts they have."""

from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Engine, select

from console.exports.tables import export_log
from streams.store.engine import reading, writing

PAGE_MAX: Final = 500
PRIVATE: Final = frozenset({"account", "text"})
"""Filters whose value may name an account: the log says that there was one, not which."""
EVERYTHING: Final = (None, "", "any", 0)
"""Values of filters that let everything through."""
FILTERS_CHARACTERS_MAX: Final = 1_024


class Exported(Struct, frozen=True):
    """One row of the log."""

    number: int
    exported_at_ms: int
    exported_by: str
    """A user of the console, or `shell:NAME` for who was logged in where `shoal export` ran."""
    way: str
    """`page`, `api` or `shell`."""
    form: str
    campaign: str | None
    """None where many cases were exported."""
    filters: str
    cases: int
    accounts: int
    """Accounts of the exported cases, whether the format names each or not."""


def note(
    engine: Engine,
    now_ms: int,
    by: str,
    way: str,
    form: str,
    campaign: str | None = None,
    filters: dict[str, Any] | None = None,
    cases: int = 1,
    accounts: int = 0,
) -> None:
    """Add a row. Called before the first byte leaves: what cannot be logged is not exported."""
    row = {
        "exported_at_ms": now_ms, "exported_by": by, "way": way, "form": form, "campaign": campaign,
        "filters": told(filters or {}), "cases": cases, "accounts": accounts,
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(export_log.insert().values(row))


def told(filters: dict[str, Any]) -> str:
    """Return the filters that were set, in words: `status=open, text=…`; empty for all cases."""
    given = {name: value for name, value in filters.items() if value not in EVERYTHING}
    parts = [f"{name}={'…' if name in PRIVATE else value}" for name, value in given.items()]
    return ", ".join(parts)[:FILTERS_CHARACTERS_MAX]


def newest(engine: Engine, before: int | None = None, limit: int = 100) -> list[Exported]:
    """Rows of the log, newest first, with numbers under `before`; at most `limit` (1 to `PAGE_MAX`)."""
    if not 1 <= limit <= PAGE_MAX:
        raise ValueError(f"limit = {limit} is not within 1 to {PAGE_MAX}")
    query = select(export_log).order_by(export_log.c.number.desc()).limit(limit)
    if before is not None:
        query = query.where(export_log.c.number < before)
    with reading(engine) as connection:
        return [Exported(**dict(row._mapping)) for row in connection.execute(query)]  # noqa: SLF001  # SQLAlchemy's public name
