"""The whole reasoning of one case, from its alerts: what `shoal explain` prints and a console can show."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from msgspec import Struct

from detector.evidence.catalogue import CATALOGUE, Note
from detector.evidence.weighing import CROWD, FAMILIES, FAMILY, limit_of
from detector.evidence.words import chance, count, duration, moment, percent
from models.alerts import Alert, Evidence, Outcome

DECIDED: Final = frozenset({"dismissed", "allowed"})
"""Explanations that are decisions of people."""
STRONG: Final = 2.0
"""Points from which a standing innocent explanation leaves a case open instead of closing it."""


class Part(Struct, frozen=True):
    """One item of either answer."""

    name: str
    asks: str
    sentence: str
    formula: str
    source: str
    figures: dict[str, str]
    """Each figure as people read it."""
    held_against: dict[str, str]
    """Each setting that it was compared with, by its name in the configuration file."""
    points: float
    counted: float
    why_less: str
    """Why less than `points` was counted; empty where all of it was."""


class Innocent(Struct, frozen=True):
    """An innocent explanation that was considered."""

    name: str
    stands: bool
    sentence: str
    takes_away: tuple[str, ...]
    """Items of this case that it accounts for, where it stands."""
    would_take_away: tuple[str, ...]
    """The same for one that falls."""


class Step(Struct, frozen=True):
    """One revision, and what changed with it."""

    revision: int
    at_ms: int
    state: str
    outcome: str
    severity: str
    accounts: int
    targets: int
    points: float
    changed: str


class Reasoning(Struct, frozen=True):
    """Everything that led to the verdict of the newest revision."""

    alert: Alert
    synchrony: list[Part]
    inauthenticity: list[Part]
    """Items that speak, the heaviest first."""
    silent: list[Part]
    """Items that were considered and found nothing."""
    explanations: list[Innocent]
    sum: str
    rule: str
    history: list[Step]


def reasoning_of(revisions: Sequence[Alert]) -> Reasoning:
    """Put the reasoning of a case together from its revisions, oldest first. Raises `ValueError` for none."""
    if not revisions:
        raise ValueError("a case has at least one revision")
    alert = revisions[-1]
    items = [_part(found) for found in alert.inauthenticity]
    return Reasoning(
        alert,
        [_part(found) for found in alert.synchrony],
        [part for part in items if part.points > 0],
        [part for part in items if part.points <= 0],
        _innocent(alert),
        _sum(alert),
        rule_of(alert),
        _history(revisions),
    )


def _part(found: Evidence) -> Part:
    note = CATALOGUE.get(found.name, Note("", ""))
    return Part(
        found.name,
        note.asks,
        found.sentence,
        note.formula,
        note.source,
        {name: figure(name, value) for name, value in found.values.items()},
        {path: figure(path, value) for path, value in found.thresholds.items()},
        found.points,
        found.counted,
        _why_less(found),
    )


def _why_less(found: Evidence) -> str:
    if found.held_back is None:
        return ""
    if found.held_back == CROWD:
        return "what accounts are is not held against everybody who came to one target"
    if found.held_back == FAMILY:
        family = next(family for family, names in FAMILIES.items() if found.name in names)
        limit = found.thresholds.get(limit_of(family), found.counted)
        return f"it tells the same as the items above: {family} counts at most {limit:g} points"
    return f"the innocent explanation {found.held_back.replace('_', ' ')} stands and accounts for it"


def _innocent(alert: Alert) -> list[Innocent]:
    told = {found.name for found in alert.inauthenticity if found.points > 0}
    return [
        Innocent(
            found.name,
            found.stands,
            found.sentence,
            tuple(name for name in found.accounts_for if found.stands and name in told),
            tuple(name for name in found.accounts_for if not found.stands and name in told),
        )
        for found in alert.explanations
    ]


def _sum(alert: Alert) -> str:
    parts = [f"{found.counted:g} {found.name}" for found in alert.inauthenticity if found.counted > 0]
    told = " + ".join(parts) or "0"
    if alert.points_deducted:
        told += f" − {alert.points_deducted:g} since the texts copy something visible"
    return f"{told} = {alert.points:g}"


def rule_of(alert: Alert) -> str:
    """Why the outcome is what it is, in one sentence."""
    decided = any(found.stands and found.name in DECIDED for found in alert.explanations)
    if decided and alert.outcome is not Outcome.INAUTHENTIC:
        points = f"{alert.points:g} points beside what a person decided about before"
        return f"{points}; {alert.points_min:g} would raise it again."
    return _rule(alert)


def _rule(alert: Alert) -> str:
    if not alert.points_min:
        return "This alert was written by a version that did not keep its points."
    points, least = f"{alert.points:g} points", f"{alert.points_min:g}"
    if alert.outcome is Outcome.INAUTHENTIC:
        return f"{points}, and {least} call a group inauthentic: it is alerted."
    if alert.points >= alert.points_min:
        return (
            f"{points}, enough to call a group inauthentic, but chance could have brought them together: not alerted."
        )
    if alert.points < alert.points_listed_min:
        return f"{points}, under the {alert.points_listed_min:g} from which there is anything to say: an honest crowd."
    standing = [found.name.replace("_", " ") for found in alert.explanations if found.stands]
    if alert.outcome is Outcome.ORGANIC:
        stands = f"while an innocent explanation stands ({', '.join(standing)})"
        return f"{points}, under {STRONG:g}, {stands}: an honest crowd."
    return f"{points} of the {least} that call a group inauthentic: too little to tell, so nobody is alerted."


def _history(revisions: Sequence[Alert]) -> list[Step]:
    steps = [_step(revisions[0], "first told")]
    return steps + [_step(after, _change(before, after)) for before, after in pairwise(revisions)]


def _step(alert: Alert, changed: str) -> Step:
    return Step(
        alert.revision,
        alert.at_ms,
        alert.state.value,
        alert.outcome.value,
        alert.severity.value,
        alert.accounts_total,
        alert.targets_total,
        alert.points,
        changed,
    )


def _change(before: Alert, after: Alert) -> str:
    told = []
    if after.accounts_total != before.accounts_total:
        told.append(f"{after.accounts_total - before.accounts_total:+,} accounts")
    if after.targets_total != before.targets_total:
        told.append(f"{after.targets_total - before.targets_total:+,} targets")
    was = {found.name: found.counted for found in before.inauthenticity}
    now = {found.name: found.counted for found in after.inauthenticity}
    for name in sorted(was.keys() | now.keys()):
        step = now.get(name, 0.0) - was.get(name, 0.0)
        if step:
            told.append(f"{step:+g} {name}")
    stood = {found.name for found in before.explanations if found.stands}
    stands = {found.name for found in after.explanations if found.stands}
    told += [f"{name} no longer stands" for name in sorted(stood - stands)]
    told += [f"{name} now stands" for name in sorted(stands - stood)]
    if after.merged_from:
        told.append(f"took in {', '.join(after.merged_from)}")
    return ", ".join(told) or ("closed" if after.state.value == "closed" else "nothing that is told here")


def figure(name: str, value: float) -> str:
    """A figure as people read it; the ending of its name tells what it is."""
    if name.endswith("_ms"):
        return duration(value)
    if "p_log10" in name:
        return chance(value)
    if "share" in name or name.endswith(("dominance_min", "own_min", "part_min")):
        return percent(value)
    return f"{value:,.10g}" if value == int(value) else f"{value:,.3g}"


def period_of(alert: Alert) -> str:
    """When it happened."""
    span = duration(alert.last_action_ms - alert.first_action_ms)
    return f"{moment(alert.first_action_ms)} to {moment(alert.last_action_ms)} ({span})"


def size_of(alert: Alert) -> str:
    """How many accounts acted on how many targets."""
    return f"{count(alert.accounts_total, 'account')} on {count(alert.targets_total, 'target')}"
