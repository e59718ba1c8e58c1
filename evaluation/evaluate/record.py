"""The record of one run, as it stands in `scorecard.json`."""

from msgspec import Struct

from evaluation.evaluate.measures import Measures
from evaluation.evaluate.strata import StratumCount

SHOAL = "shoal"
SETTINGS = "settings"
"""Kind of a variant that changes settings of the detector."""


class Performance(Struct, frozen=True):
    """What differs from run to run; everything else of a record is determined by its events."""

    seconds: float
    events_per_s: float
    peak_rss_mb: float
    """Most memory that the process of this run ever held, its events and the interpreter included."""
    before_rss_mb: float
    """The same before the method began."""


class Variant(Struct, frozen=True):
    """What was changed against the scenario and the settings as they are."""

    kind: str = ""
    """Empty, `dial`, `item`, `explanation`, `signal` or `settings`."""
    name: str = ""
    value: float | None = None
    """Of a dial."""


PLAIN = Variant()


class RunRecord(Struct, frozen=True):
    """One scenario, one seed, one method."""

    scenario: str
    seed: int
    method: str
    version: str
    variant: Variant
    labelled: bool
    """False on a real stream: what is called besides the planted armies may be right, a person has to read it."""
    events: int
    span_ms: int
    measures: Measures
    performance: Performance
    calibration: tuple[StratumCount, ...] = ()
    """On streams of nothing but organic life: whether p-values hold."""
    unchanged: bool = False
    """A switched-off signal does not occur in these events: the run was not made, the plain one stands for it."""
