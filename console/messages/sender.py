"""Send what waits for one destination: in order within a case, at least once, tried again with growing pauses.

One process holds the destination's lease and sends one message after the other. A destination that hangs holds up
nothing but itself. A message may come twice after a crash between the answer and its mark: its id is the same.
"""

import asyncio
import random
import secrets
from collections.abc import Callable
from typing import Final

import structlog
from sqlalchemy import Connection, Engine

from console.decisions import lease
from console.messages import outbox, state
from console.messages.backoff import pause_ms
from console.messages.channel import Channel, Message, Refused
from console.messages.destinations import Destination
from console.messages.digests import digest_of
from console.messages.outbox import Row
from console.messages.tables import message_threads
from console.messages.text import Links, message_text
from console.security.limits import RateLimit
from streams.store.engine import reading, writing
from streams.store.protocol import StoreUnavailable
from streams.store.upsert import put_row

log = structlog.get_logger()
LEASE_MS: Final = 120_000
"""Longer than any attempt, so that no second process sends meanwhile."""
PAUSE_S = 2.0
PAUSE_MAX_S = 30.0
STOP_S: Final = 5.0
"""How long an attempt may go on when the console ends."""


class Sender:
    """The way from the outbox to one destination. `clock` gives epoch ms, `jitter` random numbers in [0, 1)."""

    def __init__(
        self,
        engine: Engine,
        destination: Destination,
        channel: Channel,
        links: Links,
        clock: Callable[[], int],
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._engine = engine
        self._destination = destination
        self._channel = channel
        self._links = links
        self._clock = clock
        self._jitter = jitter
        self._holder = secrets.token_hex(8)
        self._rate = RateLimit(destination.per_minute)
        self._lease = f"message:{destination.name}"

    async def run(self) -> None:
        """Send until cancelled. No failure ends it."""
        pause_s = PAUSE_S
        try:
            while True:
                try:
                    pause_s = 0.0 if await self.once() else PAUSE_S
                except Exception as error:  # noqa: BLE001  # whatever it is: messages wait, and it is tried again
                    # no text of the error: it may hold an address
                    log.warning("messages_wait", destination=self._destination.name, error=type(error).__name__)
                    pause_s = min(max(2 * pause_s, PAUSE_S), PAUSE_MAX_S)
                await asyncio.sleep(pause_s)
        finally:
            await self._let_go()

    async def once(self) -> bool:
        """Try one message, if one is due and this process may; returns whether one was tried."""
        if not await asyncio.to_thread(self._next):
            return False
        if not await asyncio.to_thread(lease.take, self._engine, self._lease, self._holder, self._clock(), LEASE_MS):
            return False  # another process sends
        rows = await asyncio.to_thread(self._next)  # it may have sent what was seen before the lease was taken
        if not rows or not self._rate.allows(self._destination.name, self._clock()):
            return False
        attempt = asyncio.ensure_future(self._attempt(rows))
        try:
            await asyncio.shield(attempt)
        except asyncio.CancelledError:
            # the console ends: what is on its way gets its mark, so that the next start does not send it again
            await asyncio.wait({attempt}, timeout=STOP_S)
            attempt.cancel()
            raise
        return True

    async def _attempt(self, rows: list[Row]) -> None:
        if await asyncio.to_thread(self._outdated, rows):
            return
        message, told, merged = await asyncio.to_thread(self._message, rows)
        try:
            reference = await asyncio.wait_for(self._channel.tell(message), self._destination.patience_s)
        except Refused as refused:
            await asyncio.to_thread(self._failed, told, merged, refused)
        except TimeoutError:
            await asyncio.to_thread(self._failed, told, merged, Refused("no answer in time"))
        else:
            await asyncio.to_thread(self._sent, told, merged, message, reference)

    def _next(self) -> list[Row]:
        destination, now_ms = self._destination, self._clock()
        known = state.state_of(self._engine, destination)
        if known.off_since_ms is not None or known.paused_until_ms > now_ms:
            return []
        quiet = destination.quiet is not None and destination.quiet.holds(now_ms)
        rows = outbox.next_case(self._engine, destination, now_ms, quiet)
        if rows or quiet or destination.digest is None:
            return rows if destination.merges else rows[:1]
        return outbox.next_digest(self._engine, destination, destination.digest.newest(now_ms), now_ms)

    def _outdated(self, rows: list[Row]) -> bool:
        """Drop what somebody lets be tried again although newer of its case was told: it would show an old state."""
        if not self._destination.merges or rows[-1].in_digest:
            return False
        with reading(self._engine) as connection:
            if not outbox.was_overtaken(connection, self._destination, rows[-1]):
                return False
        with writing(self._engine) as connection:
            outbox.end(connection, rows, "merged", self._clock())
        return True

    def _message(self, rows: list[Row]) -> tuple[Message, list[Row], list[Row]]:
        """Return what to tell, the rows that it stands for, and those that it makes needless."""
        language, newest = self._destination.language, rows[-1]
        if self._destination.digest is not None and newest.in_digest:
            return digest_of(rows, language, self._links), rows, []
        with reading(self._engine) as connection:
            reference = _reference(connection, self._destination, newest.campaign)
        text = message_text(newest.facts, language, self._links)
        return Message(newest.id, text, newest.facts, reference), [newest], rows[:-1]

    def _sent(self, told: list[Row], merged: list[Row], message: Message, reference: str) -> None:
        now_ms = self._clock()
        with writing(self._engine) as connection:
            outbox.end(connection, told, "sent", now_ms)
            outbox.end(connection, merged, "merged", now_ms)
            state.count(connection, self._destination, sent=1)
            state.note(connection, self._destination, last_sent_ms=now_ms)
            if message.facts is not None and message.facts.campaign:
                self._keep(connection, message.facts.campaign, reference, now_ms)

    def _keep(self, connection: Connection, campaign: str, reference: str, now_ms: int) -> None:
        row = {"destination": self._destination.name, "campaign": campaign, "reference": reference}
        put_row(connection, message_threads, row | {"changed_at_ms": now_ms})

    def _failed(self, told: list[Row], merged: list[Row], refused: Refused) -> None:
        now_ms, attempts = self._clock(), told[-1].attempts + 1
        dead = refused.final or attempts >= self._destination.attempts_max
        log.warning(
            "message_failed",
            destination=self._destination.name,
            reason=refused.reason,
            attempts_total=attempts,
            dead=dead,
        )
        with writing(self._engine) as connection:
            if refused.gone:
                # what waits stays: somebody may switch the destination on again
                state.note(connection, self._destination, off_since_ms=now_ms, off_reason=refused.reason)
                state.count(connection, self._destination, failed=1)
                return
            if dead:
                outbox.end(connection, told, "dead", now_ms, refused.reason)
                outbox.end(connection, merged, "merged", now_ms)
                state.count(connection, self._destination, dead=len(told))
            else:
                due = now_ms + pause_ms(attempts, self._jitter(), refused.asked_ms)
                outbox.postpone(connection, told, due, attempts, refused.reason)
                if not told[0].in_digest:
                    outbox.hold(connection, self._destination, told[0].campaign, due)
                state.count(connection, self._destination, failed=1)
            if refused.asked_ms:
                until = now_ms + pause_ms(1, self._jitter(), refused.asked_ms)
                state.note(connection, self._destination, paused_until_ms=until)

    async def _let_go(self) -> None:
        """Give the lease back, so that another process need not wait for its end."""
        try:
            await self._channel.close()
            await asyncio.shield(asyncio.to_thread(lease.give_back, self._engine, self._lease, self._holder))
        except (StoreUnavailable, asyncio.CancelledError):
            log.info("the lease of messages runs out by itself", destination=self._destination.name)


def _reference(connection: Connection, destination: Destination, campaign: str) -> str:
    table = message_threads.c
    query = message_threads.select().where((table.destination == destination.name) & (table.campaign == campaign))
    found = connection.execute(query).first()
    return str(found.reference) if found else ""
