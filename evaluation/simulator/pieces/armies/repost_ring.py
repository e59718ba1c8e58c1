"""A ring that reposts each other: the members write, and all others carry it on within minutes."""

from random import Random

from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS
from evaluation.simulator.grammar import grammar
from evaluation.simulator.people import Farm
from evaluation.simulator.pieces.armies.dials import Army, Count, Mean, Share, Span
from evaluation.simulator.randomness import words_of
from evaluation.simulator.world import Planted, World
from models.events import AnyEvent, LikeAction


class RepostRing(Army, frozen=True, kw_only=True):
    """Dials of a ring. Its members are old accounts with followers of their own: reach is what they trade."""

    group: str = "repost ring"
    size: Count = 40
    posts: Count = 12
    """Posts that are carried on, each by another member."""
    participation: Share = 0.7
    jitter_ms: Span = 8 * MINUTE_MS
    remarks: Share = 0.5
    """Share of the reposts that come with words of the account's own; the others are single taps."""
    camouflage: Mean = 4.0
    farm: Farm = Farm(
        marked=0.3, batches=2, age_days=400, phones=0, networks=0, client="", names="own", followers_max=0
    )

    def plant(self, world: World, rng: Generator) -> Planted:
        """Posts of members, and their reposts by the others."""
        words = words_of(rng)
        crews = self.crews(world, rng, words, self.posts)
        events: list[AnyEvent] = []
        for number, (crew, order_ms) in enumerate(zip(crews, self.moments(world, rng, self.posts), strict=True)):
            author = crew[number % len(crew)]
            source = f"{self.prefix}{number}"
            events.append(author.post(source, _own(words), order_ms))
            for place, person, at_ms in self.served(crew, order_ms + 1_000, words):
                if person is author:
                    continue
                if words.random() < self.remarks:
                    events.append(person.post(f"{source}-{place}", _own(words), at_ms, repost_of=source))
                else:
                    events.append(person.like(source, author.account_id, at_ms, LikeAction.REPOST))
        about = f"{self.size} accounts repost {self.posts} posts of each other"
        return self.told(world, rng, crews, events, about)


def _own(words: Random) -> str:
    return grammar(0.6, words).text(words)
