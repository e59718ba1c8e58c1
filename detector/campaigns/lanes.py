"""Lanes: the kinds of meeting that are compared with each other, each with its own pairs and limits.

Crowded targets make cohorts, quiet ones make bursts. Both lanes feed the same campaigns and the same
votes; where a campaign of cohorts holds the accounts of a burst already, the bursts add nothing.
"""

from msgspec.structs import replace

from detector.campaigns.pacing import Extent
from detector.cohorts.overlap import Overlaps
from detector.settings import CampaignSettings, DetectorSettings
from models.campaigns import Campaign
from models.ids import hash64_of


class Lane:
    """Pairs of one kind of meeting, and the campaigns last found among them."""

    def __init__(self, overlaps: Overlaps, settings: CampaignSettings, bursts: bool) -> None:
        self.overlaps = overlaps
        self.settings = settings
        self.bursts = bursts
        """Whether its cohorts are bursts: chosen for being tight and alone on their target."""
        self.live: dict[str, Campaign] = {}
        """Campaigns as last found, by name."""

    def name_of(self, found: Campaign) -> str:
        """Hash of the pair of cohorts that first tied it together: content, never a counter."""
        first = min(found.edges)
        return f"{hash64_of('campaign', *(self.overlaps.cohorts[index].key for index in first)):016x}"

    def extent_of(self, found: Campaign) -> Extent:
        """How large a campaign is."""
        sizes = [len(self.overlaps.cohorts[index].members) for index in found.cohorts]
        shape = hash64_of(len(found.accounts), *sizes)
        return Extent(shape, len(found.accounts), len(sizes), sum(sizes))

    def holds(self, found: Campaign) -> bool:
        """Whether all pairs and cohorts that tied it together are still remembered."""
        cohorts, edges = self.overlaps.cohorts, self.overlaps.carriers
        return all(index in cohorts for index in found.cohorts) and all(edge in edges for edge in found.edges)

    def covers(self, accounts: tuple[str, ...]) -> bool:
        """Whether one of its campaigns holds more than half of the accounts."""
        wanted = frozenset(accounts)
        return any(2 * len(wanted.intersection(found.accounts)) > len(wanted) for found in self.live.values())


def lanes_of(settings: DetectorSettings) -> tuple[Lane, Lane]:
    """(cohorts, bursts)."""
    bursts = settings.bursts
    longest_ms = max(settings.overlap.horizons_ms)
    overlap = replace(
        settings.overlap,
        overlap_min=bursts.overlap_min,
        p_log10_max=bursts.p_log10_max,
        horizons_ms=(longest_ms,),
        memberships_max=bursts.memberships_max,
    )
    campaign = replace(
        settings.campaign,
        targets_min=bursts.targets_min,
        edges_min=bursts.edges_min,
        accounts_min=bursts.accounts_min,
        overlap_kept_min=bursts.overlap_min,
    )
    return (
        Lane(Overlaps(settings.overlap, settings.collector.windows_ms), settings.campaign, bursts=False),
        Lane(Overlaps(overlap, (bursts.window_ms,)), campaign, bursts=True),
    )
