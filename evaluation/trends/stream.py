"""A small stream for runs through Kafka: any events, with topics that burst and a platform's list of them woven in."""

from collections.abc import Iterator, Sequence

from evaluation.simulator.clock import MINUTE_MS
from evaluation.trends.simulate import Dials, TrendSimulation, simulate_trends
from models.events import AnyEvent, Trend
from models.moments import when_ms
from streams.produce import shifted

SMALL = Dials(
    accounts=1_500,
    ordinary_topics=12,
    ordinary_posts=3_000,
    history_ms=10 * MINUTE_MS,
    bursts_ms=8 * MINUTE_MS,
    tail_ms=8 * MINUTE_MS,
    each=1,
    kinds=("goal", "product launch", "cheap", "middle"),
)
LIST = "hot"
SOLD = "daily5"
"""A topic whose place is sold openly."""


def with_trends(events: Sequence[AnyEvent], seed: int, dials: Dials = SMALL) -> list[AnyEvent]:
    """The events and a simulated half hour of topics that begins with them, sorted by time."""
    simulation = simulate_trends(dials, seed)
    by_ms = when_ms(events[0]) - when_ms(simulation.events[0])
    woven = [shifted(event, by_ms) for event in (*simulation.events, *listed(simulation))]
    return sorted([*events, *woven], key=when_ms)


def listed(simulation: TrendSimulation) -> Iterator[Trend]:
    """A snapshot of the platform's list every minute: volumes grow while a topic is young; one place is sold."""
    begin_ms, end_ms = when_ms(simulation.events[0]), when_ms(simulation.events[-1])
    for at_ms in range(begin_ms + MINUTE_MS, end_ms, MINUTE_MS):
        volumes = {f"daily{n}": 400.0 - 20 * n for n in range(6)}
        for name, planted in simulation.topics.items():
            if at_ms > planted.begin_ms:
                volumes[name] = min(1_000.0, 100.0 * ((at_ms - planted.begin_ms) / MINUTE_MS))
        order = sorted(volumes, key=lambda topic: (-volumes[topic], topic))
        for rank, topic in enumerate(order, 1):
            yield Trend(LIST, topic, rank, at_ms, volumes[topic], topic == SOLD or None)
