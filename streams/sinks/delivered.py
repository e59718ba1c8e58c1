"""What is on the outgoing topics already, so that a restart sends nothing twice.

Everything that is told has a name and a revision that grows. The compacted topic of campaigns holds one
message a campaign, whose header says up to which offset of the alerts topic it vouches; reading it and the
rest of the alerts topic after the greatest such offset gives the newest revision delivered of each campaign.
The topics of verdicts on topics are compacted themselves.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

import structlog

from models.alerts import Alert
from models.codec import decode_alert, decode_corrected_list, decode_trend_verdict
from models.trends import CorrectedList, TrendVerdict
from streams.log_reader import LogReader
from streams.settings import Settings
from streams.topics import names

log = structlog.get_logger()

OFFSET_HEADER = "alerts-offset"
Told = TypeVar("Told", bound=Alert | TrendVerdict | CorrectedList)


class Delivered(Generic[Told]):
    """Newest revision on the outgoing topic by name."""

    def __init__(self, name_of: Callable[[Told], str]) -> None:
        self.name_of = name_of
        self._revisions: dict[str, int] = {}

    def __contains__(self, told: Told) -> bool:
        return told.revision <= self._revisions.get(self.name_of(told), -1)

    def __len__(self) -> int:
        return len(self._revisions)

    def add(self, told: Told) -> None:
        """`told` is on the topic."""
        name = self.name_of(told)
        self._revisions[name] = max(told.revision, self._revisions.get(name, -1))

    def missing(self, told: Iterable[Told]) -> list[Told]:
        """What is not on the topic yet."""
        return [each for each in told if each not in self]


class AllDelivered:
    """Of each kind that the coordinator tells."""

    def __init__(self) -> None:
        self.alerts: Delivered[Alert] = Delivered(lambda alert: alert.campaign)
        self.verdicts: Delivered[TrendVerdict] = Delivered(lambda verdict: verdict.key)
        self.lists: Delivered[CorrectedList] = Delivered(lambda listed: listed.name)

    async def load(self, settings: Settings) -> None:
        """Read back what earlier processes delivered."""
        own = names(settings)
        async with LogReader(settings) as reader:
            vouched = await _read(reader, own.campaigns, 0, self.alerts, decode_alert)
            await _read(reader, own.alerts, vouched, self.alerts, decode_alert)
            await _read(reader, own.trend_verdicts, 0, self.verdicts, decode_trend_verdict)
            await _read(reader, own.trend_lists, 0, self.lists, decode_corrected_list)
        log.info(
            "what was delivered is read back",
            campaigns_total=len(self.alerts),
            topics_total=len(self.verdicts),
            lists_total=len(self.lists),
        )


async def _read(
    reader: LogReader, topic: str, after: int, delivered: Delivered[Told], decode: Callable[[bytes], Told]
) -> int:
    """Take a topic from an offset on; return the greatest offset that its headers vouch for."""
    vouched = 0
    first, end = await reader.bounds(topic, 0)
    async for records in reader.read(topic, 0, max(first, after), end):
        _take(records, delivered, decode)
        vouched = max(vouched, *(_vouched(record.headers) for record in records))
    return vouched


def _take(records: Sequence[Any], delivered: Delivered[Told], decode: Callable[[bytes], Told]) -> None:
    for record in records:
        if record.value:
            delivered.add(decode(record.value))


def _vouched(headers: Iterable[tuple[str, bytes]]) -> int:
    return max((int(value) for name, value in headers if name == OFFSET_HEADER), default=0)
