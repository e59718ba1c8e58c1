"""What passes between `shoal evaluate` and a peer's process: MessagePack over its standard streams."""

from collections.abc import Sequence

import msgspec

from models.events import Account, AnyEvent, Like, Post


class Stream(msgspec.Struct, frozen=True):
    """Events by kind, each in the order given; trends are nothing to a peer."""

    posts: list[Post]
    likes: list[Like]
    accounts: list[Account]


class Answer(msgspec.Struct, frozen=True):
    """A method's groups, and what they took."""

    groups: list[list[str]]
    linked_pairs: int | None
    version: str
    seconds: float
    """From events in memory to groups; imports of the package count, once a process."""
    peak_rss_mb: float


_STREAMS = msgspec.msgpack.Decoder(Stream)
_ANSWERS = msgspec.msgpack.Decoder(Answer)
encode = msgspec.msgpack.encode
decode_answer = _ANSWERS.decode


def stream_of(events: Sequence[AnyEvent]) -> Stream:
    """Sort events by kind."""
    return Stream(
        [event for event in events if isinstance(event, Post)],
        [event for event in events if isinstance(event, Like)],
        [event for event in events if isinstance(event, Account)],
    )


def events_from(raw: bytes) -> list[AnyEvent]:
    """The events of a stream again, sorted by time within the kind."""
    stream = _STREAMS.decode(raw)
    return [*stream.accounts, *stream.posts, *stream.likes]
