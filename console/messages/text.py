"""What a message says: a title, and lines with a link here and there."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote

from console.messages.destinations import SEVERITIES
from console.messages.facts import Facts
from console.messages.neutral import calm
from console.messages.words import REASONS, WORDS
from console.web.sentences import translated

DIGEST_CASES_MAX = 10
NAME_CHARACTERS_MAX = 64
_DECIDED = {"undo": "undone", "reopen": "reopened"}


class Line(NamedTuple):
    """Some words; `link` is where they lead, empty for nowhere. Only Shoal's own links stand there."""

    text: str
    link: str = ""


class Text(NamedTuple):
    """A message in words. What strangers wrote in it went through `calm`; services escape the rest."""

    title: str
    lines: tuple[Line, ...]


class Links:
    """Addresses of the console's pages; empty where the console does not know its own."""

    def __init__(self, public_url: str | None) -> None:
        self._base = (public_url or "").rstrip("/")

    def case(self, campaign: str) -> str:
        """Page of a case."""
        return f"{self._base}/cases/{quote(campaign, safe='')}" if self._base else ""

    def queue(self) -> str:
        """Page of the queue."""
        return f"{self._base}/" if self._base else ""


def message_text(facts: Facts, language: str, links: Links) -> Text:
    """Put one case into words."""
    words = WORDS[language]
    if facts.event == "test":
        return Text(words["trial"], (Line(words["trial_line"]),))
    figures = words["figures"].format(
        accounts=f"{facts.accounts_total:,}",
        targets=f"{facts.targets_total:,}",
        posts=f"{facts.posts:,}",
        first=_moment(facts.first_action_ms),
        last=_moment(facts.last_action_ms),
    )
    name = Line(words["case"].format(campaign=calm(facts.campaign, NAME_CHARACTERS_MAX)))
    link = links.case(facts.campaign)
    told = (*_went_on(facts, language), Line(_status(facts, language)), Line(figures), name)
    return Text(_title(facts, language), told + ((Line(words["look"], link),) if link else ()))


def digest_text(found: Sequence[Facts], language: str, links: Links) -> Text:
    """Put many cases into words: counts, and links to the most severe. `found` has each case once, its newest."""
    words = WORDS[language]
    by_severity = Counter(facts.severity for facts in found)
    counts = words["comma"].join(
        words["count"].format(number=f"{by_severity[severity]:,}", severity=words[severity].lower())
        for severity in reversed(SEVERITIES)
        if by_severity[severity]
    )
    first = sorted(found, key=lambda facts: (facts.handled, -facts.urgency, -facts.reach, facts.campaign))
    lines = [Line(_title(facts, language), links.case(facts.campaign)) for facts in first[:DIGEST_CASES_MAX]]
    if handled := sum(facts.handled for facts in found):
        lines.append(Line(words["handled"].format(number=f"{handled:,}")))
    if len(found) > DIGEST_CASES_MAX:
        lines.append(Line(words["more"].format(number=f"{len(found) - DIGEST_CASES_MAX:,}")))
    if links.queue():
        lines.append(Line(words["queue"], links.queue()))
    return Text(words["digest"].format(cases=f"{len(found):,}", counts=counts), tuple(lines))


def _title(facts: Facts, language: str) -> str:
    words = WORDS[language]
    return words["title"].format(severity=words[facts.severity], headline=calm(translated(facts.headline, language)))


def _went_on(facts: Facts, language: str) -> tuple[Line, ...]:
    if facts.event != "updated":
        return ()
    return (Line(WORDS[language]["closed" if facts.state == "closed" else "updated"]),)


def _status(facts: Facts, language: str) -> str:
    words, decided = WORDS[language], facts.decided
    back = _DECIDED.get(decided.action) if decided is not None and facts.status == "open" else None
    by = decided.by if decided is not None and back else facts.status_by
    reason = REASONS[language].get(facts.status_reason, "–")
    return words[back or facts.status].format(by=calm(by, NAME_CHARACTERS_MAX), reason=reason)


def _moment(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%d %H:%M}"
