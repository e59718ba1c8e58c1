"""What Shoal says about fixed scenarios, kept in files; SHOAL_GOLDEN=write renews them after a wanted change."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from evaluation.scorecard import score
from evaluation.simulator import Scenario, Simulation, simulate
from evaluation.simulator.organic import Organic
from evaluation.simulator.pieces.armies.copy_army import CopyArmy
from evaluation.simulator.pieces.armies.flood import Flood
from evaluation.simulator.pieces.armies.like_army import LikeArmy
from evaluation.simulator.pieces.crowds.fan_club import FanClub
from evaluation.simulator.pieces.crowds.petition import Petition
from evaluation.simulator.pieces.crowds.share_button import ShareButton
from evaluation.simulator.scenarios.extract import ARMY_EXTRACT
from models.alerts import Alert
from streams.embedded import EmbeddedRun, in_batches

FOLDER = Path(__file__).parent
ORGANIC = Organic(accounts=2_000, posts=800, likes=8_000, earlier_posts=500)
SCENARIOS = (
    ARMY_EXTRACT,
    Scenario("armies", (LikeArmy(size=40, targets=8), CopyArmy(size=50, orders=6), Flood(size=40)), ORGANIC),
    Scenario("honest", (FanClub(size=150, idol_posts=5), Petition(size=120), ShareButton(size=80)), ORGANIC),
)


def alerts_of(simulation: Simulation, batch_events: int = 1_000) -> list[Alert]:
    found: list[Alert] = []
    run = EmbeddedRun(progress=lambda _events, _position, alerts: found.extend(alerts))
    run.run(in_batches(simulation.events, batch_events))
    return found


def essence(alert: Alert) -> dict[str, Any]:
    """What a reader would notice if it changed."""
    return {
        "campaign": alert.campaign,
        "revision": alert.revision,
        "state": alert.state.value,
        "at_ms": alert.at_ms,
        "severity": alert.severity.value,
        "headline": alert.headline,
        "p_log10": alert.p_log10,
        "targets": alert.targets_total,
        "suspicious": [item.name for item in alert.inauthenticity if item.strength > 0],
        "stands": [explanation.name for explanation in alert.explanations if explanation.stands],
        "proof": [proof.act for proof in alert.proof[:3]],
    }


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_alerts_are_as_they_were(scenario: Scenario) -> None:
    simulation = simulate(scenario, 1)
    found = alerts_of(simulation)
    assert score(simulation.truth, found).right
    told = [essence(alert) for alert in found]
    path = FOLDER / f"{scenario.name.replace('-', '_')}.json"
    if os.environ.get("SHOAL_GOLDEN") == "write":
        path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert told == json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("seed", range(2, 6))
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_verdicts_hold_for_other_seeds(scenario: Scenario, seed: int) -> None:
    simulation = simulate(scenario, seed)
    card = score(simulation.truth, alerts_of(simulation))
    assert card.right, [(each.group.group, each.named, len(each.group.accounts)) for each in card.scores]


def test_batches_do_not_matter() -> None:
    simulation = simulate(SCENARIOS[1], 1)
    assert alerts_of(simulation, 317) == alerts_of(simulation, 5_000)
