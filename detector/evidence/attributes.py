"""Inauthenticity shown by what the accounts are: registration, names, devices, networks, clients."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from math import log10

from detector.background import AGE_DAYS, DAY_MS, Background, Shares
from detector.cohorts.significance import binomial_tail_log10
from detector.evidence.figures import Figures
from detector.evidence.items import Item, item
from detector.evidence.words import chance, count, percent
from detector.settings import EvidenceSettings

KNOWN_MIN = 0.5
"""An attribute is judged where at least this share of the accounts carries it."""
_RUNS = re.compile(r"[^\W\d_]+|\d+")


def carriers(figures: Figures, background: Background, limits: EvidenceSettings) -> frozenset[str]:
    """Accounts registered on an over-represented day, or sharing a device.

    They carry the attribute evidence; honest accounts that acted on the same target stay outside.
    """
    days: dict[str, list[str]] = defaultdict(list)
    for account, fact in figures.facts.items():
        days[str(fact.registered_at_ms // DAY_MS)].append(account)
    found: set[str] = set()
    for day, accounts in days.items():
        usual = background.days.share(day, len(accounts), 1 / AGE_DAYS)
        p_log10 = _corrected(len(accounts), len(figures.facts), usual, len(days))
        if len(accounts) >= 3 and p_log10 <= limits.attribute_p_log10_max:
            found.update(accounts)
    users = Counter(figures.devices.values())
    found.update(account for account, device in figures.devices.items() if users[device] > 1)
    return frozenset(found)


def registration_burst(figures: Figures, background: Background, limits: EvidenceSettings) -> Item | None:
    """Accounts registered on the same day, against that day's share of all registrations.

    The floor of a day's share is 1/3650; p is the binomial tail, times the days seen (Bonferroni).
    """
    days = Counter(str(fact.registered_at_ms // DAY_MS) for fact in figures.facts.values())
    total = days.total()
    if total < max(5, KNOWN_MIN * len(figures.accounts)):
        return None
    day, most = min(days.items(), key=lambda item: (-item[1], item[0]))
    usual = background.days.share(day, most, 1 / AGE_DAYS)
    # a group chosen out of a crowd for its days is held against that crowd
    p_log10 = _corrected(most, figures.crowd, usual, len(days))
    speaks = most >= 5 and most / total >= limits.registration_share_min and p_log10 <= limits.attribute_p_log10_max
    return item(
        2.0 * float(speaks),
        "registration_burst",
        f"{most} of {count(total, 'account')} were registered on one day"
        + (f" (chosen out of {figures.crowd:,} acting there)" if figures.crowd > total else "")
        + (f"; by chance {chance(p_log10)}." if speaks else ", which is not unusual."),
        share=most / total,
        p_log10=p_log10,
    )


def shared_devices(figures: Figures, _: Background, limits: EvidenceSettings) -> Item | None:
    """Accounts that share a device with another account of the group."""
    if len(figures.devices) < max(5, KNOWN_MIN * len(figures.accounts)):
        return None
    users = Counter(figures.devices.values())
    sharing = sum(number for number in users.values() if number > 1)
    share = sharing / len(figures.devices)
    return item(
        2.0 * float(share >= limits.shared_device_share_min and sharing >= 5),
        "shared_devices",
        f"{sharing} of {count(len(figures.devices), 'account')} share a device with another of them "
        f"({count(len(users), 'device')} in all).",
        share=share,
    )


def shared_network(figures: Figures, background: Background, limits: EvidenceSettings) -> Item | None:
    """One network for most of the group, against its share on the platform (carriers are large)."""
    return _concentration("shared_network", "network", figures, figures.networks, background.networks, limits)


def shared_client(figures: Figures, background: Background, limits: EvidenceSettings) -> Item | None:
    """One client program for most of the group, against its share on the platform."""
    return _concentration("shared_client", "client program", figures, figures.clients, background.clients, limits)


def name_skeleton(figures: Figures, _: Background, limits: EvidenceSettings) -> Item | None:
    """Names of one shape, letters and digits replaced by their lengths ("anna1994" → "a4 94").

    Judged only if most names of the group share it and it holds digits: honest names rarely do.
    """
    names = [fact.name for fact in figures.facts.values() if fact.name]
    if len(names) < max(5, KNOWN_MIN * len(figures.accounts)):
        return None
    shape, most = min(Counter(map(skeleton, names)).items(), key=lambda item: (-item[1], item[0]))
    share = most / len(names)
    return item(
        float(share >= limits.attribute_share_min and "9" in shape),
        "name_skeleton",
        f"{most} of {len(names)} names have the same shape ({shape}).",
        share=share,
    )


def skeleton(name: str) -> str:
    """Shape of a name: each run of letters as a+length, of digits as 9+length; the rest is dropped."""
    return " ".join(("9" if run[0].isdigit() else "a") + str(len(run)) for run in _RUNS.findall(name))


def _concentration(
    name: str, noun: str, figures: Figures, values: Mapping[str, str], usual: Shares, limits: EvidenceSettings
) -> Item | None:
    if len(values) < max(5, KNOWN_MIN * len(figures.accounts)) or usual.total < 10 * len(values):
        return None
    users = Counter(values.values())
    value, most = min(users.items(), key=lambda item: (-item[1], item[0]))
    p_log10 = _corrected(most, len(values), usual.share(value, most, 1e-4), len(users))
    share = most / len(values)
    speaks = share >= limits.attribute_share_min and p_log10 <= limits.attribute_p_log10_max
    return item(
        float(speaks),
        name,
        f"{percent(share)} of them use the same {noun}" + (f"; by chance {chance(p_log10)}." if speaks else "."),
        share=share,
        p_log10=p_log10,
    )


def _corrected(most: int, total: int, share: float, choices: int) -> float:
    """Binomial tail, times the number of values that were looked at (Bonferroni)."""
    return min(0.0, binomial_tail_log10(most, total, share) + log10(max(1, choices)))


ATTRIBUTES = (registration_burst, shared_devices, shared_network, shared_client, name_skeleton)
