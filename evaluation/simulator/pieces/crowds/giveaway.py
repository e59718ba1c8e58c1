"""Prize draws: repost, follow, like, tag friends. Some people take part in every one there is. Honest."""

from collections.abc import Iterator
from random import Random

from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS, spread
from evaluation.simulator.people import Person
from evaluation.simulator.people import people as unrelated
from evaluation.simulator.pieces.crowds.dials import Count, HonestCrowd, Mean, Number, Share, Span, rush
from evaluation.simulator.randomness import words_of
from evaluation.simulator.words.occasions import GIVEAWAY, PRIZES, WISHES
from evaluation.simulator.world import Planted, World
from models.events import AnyEvent, LikeAction


class Giveaway(HonestCrowd, frozen=True, kw_only=True):
    """Dials of prize draws by unrelated shops and the people who hunt them."""

    group: str = "giveaway"
    size: Count = 140
    """Accounts that do this for many giveaways a day."""
    giveaways: Count = 12
    """Each by another shop."""
    participation: Share = 0.55
    passers: Number = 120
    """People of the platform that happen on each giveaway."""
    listed_after_ms: Span = 6 * MINUTE_MS
    """Median time until an account that collects giveaways has told of it; the hunters come then."""
    reaction_ms: Span = 9 * MINUTE_MS
    friends: Number = 2
    """Friends that each tags."""
    newcomers: Share = 0.12
    """Second accounts made for luck."""
    everyday_likes: Mean = 2.0
    everyday_posts: Mean = 0.2

    def plant(self, world: World, rng: Generator) -> Planted:
        """Giveaway after giveaway, and who takes part in each."""
        words = words_of(rng)
        shops = unrelated(rng, self.giveaways, world.start_ms, self.prefix + "shop-")
        hunters = self.people(world, rng, words, world.start_ms)
        events: list[AnyEvent] = []
        aside: list[AnyEvent] = []
        moments = spread(rng, self.giveaways, world.start_ms, int(0.75 * world.duration_ms))
        for number, (shop, post_ms) in enumerate(zip(shops, moments, strict=True)):
            post_id = f"{self.prefix}p{number}"
            text = GIVEAWAY.format(hour=words.randint(18, 23), prize=PRIZES[number % len(PRIZES)])
            aside.append(shop.post(post_id, text, post_ms))
            listed_ms = rush(rng, 1, post_ms, self.listed_after_ms, 0.6)[0]
            for hunter, at_ms in zip(hunters, rush(rng, len(hunters), listed_ms, self.reaction_ms), strict=True):
                if words.random() < self.participation:
                    events += self._enter(words, hunter, shop, post_id, at_ms)
            chosen = rng.choice(len(world.crowd.people), self.passers, p=world.crowd.weights)
            passing = rush(rng, self.passers, post_ms, 2 * self.reaction_ms)
            for who, at_ms in zip(sorted(set(chosen.tolist())), passing, strict=False):
                aside += self._enter(words, world.crowd.people[who], shop, post_id, at_ms)
        about = f"{self.size} people take part in {self.giveaways} giveaways of unrelated shops"
        return self.told(world, rng, "giveaway", about, hunters, events, shops, aside)

    def _enter(self, words: Random, person: Person, shop: Person, post_id: str, at_ms: int) -> Iterator[AnyEvent]:
        """Like, repost, follow, and a comment that tags friends: what the shop asks for, by hand."""
        yield person.like(post_id, shop.account_id, at_ms)
        yield person.like(shop.account_id, shop.account_id, at_ms + words.randint(1_000, 6_000), LikeAction.FOLLOW)
        yield person.like(post_id, shop.account_id, at_ms + words.randint(3_000, 12_000), LikeAction.REPOST)
        tagged = " ".join(f"@friend{words.randint(1, 40)}of{person.account_id}" for _ in range(self.friends))
        text = f"{words.choice(WISHES)} {tagged}"
        comment_id = f"{post_id}-{person.account_id}"
        yield person.post(comment_id, text, at_ms + words.randint(8_000, 40_000), reply_to=post_id)
