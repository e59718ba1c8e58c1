"""Invented cases, and a look into the outbox."""

from sqlalchemy import Engine

from console.decisions.outbox import next_waiting
from models.alerts import Alert, AlertState, Outcome, Severity, TargetSummary
from models.codec import decode_event
from models.events import Verdict

DAY_MS = 86_400_000
NOW_MS = 1_800_000_000_000


def case(
    campaign: str = "c1",
    revision: int = 1,
    accounts: int = 3,
    severity: Severity = Severity.HIGH,
    last_action_ms: int = NOW_MS - 1_000,
    headline: str = "3 accounts on 1 target",
    outcome: Outcome = Outcome.INAUTHENTIC,
) -> Alert:
    names = [f"a{number}" for number in range(accounts)]
    target = TargetSummary("family", "t1", accounts, accounts, last_action_ms - 500, last_action_ms)
    return Alert(
        campaign, revision, AlertState.OPENED, "campaign", outcome, severity, headline, last_action_ms,
        names, accounts, [target], 1, [], [(at, 0, last_action_ms) for at in range(accounts)], last_action_ms - 500,
        last_action_ms, -20.0, "less than 1 in 10²⁰", [], [], [], [], [], None, "0.1.0", "cfg", points=3.5,
    )  # fmt: skip


def outbox(engine: Engine) -> list[Verdict]:
    """Verdicts that wait, in order, as the worker would take them."""
    found = [decode_event("verdict", waiting.body, NOW_MS + 10 * DAY_MS) for waiting in next_waiting(engine, 10_000)]
    return [verdict for verdict in found if isinstance(verdict, Verdict)]
