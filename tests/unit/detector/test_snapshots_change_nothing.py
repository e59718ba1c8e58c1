"""A snapshot is taken whenever the clock of a machine says so: it must not change what is said."""

from collections.abc import Sequence

import pytest

from detector.engine import Engine
from evaluation.simulator.scenario import simulate
from evaluation.simulator.scenarios.demo import DEMO
from evaluation.trends.stream import with_trends
from models.codec import encode_alert, encode_trend
from models.events import AnyEvent

EVENTS_PER_BATCH = 400


def said(events: Sequence[AnyEvent], every: int | None) -> list[bytes]:
    """What an engine says, with a snapshot after each `every`th batch; None for none."""
    engine = Engine(shards=2)
    found: list[bytes] = []
    for number, begin in enumerate(range(0, len(events), EVENTS_PER_BATCH)):
        found += [encode_alert(alert) for alert in engine.push(events[begin : begin + EVENTS_PER_BATCH])]
        found += [encode_trend(word) for word in (*engine.take_verdicts(), *engine.take_lists())]
        if every is not None and number % every == 0:
            engine.snapshot()
    found += [encode_alert(alert) for alert in engine.finish()]
    return [*found, *(encode_trend(word) for word in (*engine.take_verdicts(), *engine.take_lists()))]


@pytest.mark.slow
@pytest.mark.parametrize("every", [1, 3])
def test_snapshots_change_nothing_that_is_said(every: int) -> None:
    events = with_trends(simulate(DEMO, 5).events[::6], 5)
    undisturbed = said(events, None)
    assert len(undisturbed) > 100
    assert said(events, every) == undisturbed
