"""The accounts of the simulated platform: who they are before they do anything."""

from collections.abc import Sequence
from random import Random
from string import ascii_lowercase
from typing import Annotated, Literal

import numpy as np
from msgspec import Meta, Struct
from numpy.random import Generator
from numpy.typing import NDArray

from evaluation.simulator.clock import DAY_MS
from evaluation.simulator.randomness import words_of
from models.events import Account, Like, LikeAction, Post, PostKind

CLIENTS = ("android 9.2", "ios 9.2", "web", "android 9.1", "ios 9.1", "tablet 4", "android 8.8", "lite 3")
_CLIENT_SHARES = np.array([0.34, 0.26, 0.14, 0.1, 0.06, 0.04, 0.04, 0.02])
NETWORKS = 400
AGE_DAYS = 3_650
_SYLLABLES = (
    "xiao hua li wei an na mei jun feng yu shan lan mia leo ben kai zoe sam rui tao lin bo chen ivy dan".split()
)
_HANZI = "小大晴雨山海星云风林月夏冬北南木石鱼鹿猫糖茶米豆橘桃阿老"


class Person(Struct, frozen=True):
    """One account and what it carries on every event."""

    account_id: str
    name: str
    registered_at_ms: int
    client: str
    device_id: str
    network_id: str
    followers: int

    def known(self, observed_at_ms: int) -> Account:
        """The account event that a platform sends."""
        return Account(
            self.account_id, self.registered_at_ms, self.name, self.client, self.device_id, self.network_id,
            self.followers, observed_at_ms=observed_at_ms,
        )  # fmt: skip

    def like(self, target: str, author: str | None, at_ms: int, action: LikeAction = LikeAction.LIKE) -> Like:
        """This account acts on a target."""
        return Like(self.account_id, target, action, at_ms, author, None, self.client, self.device_id, self.network_id)

    def post(
        self,
        post_id: str,
        text: str,
        at_ms: int,
        reply_to: str | None = None,
        repost_of: str | None = None,
        urls: Sequence[str] = (),
        hashtags: Sequence[str] = (),
    ) -> Post:
        """This account publishes a text, of its own or under or with somebody's post."""
        kind = PostKind.REPOST if repost_of else PostKind.COMMENT if reply_to else PostKind.POST
        return Post(
            post_id, self.account_id, text, at_ms, kind, reply_to, repost_of, tuple(urls), tuple(hashtags), (),
            self.client, self.device_id, self.network_id,
        )  # fmt: skip


class Crowd(Struct, frozen=True):
    """Honest accounts with how much each does (weights that sum to 1) and the community of each."""

    people: list[Person]
    weights: NDArray[np.float64]
    communities: NDArray[np.int64]


def crowd(rng: Generator, number: int, now_ms: int, prefix: str = "u", communities: int = 24) -> Crowd:
    """Draw `number` unrelated accounts: ages over ten years, heavy-tailed activity, all sorts of names.

    3 % share a device with the account before (families), networks are a few carriers and many small ones.
    """
    weights = rng.pareto(1.3, number) + 0.15
    return Crowd(
        people(rng, number, now_ms, prefix),
        weights / weights.sum(),
        rng.integers(communities, size=number),
    )


def people(rng: Generator, number: int, now_ms: int, prefix: str) -> list[Person]:
    """Draw unrelated accounts, ids `prefix` + number."""
    words = words_of(rng)
    # platforms grow: more accounts are young than old
    ages_ms = (AGE_DAYS * DAY_MS * rng.beta(1.1, 1.6, number)).astype(np.int64) + DAY_MS
    clients = rng.choice(len(CLIENTS), number, p=_CLIENT_SHARES)
    networks = np.minimum(rng.zipf(1.35, number) - 1, NETWORKS - 1)
    followers = np.minimum(rng.pareto(0.9, number) * 40, 5e7).astype(np.int64)
    shares_device = rng.random(number) < 0.03
    found: list[Person] = []
    for at in range(number):
        device = found[-1].device_id if found and shares_device[at] else f"d-{prefix}{at}"
        found.append(
            Person(
                f"{prefix}{at}", name(words), now_ms - int(ages_ms[at]), CLIENTS[clients[at]], device,
                f"net{networks[at]}", int(followers[at]),
            )
        )  # fmt: skip
    return found


def name(random: Random) -> str:
    """A name as honest people choose: syllables, characters, sometimes digits."""
    if random.random() < 0.4:
        return "".join(random.choice(_HANZI) for _ in range(random.randint(2, 5)))
    stem = "".join(random.choice(_SYLLABLES) for _ in range(random.randint(1, 3)))
    tail = str(random.randint(1, 10 ** random.randint(1, 4))) if random.random() < 0.35 else ""
    return stem + random.choice(("", "", "_", ".")) + tail


class Farm(Struct, frozen=True):
    """How an army's accounts were made. Every dial can be turned down until nothing is left to see."""

    batches: int = 2
    """Days on which accounts were registered; 0 keeps the ages of bought accounts."""
    age_days: int = 20
    """Age of the youngest batch."""
    phones: int = 12
    """Devices that the accounts share; 0 gives each its own."""
    networks: int = 2
    client: str = "openapi 2.0"
    """The program that all of them use; an empty one leaves each its own."""
    marked: float = 0.85
    """Share of the accounts made this way; the rest were bought from honest people."""
    names: Literal["machine", "syllables", "own"] = "machine"
    """Six letters and four digits; syllables and a year, which passes for a name; or the name of the account's past."""
    within_ms: Annotated[int, Meta(ge=1)] = 3_600_000
    """A batch was registered within this."""
    followers_max: int = 12
    """0 keeps the followers of the account's past: they are for sale too."""


def farmed(rng: Generator, number: int, now_ms: int, prefix: str, farm: Farm) -> list[Person]:
    """Draw the accounts of an army."""
    words = words_of(rng)
    bought = people(rng, number, now_ms, prefix)
    marked = rng.random(number) < farm.marked
    return [
        _farmed(words, person, at, now_ms, prefix, farm) if marked[at] else person for at, person in enumerate(bought)
    ]


def _farmed(words: Random, person: Person, at: int, now_ms: int, prefix: str, farm: Farm) -> Person:
    day_ms = now_ms // DAY_MS * DAY_MS - (farm.age_days + 9 * (at % max(1, farm.batches))) * DAY_MS
    name = _made_name(words, person, farm)
    registered_at_ms = day_ms + words.randrange(farm.within_ms)
    return Person(
        person.account_id,
        name,
        registered_at_ms if farm.batches else person.registered_at_ms,
        farm.client or person.client,
        f"phone-{prefix}{at % farm.phones}" if farm.phones else person.device_id,
        f"hosting-{prefix}{at % farm.networks}" if farm.networks else person.network_id,
        words.randint(0, farm.followers_max) if farm.followers_max else person.followers,
    )


def _made_name(words: Random, person: Person, farm: Farm) -> str:
    if farm.names == "own":
        return person.name
    if farm.names == "syllables":
        return words.choice(_SYLLABLES) + words.choice(_SYLLABLES) + str(words.randint(1_960, 2_012))
    return "".join(words.choice(ascii_lowercase) for _ in range(6)) + str(words.randint(1_000, 9_999))
