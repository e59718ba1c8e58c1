"""Which alerts are on the topic already, so that a restart sends none twice.

The compacted topic holds one message a campaign, whose header says up to which offset of the alerts
topic it vouches. Reading it and the rest of the alerts topic after the greatest such offset gives
the newest revision delivered of each campaign.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import structlog

from models.alerts import Alert
from models.codec import decode_alert
from streams.log_reader import LogReader
from streams.settings import Settings
from streams.topics import names

log = structlog.get_logger()

OFFSET_HEADER = "alerts-offset"


class Delivered:
    """Newest revision on the alerts topic by campaign."""

    def __init__(self) -> None:
        self._revisions: dict[str, int] = {}

    def __contains__(self, alert: Alert) -> bool:
        return alert.revision <= self._revisions.get(alert.campaign, -1)

    def __len__(self) -> int:
        return len(self._revisions)

    def add(self, alert: Alert) -> None:
        """`alert` is on the topic."""
        self._revisions[alert.campaign] = max(alert.revision, self._revisions.get(alert.campaign, -1))

    def missing(self, alerts: Iterable[Alert]) -> list[Alert]:
        """The alerts that are not on the topic yet."""
        return [alert for alert in alerts if alert not in self]

    async def load(self, settings: Settings) -> None:
        """Read back what earlier processes delivered."""
        own = names(settings)
        vouched = 0
        async with LogReader(settings) as reader:
            first, end = await reader.bounds(own.campaigns, 0)
            async for records in reader.read(own.campaigns, 0, first, end):
                self._take(records)
                vouched = max(vouched, *(_vouched(record.headers) for record in records))
            first, end = await reader.bounds(own.alerts, 0)
            async for records in reader.read(own.alerts, 0, max(first, vouched), end):
                self._take(records)
        log.info("delivered alerts read back", campaigns=len(self))

    def _take(self, records: Sequence[Any]) -> None:
        for record in records:
            if record.value:
                self.add(decode_alert(record.value))


def _vouched(headers: Iterable[tuple[str, bytes]]) -> int:
    return max((int(value) for name, value in headers if name == OFFSET_HEADER), default=0)
