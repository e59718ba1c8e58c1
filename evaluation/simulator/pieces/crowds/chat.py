"""A few friends in a chat: one finds a post, the others like it within minutes. All day long, whoever wrote it."""

from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS, spread
from evaluation.simulator.pieces.crowds.dials import Count, HonestCrowd, Mean, Share, Span, rush
from evaluation.simulator.randomness import words_of
from evaluation.simulator.world import Planted, World


class Chat(HonestCrowd, frozen=True, kw_only=True):
    """Dials of friends who pass things on: the smallest of crowds, and the closest."""

    group: str = "chat"
    size: Count = 6
    finds: Count = 14
    """Posts that are passed on."""
    after_ms: Span = 25 * MINUTE_MS
    """They are at least this old: who browses finds old things too."""
    participation: Share = 0.8
    reaction_ms: Span = MINUTE_MS
    """Median time from the message in the chat until a friend has liked the post."""
    everyday_likes: Mean = 25.0

    def plant(self, world: World, rng: Generator) -> Planted:
        """Likes in small bursts, at posts of many authors."""
        words = words_of(rng)
        friends = self.people(world, rng, words, world.start_ms)
        events = []
        last_ms = world.duration_ms - 10 * MINUTE_MS
        for found_ms in spread(rng, self.finds, world.start_ms + 2 * MINUTE_MS, last_ms):
            reachable = world.posts_before(rng, 1, found_ms - self.after_ms)
            if not reachable:
                continue
            post = reachable[0]
            for friend, at_ms in zip(friends, rush(rng, self.size, found_ms, self.reaction_ms, 0.6), strict=True):
                if words.random() < self.participation:
                    events.append(friend.like(world.posts.ids[post], world.author(post), at_ms))
        about = f"{self.size} friends in a chat like what one of them finds"
        return self.told(world, rng, "chat", about, friends, [*events])
