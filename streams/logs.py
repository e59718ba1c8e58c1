"""Logs as JSON lines on standard error, Faust's and aiokafka's included.

Every line has `event` (a fixed sentence: what varies is in fields), `level`, `logger` and `timestamp`. A field that is
a number ends in its unit, one of `UNITS`; a line about a case has `campaign` and `trace_id`.
"""

import logging
import sys
from types import TracebackType
from typing import Any, Final

import structlog

NOISY: Final = ("faust", "mode", "aiokafka", "kafka")
UNITS: Final = ("_s", "_ms", "_bytes", "_ratio", "_total", "offset", "revision")
"""Ends of the names of numeric fields; `_total` is a count."""


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
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
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
