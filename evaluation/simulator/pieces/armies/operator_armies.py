"""An operator with several armies: each has its trade, and they share accounts, a contact and machines."""

from random import Random

from msgspec.structs import replace
from numpy.random import Generator

from evaluation.simulator.clock import MINUTE_MS
from evaluation.simulator.contacts import invent, written
from evaluation.simulator.people import Farm, Person, farmed
from evaluation.simulator.pieces.armies.dials import Army, Count, Mean, Share, Span
from evaluation.simulator.randomness import words_of
from evaluation.simulator.spin import Spin, spin
from evaluation.simulator.words.templates import PAID
from evaluation.simulator.world import Planted, World
from models.events import AnyEvent, LikeAction

TRADES = ("like", "comment", "follow", "repost")


class OperatorArmies(Army, frozen=True, kw_only=True):
    """Dials of an operator. The group of the truth is everybody whom it pays."""

    group: str = "operator"
    size: Count = 40
    """Accounts of one army."""
    armies: Count = 3
    """Armies; their trades take turns: likes, comments, follows, reposts."""
    orders: Count = 8
    """Orders of each army."""
    shared: Share = 0.2
    """Share of an army's accounts that also serve the next army."""
    contact: Share = 0.5
    """Share of the comments that carry the operator's contact."""
    participation: Share = 0.7
    jitter_ms: Span = 6 * MINUTE_MS
    paraphrase: Share = 1.0
    """How far comments differ: 0 is one text word for word, 1 is all that `spin` says."""
    spin: Spin = Spin()
    camouflage: Mean = 2.0
    farm: Farm = Farm(marked=0.7, batches=3, age_days=45, phones=30, networks=3, client="", names="syllables")

    def plant(self, world: World, rng: Generator) -> Planted:
        """The orders of every army; `participation` of the truth is that of an army, not of the operator."""
        words = words_of(rng)
        kept = max(1, self.size - round(self.shared * self.size))
        accounts = farmed(rng, kept * (self.armies - 1) + self.size, world.start_ms, self.prefix, self.farm)
        handle = invent("wechat", words)
        events: list[AnyEvent] = []
        for army in range(self.armies):
            people = accounts[army * kept : army * kept + self.size]
            for number, order_ms in enumerate(self.moments(world, rng, self.orders)):
                events += self._serve(world, rng, f"{army}-{number}", people, order_ms, words, handle)
        about = f"one operator with {self.armies} armies of {self.size} that share accounts, machines and a contact"
        planted = self.told(world, rng, [accounts], events, about)
        return replace(planted, group=replace(planted.group, participation=self.participation))

    def _serve(
        self, world: World, rng: Generator, order: str, people: list[Person], order_ms: int, words: Random, handle: str
    ) -> list[AnyEvent]:
        army, number = map(int, order.split("-"))
        trade = TRADES[army % len(TRADES)]
        found = world.posts_before(rng, 1, order_ms)
        if not found:
            return []
        target, author = world.posts.ids[found[0]], world.author(found[0])
        events: list[AnyEvent] = []
        for place, person, at_ms in self.served(people, order_ms, words):
            if trade == "comment":
                text = spin(PAID[number % len(PAID)], words, self.spin, self.paraphrase)
                if words.random() < self.contact:
                    text += " " + written("wechat", handle, words, 0.5)
                events.append(person.post(f"{self.prefix}{order}-{place}", text, at_ms, reply_to=target))
            else:
                what = author if trade == "follow" else target
                events.append(person.like(what, author, at_ms, LikeAction(trade)))
        return events
