"""Make a report, the same for pages, files, API and command line."""

from datetime import date

from sqlalchemy import Engine

from console.reports.counts import weekly
from console.reports.hiding import Report, publish
from console.reports.weeks import weeks_between


def make_report(engine: Engine, first: date | None, last: date | None, count_min: int, now_ms: int) -> Report:
    """Report on every week from `first` to `last`; see `console.reports.weeks.weeks_between`."""
    weeks = weeks_between(first, last, now_ms)
    return publish(weeks, weekly(engine, weeks), count_min, now_ms)
