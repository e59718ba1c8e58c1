"""Inauthenticity shown by what the accounts are: registration, names, devices, networks, clients."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from math import log10

from detector.accounts.names import skeleton
from detector.accounts.registrations import Cell
from detector.background import AGE_DAYS, DAY_MS, Background, Shares
from detector.cohorts.significance import binomial_tail_log10
from detector.evidence.figures import Figures
from detector.evidence.items import Item, item
from detector.evidence.sleepers import awakening, corrected_log10
from detector.evidence.words import chance, count, percent
from detector.settings import EvidenceSettings

RUNS_SHARE_MIN = 0.4
KNOWN_MIN = 0.5
"""An attribute is judged where at least this share of the accounts carries it."""


def carriers(figures: Figures, background: Background, limits: EvidenceSettings) -> frozenset[str]:
    """Accounts registered on an over-represented day or in a batch of one shape of name, or sharing a device.

    They carry the attribute evidence; honest accounts that acted on the same target stay outside.
    """
    days: dict[str, list[str]] = defaultdict(list)
    for account, fact in figures.facts.items():
        days[str(fact.registered_at_ms // DAY_MS)].append(account)
    found: set[str] = set()
    for day, accounts in days.items():
        usual = background.days.share(day, len(accounts), 1 / AGE_DAYS)
        p_log10 = corrected_log10(len(accounts), len(figures.facts), usual, len(days))
        if len(accounts) >= 3 and p_log10 <= limits.attribute_p_log10_max:
            found.update(accounts)
    cells = _cells(figures, background)
    batches = _batches(cells, background, limits)
    for account, fact in figures.facts.items():
        if background.registrations.cell(fact.registered_at_ms, fact.name or "") in batches:
            found.add(account)
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
    p_log10 = corrected_log10(most, figures.crowd, usual, len(days))
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


def registration_runs(figures: Figures, background: Background, limits: EvidenceSettings) -> Item | None:
    """Several batches of registrations, weeks or months apart, each on a day that holds too many of the group.

    Days with three or more of the group and a binomial tail (times the days seen) of 10^`attribute_p_log10_max`
    or less are runs where `registration_runs_gap_days` lie between them. One course or one disaster brings
    newcomers once; who buys accounts gets them from several batches. One point from two runs on, where their
    accounts are `registration_runs_share_min` of all that acted there: in a crowd of thousands, fans of two
    seasons stand out as well, and a few bought accounts say nothing of the regulars around them (share of
    the group at least 0.4).
    """
    days = Counter(fact.registered_at_ms // DAY_MS for fact in figures.facts.values())
    if days.total() < max(5, KNOWN_MIN * len(figures.accounts)):
        return None
    full = [
        day
        for day, number in sorted(days.items())
        if number >= 3
        and corrected_log10(number, figures.crowd, background.days.share(str(day), number, 1 / AGE_DAYS), len(days))
        <= limits.attribute_p_log10_max
    ]
    runs = sum(1 for before, day in zip([None, *full], full, strict=False) if _apart(before, day, limits))
    inside = sum(days[day] for day in full)
    crowd = max(days.total(), figures.crowd)
    most = inside / days.total() >= RUNS_SHARE_MIN
    speaks = runs >= 2 and most and inside / crowd >= limits.registration_runs_share_min
    return item(
        float(speaks),
        "registration_runs",
        f"{inside} of {count(days.total(), 'account')} come from {count(runs, 'separate batch', 'separate batches')} "
        "of registrations" + (", with ordinary days between." if speaks else "."),
        runs=runs,
        share=inside / days.total(),
    )


def _apart(before: int | None, day: int, limits: EvidenceSettings) -> bool:
    return before is None or day - before > limits.registration_runs_gap_days


def registration_batch(figures: Figures, background: Background, limits: EvidenceSettings) -> Item | None:
    """Accounts registered in one stretch of hours with names of one shape and one rarity of letters.

    A stretch and pattern of the group is a batch where the whole platform's count there has a Poisson
    tail, times the cells looked at, of 10^`attribute_p_log10_max` or less against the pattern's share of
    all other registrations (`accounts.registrations`). share = the group's accounts in
    such cells; p is their binomial tail against the share of those cells among all registrations outside
    the group, so that people of an honest surge, who are many, are no evidence against each other.
    """
    cells = _cells(figures, background)
    total = cells.total()
    if total < max(5, KNOWN_MIN * len(figures.accounts)):
        return None
    batches = _batches(cells, background, limits)
    inside = sum(cells[cell] for cell in batches)
    elsewhere = sum(background.registrations.count(cell) for cell in batches) - inside
    usual = max(elsewhere / max(1, background.registrations.total - total), 1e-4)
    share, p_log10 = inside / total, corrected_log10(inside, max(total, figures.crowd), usual, len(cells))
    speaks = inside >= 5 and share >= limits.registration_share_min and p_log10 <= limits.attribute_p_log10_max
    told = "came from registration batches: names of one shape within hours"
    return item(
        2.0 * float(speaks),
        "registration_batch",
        f"{inside} of {count(total, 'account')} {told}"
        + (f"; by chance {chance(p_log10)}." if speaks else ", which is not unusual."),
        share=share,
        p_log10=p_log10,
    )


def _batches(cells: Counter[Cell], background: Background, limits: EvidenceSettings) -> dict[Cell, float]:
    """Cells of which the group holds three or more and the platform too many, with log₁₀ of their chance."""
    chances = {cell: background.registrations.p_log10(cell) + log10(len(cells)) for cell, n in cells.items() if n >= 3}
    return {cell: p_log10 for cell, p_log10 in chances.items() if p_log10 <= limits.attribute_p_log10_max}


def _cells(figures: Figures, background: Background) -> Counter[Cell]:
    named = (fact for fact in figures.facts.values() if fact.name)
    return Counter(background.registrations.cell(fact.registered_at_ms, fact.name or "") for fact in named)


def shared_devices(figures: Figures, _: Background, limits: EvidenceSettings) -> Item | None:
    """Accounts that share a device with another account of the group.

    share = accounts on a device that another of the group uses. p is the binomial tail of the accounts
    beyond the first on their device, of the group or of the crowd it was chosen from, against
    `device_sharing_usual`: honest people have second accounts, families share and lend. What a device is,
    the platform says.
    """
    if len(figures.devices) < max(5, KNOWN_MIN * len(figures.accounts)):
        return None
    users = Counter(figures.devices.values())
    sharing = sum(number for number in users.values() if number > 1)
    share = sharing / len(figures.devices)
    further = len(figures.devices) - len(users)
    p_log10 = binomial_tail_log10(further, max(len(figures.devices), figures.crowd), limits.device_sharing_usual)
    speaks = share >= limits.shared_device_share_min and sharing >= 5 and p_log10 <= limits.attribute_p_log10_max
    return item(
        2.0 * float(speaks),
        "shared_devices",
        f"{sharing} of {count(len(figures.devices), 'account')} share a device with another of them "
        f"({count(len(users), 'device')} in all)" + (f"; by chance {chance(p_log10)}." if speaks else "."),
        share=share,
        p_log10=p_log10,
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


def _concentration(
    name: str, noun: str, figures: Figures, values: Mapping[str, str], usual: Shares, limits: EvidenceSettings
) -> Item | None:
    if len(values) < max(5, KNOWN_MIN * len(figures.accounts)) or usual.total < 10 * len(values):
        return None
    users = Counter(values.values())
    value, most = min(users.items(), key=lambda item: (-item[1], item[0]))
    p_log10 = corrected_log10(most, len(values), usual.share(value, most, 1e-4), len(users))
    share = most / len(values)
    speaks = share >= limits.attribute_share_min and p_log10 <= limits.attribute_p_log10_max
    return item(
        float(speaks),
        name,
        f"{percent(share)} of them use the same {noun}" + (f"; by chance {chance(p_log10)}." if speaks else "."),
        share=share,
        p_log10=p_log10,
    )


ATTRIBUTES = (
    registration_burst,
    registration_runs,
    registration_batch,
    awakening,
    shared_devices,
    shared_network,
    shared_client,
    name_skeleton,
)
