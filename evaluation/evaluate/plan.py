"""From a suite to the runs that it asks for."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from detector.settings import DetectorSettings, load
from evaluation.evaluate.record import SETTINGS, SHOAL, Variant
from evaluation.evaluate.runs import Task
from evaluation.evaluate.signals import SIGNALS
from evaluation.evaluate.suite import Suite, chosen
from evaluation.simulator.files import with_dial
from evaluation.simulator.scenario import Scenario


def scenarios_of(suite: Suite) -> list[Scenario]:
    """The suite's scenarios, on the suite's background if it has one. Raises `WrongSuite`, `WrongScenario`."""
    return [on_background(scenario, suite) for scenario in chosen(suite.scenarios)]


def on_background(scenario: Scenario, suite: Suite) -> Scenario:
    """The scenario with the suite's organic life, where it has one; what the platform does not tell stays untold."""
    if suite.organic is None:
        return scenario
    return replace(scenario, organic=replace(suite.organic, untold=scenario.organic.untold))


def plan(
    suite: Suite,
    scenarios: Sequence[Scenario],
    settings: DetectorSettings,
    slices: Mapping[str, str],
    against: Sequence[str] = (),
    ablate: bool = False,
) -> list[Task]:
    """All runs: plain ones, peers', dials', and those with something switched off.

    `slices` are files of real streams, by scenario.
    """
    seeds = range(suite.first_seed, suite.first_seed + suite.seeds)
    tasks = [
        Task(scenario, seed, settings, method, slice_file=slices.get(scenario.name))
        for scenario in scenarios
        # nothing is planted, nothing is drawn: every seed gives the same stream
        for seed in (seeds if scenario.pieces or scenario.background is None else seeds[:1])
        for method in (SHOAL, *against)
    ]
    tasks += _dials(suite, settings)
    tasks += [
        Task(scenario, seed, other, variant=Variant(SETTINGS, change.name), slice_file=slices.get(scenario.name))
        for change in suite.changes
        for other in [changed(settings, change.settings)]
        for scenario in scenarios
        for seed in seeds
    ]
    if ablate:
        tasks += _ablation(suite, scenarios, settings, slices)
    return tasks


def changed(settings: DetectorSettings, change: Mapping[str, Any]) -> DetectorSettings:
    """The settings with some of them changed. Raises `InvalidConfiguration`."""
    return load(_merged(msgspec.to_builtins(settings), change))


def _merged(whole: dict[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in change.items():
        inner = whole.get(name)
        whole[name] = _merged(inner, value) if isinstance(inner, dict) and isinstance(value, dict) else value
    return whole


def _dials(suite: Suite, settings: DetectorSettings) -> list[Task]:
    seeds = range(suite.first_seed, suite.first_seed + suite.seeds)
    return [
        Task(turned, seed, settings, variant=Variant("dial", sweep.dial, float(value)))
        for sweep in suite.sweeps
        for scenario in chosen(sweep.scenarios)
        for value in sweep.values
        for turned in [with_dial(on_background(scenario, suite), sweep.group, sweep.dial, value)]
        for seed in seeds
    ]


def _ablation(
    suite: Suite, scenarios: Sequence[Scenario], settings: DetectorSettings, slices: Mapping[str, str]
) -> list[Task]:
    wanted = suite.ablation
    names = {each.name for each in chosen(wanted.scenarios)} if wanted else {each.name for each in scenarios}
    seeds = range(suite.first_seed, suite.first_seed + min(suite.seeds, wanted.seeds if wanted else 1))
    return [
        Task(scenario, seed, settings, variant=variant, slice_file=slices.get(scenario.name))
        for scenario in scenarios
        if scenario.name in names
        for seed in seeds
        for variant in switched_off()
    ]


def switched_off() -> list[Variant]:
    """Every item of evidence, every explanation and every signal, one at a time."""
    from detector.evidence.names import EXPLANATIONS, ITEMS

    return [
        *(Variant("item", name) for name in ITEMS),
        *(Variant("explanation", name) for name in EXPLANATIONS),
        *(Variant("signal", name) for name in SIGNALS),
    ]
