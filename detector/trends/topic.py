"""One topic that is held exactly: the accounts that came lately."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
from msgspec import Struct

from detector.trends.cells import Cells

GONE: Final = 1
"""The account's post was taken back within minutes."""
RETURNING: Final = 2
"""Its post on an earlier manufactured topic was gone within minutes."""
FLAGGED: Final = 4
"""It is part of a campaign or batch that is called inauthentic."""


class Row(Struct, array_like=True):
    """An account's first act on the topic, and what it did since."""

    account: int
    """64-bit hash."""
    first_ms: int
    cells: Cells
    unseen: bool
    """It had come to no topic before."""
    posts: int
    marks: int = 0


class Topic(Struct):
    """The newest accounts of a topic by hash, a sample beyond `rows_max`."""

    key: str
    name: str
    slot: int
    last_ms: int
    rows: dict[int, Row] = {}
    shift: int = 0
    """Accounts whose hash has so many low bits at 0 are kept: a share of 2^−shift."""
    changed: bool = False
    """Since it was judged last."""
    judged_ms: int = 0
    told_ms: int = 0
    word: str = ""
    """Outcome told last."""
    told: tuple[int, ...] = ()
    """What that verdict showed, to see whether another is worth telling."""
    onset_called: bool = False
    """The accounts of the burst's first minutes were called."""
    called_ms: int = -(1 << 62)
    """When it was called last."""
    joined_ms: int = -(1 << 62)
    """When it was mixed last because people had joined."""
    burst_ms: int = 0
    """Begin of the burst that `onset_called` is of."""
    share: float = 0.0
    """Of the topic's accounts, those in question, 0 to 1: what is taken out for the place without them."""

    def keeps(self, account: int) -> bool:
        """Whether the sample holds accounts with this hash."""
        return not account & ((1 << self.shift) - 1)

    def thin(self, rows_max: int) -> None:
        """Halve the sample until it fits."""
        while len(self.rows) > rows_max:
            self.shift += 1
            self.rows = {account: row for account, row in self.rows.items() if self.keeps(account)}

    def forget_before(self, time_ms: int) -> None:
        """Drop accounts that came before a moment; a topic that is small again is sampled no more."""
        self.rows = {account: row for account, row in self.rows.items() if row.first_ms >= time_ms}
        if not self.rows:
            self.shift = 0

    def between(self, begin_ms: int, end_ms: int) -> list[Row]:
        """Accounts that came in [begin, end), in order of coming."""
        return [row for row in self.rows.values() if begin_ms <= row.first_ms < end_ms]


def encode_topics(topics: Sequence[Topic]) -> bytes:
    """For a snapshot."""
    return msgspec.msgpack.encode(topics)


def decode_topics(raw: bytes) -> Iterator[Topic]:
    """From a snapshot."""
    yield from msgspec.msgpack.decode(raw, type=list[Topic])
