"""The dials that every army has, by the same names, and what they mean for who acts when."""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Annotated, TypeVar

from msgspec import Meta, Struct
from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS, spread
from evaluation.simulator.people import Farm, Person, farmed
from evaluation.simulator.pieces.aside import everyday
from evaluation.simulator.truth import Expected
from evaluation.simulator.world import Planted, World, actor, planted
from models.events import AnyEvent

Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Count = Annotated[int, Meta(ge=1, le=100_000)]
Number = Annotated[int, Meta(ge=0, le=100_000)]
Mean = Annotated[float, Meta(ge=0.0, le=1_000.0)]
Span = Annotated[int, Meta(ge=1, le=10**11)]
SpanOrNone = Annotated[int, Meta(ge=0, le=10**11)]
Member = TypeVar("Member")


class Army(Struct, frozen=True, kw_only=True):
    """Dials of every army. All spans in ms."""

    group: str = "army"
    size: Count = 60
    """Accounts that serve at a time; all that there are, unless `rotation` replaces some."""
    participation: Share = 0.75
    """Share of the members that serves an order."""
    jitter_ms: Span = 4 * MINUTE_MS
    """Each action comes at random within this after its turn."""
    drip_ms: SpanOrNone = 0
    """Slow drip: the turns of an order are spread over this; 0: all at once."""
    camouflage: Mean = 2.0
    """Organic likes of each account besides, on average."""
    rotation: Share = 0.0
    """Share of the members that new accounts replace between two orders."""
    tenure: Count = 1
    """Orders between two replacements of members."""
    begin: Share = 0.1
    """Part of the stream that has passed when the first order comes."""
    farm: Farm = Farm()

    @property
    def prefix(self) -> str:
        """Beginning of the ids of the accounts and posts."""
        return self.group.replace(" ", "-") + "-"

    @property
    def span_ms(self) -> int:
        """An order is served within this."""
        return self.jitter_ms + self.drip_ms

    def moments(self, world: World, rng: Generator, orders: int) -> Iterator[int]:
        """When the orders come: evenly over the rest of the stream, but for a little chance. Drawn one by one."""
        begin_ms = world.start_ms + int(self.begin * world.duration_ms)
        duration_ms = max(1, world.start_ms + world.duration_ms - self.span_ms - begin_ms)
        return spread(rng, orders, begin_ms, duration_ms)

    def crews(self, world: World, rng: Generator, words: Random, orders: int) -> list[list[Person]]:
        """The accounts that serve each order; `words` draws who is replaced."""
        shifts = self._shifts(orders, words)
        accounts = farmed(rng, 1 + max(map(max, shifts)), world.start_ms, self.prefix, self.farm)
        return [[accounts[number] for number in shift] for shift in shifts]

    def _shifts(self, orders: int, words: Random) -> list[list[int]]:
        members = list(range(self.size))
        made = self.size
        found = []
        for number in range(orders):
            if self.rotation and number and number % self.tenure == 0:
                for left in words.sample(range(self.size), round(self.rotation * self.size)):
                    members[left] = made
                    made += 1
            found.append(list(members))
        return found

    def served(
        self,
        members: Sequence[Member],
        order_ms: int,
        words: Random,
        chance: Callable[[], float] | None = None,
        below: Callable[[int], int] | None = None,
    ) -> Iterator[tuple[int, Member, int]]:
        """Who of the members serves an order, and when: their place, the member, the time.

        `chance` (0 to 1) and `below` (0 to its argument − 1) draw; those of `words` if not told.
        """
        chance, below = chance or words.random, below or words.randrange
        places = list(range(len(members)))
        if self.drip_ms:
            words.shuffle(places)
        for turn, place in enumerate(places):
            if chance() < self.participation:
                turn_ms = order_ms + self.drip_ms * turn // len(places)
                yield place, members[place], turn_ms + below(self.jitter_ms)

    def more(self, order_ms: int, at_ms: int, number: int, words: Random) -> list[int]:
        """`number` moments of one account in an order, the first of them told, all within its span."""
        return [at_ms, *(order_ms + words.randrange(self.span_ms) for _ in range(number - 1))]

    def told(
        self,
        world: World,
        rng: Generator,
        crews: Sequence[Sequence[Person]],
        own: list[AnyEvent],
        about: str,
        aside: Sequence[AnyEvent] = (),
        parts: int = 1,
    ) -> Planted:
        """Put the army together: camouflage, and the truth about those who did anything for it.

        A member by whom no order was served is an account like any other. `parts`: number of targets over which
        an order is scattered, where nothing else that one could see is common to it.
        """
        everybody = list({person.account_id: person for crew in crews for person in crew}.values())
        active = {actor(event) for event in own}
        people = [person for person in everybody if person.account_id in active]
        idle = [person for person in everybody if person.account_id not in active]
        besides = everyday(world, rng, everybody, self.prefix, self.camouflage)
        # of all accounts that there were, those who are members at one time
        serving = min(1.0, sum(map(len, crews)) / max(1, len(crews)) / max(1, len(people)))
        return planted(
            self.group, "army", Expected.ALERT, about, people, own, [*besides, *aside], idle,
            participation=self.participation * serving / parts, window_ms=self.span_ms,
        )  # fmt: skip


def spots_before(world: World, rng: Generator, number: int, before_ms: int) -> list[str]:
    """Up to `number` posts of different authors, published before a moment, under which an army may write."""
    return [world.posts.ids[post] for post in world.posts_before(rng, number, before_ms)] if number else []
