"""Put messages into the outbox, in one transaction with what they tell of."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from console.messages.destinations import Destination
from console.messages.facts import Facts, message_id, pack, trial_facts
from console.messages.outbox import chunks, waits
from console.messages.state import know
from console.messages.tables import message_outbox
from streams.store.engine import serialise, writing

OUTBOX_KEY = 0x5348_4F41_4C09
"""Advisory lock of PostgreSQL under which positions are given."""
WAITING_MAX = 10_000
"""Messages that may wait for one destination; what is beyond is dead at once, and can be sent again."""
FULL = f"{WAITING_MAX:,} messages wait there already"


class Put:
    """Puts messages into the outbox inside one transaction, which holds `OUTBOX_KEY`: first `put`, at the end `flush`.

    Few statements for many messages, because writers of the worker wait for this transaction on SQLite.
    """

    def __init__(self, connection: Connection, now_ms: int) -> None:
        self._connection = connection
        self._now_ms = now_ms
        self._wanted: dict[str, tuple[Destination, Facts, bool]] = {}

    def put(self, destination: Destination, facts: Facts, number: int, in_digest: bool) -> str:
        """Put one message; returns its id. One that is there already is not put again."""
        identifier = message_id(destination.name, facts.campaign, facts.event, number)
        self._wanted[identifier] = (destination, facts, in_digest)
        return identifier

    def flush(self) -> None:
        """Write what was put."""
        there = self._there()
        new = {identifier: wanted for identifier, wanted in self._wanted.items() if identifier not in there}
        self._wanted.clear()
        if not new:
            return
        due = self._due({facts.campaign for _, facts, _ in new.values()})
        waiting = self._counts(new.values())
        newest = select(func.coalesce(func.max(message_outbox.c.position), 0))
        position = int(self._connection.execute(newest).scalar_one())
        rows = []
        for identifier, (destination, facts, in_digest) in new.items():
            position += 1
            full = waiting[destination.name] >= WAITING_MAX
            waiting[destination.name] += not full
            # behind what waits of the same case: nothing overtakes an earlier message
            due_at_ms = max(self._now_ms, due.get((destination.name, facts.campaign), 0))
            rows.append(self._row(position, identifier, destination, facts, in_digest, full, due_at_ms))
        self._connection.execute(message_outbox.insert(), rows)

    def _row(
        self,
        position: int,
        identifier: str,
        destination: Destination,
        facts: Facts,
        in_digest: bool,
        full: bool,
        due_at_ms: int,
    ) -> dict[str, Any]:
        return {
            "position": position,
            "id": identifier,
            "destination": destination.name,
            "campaign": facts.campaign,
            "urgency": facts.urgency,
            "in_digest": in_digest,
            "body": pack(facts),
            "state": "dead" if full else "waiting",
            "attempts": 0,
            "reason": FULL if full else "",
            "created_at_ms": self._now_ms,
            "due_at_ms": due_at_ms,
            "ended_at_ms": self._now_ms if full else None,
        }

    def _there(self) -> set[str]:
        found: set[str] = set()
        for some in chunks(list(self._wanted)):
            query = select(message_outbox.c.id).where(message_outbox.c.id.in_(some))
            found.update(self._connection.execute(query).scalars())
        return found

    def _due(self, campaigns: set[str]) -> dict[tuple[str, str], int]:
        table = message_outbox.c
        found: dict[tuple[str, str], int] = {}
        for some in chunks(sorted(campaigns)):
            query = select(table.destination, table.campaign, func.max(table.due_at_ms))
            query = query.where(table.campaign.in_(some), table.state == "waiting")
            for destination, campaign, due in self._connection.execute(
                query.group_by(table.destination, table.campaign)
            ):
                found[destination, campaign] = int(due)
        return found

    def _counts(self, wanted: Iterable[tuple[Destination, Facts, bool]]) -> dict[str, int]:
        found = {}
        for destination in {each.name: each for each, _, _ in wanted}.values():
            know(self._connection, destination)
            query = select(func.count()).where(waits(destination.name))
            found[destination.name] = int(self._connection.execute(query).scalar_one())
        return found


def put_trial(engine: Engine, destination: Destination, now_ms: int) -> str:
    """Put a test message into the outbox; returns its id."""
    with writing(engine) as connection:
        serialise(connection, OUTBOX_KEY)
        fan = Put(connection, now_ms)
        identifier = fan.put(destination, trial_facts(now_ms), now_ms, in_digest=False)
        fan.flush()
        return identifier
