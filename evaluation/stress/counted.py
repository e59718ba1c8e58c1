"""Every event that was sent is looked for on Shoal's own topics, by its id."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from aiokafka import TopicPartition

from evaluation.stress.plan import identities, identity
from evaluation.stress.sender import SentLog
from evaluation.stress.watch import KafkaLooks
from models.codec import decode_envelope
from models.dead_letters import decode_dead_letter
from models.envelopes import ActionEnvelope, TextEnvelope
from models.events import AnyEvent
from streams.settings import Settings
from streams.topics import names

Ends = dict[tuple[str, int], int]


class Counted(NamedTuple):
    """Of the events sent: in envelopes to the shards, and among the dead letters."""

    found: int
    dead_letters: int


def _own_places(settings: Settings) -> list[TopicPartition]:
    own = names(settings)
    inner = [TopicPartition(own.likes, number) for number in range(settings.shards)]
    return [*inner, *(TopicPartition(topic, 0) for topic in (own.posts, own.dead_letters, own.alerts))]


async def ends_of(settings: Settings) -> Ends:
    """Where Shoal's own topics end now."""
    async with KafkaLooks(settings) as looks:
        return await looks.ends(_own_places(settings))


async def count(settings: Settings, before: Ends, events: Sequence[AnyEvent], log: SentLog) -> Counted:
    """Find every event again by its id, in envelopes and among dead letters."""
    own = names(settings)
    wanted = Counter(map(identity, events))
    missing = set(wanted)
    letters = 0
    async with KafkaLooks(settings) as looks:
        ends = await looks.ends(_own_places(settings))
        for (topic, partition), end in ends.items():
            if topic == own.alerts:
                continue
            async for record in looks.read(topic, partition, before[topic, partition], end):
                if topic == own.dead_letters:
                    letter = decode_dead_letter(record.value)
                    letters += log.holds(letter.topic, letter.partition, letter.offset)
                else:
                    kind = TextEnvelope if topic == own.posts else ActionEnvelope
                    missing.difference_update(identities(decode_envelope(record.value, kind)))
    return Counted(len(events) - sum(wanted[name] for name in missing), letters)
