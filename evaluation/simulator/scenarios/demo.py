"""The hour that `shoal demo` streams: organic life, two armies, a fan club and a petition."""

from evaluation.simulator.files import load_scenario
from evaluation.simulator.scenario import simulate
from models.events import AnyEvent

DEMO = load_scenario("demo")


def events(seed: int) -> list[AnyEvent]:
    """The demo's events, for `shoal produce --simulate demo`."""
    return simulate(DEMO, seed).events
