"""A suite: which scenarios are run with which seeds, which dials are swept, and what is promised."""

import tomllib
from collections.abc import Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

import evaluation.suites
from evaluation.evaluate.summary import MEASURES
from evaluation.simulator.files import load_scenario, scenario_names
from evaluation.simulator.organic import Organic
from evaluation.simulator.scenario import Scenario
from models.errors import ShoalError

SUFFIX = ".toml"
TAG = "tag:"
Seed = Annotated[int, Meta(ge=0, le=10**9)]
Count = Annotated[int, Meta(ge=1, le=10_000)]


class WrongSuite(ShoalError):
    """A suite that cannot be run; says why."""


class Sweep(Struct, frozen=True, forbid_unknown_fields=True):
    """One dial of the armies of some scenarios, over several values."""

    dial: str
    """Such as `participation` or `farm.marked`."""
    values: Annotated[tuple[float | int, ...], Meta(min_length=2, max_length=50)]
    scenarios: Annotated[tuple[str, ...], Meta(min_length=1)]
    group: str | None = None
    """Only the piece of this name; None turns the dial of every army."""
    unit: str = ""
    """For people, as in `minutes`."""
    per: Annotated[float, Meta(gt=0)] = 1.0
    """Values are told divided by this: 60000 tells milliseconds in minutes."""


class Target(Struct, frozen=True, forbid_unknown_fields=True):
    """What is promised of one measure."""

    measure: str
    """A field of `summary.Summary`."""
    of: str = "all"
    """`all`, `target-class` (armies that must be found), or a scenario by name or pattern."""
    at_least: float | None = None
    at_most: float | None = None


class Ablation(Struct, frozen=True, forbid_unknown_fields=True):
    """What `--ablate` runs with each signal switched off."""

    scenarios: Annotated[tuple[str, ...], Meta(min_length=1)]
    seeds: Count = 1


class Change(Struct, frozen=True, forbid_unknown_fields=True):
    """Other settings of the detector, told beside the suite's own."""

    name: str
    """In words: `windows of ten minutes too`."""
    settings: dict[str, Any]
    """As in the detector's configuration file, only what is changed."""


class Suite(Struct, frozen=True, forbid_unknown_fields=True):
    """What `shoal evaluate` runs. Scenarios are names, patterns (`army-*`), tags (`tag:crowd`) or files."""

    about: str
    scenarios: tuple[str, ...] = ()
    seeds: Count = 1
    first_seed: Seed = 1000
    """Seeds below 100 are for choosing thresholds, those from 1000 for reporting."""
    organic: Organic | None = None
    """Another background for all simulated scenarios, such as a small one."""
    sweeps: tuple[Sweep, ...] = ()
    ablation: Ablation | None = None
    changes: tuple[Change, ...] = ()
    """Each is run over the same scenarios and seeds."""
    targets: tuple[Target, ...] = ()
    include: tuple[str, ...] = ()
    """Suites whose scenarios, sweeps and targets are taken too; seeds are this suite's own."""


def suite_names() -> tuple[str, ...]:
    """Names of the suites that come with Shoal, sorted."""
    found = (entry.name for entry in files(evaluation.suites).iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in found if name.endswith(SUFFIX)))


def load_suite(name_or_path: str) -> Suite:
    """Load a suite by name, or from a file if it ends in `.toml`. Raises `WrongSuite`."""
    if name_or_path.endswith(SUFFIX):
        try:
            return parse_suite(Path(name_or_path).read_text(encoding="utf-8"), name_or_path)
        except (OSError, UnicodeDecodeError) as error:
            raise WrongSuite(f"{name_or_path} cannot be read: {error}") from error
    if name_or_path not in suite_names():
        close = get_close_matches(name_or_path, suite_names(), 1)
        told = f" (did you mean {close[0]}?)" if close else ""
        raise WrongSuite(f"no suite {name_or_path}{told}; there are {', '.join(suite_names())}, or name a .toml file")
    return parse_suite((files(evaluation.suites) / f"{name_or_path}{SUFFIX}").read_text("utf-8"), name_or_path)


def parse_suite(text: str, where: str) -> Suite:
    """Make a suite of the text of a file. Raises `WrongSuite`."""
    try:
        told: dict[str, Any] = tomllib.loads(text)
        suite = msgspec.convert(told, Suite)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise WrongSuite(f"suite {where}: {error}") from error
    for target in suite.targets:
        if target.measure not in MEASURES:
            raise WrongSuite(f"suite {where}: no measure {target.measure}; there are {', '.join(MEASURES)}")
        if target.at_least is None and target.at_most is None:
            raise WrongSuite(f"suite {where}: the target of {target.measure} needs at_least or at_most")
    return _with_included(suite)


def _with_included(suite: Suite) -> Suite:
    others = [load_suite(name) for name in suite.include]
    return msgspec.structs.replace(
        suite,
        scenarios=tuple(dict.fromkeys((*suite.scenarios, *(each for other in others for each in other.scenarios)))),
        sweeps=(*suite.sweeps, *(sweep for other in others for sweep in other.sweeps)),
        targets=(*suite.targets, *(target for other in others for target in other.targets)),
    )


def chosen(patterns: Sequence[str]) -> list[Scenario]:
    """The scenarios that names, patterns, tags and files mean, each once. Raises `WrongScenario`, `WrongSuite`."""
    found: dict[str, Scenario] = {}
    for pattern in patterns:
        hits = _matching(pattern)
        if not hits:
            raise WrongSuite(f"{pattern} matches no scenario; there are {', '.join(scenario_names())}")
        for scenario in hits:
            found.setdefault(scenario.name, scenario)
    return list(found.values())


def _matching(pattern: str) -> list[Scenario]:
    if pattern.startswith(TAG):
        tag = pattern.removeprefix(TAG)
        return [scenario for scenario in map(load_scenario, scenario_names()) if tag in scenario.tags]
    if any(letter in pattern for letter in "*?["):
        return [load_scenario(name) for name in scenario_names() if fnmatchcase(name, pattern)]
    return [load_scenario(pattern)]
