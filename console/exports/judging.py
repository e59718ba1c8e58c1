"""What people decided on a case, as its export tells it."""

from sqlalchemy import Engine

from console.decisions.read import history, left_out, status_of
from streams.exports.rows import Judgement


def judgement_of(engine: Engine, campaign: str) -> Judgement:
    """Return the state of a case, who was left out by the decision that stands, and when something was decided last."""
    log = history(engine, campaign)
    at_ms = log[-1].at_ms if log else 0
    return Judgement(status_of(engine, campaign).status, frozenset(left_out(log)), at_ms)
