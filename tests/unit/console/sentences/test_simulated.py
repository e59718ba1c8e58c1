"""What the detector says of simulated platforms: every sentence of every revision has its words in each language."""

from collections.abc import Iterator

import pytest

from console.web.sentences import known
from evaluation.simulator import Scenario, simulate
from evaluation.simulator.files import load_scenario
from evaluation.simulator.organic import Organic
from evaluation.simulator.pieces.armies.copy_army import CopyArmy
from evaluation.simulator.pieces.armies.flood import Flood
from evaluation.simulator.pieces.armies.like_army import LikeArmy
from evaluation.simulator.pieces.crowds.fan_club import FanClub
from evaluation.simulator.pieces.crowds.petition import Petition
from evaluation.simulator.pieces.crowds.share_button import ShareButton
from models.alerts import Alert
from streams.embedded import EmbeddedRun, in_batches
from tests.unit.console.sentences.test_coverage import OTHERS

pytestmark = pytest.mark.slow
ORGANIC = Organic(accounts=1_000, posts=400, likes=4_000, earlier_posts=250)
SCENARIOS = (
    Scenario("armies", (LikeArmy(size=40, targets=8), CopyArmy(size=50, orders=6), Flood(size=40)), ORGANIC),
    Scenario("crowds", (FanClub(size=150, idol_posts=5), Petition(size=120), ShareButton(size=80)), ORGANIC),
    load_scenario("army-extract"),
    load_scenario("demo"),
)


def sentences(alert: Alert) -> Iterator[str]:
    yield alert.headline
    yield from (each.sentence for each in (*alert.synchrony, *alert.inauthenticity, *alert.explanations))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_sentence_of_every_revision_is_known(scenario: Scenario) -> None:
    found: list[Alert] = []
    run = EmbeddedRun(progress=lambda _events, _position, alerts: found.extend(alerts))
    run.run(in_batches(simulate(scenario, 5).events, 1_000))
    said = {sentence for alert in found for sentence in sentences(alert)}
    assert len(said) > 60
    for language in OTHERS:
        assert [each for each in said if known(each, language) is None] == []
        chances = {alert.chance for alert in found}
        assert [each for each in chances if known(each, language, "chance") is None] == []
