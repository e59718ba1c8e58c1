"""Logs as JSON lines on standard error, Faust's and aiokafka's included.

Every line has `event` (a fixed sentence: what varies is in fields), `level`, `logger` and `timestamp`. A field that is
a number ends in its unit, one of `UNITS`; a line about a case has `campaign` and `trace_id`. What Kafka's clients
repeat while a broker is away is told once a minute, so that our own lines can be found between.
"""

import logging
import re
import sys
import time
from collections.abc import Callable, MutableMapping
from types import TracebackType
from typing import Any, Final

import structlog

NOISY: Final = ("faust", "mode", "aiokafka", "kafka")
REPEATING: Final = frozenset({*NOISY, "asyncio"})
UNITS: Final = ("_s", "_ms", "_bytes", "_ratio", "_total", "offset", "revision")
"""Ends of the names of numeric fields; `_total` is a count."""
REPEATED_AFTER_S: Final = 60.0
REPEATED_MAX: Final = 500
"""Most different lines that are remembered."""
_VARIES: Final = re.compile(r"0x[0-9a-f]+|\d+(?:\.\d+)?")


class Repeats(logging.Filter):
    """Lets a line of a noisy library through once in `REPEATED_AFTER_S`, and says how many like it were left out.

    Alike are lines of one logger and level that differ in numbers and addresses only. `clock` gives monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._told: dict[tuple[str, int, str], tuple[float, int]] = {}
        """Line to when it was told, and how many like it were left out since."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to tell it; gives it `repeated_total` then."""
        if record.name.split(".", 1)[0] not in REPEATING:
            return True
        key = (record.name, record.levelno, _VARIES.sub("#", record.getMessage())[:300])
        now_s = self._clock()
        told_s, left_out = self._told.pop(key, (float("-inf"), 0))
        if now_s - told_s < REPEATED_AFTER_S:
            self._told[key] = told_s, left_out + 1
            return False
        if len(self._told) >= REPEATED_MAX:
            del self._told[next(iter(self._told))]
        self._told[key] = now_s, 0
        record.repeated_total = left_out
        return True


def _repeated(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Say how many lines like this one were left out before it."""
    left_out = getattr(event.get("_record"), "repeated_total", 0)
    if left_out:
        event["repeated_total"] = left_out
    return event


def configure_logs(level: str) -> None:
    """Send everything through structlog. `level` is one of DEBUG, INFO, WARNING, ERROR."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, _repeated],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(Repeats())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in NOISY:  # their INFO tells of every poll and every commit
        logging.getLogger(name).setLevel(max(logging.WARNING, getattr(logging, level)))
    logging.captureWarnings(True)  # warnings of Python are lines like any other
    sys.excepthook = _tell_uncaught
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _tell_uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
        return
    logging.getLogger("shoal").critical("uncaught", exc_info=(kind, error, traceback))
