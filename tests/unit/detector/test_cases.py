from collections.abc import Callable

import msgspec
import pytest

from detector.casebook import Casebook
from detector.engine import Engine
from detector.settings import DetectorSettings, load
from models.alerts import Alert, AlertState, Outcome
from models.errors import InvalidConfiguration
from models.events import Like


@pytest.fixture
def alert(mixed: Callable[[int], list[Like]]) -> Alert:
    engine = Engine()
    engine.push(mixed(21))
    engine.finish()
    (found,) = engine.coordinator.cases
    return found


def tell(book: Casebook, alert: Alert, **changes: object) -> Alert | None:
    return book.tell(
        alert.campaign,
        lambda revision, state: msgspec.structs.replace(alert, revision=revision, state=state, **changes),
    )


def test_a_case_is_told_once_and_again_only_when_there_is_news(alert: Alert) -> None:
    book = Casebook()
    first = tell(book, alert)
    assert first is not None
    assert (first.state, first.revision) == (AlertState.OPENED, 1)
    assert tell(book, alert) is None
    assert tell(book, alert, accounts_total=alert.accounts_total + 1, at_ms=alert.at_ms + 90_000) is None
    grown = tell(book, alert, accounts_total=2 * alert.accounts_total, at_ms=alert.at_ms + 90_000)
    assert grown is not None
    assert (grown.state, grown.revision) == (AlertState.UPDATED, 2)


def test_a_case_that_turns_out_honest_is_closed_and_not_left_standing(alert: Alert) -> None:
    book = Casebook()
    tell(book, alert)
    withdrawn = tell(book, alert, outcome=Outcome.ORGANIC)
    assert withdrawn is not None
    assert withdrawn.state is AlertState.CLOSED


def test_a_quiet_case_is_closed_and_keeps_counting_when_it_comes_back(alert: Alert) -> None:
    book = Casebook()
    tell(book, alert)
    closed = book.close(alert.campaign, alert.at_ms + 10, None)
    assert closed is not None
    assert (closed.state, closed.revision) == (AlertState.CLOSED, 2)
    assert book.close(alert.campaign, alert.at_ms + 11, None) is None
    assert tell(book, alert) is None
    again = tell(book, alert, last_action_ms=alert.last_action_ms + 1)
    assert again is not None
    assert (again.state, again.revision) == (AlertState.OPENED, 3)


def test_listed_cases_close_in_silence(alert: Alert) -> None:
    book = Casebook()
    listed = tell(book, alert, outcome=Outcome.UNKNOWN)
    assert listed is not None
    assert listed.state is AlertState.LISTED
    assert book.close(alert.campaign, alert.at_ms, None) is None


def test_cases_survive_a_snapshot(alert: Alert) -> None:
    book, other = Casebook(), Casebook()
    tell(book, alert)
    other.restore(book.snapshot())
    assert tell(other, alert) is None


@pytest.mark.parametrize(
    ("values", "field", "allowed"),
    [
        ({"slice_ms": 5}, "slice_ms", ">= 100"),
        ({"overlap": {"phi": {"near_likes": 0.5}}}, "overlap.phi.near_likes", ">= 1"),
        ({"collector": {"windows_ms": [3_600_000, 700_000]}}, "collector.windows_ms[1]", "divisor"),
        ({"collector": {"windows_ms": [3_600_500]}}, "collector.windows_ms[0]", "multiple"),
        ({"overlap": {"horizons_ms": [5, 6]}}, "overlap.horizons_ms", "one horizon"),
        ({"near_duplicates": {"capacity": "many"}}, "near_duplicates.capacity", "int"),
        ({"colour": 1}, "detector", "colour"),
    ],
)
def test_wrong_settings_name_the_field_and_the_range(values: dict[str, object], field: str, allowed: str) -> None:
    with pytest.raises(InvalidConfiguration) as caught:
        load(values)
    assert caught.value.field == field
    assert allowed in caught.value.allowed


def test_settings_have_a_name_that_changes_with_them() -> None:
    assert load({}).digest() == DetectorSettings().digest() != load({"lateness_ms": 600}).digest()
