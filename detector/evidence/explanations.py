"""Innocent explanations, each considered in every case, and why it stands or falls."""

from statistics import median
from typing import Final

from detector.background import Background
from detector.evidence import gatherings, houses
from detector.evidence.figures import Figures, authored, effective_number
from detector.evidence.words import chance, duration, percent
from detector.settings import DetectorSettings
from models.actions import Layer
from models.alerts import Explanation

Explained = list[Explanation]
FRIENDS_SHARE_MAX: Final = 0.6
"""Friends meet in a chat, and have other things to do as well."""
FANS_AUTHORS_SHARE: Final = 0.67
"""Fans come back to the same author: at most two effective authors for three targets."""
ACCOUNTS_FOR: Final[dict[str, frozenset[str]]] = {
    # a community is by itself most of what its members do, and most of who comes to its targets
    "community": frozenset({"inside_share", "dominance"}),
    # fans are most of who comes to their author at some hours, and do little else there
    "fans": frozenset({"inside_share", "dominance", "onset_variation"}),
    # the accounts of one house share its machines and programs, live on its links, and are alone with them
    "organisation": frozenset({"inside_share", "dominance", "shared_devices", "shared_network", "shared_client"}),
    # who passes things on in a chat comes late, at any hour, to anybody's posts
    "friends": frozenset({"late_onset", "onset_variation", "unrelated_authors"}),
    # and copy its headlines
    "visible_source": frozenset({"shared_devices", "shared_network", "shared_client"}),
    **gatherings.ACCOUNTED,
    **houses.ACCOUNTED,
}
"""Items of evidence that an innocent explanation accounts for where it stands: they then weigh nothing."""


def explain(
    figures: Figures, p_log10: float, background: Background, settings: DetectorSettings, by_chance: bool = False
) -> Explained:
    """Consider chance, fans, news, one organisation, a copied source, and every sort of gathering and house."""
    considered = [
        _chance(p_log10, by_chance),
        _fans(figures, settings),
        _news(figures, settings),
        _organisation(figures),
        _community(figures, settings),
        _visible_source(figures),
        _hashtag(figures),
        *(consider(figures, settings) for consider in gatherings.GATHERINGS),
        houses.named_house(figures, background),
        houses.classroom(figures),
    ]
    return [found for found in considered if found is not None]


def _chance(p_log10: float, by_chance: bool) -> Explanation:
    return Explanation(
        "chance",
        by_chance,
        f"Independent accounts, as active as these, on targets as popular as these: {chance(p_log10)}.",
    )


def _fans(figures: Figures, settings: DetectorSettings) -> Explanation | None:
    """One author's followers act together, soon after each post, for years."""
    authors = authored(figures.targets)
    onset = figures.onset_ms
    if not authors or len(figures.targets) < 2 or all(t.layer == Layer.REPORT for t in figures.targets):
        return None  # nobody reports whom they admire
    number = effective_number(authors)
    prompt = onset is not None and onset <= settings.evidence.onset_min_ms
    same = number < settings.evidence.authors_min and number <= FANS_AUTHORS_SHARE * len(authors)
    stands = same and (prompt or onset is None)
    told = f"{number:.1f} authors (effective number)"
    told += "" if onset is None else f", first actions {duration(onset)} after publication"
    return Explanation(
        "fans",
        stands,
        f"Fans of the same author: {told}; " + ("this is how fans act." if stands else "fans act otherwise."),
    )


def _news(figures: Figures, settings: DetectorSettings) -> Explanation | None:
    """A crowd that passes through several targets at once, among many others who do the same."""
    targets = [target for target in figures.targets if target.layer != Layer.FAMILY]
    if len(targets) < 2:
        return None
    gap_ms = max(t.first_ms for t in targets) - min(t.first_ms for t in targets)
    together = gap_ms <= settings.overlap.near_ms
    share = median(target.share_of_span for target in targets)
    stands = together and share < settings.evidence.span_dominance_min
    return Explanation(
        "news",
        stands,
        f"A crowd drawn by news: the targets were reached within {duration(gap_ms)} of each other and these accounts "
        f"are {percent(share)} of those acting at the time; "
        + ("others acted alike." if stands else "a crowd would hold many others, or not return."),
    )


def _community(figures: Figures, settings: DetectorSettings) -> Explanation | None:
    """People of one place meet on each other's posts all day; in a small stream everybody does.

    Stands where the group wrote many of the targets itself, or is a large part of everybody seen, and
    its actions on a target are not crowded into a few minutes; and where it comes as soon as something
    appears, as readers do, and is a small part of those who come (share of its own spans under
    `span_dominance_min`; under `dominance_min` where it wrote many of the targets).
    """
    targets = [target for target in figures.targets if target.layer != Layer.FAMILY]
    if len(targets) < 2:
        return None
    limits = settings.evidence
    members = frozenset(figures.accounts)
    own = sum(target.author in members for target in targets) / len(targets)
    part = len(members) / max(1, figures.active_accounts)
    tight = median(target.tight_share for target in targets)
    among = median(target.share_of_span for target in targets)
    prompt = figures.onset_ms is not None and figures.onset_ms <= limits.onset_min_ms
    loose = tight < limits.tight_share_min
    regulars = loose and (own >= limits.community_own_min or part >= limits.community_part_min)
    # who writes for each other and is alone there is a ring
    limit = limits.dominance_min if own >= limits.community_own_min else limits.span_dominance_min
    readers = prompt and among < limit
    stands = regulars or readers
    return Explanation(
        "community",
        stands,
        f"A community that meets anyway: {percent(own)} of the targets are the group's own, it is {percent(part)} of "
        f"all accounts seen lately and {percent(among)} of those who came to the targets while it did, and "
        f"{percent(tight)} of its actions on a target fall into ten minutes; "
        + ("regulars and readers act so." if stands else "regulars would be less crowded, or write for each other."),
    )


def friends(figures: Figures, settings: DetectorSettings) -> Explanation:
    """A few people who pass things on in a chat, or act on each other's posts: only for bursts.

    Stands while a good part of what they do is elsewhere (under 0.6 here), or their own posts are
    at least `community_own_min` of the targets.
    """
    limits = settings.evidence
    members = frozenset(figures.accounts)
    share = figures.acts_lately / figures.activity
    own = sum(target.author in members for target in figures.targets) / len(figures.targets)
    stands = share < FRIENDS_SHARE_MAX or own >= limits.community_own_min
    return Explanation(
        "friends",
        stands,
        f"A few friends who tell each other of things: {percent(1 - share)} of what these {len(members)} did lately "
        f"was elsewhere, {percent(own)} of the targets are their own; "
        + ("this is how a chat acts." if stands else "friends also do other things."),
    )


def _organisation(figures: Figures) -> Explanation | None:
    """A newsroom, a company, a party: its pages share its own links."""
    sites = [target.author for target in figures.targets if target.layer == Layer.URL and target.author]
    if len(sites) < 2:
        return None
    number = effective_number(sites)
    stands = number < 2
    return Explanation(
        "organisation",
        stands,
        f"Pages of one organisation: the links lead to {number:.1f} sites (effective number)"
        + (", as a newsroom's own pages do." if stands else ", more than one house has."),
    )


def _visible_source(figures: Figures) -> Explanation | None:
    """People and newsrooms copy word for word what they see: a headline, a share button, a petition."""
    families = [cohort for cohort in figures.cohorts if cohort.layer == Layer.FAMILY]
    if not families:
        return None
    linked = median(cohort.linked_share for cohort in families)
    members = [m for t in figures.targets if t.layer == Layer.FAMILY for m in t.members.values()]
    verbatim = sum(m.similarity >= 0.95 for m in members) / max(1, len(members))
    stands = linked >= 0.5 and verbatim >= 0.7
    return Explanation(
        "visible_source",
        stands,
        f"Copied from something visible (share button, headline, petition): {percent(linked)} carry a link, hashtag "
        f"or picture, {percent(verbatim)} are copied word for word; "
        + ("this is how people copy." if stands else "that alone does not explain the rest."),
    )


def _hashtag(figures: Figures) -> Explanation | None:
    """A birthday, a match, a protest: strangers use the hashtag that they all see."""
    tags = [target for target in figures.targets if target.layer == Layer.HASHTAGS]
    if not tags or len(tags) < len(figures.targets):
        return None
    stands = len(tags) == 1
    return Explanation(
        "hashtag",
        stands,
        "A hashtag that anybody can see and join: "
        + ("one occasion, as on a birthday or at a match." if stands else f"but the same accounts met on {len(tags)}."),
    )
