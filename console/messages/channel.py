"""What a way to a destination must do: the contract of webhooks, chat, mail and pagers."""

from typing import NamedTuple, Protocol

from console.messages.facts import Facts
from console.messages.text import Text

REASON_CHARACTERS_MAX = 200


class Refused(Exception):
    """A message did not get there. `reason` is for people and holds no secret."""

    def __init__(self, reason: str, asked_ms: int | None = None, final: bool = False, gone: bool = False) -> None:
        self.reason = reason[:REASON_CHARACTERS_MAX]
        self.asked_ms = asked_ms
        """How long the service asked to be left alone."""
        self.final = final
        """Trying again cannot help: it is the message."""
        self.gone = gone
        """The receiver wants no more messages at all."""
        super().__init__(self.reason)


class Message(NamedTuple):
    """Something to tell."""

    id: str
    """The same however often the same message is tried."""
    text: Text
    facts: Facts | None = None
    """The case; None for a digest, which belongs to none."""
    reference: str = ""
    """What telling of the case first returned; empty the first time."""


class Channel(Protocol):
    """A way to one destination. Every call returns or raises within `destinations.Destination.patience_s`."""

    async def tell(self, message: Message) -> str:
        """Tell it, or change what was told of the case. Returns the reference to keep, not empty. Raises `Refused`."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
