"""What one check says."""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from streams.doctor.surroundings import Surroundings

PAGE: Final = "docs/operations/doctor.md"


class Verdict(StrEnum):
    """How it is."""

    OK = "ok"
    WARNING = "warning"
    """It works, and will not for long, or not well."""
    PROBLEM = "problem"
    UNSEEN = "could not look"
    """Nothing can be said, neither good nor bad."""


class Finding(NamedTuple):
    """One check's answer. No secret is ever in it."""

    check: str
    verdict: Verdict
    found: str
    """A sentence: what was seen."""
    advice: str = ""
    """A sentence: what to do first; empty if nothing is to be done."""
    go_on: str = ""
    """The command or page to go on with."""


class Check(NamedTuple):
    """One question. `look` may raise: that is answered with "could not look"."""

    name: str
    look: Callable[["Surroundings"], Finding]
    needs: tuple[str, ...] = ()
    """Checks that must not have failed: what stands on them is not looked at."""


def ok(check: str, found: str) -> Finding:
    """All is well."""
    return Finding(check, Verdict.OK, found)


def warning(check: str, found: str, advice: str, go_on: str = "") -> Finding:
    """Worth knowing."""
    return Finding(check, Verdict.WARNING, found, advice, go_on or page_of(check))


def problem(check: str, found: str, advice: str, go_on: str = "") -> Finding:
    """Broken."""
    return Finding(check, Verdict.PROBLEM, found, advice, go_on or page_of(check))


def unseen(check: str, found: str, advice: str = "") -> Finding:
    """It could not be looked at."""
    return Finding(check, Verdict.UNSEEN, found, advice, page_of(check) if advice else "")


def page_of(check: str) -> str:
    """The heading of the page that is about a check (a test holds the two together)."""
    return f"{PAGE}#{check.replace(' ', '-')}"


def span(seconds: float) -> str:
    """A duration for people: `40 s`, `12 min`, `5 h`, `3 days`."""
    seconds = abs(seconds)
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5_400:
        return f"{seconds / 60:.0f} min"
    if seconds < 172_800:
        return f"{seconds / 3_600:.0f} h"
    return f"{seconds / 86_400:.0f} days"


def size(number: float) -> str:
    """Bytes for people: `12 MB`, `3.4 GB`."""
    return f"{number / 1e9:,.1f} GB" if number >= 1e9 else f"{number / 1e6:,.0f} MB"
