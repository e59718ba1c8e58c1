"""The event that MISP gets, read back by its own library."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from msgspec.structs import replace
from pymisp import MISPEvent

from models.alerts import Alert, Evidence, Outcome, Severity, TargetSummary
from models.example_answers import ALERT
from streams.exports.disarm import TECHNIQUES, techniques
from streams.exports.misp import Event, event_of, misp
from streams.exports.rows import Judgement
from tests.unit.streams.exports.strategies import alerts


def read(alert: Alert, judgement: Judgement | None = None) -> Any:
    event: Any = MISPEvent()
    event.load(misp(alert, judgement or Judgement()).decode())
    return event


def accounts_of(event: Any) -> dict[str, Any]:
    return {each.value: each for each in event.attributes if each.category == "Social network"}


@settings(deadline=None)
@given(alerts())
def test_every_event_is_one_that_misp_takes(alert: Alert) -> None:
    event = read(alert)
    kept = [(each.category, each.type, each.value) for each in event.attributes]
    assert len(set(kept)) == len(kept)
    assert len({each.uuid for each in event.attributes} | {event.uuid}) == len(kept) + 1
    assert not any(each.to_ids for each in event.attributes)
    assert all(each.value.strip() for each in event.attributes)
    told = json.loads(misp(alert))["Event"]
    assert told["distribution"] == "0"
    assert told["published"] is False


def test_accounts_targets_and_times_are_in_it() -> None:
    event = read(ALERT)
    found = accounts_of(event)
    assert list(found) == ALERT.accounts
    assert found[ALERT.accounts[0]].first_seen.timestamp() * 1000 == ALERT.links[0][2]
    values = {each.value: each.comment for each in event.attributes}
    assert values["p-20900"] == "target: like"
    assert values["1c9fc152d5a8fda1"].startswith("Shoal ")
    assert str(event.date) == "2026-01-01"
    assert [each.type for each in event.attributes if each.category == "Attribution"] == ["campaign-id"]


def test_a_target_of_two_layers_is_one_attribute() -> None:
    twice = replace(ALERT, targets=[TargetSummary(layer, "p1", 1, 1, 0, 1) for layer in ("like", "repost")], links=[])
    assert [each.comment for each in read(twice).attributes if each.value == "p1"] == ["target: like, repost"]


def test_a_later_export_has_the_same_uuids_and_a_later_time() -> None:
    first = event_of(ALERT)
    again = event_of(replace(ALERT, revision=2, accounts=[*ALERT.accounts, "new"], at_ms=ALERT.at_ms + 5_000))
    assert again.uuid == first.uuid
    assert int(again.timestamp) == int(first.timestamp) + 5
    before, after = ids(first), ids(again)
    assert before.items() <= after.items()
    assert set(after) - set(before) == {("Social network", "new")}
    decided = event_of(ALERT, Judgement("confirmed", at_ms=ALERT.at_ms + 9_000))
    assert int(decided.timestamp) == int(first.timestamp) + 9
    assert event_of(ALERT) == first
    assert ids(event_of(replace(ALERT, campaign="other"))).keys() >= {("Social network", "u-4711")}
    assert not set(ids(event_of(replace(ALERT, campaign="other"))).values()) & set(before.values())


def ids(event: Event) -> dict[tuple[str, str], str]:
    return {(each.category, each.value): each.uuid for each in event.attributes}


def test_an_account_that_was_left_out_is_taken_back() -> None:
    event = read(ALERT, Judgement("confirmed", frozenset({"u-4712"})))
    assert [name for name, each in accounts_of(event).items() if each.deleted] == ["u-4712"]


@pytest.mark.parametrize(
    ("severity", "outcome", "status", "threat", "analysis"),
    [
        (Severity.CRITICAL, Outcome.INAUTHENTIC, "open", 1, 0),
        (Severity.HIGH, Outcome.INAUTHENTIC, "pending", 1, 1),
        (Severity.MEDIUM, Outcome.INAUTHENTIC, "watched", 2, 1),
        (Severity.LOW, Outcome.INAUTHENTIC, "confirmed", 3, 2),
        (Severity.CRITICAL, Outcome.INAUTHENTIC, "dismissed", 4, 2),
        (Severity.HIGH, Outcome.ORGANIC, "open", 4, 0),
    ],
)
def test_threat_and_analysis_follow_severity_and_decision(
    severity: Severity, outcome: Outcome, status: str, threat: int, analysis: int
) -> None:
    event = read(replace(ALERT, severity=severity, outcome=outcome), Judgement(status))
    assert (int(event.threat_level_id), int(event.analysis)) == (threat, analysis)
    assert f'shoal:status="{status}"' in {tag.name for tag in event.tags}


def shows(items: list[str], layers: list[str], counted: float = 1.0) -> Alert:
    told = [Evidence(item, 1.0, "told", points=1.0, counted=counted) for item in items]
    return replace(
        ALERT, inauthenticity=told, targets=[TargetSummary(layer, "t", 1, 1, 0, 1) for layer in layers], links=[]
    )


@pytest.mark.parametrize("technique", TECHNIQUES, ids=lambda each: each.number)
def test_a_technique_is_tagged_where_its_evidence_counts_and_nowhere_else(technique: Any) -> None:
    item = sorted(technique.items)[:1]
    layer = sorted(technique.layers)[:1] or ["view"]
    assert technique in techniques(shows(item, layer))
    tags = {tag.name for tag in read(shows(item, layer)).tags}
    assert f'misp-galaxy:disarm-techniques="{technique.name}"' in tags
    if item:
        assert technique not in techniques(shows(item, layer, counted=0.0))
    if technique.layers:
        assert technique not in techniques(shows(item, ["view"]))
    assert re.fullmatch(r"T\d{4}(\.\d{3})?", technique.number)


def test_an_innocent_or_dismissed_case_shows_no_technique() -> None:
    alert = shows(["churn"], ["like", "family"])
    assert techniques(alert)
    assert techniques(replace(alert, outcome=Outcome.UNKNOWN)) == []
    assert techniques(replace(alert, outcome=Outcome.ORGANIC)) == []
    assert techniques(alert, Judgement("dismissed")) == []
