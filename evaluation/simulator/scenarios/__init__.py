"""Named scenarios, one small file each; a new one gets its line here."""

from collections.abc import Mapping

from evaluation.simulator.scenario import Scenario
from evaluation.simulator.scenarios.crowds import CROWDS
from evaluation.simulator.scenarios.demo import DEMO
from evaluation.simulator.scenarios.everything import EVERYTHING
from evaluation.simulator.scenarios.extract import ARMY_EXTRACT

SCENARIOS: Mapping[str, Scenario] = {
    "army-extract": ARMY_EXTRACT,
    "crowds": CROWDS,
    "demo": DEMO,
    "everything": EVERYTHING,
}
