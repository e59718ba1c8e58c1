"""Messages beside the pages of the console: one task that looks for what is new, and one for each destination."""

import asyncio
import time
from collections.abc import Callable, Sequence

import structlog
from sqlalchemy import Engine

from console.messages.channels import make_channels
from console.messages.collect import BATCH, begin, collect
from console.messages.destinations import Destination
from console.messages.file import load_destinations
from console.messages.outbox import KEPT_MS, expire, prune
from console.messages.sender import Sender
from console.messages.text import Links

log = structlog.get_logger()
LOOK_S = 2.0
LOOK_MAX_S = 30.0
PRUNE_S = 3_600.0


def wall_clock() -> int:
    """Now, in epoch ms."""
    return time.time_ns() // 1_000_000


class Messages:
    """Destinations and the ways to them, checked when it is made; without a file there are none."""

    def __init__(self, path: str | None, public_url: str | None, clock: Callable[[], int] = wall_clock) -> None:
        """Raises `InvalidDestinations` for a file that cannot be used, or a secret that is not where it says."""
        self.destinations = load_destinations(path).destinations if path is not None else ()
        self.links = Links(public_url)
        self.channels = make_channels(self.destinations, path or "", self.links, clock)
        self._clock = clock

    def named(self, name: str) -> Destination | None:
        """Return the destination of that name."""
        return next((each for each in self.destinations if each.name == name), None)

    async def run(self, engine: Engine) -> None:
        """Look and send until cancelled."""
        senders = [
            Sender(engine, each, self.channels[each.name], self.links, self._clock) for each in self.destinations
        ]
        tasks = [asyncio.create_task(sender.run()) for sender in senders]
        tasks.append(asyncio.create_task(_look(engine, self.destinations, self._clock)))
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _look(engine: Engine, found: Sequence[Destination], clock: Callable[[], int]) -> None:
    """Look for what is new. Several processes may: each look is one transaction."""
    pause_s, pruned_s, begun = LOOK_S, float("-inf"), False
    while True:
        try:
            if not begun:
                await asyncio.to_thread(begin, engine)
                begun = True
            looked = await asyncio.to_thread(collect, engine, found, clock())
            pause_s = 0.1 if looked >= BATCH else LOOK_S
            if time.monotonic() - pruned_s > PRUNE_S:
                await asyncio.to_thread(expire, engine, clock())
                await asyncio.to_thread(prune, engine, clock() - KEPT_MS)
                pruned_s = time.monotonic()
        except Exception as error:  # noqa: BLE001  # the database may come back; what happened waits in it
            log.warning("messages_not_collected", error=type(error).__name__)
            pause_s = min(max(2 * pause_s, LOOK_S), LOOK_MAX_S)
        await asyncio.sleep(pause_s)
