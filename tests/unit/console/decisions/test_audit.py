"""Whatever is done to the log behind the console's back is found, and the row is named."""

import pytest
from sqlalchemy import Connection, Engine, text

from console.decisions import audit, erase, notes
from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.decisions.read import history, log_page, status_of
from streams.store.engine import writing
from tests.unit.console.decisions.cases import NOW_MS, outbox

DAY_MS = 86_400_000


@pytest.fixture
def log(engine: Engine) -> Engine:
    """Six decisions: 1 to 3 on c1, 4 to 6 on c2."""
    for campaign in ("c1", "c2"):
        for at, action in enumerate((Action.WATCH, Action.CONFIRM, Action.UNDO)):
            seen = status_of(engine, campaign).last_number
            left_out = ("a1",) if action is Action.CONFIRM else ()
            order = Order(campaign, action, "ann", 1, seen, text=f"note {at}", accounts_left_out=left_out)
            decide(engine, order, NOW_MS + at * DAY_MS)
    return engine


def tamper(engine: Engine, *statements: str) -> None:
    """Change the log as somebody would who owns the database."""
    with writing(engine) as connection:
        _open(connection)
        for statement in statements:
            connection.execute(text(statement))


def _open(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("DROP TRIGGER decisions_no_update"))
        connection.execute(text("DROP TRIGGER decisions_no_delete"))
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    else:
        connection.execute(text("DROP TRIGGER decisions_never_changed ON decisions"))
        connection.execute(text("ALTER TABLE decision_details DROP CONSTRAINT decision_details_number_fkey"))
        connection.execute(text("ALTER TABLE decision_reach DROP CONSTRAINT decision_reach_number_fkey"))
        connection.execute(text("ALTER TABLE verdict_outbox DROP CONSTRAINT verdict_outbox_number_fkey"))


TABLES = ("verdict_outbox", "decision_details", "decision_reach", "decisions")


def without(number: int) -> tuple[str, ...]:
    return tuple(f"DELETE FROM {table} WHERE number = {number}" for table in TABLES)  # noqa: S608  # a test's own words


def swapped(first: int, second: int) -> tuple[str, ...]:
    moves = ((first, 99), (second, first), (99, second))
    return tuple(f"UPDATE {table} SET number = {to} WHERE number = {of}" for of, to in moves for table in TABLES)  # noqa: S608  # a test's own words


def test_a_log_that_nobody_touched_is_whole(log: Engine) -> None:
    verified = audit.verify(log)
    assert verified.faults == []
    assert (verified.rows, verified.erased) == (6, 0)
    assert len(verified.newest_hash) == 64
    assert audit.verify(log, verified.newest_hash).faults == []


def test_an_empty_log_is_whole(engine: Engine) -> None:
    assert audit.verify(engine) == audit.Verified(0, "0" * 64, 0, [])
    assert audit.verify(engine, "0" * 64).faults == []


@pytest.mark.parametrize(
    ("statements", "number", "what"),
    [
        (("UPDATE decisions SET body = replace(body, '\"ann\"', '\"eve\"') WHERE number = 2",), 2, "altered"),
        (("UPDATE decisions SET decided_by = 'eve' WHERE number = 3",), 3, "columns"),
        (("UPDATE decisions SET campaign = 'c2' WHERE number = 3",), 3, "columns"),
        (("UPDATE decisions SET body = 'x' WHERE number = 3",), 3, "no decision"),
        (("UPDATE decisions SET sha256 = previous WHERE number = 5",), 5, "altered"),
        (("UPDATE decision_details SET body = replace(body, 'note', 'lies') WHERE number = 4",), 4, "text or accounts"),
        (("UPDATE decision_details SET body = NULL WHERE number = 4",), 4, "not erased by retention"),
        (("DELETE FROM decision_details WHERE number = 4",), 4, "not erased by retention"),
        (without(3), 4, "row 3 before it removed"),
        (without(1), 2, "row 1 before it removed"),
        ((*without(2), *without(3)), 4, "rows 2 on before it removed"),
        (swapped(2, 5), 2, "another order"),
        (swapped(1, 2), 1, "another order"),
    ],
)
def test_a_change_is_found_and_its_row_named(log: Engine, statements: tuple[str, ...], number: int, what: str) -> None:
    tamper(log, *statements)
    faults = audit.verify(log).faults
    assert any(fault.number == number and what in fault.what for fault in faults), faults
    assert faults[0].number <= number


def test_rows_cut_off_at_the_end_are_found_by_a_hash_that_was_noted(log: Engine) -> None:
    noted = audit.verify(log).newest_hash
    tamper(log, *without(6))
    assert any(noted in fault.what for fault in audit.verify(log, noted).faults)
    assert audit.verify(log).faults != []  # the state kept of c2 does not follow either


def test_a_whole_new_chain_is_found_by_a_hash_that_was_noted(log: Engine) -> None:
    noted = audit.verify(log).newest_hash
    everything = [statement for number in range(1, 7) for statement in without(number)]
    tamper(log, *everything, "DELETE FROM case_status")
    assert audit.verify(log).faults == []
    assert len(audit.verify(log, noted).faults) == 1


def test_a_state_that_does_not_follow_is_found(log: Engine) -> None:
    with writing(log) as connection:
        connection.execute(text("UPDATE case_status SET status = 'confirmed' WHERE campaign = 'c1'"))
    (fault,) = audit.verify(log).faults
    assert fault.number == 3
    assert "c1" in fault.what


def test_a_log_goes_on_after_a_hash_was_noted(log: Engine) -> None:
    noted = audit.verify(log).newest_hash
    decide(log, Order("c1", Action.WATCH, "bob", 1, 3), NOW_MS)
    assert audit.verify(log, noted).faults == []


def test_retention_forgets_texts_and_accounts_and_the_chain_stays_whole(log: Engine) -> None:
    notes.add(log, "c1", "ann", "an old note", NOW_MS)
    notes.add(log, "c1", "ann", "a new note", NOW_MS + DAY_MS)
    noted = audit.verify(log).newest_hash
    assert erase.erase_details(log, NOW_MS + DAY_MS, NOW_MS + 2 * DAY_MS) == 2
    assert erase.erase_details(log, NOW_MS + DAY_MS, NOW_MS + 2 * DAY_MS) == 0
    verified = audit.verify(log, noted)
    assert (verified.faults, verified.erased) == ([], 2)
    first, second, _ = history(log, "c1")
    assert (first.erased, first.text, first.by) == (True, "", "ann")
    assert (second.erased, second.text, second.accounts_left_out) == (False, "note 1", ("a1",))
    assert [note.text for note in notes.of(log, "c1")] == ["a new note"]


def test_retention_keeps_counts_and_verdicts_that_wait(log: Engine) -> None:
    before = outbox(log)
    erase.erase_details(log, NOW_MS + 9 * DAY_MS, NOW_MS + 9 * DAY_MS)
    assert [entry.left_out_total for entry in log_page(log)] == [0, 1, 0, 0, 1, 0]
    assert outbox(log) == before
