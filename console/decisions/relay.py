"""Send waiting verdicts to Kafka: in order, at least once, whenever it can be reached.

One process holds the lease and sends one verdict after the other, each awaited before the next. What fails
stays in the outbox and is tried again; nobody's page waits for it. A verdict may come twice after a failure
(between delivery and its mark): its id comes from its content, and the detector counts each id once.
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy import Engine

from console.decisions import lease
from console.decisions.outbox import Waiting, mark_sent, next_waiting
from streams.delivery import BACKOFF_FIRST_S
from streams.store.protocol import StoreUnavailable

log = structlog.get_logger()

LEASE = "verdict-relay"
LEASE_MS = 60_000
ATTEMPT_S = 20.0
"""Longest wait for one delivery: well under the lease, so that no second relay starts meanwhile."""
PAUSE_S = 1.0
PAUSE_MAX_S = 15.0
BATCH = 100

Send = Callable[[Waiting], Awaitable[None]]
"""Deliver one verdict to the topic; returns when the broker has it, raises otherwise."""


class Relay:
    """The way from the outbox to the topic. `clock` gives epoch ms."""

    def __init__(
        self, engine: Engine, send: Send, clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    ) -> None:
        self._engine = engine
        self._send = send
        self._clock = clock
        self._holder = secrets.token_hex(8)

    async def run(self) -> None:
        """Send until cancelled. No failure ends it: Kafka and the database may come back."""
        pause_s = PAUSE_S
        try:
            while True:
                try:
                    sent = await self.once()
                    pause_s = BACKOFF_FIRST_S if sent == BATCH else PAUSE_S
                except Exception as error:  # noqa: BLE001  # whatever it is: verdicts wait, and it is tried again
                    log.warning("verdicts wait", error=repr(error), pause_s=round(pause_s, 1))
                    pause_s = min(2 * pause_s, PAUSE_MAX_S)
                await asyncio.sleep(pause_s)
        finally:
            await self.let_go()

    async def once(self) -> int:
        """Send what waits, at most `BATCH`; return how many. Raises what the delivery raised."""
        sent = 0
        for waiting in await asyncio.to_thread(next_waiting, self._engine, BATCH):
            now_ms = self._clock()
            if not await asyncio.to_thread(lease.take, self._engine, LEASE, self._holder, now_ms, LEASE_MS):
                return sent  # another process sends
            await asyncio.wait_for(self._send(waiting), ATTEMPT_S)
            await asyncio.to_thread(mark_sent, self._engine, waiting.position, self._clock())
            sent += 1
        return sent

    async def let_go(self) -> None:
        """Give the lease back, so that another process need not wait for its end."""
        try:
            await asyncio.shield(asyncio.to_thread(lease.give_back, self._engine, LEASE, self._holder))
        except (StoreUnavailable, asyncio.CancelledError):
            log.info("the lease of the relay runs out by itself")
