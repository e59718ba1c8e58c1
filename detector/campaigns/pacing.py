"""When a campaign that nobody was called of is judged again: once enough of it is new, or a while has passed.

Judging costs as much as the campaign has memberships, and a crowd on many shared targets gains a few at
every tick. A judgement for every share `look_growth_min` of growth makes their number logarithmic in the
campaign's size; what grows less is judged once its time has come, so nothing stays unjudged.
"""

from collections.abc import Mapping

from msgspec import Struct

from detector.settings import CampaignSettings


class Extent(Struct, frozen=True):
    """How large a campaign is; every count is at least 0."""

    shape: int
    """Hash that changes whenever the campaign does."""
    accounts: int
    cohorts: int
    memberships: int
    """Accounts of its cohorts, added up: what judging it costs."""

    def grew(self, before: "Extent", share: float) -> bool:
        """Whether accounts, cohorts or memberships differ from `before` by at least `share` of what they were."""
        pairs = (
            (self.accounts, before.accounts),
            (self.cohorts, before.cohorts),
            (self.memberships, before.memberships),
        )
        return any(abs(now - was) >= share * max(1, was) for now, was in pairs)


class Look(Struct, frozen=True):
    """One judgement of a campaign."""

    at_ms: int
    extent: Extent
    points: float
    """What it came to. −1 if it has not been judged at this extent."""
    decided: int
    """Calls and decisions of people until then: they may change what is held against the accounts."""


class Pacing:
    """The last look at each live campaign, and which of them wait for the next one."""

    def __init__(self, settings: CampaignSettings, points_min: float) -> None:
        self._settings = settings
        self._near = points_min - settings.look_points_near
        self._looks: dict[str, Look] = {}
        self._waiting: dict[str, int] = {}
        self.decided = 0
        """Calls and decisions of people so far."""

    def last(self, campaign: str) -> Look | None:
        """The last look at a campaign."""
        return self._looks.get(campaign)

    def put(self, campaign: str, look: Look) -> None:
        """It is being looked at."""
        self._looks[campaign] = look
        self._waiting.pop(campaign, None)

    def is_due(self, campaign: str, extent: Extent, at_ms: int) -> bool:
        """Whether to judge it at `at_ms`; if not yet though it changed, it waits for its time."""
        before = self._looks.get(campaign)
        if before is None or before.decided != self.decided:
            return True
        if extent.shape == before.extent.shape:
            return False
        due_ms = before.at_ms + self._wait_ms(before)
        if due_ms <= at_ms or extent.grew(before.extent, self._growth(before)):
            return True
        self._waiting[campaign] = due_ms
        return False

    def _is_near(self, look: Look) -> bool:
        return look.points >= self._near

    def _growth(self, look: Look) -> float:
        return self._settings.look_growth_min / (4 if self._is_near(look) else 1)

    def _wait_ms(self, look: Look) -> int:
        """The larger it is, the longer; a quarter where one more figure would call somebody."""
        settings = self._settings
        wait_ms = settings.tick_ms * (look.extent.memberships // settings.look_memberships_per_tick)
        return min(settings.look_wait_max_ms, wait_ms) // (4 if self._is_near(look) else 1)

    def next_ms(self) -> int | None:
        """When the next waiting campaign is to be judged."""
        return min(self._waiting.values(), default=None)

    def take_due(self, at_ms: int) -> list[str]:
        """Campaigns whose time has come, in order of their names; they wait no more."""
        due = sorted(name for name, due_ms in self._waiting.items() if due_ms <= at_ms)
        for name in due:
            del self._waiting[name]
        return due

    def drop(self, campaign: str) -> None:
        """The campaign is over or part of another."""
        self._looks.pop(campaign, None)
        self._waiting.pop(campaign, None)

    def snapshot(self) -> tuple[dict[str, Look], dict[str, int], int]:
        """The state as records and plain values."""
        return self._looks, self._waiting, self.decided

    def restore(self, looks: Mapping[str, Look], waiting: Mapping[str, int], decided: int) -> None:
        """Take the state of `snapshot`."""
        self._looks, self._waiting, self.decided = dict(looks), dict(waiting), decided
