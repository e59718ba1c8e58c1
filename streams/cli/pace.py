"""How fast `shoal produce` sends, as told on the command line."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from streams.cli.errors import UserError

if TYPE_CHECKING:
    from streams.files import Batch


def speed_of(text: str) -> float | None:
    """`realtime`, `x10`, `max` as a factor, None for flat out. Raises `UserError`."""
    from streams.pacing import parse_speed

    try:
        return parse_speed(text)
    except ValueError as error:
        raise UserError(f"--speed {text} is not understood: say real, x10 (ten times as fast) or max") from error


def limited(
    batches: Iterable["Batch"],
    events_per_s: float,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator["Batch"]:
    """Yield the batches no faster than `events_per_s`, the first at once."""
    started_s = clock()
    events = 0
    for batch in batches:
        early_s = started_s + events / events_per_s - clock()
        if early_s > 0:
            sleep(early_s)
        yield batch
        events += len(batch.events)
