"""With which code a worker ends for which error."""

import asyncio

import pytest
from aiokafka.errors import KafkaConnectionError, KafkaTimeoutError, UnsupportedCodecError

from streams import composition
from streams.dead_letters.ratio import TooManyDeadLetters
from streams.exits import Exit


class Ended(Exception):
    """Stands for the end of the process."""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TooManyDeadLetters("4 of 5"), Exit.DEAD_LETTERS),
        (KafkaConnectionError("gone"), Exit.UNAVAILABLE),
        (KafkaTimeoutError("no offsets in 6000 ms"), Exit.UNAVAILABLE),
        (UnsupportedCodecError("no snappy"), Exit.UNEXPECTED),
        (ZeroDivisionError(), Exit.UNEXPECTED),
    ],
)
def test_the_code_says_whether_the_brokers_or_shoal_failed(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, code: Exit
) -> None:
    """69 for brokers that went away, 70 only for what nobody expected."""
    codes: list[Exit] = []

    def end(given: Exit) -> None:
        codes.append(given)
        raise Ended

    monkeypatch.setattr(composition, "end_process", end)
    with pytest.raises(Ended):
        composition.fail(error)
    assert codes == [code]


def test_a_cancelled_step_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that stops cancels its tasks."""
    monkeypatch.setattr(composition, "end_process", lambda _code: pytest.fail("ended"))
    composition.fail(asyncio.CancelledError())
