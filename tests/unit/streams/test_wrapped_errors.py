"""Faust wraps what its producer says; delivery looks at what is inside."""

import asyncio

import pytest
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, UnknownTopicOrPartitionError
from faust.exceptions import ProducerSendError

from streams.delivery import until_delivered


def wrapped(inside: KafkaError) -> ProducerSendError:
    """As Faust raises it."""
    error = ProducerSendError(f"Error while sending: {inside!r}")
    error.__cause__ = inside
    return error


def sent_after(error: BaseException) -> int:
    """Attempts until a send succeeds whose first attempt raises `error`."""
    attempts: list[int] = []

    async def attempt() -> int:
        attempts.append(1)
        if len(attempts) == 1:
            raise error
        return len(attempts)

    return asyncio.run(until_delivered(attempt, "a topic"))


def test_a_broker_that_stops_is_waited_for() -> None:
    """While it stops, a broker says that it knows no topic."""
    assert sent_after(wrapped(UnknownTopicOrPartitionError())) == 2


def test_what_no_retry_cures_ends_at_once() -> None:
    """A message too large stays too large, wrapped or not."""
    with pytest.raises(ProducerSendError):
        sent_after(wrapped(MessageSizeTooLargeError()))
    with pytest.raises(ZeroDivisionError):
        sent_after(ZeroDivisionError())
