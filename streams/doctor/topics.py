"""Whether the topics fit the settings, and what is on them fits this version."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final

from models.codec import decode_alert, decode_envelope
from models.envelopes import ActionEnvelope, CoordinatorEnvelope, TextEnvelope
from models.errors import InvalidEvent
from streams.doctor.finding import Finding, ok, problem
from streams.doctor.kafka_log import Reader, newest
from streams.doctor.surroundings import Surroundings
from streams.topics import check, names, specs

TOPICS: Final = "topics"
FORMATS: Final = "formats"
SHOWN_MAX: Final = 3
PARTITIONS_MAX: Final = 300


def topics(surroundings: Surroundings) -> Finding:
    """Names and partition counts."""
    settings = surroundings.settings.model_copy(update={"request_timeout_ms": surroundings.timeout_ms})
    problems = check(settings)
    if not problems:
        return ok(TOPICS, f"All {len(specs(settings))} topics are there, with as many partitions as the settings say.")
    missing = [each for each in problems if "is missing" in each]
    found = "; ".join(each.rpartition(": ")[0] for each in problems[:SHOWN_MAX])
    more = f"; and {len(problems) - SHOWN_MAX} more" if len(problems) > SHOWN_MAX else ""
    if len(missing) == len(problems):
        return problem(TOPICS, f"{found}{more}.", "Make them: run `shoal topics create`.", "shoal topics create")
    return problem(
        TOPICS,
        f"{found}{more}.",
        "Set SHOAL_SHARDS and SHOAL_..._PARTITIONS to what is there, the same for every worker. To have another "
        "number, make the topic anew; snapshots of the old number are not used.",
        "shoal topics check",
    )


def formats(surroundings: Surroundings) -> Finding:
    """Whether the newest message of each of Shoal's own topics can be read by this version."""
    wrong, seen = asyncio.run(_formats(surroundings))
    if wrong:
        return problem(
            FORMATS,
            f"The newest message of {wrong[0]}"
            + (f", and so on {len(wrong) - 1} more topics." if len(wrong) > 1 else "."),
            "Another version of Shoal, or something else, writes there. Run one version only, or give this one topics "
            "of its own by SHOAL_PREFIX.",
        )
    return ok(FORMATS, f"The newest messages of {seen} of Shoal's own partitions can be read by this version.")


async def _formats(surroundings: Surroundings) -> tuple[list[str], int]:
    own = names(surroundings.settings)
    readers: dict[str, Callable[[bytes], Any]] = {
        own.likes: lambda raw: decode_envelope(raw, ActionEnvelope),
        own.posts: lambda raw: decode_envelope(raw, TextEnvelope),
        own.cohorts: lambda raw: decode_envelope(raw, CoordinatorEnvelope),
        own.alerts: decode_alert,
    }
    places = [(own.likes, number) for number in range(surroundings.settings.shards)][:PARTITIONS_MAX]
    places += [(topic, 0) for topic in (own.posts, own.cohorts, own.alerts)]
    async with Reader(surroundings) as reader:
        found = await newest(reader.consumer, await reader.existing(places), surroundings.timeout_s / 2)
    return list(dict.fromkeys(_unreadable(found.values(), readers))), len(found)


def _unreadable(records: Any, readers: dict[str, Callable[[bytes], Any]]) -> Sequence[str]:
    wrong = []
    for record in records:
        try:
            readers[record.topic](record.value or b"")
        except InvalidEvent as error:
            wrong.append(f"{record.topic} cannot be read by this version ({error.reason}: {error.detail})")
    return wrong
