"""Runs the checks one after the other, each under its time limit."""

import threading
from collections.abc import Callable, Iterator, Sequence

from models.errors import ShoalError
from streams.doctor.finding import Check, Finding, Verdict, unseen
from streams.doctor.surroundings import Surroundings

PATIENCE_S = 1.0
"""What a check gets above the longest wait that it was told, to put its own words to it."""


def examine(surroundings: Surroundings, checks: Sequence[Check]) -> Iterator[Finding]:
    """Yield one finding a check, in order; raises nothing.

    What stands on something broken is not looked at, so that one fault is told once.
    """
    failed: set[str] = set()
    for check in checks:
        missing = [name for name in check.needs if name in failed]
        if missing:
            finding = unseen(check.name, f"Not looked at: first see to {missing[0]}.")
        else:
            finding = _within(surroundings.timeout_s + PATIENCE_S, check, surroundings)
        if finding.verdict in {Verdict.PROBLEM, Verdict.UNSEEN}:
            failed.add(check.name)
        yield finding._replace(found=surroundings.plain(finding.found), advice=surroundings.plain(finding.advice))


def _within(limit_s: float, check: Check, surroundings: Surroundings) -> Finding:
    """Look in a thread that is left behind if it takes too long: what hangs in a system call cannot be ended."""
    found: list[Finding] = []
    thread = threading.Thread(
        target=lambda: found.append(_look(check.look, check.name, surroundings)), name=check.name, daemon=True
    )
    thread.start()
    thread.join(limit_s)
    if found:
        return found[0]
    return unseen(check.name, f"No answer within {limit_s:.0f} s.", "Ask again with a longer --timeout.")


def _look(look: Callable[[Surroundings], Finding], name: str, surroundings: Surroundings) -> Finding:
    try:
        return look(surroundings)
    except ShoalError as error:
        return unseen(name, f"It could not be looked at: {error}.")
    except Exception as error:  # noqa: BLE001  # the doctor outlives whatever a check meets
        return unseen(name, f"It could not be looked at: {type(error).__name__}: {error}.")
