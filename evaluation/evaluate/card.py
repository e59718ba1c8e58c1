"""The scorecard: everything that a suite's runs showed, in one versioned record (`scorecard.json`)."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

import msgspec
from msgspec import Struct

import detector
from detector.settings import DetectorSettings
from evaluation.evaluate.record import PLAIN, SETTINGS, SHOAL, RunRecord
from evaluation.evaluate.suite import Suite, Sweep, Target
from evaluation.evaluate.summary import Summary, armies_of, delay_curve, summarise
from evaluation.simulator.scenario import Scenario

SCHEMA = "shoal-scorecard/1"
ALL = "all"
TARGET_CLASS = "target-class"


class Skipped(Struct, frozen=True):
    """A scenario that was not run."""

    scenario: str
    reason: str


class Failed(Struct, frozen=True):
    """A run that broke or took too long."""

    scenario: str
    seed: int
    method: str
    variant: str
    reason: str
    no_result: bool = False
    """A peer that could not be run here: told, and no fault."""


class ScenarioCard(Struct, frozen=True):
    """All seeds of one scenario."""

    about: str
    tags: tuple[str, ...]
    labelled: bool
    summary: Summary


class MethodCard(Struct, frozen=True):
    """One method on all plain runs."""

    version: str
    overall: Summary
    target_class: Summary


class DelayCurves(Struct, frozen=True):
    """(x, share of armies called while at least x of their paid actions were still to come)."""

    all: list[tuple[float, float]]
    target_class: list[tuple[float, float]]


class DialPoint(Struct, frozen=True):
    """A dial at one value, all seeds."""

    value: float
    summary: Summary


class DialCurve(Struct, frozen=True):
    """One dial of one scenario."""

    dial: str
    unit: str
    scenario: str
    points: list[DialPoint]

    @property
    def dial_name(self) -> str:
        """The dial for people; the unit is told apart."""
        return self.dial.removesuffix("_ms").replace("_", " ")


class AblationRow(Struct, frozen=True):
    """The ablation's runs without one thing. The first row, of no name, is with everything."""

    kind: str
    name: str
    summary: Summary


class TargetResult(Struct, frozen=True):
    """What was promised and what was measured; None where nothing could be measured."""

    target: Target
    value: float | None
    met: bool


class Card(Struct, frozen=True):
    """The whole. Everything outside `performance`, `events_per_s` and `peak_rss_mb` is the same in every run."""

    schema: str
    suite: str
    about: str
    detector_version: str
    configuration: str
    first_seed: int
    seeds: int
    targets: list[TargetResult]
    overall: Summary
    target_class: Summary
    scenarios: dict[str, ScenarioCard]
    methods: dict[str, MethodCard]
    delay: DelayCurves
    dials: list[DialCurve]
    ablation: list[AblationRow]
    skipped: list[Skipped]
    failed: list[Failed]
    runs: list[RunRecord]

    @property
    def right(self) -> bool:
        """Every target met and nothing broken."""
        return all(result.met for result in self.targets) and all(failed.no_result for failed in self.failed)


def build(
    name: str,
    suite: Suite,
    settings: DetectorSettings,
    scenarios: Sequence[Scenario],
    records: Sequence[RunRecord],
    skipped: Sequence[Skipped] = (),
    failed: Sequence[Failed] = (),
) -> Card:
    """Add everything up."""
    plain = [record for record in records if record.variant == PLAIN]
    ours = [record for record in plain if record.method == SHOAL]
    armies = armies_of(ours)
    return Card(
        SCHEMA,
        name,
        suite.about,
        detector.__version__,
        settings.digest(),
        suite.first_seed,
        suite.seeds,
        [_held_against(target, ours) for target in suite.targets],
        summarise(ours),
        summarise(ours, target_class=True),
        {scenario.name: _scenario(scenario, ours) for scenario in scenarios if _ran(scenario, ours)},
        {method: _method(method, plain) for method in dict.fromkeys(record.method for record in plain)},
        DelayCurves(delay_curve(armies), delay_curve([army for army in armies if army.target_class])),
        [curve for sweep in suite.sweeps for curve in _curves(sweep, records)],
        _ablation(records),
        list(skipped),
        list(failed),
        list(records),
    )


def encode(card: Card) -> bytes:
    """JSON, indented, keys in the order of the structs."""
    return msgspec.json.format(msgspec.json.encode(card), indent=1) + b"\n"


def _ran(scenario: Scenario, records: Sequence[RunRecord]) -> bool:
    return any(record.scenario == scenario.name for record in records)


def _scenario(scenario: Scenario, records: Sequence[RunRecord]) -> ScenarioCard:
    own = [record for record in records if record.scenario == scenario.name]
    return ScenarioCard(scenario.about, scenario.tags, scenario.background is None, summarise(own))


def _method(method: str, records: Sequence[RunRecord]) -> MethodCard:
    own = [record for record in records if record.method == method]
    return MethodCard(own[0].version, summarise(own), summarise(own, target_class=True))


def _held_against(target: Target, records: Sequence[RunRecord]) -> TargetResult:
    if target.of in {ALL, TARGET_CLASS}:
        summary = summarise(records, target_class=target.of == TARGET_CLASS)
    else:
        summary = summarise([record for record in records if fnmatchcase(record.scenario, target.of)])
    value: float | None = getattr(summary, target.measure)
    met = (
        value is not None
        and summary.runs > 0
        and (target.at_least is None or value >= target.at_least)
        and (target.at_most is None or value <= target.at_most)
    )
    return TargetResult(target, value, met)


def _curves(sweep: Sweep, records: Sequence[RunRecord]) -> list[DialCurve]:
    own = [r for r in records if r.variant.kind == "dial" and r.variant.name == sweep.dial]
    curves = []
    for scenario in dict.fromkeys(record.scenario for record in own):
        of_scenario = [record for record in own if record.scenario == scenario]
        points = [
            DialPoint(float(value) / sweep.per, summarise([r for r in of_scenario if r.variant.value == value]))
            for value in sweep.values
        ]
        curves.append(DialCurve(sweep.dial, sweep.unit, scenario, points))
    return curves


def _ablation(records: Sequence[RunRecord]) -> list[AblationRow]:
    """Each variant over the same runs as the plain row."""
    off = [r for r in records if r.variant.kind in {"item", "explanation", "signal", SETTINGS}]
    plain = {(r.scenario, r.seed): r for r in records if r.variant == PLAIN and r.method == SHOAL}
    runs = sorted({(r.scenario, r.seed) for r in off} & plain.keys())
    if not runs:
        return []
    rows = [AblationRow("", "", summarise([plain[run] for run in runs]))]
    for kind, name in dict.fromkeys((r.variant.kind, r.variant.name) for r in off):
        own = {(r.scenario, r.seed): r for r in off if (r.variant.kind, r.variant.name) == (kind, name)}
        if all(record.unchanged for record in own.values()):
            continue
        stands = [plain[run] if own[run].unchanged else own[run] for run in runs if run in own]
        rows.append(AblationRow(kind, name, summarise(stands)))
    return rows
