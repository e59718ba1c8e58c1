"""How many messages were refused in the last hour, and why."""

import asyncio
from collections import Counter
from typing import Any, Final, NamedTuple

from aiokafka import TopicPartition

from models.dead_letters import decode_dead_letter
from models.errors import InvalidEvent
from streams.dead_letters.faults import fault_of
from streams.doctor.finding import Finding, ok, problem, warning
from streams.doctor.kafka_log import Reader, read_from
from streams.doctor.surroundings import Surroundings
from streams.topics import names

DEAD_LETTERS: Final = "dead letters"
HOUR_MS: Final = 3_600_000
SAMPLE_MAX: Final = 500
FLOOD_MIN: Final = 100
FLOOD_SHARE: Final = 0.01
NOTICED_SHARE: Final = 0.001
REASONS_SHOWN: Final = 3


class _LastHour(NamedTuple):
    letters: int
    received: int
    """Messages on the raw topics."""
    reasons: Counter[str]
    """Of the newest letters."""


def dead_letters(surroundings: Surroundings) -> Finding:
    """The share of refused messages, with their reasons."""
    hour = asyncio.run(_last_hour(surroundings))
    if not hour.letters:
        return ok(DEAD_LETTERS, f"None in the last hour, of {hour.received:,} messages.")
    share = hour.letters / max(hour.received, hour.letters)
    # letters may be of messages that were sent before the hour began
    received = f"of {hour.received:,} messages ({share:.1%})" if hour.received >= hour.letters else "in all"
    top = ", ".join(
        f"{reason} {number / hour.reasons.total():.0%}" for reason, number in hour.reasons.most_common(REASONS_SHOWN)
    )
    found = f"{hour.letters:,} messages were refused in the last hour, {received}; of the newest: {top}."
    limit = surroundings.settings.dead_letters_ratio_max
    if hour.letters >= FLOOD_MIN and share > FLOOD_SHARE:
        stops = (
            f" Above a share of {limit:.0%} the worker stops."
            if share <= limit
            else " The worker stops for it (exit code 65)."
        )
        return problem(
            DEAD_LETTERS,
            found + stops,
            "Most often a producer changed its format: compare with docs/events.md, mend it, send the messages again.",
            "shoal dead-letters list",
        )
    if share > NOTICED_SHARE:
        return warning(
            DEAD_LETTERS,
            found,
            "See which producer sends them; the letters carry the messages.",
            "shoal dead-letters list",
        )
    return ok(DEAD_LETTERS, found)


async def _last_hour(surroundings: Surroundings) -> _LastHour:
    since_ms = int(surroundings.now_s() * 1000) - HOUR_MS
    settings = surroundings.settings
    async with Reader(surroundings) as reader:
        letters = await reader.existing([(names(settings).dead_letters, 0)])
        raw = await reader.existing(settings.sources)
        starts, ends = await _stretch(reader.consumer, [*letters, *raw], since_ms)
        numbers = {place: ends[place] - starts[place] for place in starts}
        sample = {place: max(starts[place], ends[place] - SAMPLE_MAX) for place in letters if numbers[place]}
        wanted = sum(ends[place] - start for place, start in sample.items())
        records = await read_from(reader.consumer, sample, wanted, surroundings.timeout_s / 2)
    reasons = Counter(map(_reason, records))
    return _LastHour(sum(numbers[place] for place in letters), sum(numbers[place] for place in raw), reasons)


async def _stretch(
    consumer: Any, places: list[TopicPartition], since_ms: int
) -> tuple[dict[TopicPartition, int], dict[TopicPartition, int]]:
    """Offsets of the first message since then, and of the next to come."""
    if not places:
        return {}, {}
    ends = await consumer.end_offsets(places)
    found = await consumer.offsets_for_times(dict.fromkeys(places, since_ms))
    return {place: ends[place] if found[place] is None else found[place].offset for place in places}, ends


def _reason(record: Any) -> str:
    try:
        return str(fault_of(decode_dead_letter(record.value or b"")))
    except InvalidEvent:
        return "letters that cannot be read"
