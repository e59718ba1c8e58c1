"""Customer service: the agents of a firm answer complaints with the firm's own phrases, from its own office."""

from collections.abc import Iterator, Sequence
from random import Random

from msgspec.structs import replace
from numpy.random import Generator

from evaluation.simulator.clock import DAY_MS, MINUTE_MS, times
from evaluation.simulator.people import Person
from evaluation.simulator.pieces.crowds.dials import Count, HonestCrowd, Mean, Share, Span, alike
from evaluation.simulator.randomness import words_of
from evaluation.simulator.words.occasions import COMPLAINTS, FIRMS, TEMPLATES
from evaluation.simulator.world import Planted, World
from models.events import AnyEvent


class CustomerService(HonestCrowd, frozen=True, kw_only=True):
    """Dials of one or several firms' service teams."""

    group: str = "customer service"
    size: Count = 60
    """Agents of all firms together."""
    firms: Count = 2
    answers: Count = 8
    """Complaints that each agent answers."""
    reaction_ms: Span = 7 * MINUTE_MS
    set_up: Share = 0.6
    """Share of the agents whose accounts were made on the day when the team began."""
    everyday_likes: Mean = 0.2
    everyday_posts: Mean = 0.0

    def plant(self, world: World, rng: Generator) -> Planted:
        """Complaints of all sorts of people, each answered once."""
        words = words_of(rng)
        people = self.people(world, rng, words, world.start_ms)
        teams = [people[at :: min(self.firms, len(FIRMS))] for at in range(min(self.firms, len(FIRMS)))]
        events: list[AnyEvent] = []
        complaints: list[AnyEvent] = []
        everybody: list[Person] = []
        for firm, (name, team) in enumerate(zip(FIRMS, teams, strict=False)):
            agents = self._hired(world, words, name, firm, team)
            everybody += agents
            for post, answer in self._answered(world, rng, words, name, firm, agents):
                complaints.append(post)
                events.append(answer)
        about = f"{self.size} agents of {len(teams)} firms answer complaints with templates"
        return self.told(world, rng, "customer service", about, everybody, events, aside=complaints)

    def _hired(self, world: World, words: Random, name: str, firm: int, team: Sequence[Person]) -> list[Person]:
        began_ms = (world.start_ms - words.randint(60, 700) * DAY_MS) // DAY_MS * DAY_MS
        named = [
            replace(
                agent,
                name=f"{name}客服{at:03d}",
                registered_at_ms=began_ms + words.randrange(DAY_MS // 3)
                if words.random() < self.set_up
                else agent.registered_at_ms,
            )
            for at, agent in enumerate(team, 1)
        ]
        return alike(named, words, 1.0, f"{self.prefix}office-{firm}", f"desk {firm + 3}.1")

    def _answered(
        self, world: World, rng: Generator, words: Random, name: str, firm: int, agents: Sequence[Person]
    ) -> Iterator[tuple[AnyEvent, AnyEvent]]:
        """(complaint, answer) pairs, spread over the day; which agent answers is chance."""
        total = len(agents) * self.answers
        moments = times(rng, total, world.start_ms, world.duration_ms).tolist()
        customers = rng.choice(len(world.crowd.people), total).tolist()
        for number, (customer, at_ms) in enumerate(zip(customers, moments, strict=True)):
            post_id = f"{self.prefix}{firm}-ask-{number}"
            text = words.choice(COMPLAINTS).format(firm=name)
            place = words.randrange(len(agents))
            answer = words.choice(TEMPLATES).format(firm=name, agent=f"{place + 1:03d}")
            late_ms = int(self.reaction_ms * words.lognormvariate(0, 0.8))
            yield (
                world.crowd.people[customer].post(post_id, text, at_ms),
                agents[place].post(f"{post_id}-answer", answer, at_ms + 20_000 + late_ms, reply_to=post_id),
            )
