"""An idol's fans: all of them at once, on every post, within minutes, for years. Honest."""

from random import Random
from typing import TYPE_CHECKING

from msgspec import Struct
from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS, delays, spread
from evaluation.simulator.grammar import CHINESE
from evaluation.simulator.people import people as unrelated
from evaluation.simulator.pieces.aside import everyday
from evaluation.simulator.randomness import words_of
from evaluation.simulator.truth import Expected
from evaluation.simulator.words.templates import CHEERS, IDOL
from evaluation.simulator.world import Planted, World, planted

if TYPE_CHECKING:
    from models.events import AnyEvent


class FanClub(Struct, frozen=True):
    """Dials of a fan club."""

    group: str = "fan club"
    size: int = 400
    idol_posts: int = 6
    participation: float = 0.8
    reaction_ms: int = 4 * MINUTE_MS
    """Median time from the idol's post to a fan's like."""
    comments: float = 0.35
    """Share of the likes that come with a comment; half of those are cheers that many repeat."""
    everyday_likes: float = 4.0
    everyday_posts: float = 0.4

    def plant(self, world: World, rng: Generator) -> Planted:
        """Posts of the idol, likes and comments of the fans."""
        prefix = self.group.replace(" ", "-") + "-"
        words = words_of(rng)
        people = unrelated(rng, self.size + 1, world.start_ms, prefix)
        idol, fans = people[0], people[1:]
        events: list[AnyEvent] = []
        moments = spread(rng, self.idol_posts, world.start_ms, int(world.duration_ms * 0.9), gap_share=0.2)
        for number, post_ms in enumerate(moments):
            post = f"{prefix}idol-{number}"
            events.append(idol.post(post, CHINESE.text(words, 2), post_ms))
            for position, delay_ms in enumerate(delays(rng, self.size, self.reaction_ms, 1.0).tolist()):
                if words.random() < self.participation:
                    like_ms = post_ms + 2_000 + delay_ms
                    events.append(fans[position].like(post, idol.account_id, like_ms))
                    if words.random() < self.comments:
                        text = _comment(words)
                        events.append(fans[position].post(f"{post}-{position}", text, like_ms + 15_000, reply_to=post))
        about = f"{self.size} fans like every post of one idol within minutes"
        aside = everyday(world, rng, fans, prefix, self.everyday_likes, self.everyday_posts)
        return planted(self.group, "fan club", Expected.QUIET, about, fans, events, aside, [idol])


def _comment(words: Random) -> str:
    cheer = words.choice(CHEERS).format(idol=IDOL)
    return cheer if words.random() < 0.5 else CHINESE.sentence(words) + "，" + cheer
