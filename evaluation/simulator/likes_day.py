"""Likes by the million, for benchmarks: arrays until the last moment."""

from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from numpy.random import Generator
from numpy.typing import NDArray

from evaluation.simulator.clock import DAY_MS, START_MS, delays, times
from evaluation.simulator.randomness import stream
from models.events import AnyEvent, Like, LikeAction


class LikesDay(Struct, frozen=True):
    """Dials of a day of likes: Zipf targets, heavy-tailed accounts, communities, day cycle, armies."""

    likes: int = 1_000_000
    likes_per_account: float = 10.0
    likes_per_target: float = 25.0
    accounts_per_community: int = 2_000
    loyalty: float = 0.5
    likes_per_army: int = 90_000
    """About 34 armies in a day of 3 million likes."""
    army_size: int = 60
    army_targets: int = 15
    duration_ms: int = DAY_MS


class Columns(Struct, frozen=True):
    """The likes as columns, sorted by time. Accounts and targets are numbers."""

    account: NDArray[np.int64]
    target: NDArray[np.int64]
    author: NDArray[np.int64]
    at_ms: NDArray[np.int64]

    @property
    def accounts(self) -> int:
        """Distinct accounts."""
        return len(np.unique(self.account))


def likes_day(dials: LikesDay, seed: int) -> Columns:
    """Draw the day of one seed."""
    rng = stream(seed, "likes day")
    targets = max(10, int(dials.likes / dials.likes_per_target))
    accounts = max(100, int(dials.likes / dials.likes_per_account))
    armies = max(1, dials.likes // dials.likes_per_army)
    born_ms = times(rng, targets, START_MS, dials.duration_ms)
    author = rng.integers(accounts, size=targets)
    target = _zipf(rng, targets, dials.likes)
    account = _accounts(rng, dials, accounts, target)
    at_ms = born_ms[target] + delays(rng, dials.likes, 25 * 60_000, 1.3)
    parts = [(account, target, at_ms)] + [_army(rng, dials, number, accounts, born_ms) for number in range(armies)]
    account, target, at_ms = (np.concatenate(column) for column in zip(*parts, strict=True))
    kept = at_ms < START_MS + dials.duration_ms
    order = np.argsort(at_ms[kept], kind="stable")
    account, target, at_ms = account[kept][order], target[kept][order], at_ms[kept][order]
    return Columns(account, target, author[target], at_ms)


def events_of(columns: Columns, batch_events: int) -> Iterator[list[AnyEvent]]:
    """The likes as events, `batch_events` at a time."""
    for at in range(0, len(columns.at_ms), batch_events):
        part = slice(at, at + batch_events)
        rows = zip(
            columns.account[part].tolist(),
            columns.target[part].tolist(),
            columns.author[part].tolist(),
            columns.at_ms[part].tolist(),
            strict=True,
        )
        yield [Like(f"u{who}", f"t{what}", LikeAction.LIKE, at_ms, f"u{whose}") for who, what, whose, at_ms in rows]


def _zipf(rng: Generator, targets: int, likes: int) -> NDArray[np.int64]:
    weights = np.minimum(rng.pareto(1.1, targets) + 0.05, targets / 10)
    return rng.choice(targets, likes, p=weights / weights.sum())


def _accounts(rng: Generator, dials: LikesDay, accounts: int, target: NDArray[np.int64]) -> NDArray[np.int64]:
    """Accounts by activity; a share stays within the community of the target (its number's rest)."""
    weights = np.minimum(rng.pareto(1.6, accounts) + 0.2, 40.0)
    communities = max(1, accounts // dials.accounts_per_community)
    account = rng.choice(accounts, len(target), p=weights / weights.sum())
    loyal = rng.random(len(target)) < dials.loyalty
    within = account - account % communities + target % communities
    return np.where(loyal & (within < accounts), within, account)


def _army(
    rng: Generator, dials: LikesDay, number: int, accounts: int, born_ms: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    members = accounts + number * dials.army_size + np.arange(dials.army_size)
    targets = rng.choice(len(born_ms), dials.army_targets, replace=False)
    taking_part = rng.random((dials.army_targets, dials.army_size)) < 0.75
    order, member = np.nonzero(taking_part)
    begin_ms = born_ms[targets] + rng.integers(20 * 60_000, 4 * 3_600_000, size=dials.army_targets)
    at_ms = begin_ms[order] + rng.integers(240_000, size=len(order))
    return members[member], targets[order], at_ms
