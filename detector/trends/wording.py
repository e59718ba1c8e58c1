"""A verdict on a topic in plain words."""

from collections.abc import Mapping, Sequence
from typing import Final

from detector.trends.model import Weighed
from models.trends import Place, TrendOutcome, TrendReason

SAID_MIN: Final = 0.25
"""A figure that adds less than this to the score, either way, is not told."""
REASONS_MAX: Final = 8

_MIX: Final[Mapping[str, str]] = {
    "age_mix": "The ages of the accounts",
    "followers_mix": "The follower counts",
    "client_mix": "The clients that the accounts use",
    "network_mix": "The networks that the accounts come from",
}
_PAIR: Final[Mapping[str, str]] = {
    "client_with_age": "client and age of the accounts",
    "client_with_network": "client and network of the accounts",
    "age_with_followers": "age and followers of the accounts",
    "age_with_network": "age and network of the accounts",
}

_SAID: Final[Mapping[str, str]] = {
    "gone_quickly": "{value:.0%} of the accounts' posts were taken back within minutes, {way}.",
    "registered_together": "{value:.0%} of the accounts share their day of registration beyond chance, {way}.",
    "posts_each": "{value:.2f} posts an account, {way}.",
    "flagged": "{value:.0%} of the accounts are part of a campaign that is called inauthentic.",
    "returning": "{value:.0%} of the accounts served an earlier manufactured topic and took their posts back.",
}


def reasons(parts: Sequence[Weighed]) -> list[TrendReason]:
    """What mattered, strongest first."""
    told = sorted((part for part in parts if abs(part.weight) >= SAID_MIN), key=lambda p: (-abs(p.weight), p.name))
    return [TrendReason(part.name, sentence(part), part.value, part.weight) for part in told[:REASONS_MAX]]


def sentence(part: Weighed) -> str:
    """One figure, and which way it points."""
    name, value = part.name, part.value
    way = "as with a bought topic" if part.weight > 0 else "as with an honest crowd"
    if name in _SAID:
        return _SAID[name].format(value=value, way=way)
    if name in _MIX:
        far = "far from" if value >= 0.5 else "unlike" if value >= 0.1 else "a little off"
        return f"{_MIX[name]} are {far} the platform's usual mix ({value:.2f} nats), {way}."
    if name in _PAIR:
        hang = "hang together" if value >= 0.1 else "hardly hang together"
        return f"{_PAIR[name].capitalize()} {hang} ({value:.2f}), {way}."
    if name == "unseen":
        more = "more" if value >= 0 else "fewer"
        return f"{abs(value):.0%} {more} of the accounts than usual had never come to a topic before, {way}."
    return f"{name.replace('_', ' ')} is {value:.2f}, {way}."


def headline(outcome: TrendOutcome, topic: str, accounts: int, places: Sequence[Place], why: str) -> str:
    """One sentence, with the place and the place without the accounts in question."""
    said = {
        TrendOutcome.MANUFACTURED: f"«{topic}» looks bought",
        TrendOutcome.MIXED: f"«{topic}» is pushed in part",
        TrendOutcome.ORGANIC: f"«{topic}» looks like people",
        TrendOutcome.TOO_LITTLE_DATA: f"«{topic}»: too little data",
    }[outcome]
    about = f" ({accounts:,} accounts)" if accounts else ""
    reason = f": {why}" if why else ""
    return said + about + reason + ("; " + places_in_words(places) if places else "") + "."


def places_in_words(places: Sequence[Place]) -> str:
    """The best place, and where the topic would be."""
    ranked = [place for place in places if place.rank is not None]
    if not ranked:
        return "on no list"
    best = min(ranked, key=lambda place: (place.rank or 0, place.list))
    if best.paid:
        return f"place {best.rank} of «{best.list}», which is openly sold"
    if best.rank_without == best.rank:
        return f"place {best.rank} of «{best.list}» either way"
    without = "off the list" if best.rank_without is None else f"place {best.rank_without}"
    return f"place {best.rank} of «{best.list}», without the accounts in question {without}"
