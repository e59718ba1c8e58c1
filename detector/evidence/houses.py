"""Innocent explanations of accounts that openly belong together: a firm's agents, stations, a class.

What is inauthentic is to hide that many are one. These explanations take away what accounts share
(registration, names, machines, networks), so they ask for more than any other.
"""

from collections import Counter
from itertools import islice
from statistics import median
from typing import Final
from unicodedata import east_asian_width

from detector.background import Background
from detector.evidence.figures import Figures, authored, effective_number
from detector.evidence.words import duration, percent
from models.actions import Layer
from models.alerts import Explanation
from models.events import Account

NAMES_READ: Final = 60
"""Names of the group that words are taken from."""
OTHERS_READ: Final = 2_000
"""Names of other accounts that a word is held against."""
OTHERS_MIN: Final = 100
WORD_WIDTH_MIN: Final = 4
"""Two Chinese characters or four Latin letters."""
SHARED_MIN: Final = 0.8
ELSEWHERE_MAX: Final = 0.01
WRITTEN: Final = frozenset({Layer.FAMILY, Layer.URL})
CLASS_MAX: Final = 200
LESSON_MS: Final = 3 * 3_600_000
SAME_DAY_MS: Final = 86_400_000
SEATS_MAX: Final = 5.0
"""Accounts on a machine, on average: courses follow each other in a computer room; a phone farm has more."""


def named_house(figures: Figures, background: Background) -> Explanation | None:
    """Accounts that carry one and the same name for everybody to see, and only speak for themselves.

    Stands where at least 80 % of the names of the group hold one word (two Chinese characters or four
    letters at least) that at most 1 % of the names elsewhere hold (up to 2,000 accounts with neither the group's
    commonest network nor its commonest program), 100 of them are known, and the targets are texts and links of
    their own: nobody else's post is liked, passed on or followed, and no contact is led to.
    Default names of a platform ("user") are common elsewhere; an army under one name speaks as one.
    """
    if any(target.layer not in WRITTEN for target in figures.targets):
        return None
    names = [fact.name for fact in figures.facts.values() if fact.name]
    if len(names) < max(5, 0.5 * len(figures.accounts)):
        return None
    word, share = common_word(names)
    if not word:
        return None
    # without a name that most of them carry there is nothing to look up among everybody else
    others = _names_elsewhere(figures, background) if share >= SHARED_MIN else []
    elsewhere = sum(word in name for name in others) / max(1, len(others))
    stands = share >= SHARED_MIN and len(others) >= OTHERS_MIN and elsewhere <= ELSEWHERE_MAX
    return Explanation(
        "named_house",
        stands,
        f'Accounts of one house that say so: {percent(share)} have "{word}" in their name'
        + (f", {percent(elsewhere)} of others; " if others else "; ")
        + ("nobody is deceived about who speaks." if stands else "that does not make them one house."),
    )


def _names_elsewhere(figures: Figures, background: Background) -> list[str]:
    """Names of accounts that are neither in the group nor, by their network and program, of the same house."""
    inside, network, client = frozenset(figures.accounts), _commonest(figures.networks), _commonest(figures.clients)
    return [
        fact.name.lower()
        for account, fact in islice(background.facts.items(), OTHERS_READ)
        if fact.name and account not in inside and fact.network_id != network and fact.client != client
    ]


def _commonest(values: dict[str, str]) -> str:
    """The commonest value, empty where none is known: nobody has that."""
    return min(Counter(values.values()).items(), key=lambda each: (-each[1], each[0]))[0] if values else ""


def common_word(names: list[str]) -> tuple[str, float]:
    """The longest of the commonest words of letters in the names, and the share of names that hold it."""
    seen: Counter[str] = Counter()
    for name in names[:NAMES_READ]:
        seen.update(_words(name.lower()))
    if not seen:
        return "", 0.0
    word = min(seen, key=lambda each: (-seen[each], -len(each), each))
    return word, sum(word in name.lower() for name in names) / len(names)


def _words(name: str) -> set[str]:
    """Runs of letters in a name, and their parts, from `WORD_WIDTH_MIN` on."""
    runs = "".join(letter if letter.isalpha() else " " for letter in name[:40]).split()
    parts = {run[a:b] for run in runs for a in range(len(run)) for b in range(a + 2, len(run) + 1)}
    return {part for part in parts if sum(1 + (east_asian_width(letter) in "WF") for letter in part) >= WORD_WIDTH_MIN}


def classroom(figures: Figures) -> Explanation | None:
    """A class that opens accounts in a lesson and acts on its teacher's posts.

    Stands where all authored targets are one author's, that author acts from the group's own commonest
    network, which half of it uses; at most 200 accounts, at most 5 on a machine on average; half of them
    registered within a day before their first act; and all is over within three hours. Who buys likes is not in
    the seller's network, and a phone farm has more accounts than that on a machine.
    """
    authors = authored(figures.targets)
    if not authors or not figures.networks or any(t.layer in {Layer.REPORT, Layer.CONTACT} for t in figures.targets):
        return None
    network = _commonest(figures.networks)
    users = sum(each == network for each in figures.networks.values())
    ages_ms = [at_ms - fact.registered_at_ms for at_ms, fact in _known(figures)]
    new = sum(0 <= age_ms <= SAME_DAY_MS for age_ms in ages_ms) / max(1, len(figures.accounts))
    seats = len(figures.devices) / max(1, len(set(figures.devices.values())))
    last_ms = median(target.last_ms for target in figures.targets)
    span_ms = last_ms - figures.first_ms
    same_room = set(map(figures.author_networks.get, authors)) == {network}
    one_room = same_room and 2 * users >= len(figures.accounts)
    small = len(figures.accounts) <= CLASS_MAX and seats <= SEATS_MAX
    stands = effective_number(authors) < 1.5 and one_room and small and new >= 0.5 and span_ms <= LESSON_MS
    return Explanation(
        "classroom",
        stands,
        f"A class with its teacher: {effective_number(authors):.1f} authors, {'in' if one_room else 'not in'} the "
        f"network of the group; {percent(new)} registered within a day before, {seats:.1f} accounts a machine, all "
        f"within {duration(span_ms)}; " + ("so is a lesson." if stands else "a lesson is otherwise."),
    )


def _known(figures: Figures) -> list[tuple[int, Account]]:
    return [(at_ms, figures.facts[a]) for a, at_ms in figures.first_acts_ms.items() if a in figures.facts]


TOGETHER: Final = frozenset(
    {
        "registration_burst", "registration_batch", "registration_runs", "name_skeleton", "shared_devices",
        "shared_network", "shared_client",
    }
)  # fmt: skip
ACCOUNTED: Final[dict[str, frozenset[str]]] = {
    # one house sets up its accounts in one go, fills in its own sentences, and keeps its hours
    "named_house": TOGETHER | {"inside_share", "idle_otherwise", "regularity", "pulse", "spun_copy", "spun_flood"},
    "classroom": TOGETHER,
}
"""Items that each accounts for where it stands."""
