"""An emergency: a call for help with a telephone number that people copy, pass on and like as fast as they can."""

from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS
from evaluation.simulator.people import people as unrelated
from evaluation.simulator.pieces.crowds.dials import Count, HonestCrowd, Mean, Share, Span, rush
from evaluation.simulator.randomness import words_of
from evaluation.simulator.words.occasions import APPEAL_TAG, APPEALS, PASSING_ON
from evaluation.simulator.world import Planted, World
from models.events import AnyEvent, LikeAction


class EmergencyAppeal(HonestCrowd, frozen=True, kw_only=True):
    """Dials of calls for help."""

    group: str = "emergency appeal"
    size: Count = 450
    appeals: Count = 2
    """At most two: a lost person, a flooded village; the same people pass on both."""
    participation: Share = 0.6
    reaction_ms: Span = 7 * MINUTE_MS
    copied: Share = 0.45
    """Share that pastes the text as a post of their own; the others repost the first."""
    own_words: Share = 0.25
    """Share of the copies with something added before."""
    tagged: Share = 0.2
    likes_each: Share = 0.7
    newcomers: Share = 0.25
    """Neighbours and relatives that open an account for it."""
    registered_within_ms: Span = 20 * MINUTE_MS
    """They do it when they have seen it, within this before they act."""
    begin: Share = 0.1
    everyday_likes: Mean = 1.5

    def plant(self, world: World, rng: Generator) -> Planted:
        """The appeals, likes, reposts, copies."""
        words = words_of(rng)
        begin_ms = world.start_ms + int(self.begin * world.duration_ms)
        people = unrelated(rng, self.size, world.start_ms, self.prefix)
        seen_ms = rush(rng, len(people), begin_ms, self.reaction_ms, 1.0)
        people = [self.joined([person], words, at_ms)[0] for person, at_ms in zip(people, seen_ms, strict=True)]
        callers = unrelated(rng, min(self.appeals, len(APPEALS)), world.start_ms, self.prefix + "caller-")
        events: list[AnyEvent] = []
        shown: list[AnyEvent] = []
        for number, (caller, text) in enumerate(zip(callers, APPEALS, strict=False)):
            post_id, post_ms = f"{self.prefix}p{number}", begin_ms + number * 8 * MINUTE_MS
            shown.append(caller.post(post_id, text, post_ms))
            for person, first_ms in zip(people, seen_ms, strict=True):
                at_ms = first_ms + number * 8 * MINUTE_MS + words.randint(0, 5 * MINUTE_MS)
                if words.random() >= self.participation:
                    continue
                if words.random() < self.likes_each:
                    events.append(person.like(post_id, caller.account_id, at_ms))
                spread_ms, copy_id = at_ms + words.randint(2_000, 40_000), f"{post_id}-{person.account_id}"
                tags = (APPEAL_TAG,) if words.random() < self.tagged else ()
                if words.random() < self.copied:
                    before = words.choice(PASSING_ON) + "！" if words.random() < self.own_words else ""
                    events.append(person.post(copy_id, before + text, spread_ms, hashtags=tags))
                else:
                    events.append(person.like(post_id, caller.account_id, spread_ms, LikeAction.REPOST))
                    events.append(
                        person.post(
                            copy_id, words.choice(PASSING_ON), spread_ms + 500, repost_of=post_id, hashtags=tags
                        )
                    )
        about = f"{self.size} people copy and pass on {len(callers)} calls for help with a telephone number"
        return self.told(world, rng, "emergency appeal", about, people, events, callers, shown)
