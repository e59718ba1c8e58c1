"""An army that sells likes: orders come in one after another, most of the army serves each."""

from msgspec import Struct
from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS, spread
from evaluation.simulator.people import Farm, farmed
from evaluation.simulator.pieces.aside import everyday
from evaluation.simulator.truth import Expected
from evaluation.simulator.world import Planted, World, planted
from models.events import AnyEvent, LikeAction


class LikeArmy(Struct, frozen=True):
    """Dials of an army of likers."""

    group: str = "like army"
    size: int = 120
    targets: int = 16
    """Orders: posts by as many different authors, fewer where there are not so many."""
    participation: float = 0.75
    """Share of the army that serves an order."""
    jitter_ms: int = 3 * MINUTE_MS
    """An order is served within this."""
    after_ms: int = 25 * MINUTE_MS
    """Orders are for posts at least this old."""
    camouflage: float = 2.0
    """Organic likes of each account besides."""
    churn: float = 0.0
    """Share of the likes that are taken back and given again."""
    begin: float = 0.05
    """Part of the stream that has passed when the first order comes."""
    farm: Farm = Farm()
    action: LikeAction = LikeAction.LIKE

    def plant(self, world: World, rng: Generator) -> Planted:
        """Likes in bursts over many targets."""
        prefix = self.group.replace(" ", "-") + "-"
        people = farmed(rng, self.size, world.start_ms, prefix, self.farm)
        begin_ms = world.start_ms + int(self.begin * world.duration_ms)
        duration_ms = world.start_ms + world.duration_ms - self.jitter_ms - begin_ms
        events: list[AnyEvent] = []
        served: set[str] = set()
        for order_ms in spread(rng, self.targets, begin_ms, duration_ms):
            reachable = world.posts_before(rng, self.targets * 3 + 20, order_ms - self.after_ms)
            target = next((post for post in reachable if world.author(post) not in served), None)
            if target is None:
                continue
            served.add(world.author(target))
            for person in people:
                if rng.random() < self.participation:
                    at_ms = order_ms + int(rng.integers(self.jitter_ms))
                    author = world.author(target)
                    events.append(person.like(world.posts.ids[target], author, at_ms, self.action))
                    if rng.random() < self.churn:
                        events.append(person.like(world.posts.ids[target], author, at_ms + 20_000, LikeAction.UNLIKE))
                        events.append(person.like(world.posts.ids[target], author, at_ms + 50_000, self.action))
        about = f"{self.size} hired accounts like {len(served)} posts of unrelated authors"
        aside = everyday(world, rng, people, prefix, self.camouflage)
        return planted(self.group, "army", Expected.ALERT, about, people, events, aside)
