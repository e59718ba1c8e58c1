"""Weather and train bots: hundreds of stations, one operator, the same sentence with other numbers, on the hour."""

from random import Random
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace
from numpy.random import Generator

from evaluation.simulator.clock import DAY_MS, HOUR_MS, MINUTE_MS
from evaluation.simulator.pieces.crowds.dials import Count, HonestCrowd, Mean, Share, Span, SpanOrNone, alike
from evaluation.simulator.randomness import words_of
from evaluation.simulator.words.occasions import PLACES, TRAIN, WEATHER, WINDS
from evaluation.simulator.world import Planted, World

if TYPE_CHECKING:
    from models.events import AnyEvent


class StationBots(HonestCrowd, frozen=True, kw_only=True):
    """Dials of an honest operator's accounts."""

    group: str = "station bots"
    service: Literal["weather", "train"] = "weather"
    size: Count = 80
    period_ms: Span = 30 * MINUTE_MS
    spread_ms: Span = 20_000
    """All stations report within this after the full period."""
    set_up: Share = 0.9
    """Share that was registered on the day when the service began."""
    age_ms: SpanOrNone = 400 * DAY_MS
    everyday_likes: Mean = 0.0
    everyday_posts: Mean = 0.0

    def plant(self, world: World, rng: Generator) -> Planted:
        """A report of every station every period; nothing else, ever."""
        words = words_of(rng)
        day_ms = (world.start_ms - self.age_ms) // DAY_MS * DAY_MS
        stations = [
            replace(
                person,
                name=f"{PLACES[at % len(PLACES)]}{self.service}{1_000 + at}",
                registered_at_ms=day_ms + 9 * HOUR_MS + at * 40_000
                if words.random() < self.set_up
                else person.registered_at_ms,
            )
            for at, person in enumerate(self.people(world, rng, words, world.start_ms))
        ]
        stations = alike(stations, words, 1.0, f"{self.prefix}office", f"{self.service} relay 1.4")
        offsets = [words.randrange(self.spread_ms) for _ in stations]
        events: list[AnyEvent] = []
        first = world.start_ms // self.period_ms + 1
        last = (world.start_ms + world.duration_ms) // self.period_ms
        for number in range(first, last):
            for at, station in enumerate(stations):
                at_ms = number * self.period_ms + offsets[at] + words.randrange(300)
                text = self._report(words, PLACES[at % len(PLACES)] + str(at), at_ms)
                events.append(station.post(f"{self.prefix}{number}-{at}", text, at_ms))
        about = f"{self.size} {self.service} stations of one operator report on the hour"
        return self.told(world, rng, "station bots", about, stations, events)

    def _report(self, words: Random, station: str, at_ms: int) -> str:
        pattern = WEATHER if self.service == "weather" else TRAIN
        return pattern.format(
            station=station, hour=at_ms // HOUR_MS % 24, warm=words.uniform(-3, 21), damp=words.randint(20, 98),
            wind=words.choice(WINDS), force=words.randint(1, 7), press=words.randint(990, 1_030),
            sight=words.randint(1, 30),
        )  # fmt: skip
