"""Innocent explanations of people who gather for one thing: an hour, a moment, a list, a prize, a call for help.

Each asks for what somebody who sells attention cannot simply put on, and none takes away what the accounts
are (registration, machines, networks) where they are hired: only `newcomers` touches one item of it.
"""

from collections import Counter, defaultdict
from statistics import median
from typing import Final

import numpy as np

from detector.evidence.figures import TIGHT_MS, Figures, authored, densest, effective_number
from detector.evidence.words import count, duration, percent
from detector.settings import DetectorSettings
from models.actions import Layer
from models.alerts import Explanation

SAME_SHARE: Final = 0.67
"""Targets come back to the same few authors: at most two effective authors for three targets."""
AUTHORS_FEW: Final = 2.0
AGAINST: Final = frozenset({Layer.REPORT, Layer.RATE, Layer.VOTE})
"""Acts that count as a judgement of somebody: an agreed hour is no excuse for them."""
CLICK_MS: Final = 60_000
"""One click on a list is carried out within this."""
LIST_MIN: Final = 3
MOMENT_SHARE: Final = 0.8
"""Somebody in the crowd always does something else besides."""
DRAW_TIGHT_MAX: Final = 0.8
WAYS_MIN: Final = 3
"""Kinds of action: orders are for one, packages for two."""
FRESH_MS: Final = 6 * 3_600_000
"""Who registers because of something acts on it the same day."""


def appointment(figures: Figures, settings: DetectorSettings) -> Explanation | None:
    """People who agreed on an hour, in the open: an organised fan group, a protest.

    Stands where the effective number of authors is under `evidence.authors_min`; the kinds of target (likes,
    reposts, texts, comments …) are three or more, or two if that number is also at most two or 0.67 of the
    authored targets; and nobody is reported, rated or voted on. People do whatever they can for a cause,
    orders are for one thing. Then acting late, at once and alone on these targets says no more than that
    they agreed. Hired accounts are seen by what they are, and by who else they serve.
    """
    authors = authored(figures.targets)
    if not authors or len(figures.targets) < 2:
        return None
    number = effective_number(authors)
    judging = any(target.layer in AGAINST for target in figures.targets)
    ways = len({target.layer for target in figures.targets})
    same = ways >= WAYS_MIN or number <= max(AUTHORS_FEW, SAME_SHARE * len(authors))
    stands = number < settings.evidence.authors_min and same and ways >= 2 and not judging
    return Explanation(
        "appointment",
        stands,
        f"People who agreed on an hour for one cause: {len(authors)} targets of {number:.1f} authors (effective "
        f"number), acted on in {count(ways, 'way')}; "
        + ("so do organised fans and protests." if stands else "that is not how a cause is served."),
    )


def occasion(figures: Figures, settings: DetectorSettings) -> Explanation | None:
    """One moment that many live through: midnight, a birthday, a final whistle.

    Stands where at least 80 % of the targets with a known publication (two or more) appeared within ten
    minutes of each other, the group came to as many of its targets within `overlap.near_ms`, and at most
    `evidence.onset_min_ms` after. Customers of an army do not publish at one and the same moment.
    """
    published = sorted(target.published_ms for target in figures.targets if target.published_ms is not None)
    onset = figures.onset_ms
    if len(published) < 2 or onset is None:
        return None
    firsts = sorted(target.first_ms for target in figures.targets)
    near_ms = settings.overlap.near_ms
    at_once, reached = densest(published, TIGHT_MS) / len(published), densest(firsts, near_ms) / len(firsts)
    stands = min(at_once, reached) >= MOMENT_SHARE and onset <= settings.evidence.onset_min_ms
    return Explanation(
        "occasion",
        stands,
        f"One occasion: {percent(at_once)} of the targets appeared within {duration(TIGHT_MS)}, {percent(reached)} "
        f"were reached within {duration(near_ms)}, beginning {duration(onset)} after; "
        + ("so does everybody at midnight." if stands else "an occasion is one moment."),
    )


def shared_list(figures: Figures, _: DetectorSettings) -> Explanation | None:
    """A list (starter pack) that people click one by one.

    Stands where three or more accounts are followed and nothing else is done; an account takes at most a
    minute for its share (median over accounts of last − first), and the accounts come three times as far
    apart as that, three seconds at least (median over targets of the 5th to the 95th percentile). An army goes
    order by order: there the accounts are close together, and what one account does is far apart.
    """
    if len(figures.targets) < LIST_MIN or any(target.layer != Layer.FOLLOW for target in figures.targets):
        return None
    moments: dict[str, list[int]] = defaultdict(list)
    for target in figures.targets:
        for account, member in target.members.items():
            moments[account].append(member.time_ms)
    click_ms = median(max(times) - min(times) for times in moments.values())
    times = [[member.time_ms for member in target.members.values()] for target in figures.targets]
    apart_ms = median(float(np.subtract(*np.percentile(each, [95, 5]))) for each in times)
    stands = click_ms <= CLICK_MS and apart_ms >= 3 * max(click_ms, 1_000)
    return Explanation(
        "shared_list",
        stands,
        f"A list to click: each account follows its {len(figures.targets)} within {duration(click_ms)} and the "
        f"accounts come {duration(apart_ms)} apart; "
        + ("so are starter packs used." if stands else "who clicks a list comes alone and is done at once."),
    )


def prize_draw(figures: Figures, settings: DetectorSettings) -> Explanation | None:
    """Giveaways: people do all that the organiser asks for, soon, and each when they see it.

    Per author, the share of the members that acted in three or more ways (like, repost, follow, comment).
    Stands where the median over authors is one half or more, the onset is at most `evidence.onset_min_ms`,
    and less than 80 % of the actions on a target fall into ten minutes: nobody gives an order.
    """
    ways: dict[str, Counter[str]] = defaultdict(Counter)
    for target in figures.targets:
        if target.author is not None and target.layer in {Layer.LIKE, Layer.REPOST, Layer.FOLLOW, Layer.REPLY}:
            ways[target.author].update(target.members.keys())
    onset = figures.onset_ms
    if len(ways) < 2 or onset is None:
        return None
    whole = median(sum(n >= WAYS_MIN for n in each.values()) / len(each) for each in ways.values())
    tight = median(target.tight_share for target in figures.targets)
    stands = whole >= 0.5 and onset <= settings.evidence.onset_min_ms and tight < DRAW_TIGHT_MAX
    return Explanation(
        "prize_draw",
        stands,
        f"Prize draws: {percent(whole)} of them act on a target in {WAYS_MIN} ways or more, the first "
        f"{duration(onset)} after it appeared, {percent(tight)} within ten minutes; "
        + ("so do people who take part in every draw." if stands else "who takes part does all that is asked."),
    )


def newcomers(figures: Figures, _: DetectorSettings) -> Explanation | None:
    """People who open an account because of what happens: neighbours in a flood, relatives of a lost child.

    Stands where at least 80 % of the accounts of the commonest registration day were registered within
    six hours before their first act here, and the group is less than half of those who act there: old
    accounts do the same. An army alone on its target, or with accounts made beforehand, does not get it.
    """
    if not figures.facts:
        return None
    days = Counter(fact.registered_at_ms // 86_400_000 for fact in figures.facts.values())
    day = min(days, key=lambda each: (-days[each], each))
    ages_ms = [
        first_ms - figures.facts[account].registered_at_ms
        for account, first_ms in figures.first_acts_ms.items()
        if account in figures.facts and figures.facts[account].registered_at_ms // 86_400_000 == day
    ]
    if len(ages_ms) < 5:
        return None
    fresh = sum(0 <= age_ms <= FRESH_MS for age_ms in ages_ms) / len(ages_ms)
    part = min(1.0, len(figures.accounts) / max(target.accounts_in_window for target in figures.targets))
    stands = fresh >= 0.8 and part < 0.5
    return Explanation(
        "newcomers",
        stands,
        f"People who registered because of this: {percent(fresh)} of those of one day did within six hours before "
        f"their first act here, and the group is {percent(part)} of those who act there; "
        + ("so come neighbours in a flood." if stands else "that does not explain the registrations."),
    )


GATHERINGS: Final = (appointment, occasion, shared_list, prize_draw, newcomers)
ACCOUNTED: Final[dict[str, frozenset[str]]] = {
    # who agrees on an hour comes late, at once, and is then most of who is there
    "appointment": frozenset({"late_onset", "onset_variation", "tempo", "dominance"}),
    # at midnight everybody does the same thing, and little else
    "occasion": frozenset({"inside_share", "dominance", "unrelated_authors"}),
    # fifty follows outweigh whatever a newcomer has done so far, and are sent by the app in equal steps
    "shared_list": frozenset(
        {"inside_share", "dominance", "unrelated_authors", "regularity", "late_onset", "onset_variation"}
    ),
    # prizes are drawn by anybody, and hunters do little else
    "prize_draw": frozenset({"inside_share", "dominance", "unrelated_authors"}),
    "newcomers": frozenset({"registration_burst"}),
}
"""Items that each accounts for where it stands."""
