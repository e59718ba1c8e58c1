"""Messages of letters go back to the topic and partition where they were."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from kafka import KafkaProducer
from kafka.errors import KafkaError

from models.dead_letters import DeadLetter
from streams.dead_letters.parked import Judge, Parked, Prospect, Wanted
from streams.produce import DeliveryFailed, flush_timeout_s, producing
from streams.settings import Settings


class Resent(NamedTuple):
    """What came of the letters."""

    sent: dict[str, int]
    """By topic, confirmed by the brokers."""
    left: dict[Prospect, int]
    """What was not sent, by why."""
    unreadable: int


async def resend(settings: Settings, wanted: Wanted) -> Resent:
    """Send what this version accepts, as it came and with its key; the letters stay where they are.

    Returns once the brokers have confirmed all of it. Raises `DeliveryFailed`, `KafkaError`.
    """
    judge, parked = Judge(settings), Parked(settings, wanted)
    sent: Counter[str] = Counter()
    left: Counter[Prospect] = Counter()
    with producing(settings) as producer:
        async for letters in parked.chunks():
            prospects = [judge.prospect(letter) for letter in letters]
            valid = [letter for letter, each in zip(letters, prospects, strict=True) if each is Prospect.VALID]
            left.update(each for each in prospects if each is not Prospect.VALID)
            _send(producer, valid, flush_timeout_s(settings))
            sent.update(letter.topic for letter in valid)
    return Resent(dict(sent), dict(left), parked.unreadable)


def _send(producer: KafkaProducer, letters: Iterable[DeadLetter], limit_s: float) -> None:
    """Send and wait for the brokers. Raises `DeliveryFailed`."""
    pending: list[Any] = []
    try:
        for letter in letters:
            # a key's order holds within its partition; one that is not there any more is left to the key
            there = letter.partition in (producer.partitions_for(letter.topic) or ())
            partition = letter.partition if there else None
            pending.append(producer.send(letter.topic, value=letter.raw, key=letter.key, partition=partition))
        producer.flush(timeout=limit_s)
        for one in pending:
            one.get(timeout=limit_s)
    except KafkaError as error:
        raise DeliveryFailed(
            f"the brokers did not confirm everything: {error}. Mend that, then say the same again (what arrives twice "
            "is counted once); `shoal topics check` and `shoal doctor` look"
        ) from error
