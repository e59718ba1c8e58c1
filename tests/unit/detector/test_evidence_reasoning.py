"""The reasoning of a case says what the alert says, in words."""

import pytest
from msgspec.structs import replace

from detector.evidence.reasoning import figure, reasoning_of, rule_of
from models.alerts import Alert, AlertState, Evidence, Explanation, Outcome
from models.example_answers import ALERT


def case(points: float, outcome: Outcome, *stands: str) -> Alert:
    explanations = [Explanation(name, True, "", ("inside_share",)) for name in stands]
    return replace(ALERT, points=points, outcome=outcome, explanations=explanations)


def test_every_part_is_there() -> None:
    reasoning = reasoning_of([ALERT])
    assert [part.name for part in reasoning.inauthenticity] == ["shared_devices", "inside_share"]
    devices = reasoning.inauthenticity[0]
    assert devices.formula
    assert devices.asks
    assert devices.figures == {"share": "100 %"}
    assert devices.held_against["evidence.shared_device_share_min"] == "20 %"
    assert reasoning.sum == "2 shared_devices + 1 inside_share = 3"
    assert reasoning.rule == "3 points, and 3 call a group inauthentic: it is alerted."
    (fans,) = reasoning.explanations
    assert fans.would_take_away == ("inside_share",)
    assert fans.takes_away == ()


@pytest.mark.parametrize(
    ("alert", "words"),
    [
        (case(0.5, Outcome.ORGANIC), "under the 1 from which there is anything to say"),
        (case(1.5, Outcome.ORGANIC, "fans"), "while an innocent explanation stands (fans)"),
        (case(2.5, Outcome.UNKNOWN), "too little to tell"),
        (case(3.5, Outcome.UNKNOWN), "chance could have brought them together"),
        (replace(ALERT, points_min=0.0), "did not keep its points"),
    ],
)
def test_the_rule_in_one_sentence(alert: Alert, words: str) -> None:
    assert words in rule_of(alert)


@pytest.mark.parametrize(
    ("held_back", "counted", "words"),
    [("fans", 0.0, "fans stands"), ("family", 0.5, "equipment counts at most 2 points"), ("crowd", 0.0, "everybody")],
)
def test_what_holds_an_item_back(held_back: str, counted: float, words: str) -> None:
    found = Evidence(
        "shared_client", 0.5, "", points=1.0, counted=counted, held_back=held_back,
        thresholds={"evidence.equipment_points_max": 2.0},
    )  # fmt: skip
    (part,) = reasoning_of([replace(ALERT, inauthenticity=[found])]).inauthenticity
    assert words in part.why_less


def test_how_a_case_grew() -> None:
    smaller = replace(
        ALERT, accounts_total=8, targets_total=3, inauthenticity=ALERT.inauthenticity[:1], points=2.0,
        explanations=[Explanation("news", True, "")], outcome=Outcome.UNKNOWN, state=AlertState.LISTED,
    )  # fmt: skip
    later = replace(ALERT, revision=2, merged_from=["0123456789abcdef"])
    first, second = reasoning_of([smaller, later]).history
    assert (first.changed, first.points) == ("first told", 2.0)
    assert second.changed == "+2 accounts, +1 inside_share, news no longer stands, took in 0123456789abcdef"


def test_an_unknown_item_of_another_version_is_told_without_its_formula() -> None:
    alert = replace(ALERT, inauthenticity=[Evidence("of_the_future", 0.5, "Something.", points=1.0, counted=1.0)])
    (part,) = reasoning_of([alert]).inauthenticity
    assert (part.sentence, part.formula) == ("Something.", "")


def test_no_revision_no_case() -> None:
    with pytest.raises(ValueError, match="at least one"):
        reasoning_of([])


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("evidence.onset_min_ms", 900_000.0, "15 min"),
        ("p_log10", -15.3, "less than 1 in 10¹⁵"),
        ("evidence.inside_share_min", 0.35, "35 %"),
        ("evidence.authors_min", 5.0, "5"),
        ("churn", 0.456, "0.456"),
        ("pairs", 12_000.0, "12,000"),
    ],
)
def test_figures_in_words(name: str, value: float, told: str) -> None:
    assert figure(name, value) == told
