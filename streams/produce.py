"""Events of a file go to the raw topics, as a platform would send them. Delivery is confirmed."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

import msgspec
from kafka import KafkaProducer
from kafka.errors import KafkaConnectionError, KafkaError, KafkaTimeoutError

from models.codec import encode_event
from models.errors import ShoalError
from models.events import Account, AnyEvent, Like, Post, Trend, Verdict
from models.moments import when_ms
from streams.files import Batch, Rejected
from streams.pacing import Pacer
from streams.security import kafka_python_options
from streams.settings import Settings

DELIVERY_MS = 120_000
"""How long an event is tried beyond one request: brokers that restart take a minute or more."""
FLUSH_SPARE_S = 30
CLOSE_S = 5
OUTSTANDING_MAX = 20_000
"""Events sent but not yet confirmed; kafka-python has no limit of its own."""
EXAMPLES_MAX = 3


class DeliveryFailed(ShoalError):
    """Events that no broker took; says what to do."""


class NoBroker(DeliveryFailed):
    """No broker answered at all."""


class Produced(NamedTuple):
    """What was confirmed by the brokers."""

    sent: dict[str, int]
    """By topic."""
    rejected: dict[str, int]
    """Lines that were no events and were not sent, by reason."""
    examples: list[Rejected]
    """The first of those, at most `EXAMPLES_MAX`."""
    seconds: float


def produce(
    settings: Settings,
    batches: Iterable[Batch],
    speed: float | None = None,
    rebase: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Produced:
    """Send every event; return once all are confirmed.

    `speed`: event time against the wall clock, None for flat out. `rebase`: shift all times so that
    the first event happens now. `progress` is told events sent and position in the input.
    Raises `DeliveryFailed`.
    """
    started = time.monotonic()
    with producing(settings) as producer:
        sender = _Sender(settings, producer, Pacer(speed), rebase)
        rejected: Counter[str] = Counter()
        examples: list[Rejected] = []
        for batch in batches:
            for event in batch.events:
                sender.send(event)
            rejected.update(one.error.reason for one in batch.rejected)
            examples += batch.rejected[: EXAMPLES_MAX - len(examples)]
            sender.check()
            if progress is not None:
                progress(sum(sender.sent.values()), batch.position)
        sender.finish()
    return Produced(dict(sender.sent), dict(rejected), examples, round(time.monotonic() - started, 3))


class _Sender:
    def __init__(self, settings: Settings, producer: KafkaProducer, pacer: Pacer, rebase: bool) -> None:
        self._producer = producer
        self._flush_s = flush_timeout_s(settings)
        self._topics = raw_topics(settings)
        self._pacer = pacer
        self._rebase = rebase
        self._shift_ms: int | None = None
        self._errors: list[BaseException] = []
        self._outstanding = 0
        self.sent: Counter[str] = Counter()

    def send(self, event: AnyEvent) -> None:
        self._pacer.wait(when_ms(event))
        topic = self._topics[type(event)]
        event = self._now(event)
        try:
            future = self._producer.send(topic, value=encode_event(event), key=key_of(event).encode())
        except KafkaTimeoutError as error:
            raise DeliveryFailed(
                f"the brokers know no topic {topic}, or nobody leads it: `shoal topics create` makes what is missing, "
                "`shoal topics check` looks"
            ) from error
        future.add_errback(self._errors.append)
        self.sent[topic] += 1
        self._outstanding += 1
        if self._outstanding >= OUTSTANDING_MAX:
            self.finish()

    def _now(self, event: AnyEvent) -> AnyEvent:
        if not self._rebase:
            return event
        if self._shift_ms is None:
            self._shift_ms = int(time.time() * 1000) - when_ms(event)
        return shifted(event, self._shift_ms)

    def check(self) -> None:
        if self._errors:
            raise DeliveryFailed(
                f"{len(self._errors)} events were refused, the first with {self._errors[0]!r}: "
                "check `shoal topics check` and the brokers' logs, then send the file again (duplicates are ignored)"
            )

    def finish(self) -> None:
        try:
            self._producer.flush(timeout=self._flush_s)
        except KafkaError as error:
            raise DeliveryFailed(f"the brokers did not confirm everything in {self._flush_s:g} s: {error}") from error
        self._outstanding = 0
        self.check()


def raw_topics(settings: Settings) -> dict[type, str]:
    """Where each kind of event is sent."""
    return {
        Post: settings.posts_topic,
        Like: settings.likes_topic,
        Account: settings.accounts_topic,
        Trend: settings.trends_topic,
        Verdict: settings.verdicts_topic,
    }


def key_of(event: AnyEvent) -> str:
    """The message key: what has to stay in order stays in one partition."""
    if isinstance(event, Post):
        return event.account_id
    if isinstance(event, Like):
        return event.target_id
    if isinstance(event, Account):
        return event.account_id
    return event.campaign if isinstance(event, Verdict) else event.list


_TIMES = ("created_at_ms", "deleted_at_ms", "acted_at_ms", "registered_at_ms", "observed_at_ms", "decided_at_ms")


def shifted(event: AnyEvent, by_ms: int) -> AnyEvent:
    """The same event, all its times moved; registrations keep theirs, which lie long before."""
    times = {name: getattr(event, name, None) for name in _TIMES if name != "registered_at_ms"}
    return msgspec.structs.replace(event, **{name: at + by_ms for name, at in times.items() if at is not None})


def flush_timeout_s(settings: Settings) -> float:
    """Until then each event is confirmed or given up, so that what was not delivered is known one by one."""
    return (settings.request_timeout_ms + DELIVERY_MS) / 1000 + FLUSH_SPARE_S


@contextmanager
def producing(settings: Settings) -> Iterator[KafkaProducer]:
    """A producer that waits for every copy, closed at the end. Raises `NoBroker`."""
    producer = _connect(settings)
    try:
        yield producer
    finally:
        with suppress(KafkaTimeoutError):  # brokers that are away: whoever sent has said what was not confirmed
            producer.close(timeout=CLOSE_S)


def _connect(settings: Settings) -> KafkaProducer:
    try:
        return KafkaProducer(
            bootstrap_servers=settings.bootstrap.split(","),
            client_id=f"{settings.group}-produce",
            acks="all",
            linger_ms=20,
            batch_size=256 * 1024,
            request_timeout_ms=settings.request_timeout_ms,
            delivery_timeout_ms=settings.request_timeout_ms + DELIVERY_MS,
            bootstrap_timeout_ms=settings.request_timeout_ms,
            max_block_ms=settings.request_timeout_ms,
            **kafka_python_options(settings),
        )
    except (KafkaConnectionError, KafkaTimeoutError) as error:
        raise NoBroker(
            f"no broker answers at {settings.bootstrap}: start Kafka, or set SHOAL_BOOTSTRAP to where it is; "
            "`shoal doctor` says more"
        ) from error
