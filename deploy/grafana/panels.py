"""What a dashboard is made of: rows of panels, each with the expressions that fill it."""

from typing import Final, Literal, NamedTuple

Unit = Literal["s", "bytes", "percentunit", "short", "ops"]


class Panel(NamedTuple):
    """One panel. `queries` are (PromQL, legend); `limit` is where an alert of rules.yml fires, drawn as a red line."""

    title: str
    meaning: str
    unit: Unit
    queries: tuple[tuple[str, str], ...]
    limit: float | None = None
    single: bool = False
    """One large number instead of a line over time."""
    low_is_bad: bool = False
    """The alert fires under the limit, not over it."""


class Board(NamedTuple):
    """One dashboard: rows by title."""

    uid: str
    title: str
    meaning: str
    rows: dict[str, tuple[Panel, ...]]


def per_s(name: str, by: str = "") -> str:
    """Rate of a counter, summed over everything but the label `by`."""
    return f"sum{f' by ({by})' if by else ''} (rate({name}[$__rate_interval]))"


def quantile(share: float, name: str, window: str = "15m") -> str:
    """Quantile of a histogram over a window."""
    return f"histogram_quantile({share}, sum by (le) (rate({name}[{window}])))"


FIRING: Final = Panel(
    "Alerts firing",
    "Alerts about Shoal itself; each has a page in docs/runbooks.",
    "short",
    (
        (
            'count by (alertname) (ALERTS{alertstate="firing", alertname=~"Shoal.+", alertname!="ShoalWatchdog"})',
            "{{alertname}}",
        ),
    ),
)
