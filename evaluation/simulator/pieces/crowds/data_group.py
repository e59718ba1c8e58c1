"""An organised fan group: at set hours its members work through a checklist. Coordinated, and honest."""

from collections.abc import Iterator, Sequence
from random import Random

from numpy.random import Generator

from evaluation.simulator.clock import HOUR_MS, MINUTE_MS, spread
from evaluation.simulator.grammar import CHINESE
from evaluation.simulator.people import Person
from evaluation.simulator.people import people as unrelated
from evaluation.simulator.pieces.crowds.dials import Count, HonestCrowd, Mean, Share, Span, rush
from evaluation.simulator.randomness import words_of
from evaluation.simulator.truth import Expected
from evaluation.simulator.words.occasions import CHECKLIST, IDOLS, SLOGANS
from evaluation.simulator.world import Planted, World
from models.events import AnyEvent, LikeAction


class DataGroup(HonestCrowd, frozen=True, kw_only=True):
    """Dials of a group that keeps an idol's figures up."""

    group: str = "data group"
    size: Count = 150
    idols: Count = 1
    """One or two; the targets are their posts."""
    targets: Count = 6
    rounds: Count = 3
    """Set hours at which everything since the last one is liked, passed on and commented."""
    participation: Share = 0.85
    reaction_ms: Span = 9 * MINUTE_MS
    """Median time from the checklist to a member's work."""
    slogans: Share = 0.5
    """Share of the work that comes with a slogan copied from the group."""
    everyday_likes: Mean = 6.0
    everyday_posts: Mean = 0.5

    def plant(self, world: World, rng: Generator) -> Planted:
        """Posts of the idols, checklists, and a round of work after each."""
        words = words_of(rng)
        idols = unrelated(rng, min(self.idols, len(IDOLS)), world.start_ms, self.prefix + "idol-")
        members = self.people(world, rng, words, world.start_ms)
        posts = list(self._posts(world, rng, words, idols))
        events: list[AnyEvent] = []
        done = 0
        for number in range(self.rounds):
            hour_ms = self._set_hour(world, number)
            due = [post for post in posts[done:] if post[2] < hour_ms]
            done += len(due)
            hour = hour_ms // HOUR_MS % 24
            text = CHECKLIST.format(idol=IDOLS[0], hour=hour, number=len(due))
            events.append(members[0].post(f"{self.prefix}list-{number}", text, hour_ms))
            events += self._round(rng, words, members, due, hour_ms)
        shown = [idols[at].post(post_id, CHINESE.text(words, 2), post_ms) for post_id, at, post_ms in posts]
        about = f"{self.size} organised fans work through checklists for {len(idols)} idols at set hours"
        return self.told(
            world, rng, "data group", about, members, events, idols, shown, Expected.LISTED, 4 * self.reaction_ms
        )

    def _posts(
        self, world: World, rng: Generator, words: Random, idols: Sequence[Person]
    ) -> Iterator[tuple[str, int, int]]:
        """(id, which idol, time) of each target, in order of time; all before the last set hour."""
        last_ms = self._set_hour(world, self.rounds - 1)
        for number, post_ms in enumerate(spread(rng, self.targets, world.start_ms, last_ms - world.start_ms - 1)):
            yield f"{self.prefix}p{number}", words.randrange(len(idols)), post_ms

    def _set_hour(self, world: World, number: int) -> int:
        step_ms = int(0.9 * world.duration_ms / self.rounds)
        return (world.start_ms + step_ms * (number + 1) - 5 * self.reaction_ms) // MINUTE_MS * MINUTE_MS

    def _round(
        self,
        rng: Generator,
        words: Random,
        members: Sequence[Person],
        due: Sequence[tuple[str, int, int]],
        hour_ms: int,
    ) -> Iterator[AnyEvent]:
        for member, begin_ms in zip(members, rush(rng, len(members), hour_ms, self.reaction_ms, 0.7), strict=True):
            if words.random() >= self.participation:
                continue
            at_ms = begin_ms
            for post_id, idol, _ in due:
                at_ms += words.randint(3_000, 25_000)
                author = f"{self.prefix}idol-{idol}"
                yield member.like(post_id, author, at_ms)
                yield member.like(post_id, author, at_ms + 1_500, LikeAction.REPOST)
                if words.random() < self.slogans:
                    text = words.choice(SLOGANS).format(idol=IDOLS[idol])
                    comment_id = f"{post_id}-{member.account_id}"
                    yield member.post(comment_id, text, at_ms + words.randint(2_000, 9_000), reply_to=post_id)
