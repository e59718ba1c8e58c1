"""The allow list: accounts, targets and text families that are not to be raised, for a reason and for a time.

An entry is a verdict `allow` to the detector, through the outbox that decisions take (docs/decisions/0008);
removing it is an `undo`. Every change is a row of `allow_log`, which is only added to.
"""

import hashlib
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection, Engine, func, select, update

from console.decisions.log import LOG_KEY
from console.decisions.outbox import put_verdict
from console.learn.tables import allow_entries, allow_log
from models.errors import ShoalError
from models.events import Decision, Verdict
from streams.store.engine import reading, serialise, writing

KINDS: Final = ("account", "target", "family")
"""`target`: a target, a site or an author; `family`: a family of near-duplicate texts."""
VALUE_CHARACTERS_MAX: Final = 128
REASON_CHARACTERS_MAX: Final = 500
DAYS_MAX: Final = 366
DAY_MS: Final = 86_400_000
STANDING_MAX: Final = 5_000
"""Entries that may stand at once; the detector keeps as many (`dismissals.dismissals_max`)."""
PAGE_MAX: Final = 1_000


class NotAllowed(ShoalError):
    """A change of the list that cannot be meant: `field` and `reason` say what is wrong with it."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        self.reason = reason
        super().__init__(f"{field}: {reason}")


class Entry(Struct, frozen=True):
    """One entry."""

    entry: str
    kind: str
    value: str
    reason: str
    added_by: str
    added_at_ms: int
    expires_at_ms: int
    removed_at_ms: int | None

    def stands(self, now_ms: int) -> bool:
        """Whether it holds at `now_ms`."""
        return self.removed_at_ms is None and now_ms < self.expires_at_ms


class Change(Struct, frozen=True):
    """One row of the log."""

    number: int
    entry: str
    action: str
    by: str
    at_ms: int
    text: str


def add(engine: Engine, kind: str, value: str, reason: str, days: int, by: str, now_ms: int) -> Entry:
    """Add an entry for `days` days from `now_ms`. Raises `NotAllowed` or `StoreUnavailable`."""
    value, reason = value.strip(), reason.strip()
    _check(kind, value, reason, days)
    expires_at_ms = now_ms + days * DAY_MS
    with writing(engine) as connection:
        serialise(connection, LOG_KEY)
        _check_room(connection, kind, value, now_ms)
        entry = hashlib.sha256(f"{_newest(connection)}:{kind}:{value}:{now_ms}".encode()).hexdigest()[:16]
        _log(connection, entry, "add", by, now_ms, f"{kind} {value}, {days} days: {reason}")
        verdict_id = hashlib.sha256(f"allow:{entry}".encode()).hexdigest()[:32]
        row = {
            "entry": entry, "kind": kind, "value": value, "reason": reason, "added_by": by, "added_at_ms": now_ms,
            "expires_at_ms": expires_at_ms, "verdict_id": verdict_id,
        }  # fmt: skip
        connection.execute(allow_entries.insert().values(row))
        accounts, targets = ((value,), ()) if kind == "account" else ((), (value,))
        put_verdict(
            connection,
            Verdict(
                verdict_id,
                name_of(entry),
                0,
                Decision.ALLOW,
                by,
                now_ms,
                reason,
                accounts,
                None,
                targets,
                expires_at_ms,
            ),
        )
    return Entry(entry, kind, value, reason, by, now_ms, expires_at_ms, None)


def remove(engine: Engine, entry: str, by: str, now_ms: int) -> None:
    """Take an entry back. Raises `NotAllowed` where it does not stand."""
    with writing(engine) as connection:
        serialise(connection, LOG_KEY)
        found = connection.execute(select(allow_entries).where(allow_entries.c.entry == entry)).first()
        if found is None or found.removed_at_ms is not None:
            raise NotAllowed("entry", "it is not on the list any more")
        connection.execute(
            update(allow_entries).where(allow_entries.c.entry == entry).values(removed_at_ms=now_ms)
        )  # fmt: skip
        number = _log(connection, entry, "remove", by, now_ms, f"{found.kind} {found.value}")
        undo_id = hashlib.sha256(f"allow:{entry}:{number}".encode()).hexdigest()[:32]
        # later than the entry, since the detector takes verdicts in the order of their moments
        at_ms = max(now_ms, found.added_at_ms + 1)
        put_verdict(connection, Verdict(undo_id, name_of(entry), 0, Decision.UNDO, by, at_ms, undoes=found.verdict_id))


def entries(engine: Engine, now_ms: int, past: bool = False, limit: int = PAGE_MAX) -> list[Entry]:
    """Entries that stand at `now_ms`, those that end first first; with `past` those that no longer do, newest first."""
    table = allow_entries
    stands = table.c.removed_at_ms.is_(None) & (table.c.expires_at_ms > now_ms)
    query = select(table).where(~stands if past else stands)
    query = query.order_by(table.c.added_at_ms.desc() if past else table.c.expires_at_ms, table.c.entry)
    with reading(engine) as connection:
        return [_entry(row) for row in connection.execute(query.limit(min(limit, PAGE_MAX)))]


def changes(engine: Engine, limit: int = 100) -> list[Change]:
    """The newest changes, newest first."""
    query = select(allow_log).order_by(allow_log.c.number.desc()).limit(min(limit, PAGE_MAX))
    with reading(engine) as connection:
        return [
            Change(row.number, row.entry, row.action, row.by, row.at_ms, row.text) for row in connection.execute(query)
        ]


def _check(kind: str, value: str, reason: str, days: int) -> None:
    if kind not in KINDS:
        raise NotAllowed("kind", f"one of {', '.join(KINDS)}")
    if not 1 <= len(value) <= VALUE_CHARACTERS_MAX or not value.isprintable():
        raise NotAllowed("value", f"1 to {VALUE_CHARACTERS_MAX} printable characters")
    if not 1 <= len(reason) <= REASON_CHARACTERS_MAX or "\x00" in reason:
        raise NotAllowed("reason", f"say why, in at most {REASON_CHARACTERS_MAX} characters")
    if not 1 <= days <= DAYS_MAX:
        raise NotAllowed("days", f"1 to {DAYS_MAX}: every entry ends")


def _check_room(connection: Connection, kind: str, value: str, now_ms: int) -> None:
    table = allow_entries
    stands = table.c.removed_at_ms.is_(None) & (table.c.expires_at_ms > now_ms)
    same = stands & (table.c.kind == kind) & (table.c.value == value)
    if connection.execute(select(table.c.entry).where(same)).first() is not None:
        raise NotAllowed("value", "it is on the list already; remove that entry first")
    if connection.execute(select(func.count()).select_from(table).where(stands)).scalar_one() >= STANDING_MAX:
        raise NotAllowed("value", f"the list is full ({STANDING_MAX:,} entries)")


def _newest(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(allow_log.c.number), 0))).scalar_one())


def _log(connection: Connection, entry: str, action: str, by: str, now_ms: int, text: str) -> int:
    number = _newest(connection) + 1
    row = {"number": number, "entry": entry, "action": action, "by": by, "at_ms": now_ms, "text": text}
    connection.execute(allow_log.insert().values(row))
    return number


def name_of(entry: str) -> str:
    """What the verdict names instead of a campaign."""
    return f"allow:{entry}"


def _entry(row: Any) -> Entry:
    return Entry(*(getattr(row, name) for name in Entry.__struct_fields__))
