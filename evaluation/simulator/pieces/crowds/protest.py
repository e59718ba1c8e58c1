"""A protest: real people with old accounts agree on an hour, pass on one call and speak up at public accounts."""

from collections.abc import Iterator, Sequence
from random import Random

from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS
from evaluation.simulator.people import Person
from evaluation.simulator.people import people as unrelated
from evaluation.simulator.pieces.crowds.dials import Count, HonestCrowd, Mean, Share, Span, rush
from evaluation.simulator.randomness import words_of
from evaluation.simulator.words.occasions import CALL, CALL_TAG, PLEAS
from evaluation.simulator.world import Planted, World
from models.events import AnyEvent, LikeAction


class Protest(HonestCrowd, frozen=True, kw_only=True):
    """Dials of people who coordinate in the open."""

    group: str = "protest"
    size: Count = 300
    participation: Share = 0.75
    publics: Count = 3
    """Public accounts under whose latest posts they speak up."""
    reaction_ms: Span = 5 * MINUTE_MS
    """Median time from the set hour until somebody has begun."""
    copied: Share = 0.5
    """Share that pastes the call; the others repost it."""
    own_words: Share = 0.5
    """Share of the replies with a sentence of one's own."""
    at: Share = 0.4
    """Part of the stream before the set hour."""
    everyday_likes: Mean = 3.0

    def plant(self, world: World, rng: Generator) -> Planted:
        """The call long before; at the hour reposts, copies, likes, and replies."""
        words = words_of(rng)
        hour_ms = (world.start_ms + int(self.at * world.duration_ms)) // MINUTE_MS * MINUTE_MS
        people = self.people(world, rng, words, hour_ms)
        caller, *publics = unrelated(rng, 1 + self.publics, world.start_ms, self.prefix + "public-")
        call_id, call_ms = f"{self.prefix}call", world.start_ms + 60_000
        shown: list[AnyEvent] = [caller.post(call_id, f"{CALL} #{CALL_TAG}#", call_ms, hashtags=(CALL_TAG,))]
        for number, public in enumerate(publics):
            post_ms = world.start_ms + (2 + 3 * number) * MINUTE_MS
            shown.append(public.post(f"{self.prefix}p{number}", f"今日工作动态 第{number + 1}期", post_ms))
        events: list[AnyEvent] = []
        for person, at_ms in zip(people, rush(rng, len(people), hour_ms, self.reaction_ms, 0.7), strict=True):
            if words.random() >= self.participation:
                continue
            events.append(person.like(call_id, caller.account_id, at_ms))
            if words.random() < self.copied:
                post_id = f"{self.prefix}copy-{person.account_id}"
                events.append(person.post(post_id, f"{CALL} #{CALL_TAG}#", at_ms + 15_000, hashtags=(CALL_TAG,)))
            else:
                events.append(person.like(call_id, caller.account_id, at_ms + 4_000, LikeAction.REPOST))
            events += self._speak(words, person, publics, at_ms)
        about = f"{self.size} people with old accounts pass on one call at a set hour and write to public accounts"
        return self.told(world, rng, "protest", about, people, events, [caller, *publics], shown)

    def _speak(self, words: Random, person: Person, publics: Sequence[Person], at_ms: int) -> Iterator[AnyEvent]:
        """Replies under the latest posts of public accounts, each a while after the other acts."""
        for number, public in enumerate(publics):
            if words.random() < self.participation:
                plea = words.choice(PLEAS)
                if words.random() < self.own_words:
                    plea += f"，我家住在桥头{words.randint(1, 99)}号，{words.randint(3, 60)}年了"
                reply_ms = at_ms + words.randint(30_000, 400_000)
                under, text = f"{self.prefix}p{number}", f"{plea} #{CALL_TAG}#"
                reply_id = f"{self.prefix}r{number}-{person.account_id}"
                yield person.post(reply_id, text, reply_ms, reply_to=under, hashtags=(CALL_TAG,))
                yield person.like(under, public.account_id, reply_ms - 3_000)
