"""One case as a MISP event: importing a later export updates it and never doubles it.

Every UUID follows from the campaign and the content (RFC 4122, version 5), and every timestamp from the alert and the
decisions. Source: MISP core format, draft-dulaunoy-misp-core-format. docs/exports.md lists what becomes what.
"""

from collections.abc import Iterator
from typing import Final
from uuid import NAMESPACE_OID, UUID, uuid5

import msgspec
from msgspec import UNSET, Struct, UnsetType

from models.alerts import Alert, Evidence, Outcome, Severity
from streams.exports.disarm import techniques
from streams.exports.graph import clean
from streams.exports.rows import NOTHING_DECIDED, AccountRow, Judgement, accounts, iso, texts

SPACE: Final = uuid5(NAMESPACE_OID, "shoal campaigns")
OWN_ORGANISATION: Final = "0"
AS_THE_EVENT: Final = "5"
THREAT: Final = {Severity.CRITICAL: "1", Severity.HIGH: "1", Severity.MEDIUM: "2", Severity.LOW: "3"}
UNDEFINED: Final = "4"
ANALYSIS: Final = {"pending": "1", "watched": "1", "confirmed": "2", "dismissed": "2"}
INITIAL: Final = "0"
VALUE_CHARACTERS_MAX: Final = 5_000
TARGETS_MAX: Final = 500
COMMENT: Final = "comment"


class Tag(Struct, frozen=True):
    """A tag by its name."""

    name: str


class Attribute(Struct, frozen=True, kw_only=True):
    """One attribute; none goes to an intrusion detection system by itself (`to_ids`)."""

    uuid: str
    type: str
    category: str
    value: str
    comment: str
    timestamp: str
    to_ids: bool = False
    disable_correlation: bool = False
    distribution: str = AS_THE_EVENT
    deleted: bool = False
    """Taken back: an account that was left out when somebody decided."""
    first_seen: str | UnsetType = UNSET
    last_seen: str | UnsetType = UNSET


class Event(Struct, frozen=True, rename={"tags": "Tag", "attributes": "Attribute"}):
    """One event."""

    uuid: str
    info: str
    date: str
    timestamp: str
    threat_level_id: str
    analysis: str
    tags: list[Tag]
    attributes: list[Attribute]
    distribution: str = OWN_ORGANISATION
    published: bool = False


def misp(alert: Alert, judgement: Judgement = NOTHING_DECIDED) -> bytes:
    """Return the event as JSON."""
    return msgspec.json.encode({"Event": event_of(alert, judgement)})


def event_of(alert: Alert, judgement: Judgement = NOTHING_DECIDED) -> Event:
    """Return the event: who, on what, with which texts, why, and how far people are with it."""
    inauthentic = alert.outcome is Outcome.INAUTHENTIC and judgement.status != "dismissed"
    timestamp = str(max(alert.at_ms, judgement.at_ms) // 1000)
    return Event(
        uuid=str(uuid5(SPACE, alert.campaign)),
        info=clean(alert.headline),
        date=iso(alert.first_action_ms)[:10],
        timestamp=timestamp,
        threat_level_id=THREAT[alert.severity] if inauthentic else UNDEFINED,
        analysis=ANALYSIS.get(judgement.status, INITIAL),
        tags=[Tag(name) for name in _tags(alert, judgement)],
        attributes=_distinct(_Attributes(alert, judgement, timestamp).all()),
    )


def _tags(alert: Alert, judgement: Judgement) -> list[str]:
    own = [f'shoal:outcome="{alert.outcome.value}"', f'shoal:status="{judgement.status}"']
    return [*own, *(each.tag for each in techniques(alert, judgement))]


def _distinct(found: Iterator[Attribute]) -> list[Attribute]:
    """MISP refuses an event with two attributes of one category, type and value."""
    return list({(each.category, each.type, each.value): each for each in found if each.value.strip()}.values())


class _Attributes:
    def __init__(self, alert: Alert, judgement: Judgement, timestamp: str) -> None:
        self._alert = alert
        self._judgement = judgement
        self._timestamp = timestamp
        self._space: UUID = uuid5(SPACE, alert.campaign)

    def all(self) -> Iterator[Attribute]:
        alert = self._alert
        yield self._made("campaign-id", "Attribution", alert.campaign, f"Shoal {alert.detector_version}", False)
        yield self._made(COMMENT, "Internal reference", f"chance: {alert.chance}", "By chance", True)
        for item in [*alert.synchrony, *alert.inauthenticity]:
            yield self._evidence(item)
        for row in accounts(alert, self._judgement):
            yield self._account(row)
        yield from self._targets()
        for text in texts(alert):
            comment = f"text {text.number} of a family of {text.posts:,} posts, {text.similarity_median:.0%} alike"
            yield self._made("text", "External analysis", clean(text.text), comment, True)

    def _made(self, type_: str, category: str, value: str, comment: str, quiet: bool) -> Attribute:
        value = value[:VALUE_CHARACTERS_MAX]
        return Attribute(
            uuid=str(uuid5(self._space, f"{category}|{type_}|{value}")),
            type=type_,
            category=category,
            value=value,
            comment=comment,
            timestamp=self._timestamp,
            disable_correlation=quiet,
        )

    def _evidence(self, item: Evidence) -> Attribute:
        comment = f"{item.name}: {item.counted:.1f} points" if item.points else item.name
        return self._made(COMMENT, "Internal reference", clean(item.sentence), comment, True)

    def _account(self, row: AccountRow) -> Attribute:
        comment = f"account: {row.actions:,} listed actions on {row.targets_total:,} targets"
        made = self._made("text", "Social network", clean(row.account), comment, False)
        return msgspec.structs.replace(
            made, deleted=row.left_out, first_seen=row.first or UNSET, last_seen=row.last or UNSET
        )

    def _targets(self) -> Iterator[Attribute]:
        layers: dict[str, list[str]] = {}
        for target in self._alert.targets[:TARGETS_MAX]:
            # families are told by their texts: their ids mean nothing elsewhere
            if target.layer != "family":
                layers.setdefault(target.target, []).append(target.layer)
        for target_id, found in layers.items():
            yield self._made("text", "External analysis", clean(target_id), f"target: {', '.join(found)}", False)
