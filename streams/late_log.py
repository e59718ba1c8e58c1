"""What the log says of events that come late: without a word, a day sent beside today would just find nothing."""

import structlog

log = structlog.get_logger()

AGAIN_S = 60.0
LATE_MIN = 100
"""Late events of a shard since it was last told from which it is told; a few are everybody's."""


class LateLog:
    """Tells of a shard's late events at most once a minute."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[int, float]] = {}
        """By shard: what was told, and when the next may be (epoch s)."""

    def tell(self, shard: str, late: int, now_s: float) -> None:
        """Take the number of late events since the shard's state began; the first is where counting starts."""
        before, due_s = self._told.setdefault(shard, (late, now_s))
        grown = late - before
        if grown < 0:  # the shard began anew
            self._told[shard] = (late, now_s)
        elif grown >= LATE_MIN and now_s >= due_s:
            self._told[shard] = (late, now_s + AGAIN_S)
            log.warning(
                "events come late",
                shard=shard,
                late_total=grown,
                advice="their time is before what was processed already: they count only where their hour is open. "
                "Is an old day sent beside today, or is one producer's clock or queue behind?",
            )

    def forget(self, shard: str) -> None:
        """The shard went to another worker."""
        self._told.pop(shard, None)
