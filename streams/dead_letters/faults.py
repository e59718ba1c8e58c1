"""What is wrong with a refused message, in few enough words to be counted."""

from typing import Final, NamedTuple

from models.dead_letters import DeadLetter

FAULTS_MAX: Final = 200
"""Faults that are told apart; the fields of what is more are taken together."""


class Fault(NamedTuple):
    """A topic, a field, a reason: neither value nor detail, which can hold what people wrote."""

    topic: str
    field: str
    """`message` for the message as a whole."""
    reason: str

    def __str__(self) -> str:
        return " ".join(self)


def fault_of(letter: DeadLetter) -> Fault:
    """What is wrong with a letter's message; the number of an item in a list is left out, to count equal faults."""
    return Fault(letter.topic, letter.field.partition("[")[0] or "message", letter.reason)


def place_of(letter: DeadLetter) -> str:
    """Where the message was: topic, partition, offset."""
    return f"{letter.topic}[{letter.partition}]@{letter.offset}"
