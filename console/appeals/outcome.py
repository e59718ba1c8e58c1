"""What the log of decisions answers to an appeal. Nothing of it is stored while the log can tell it.

An appeal reopens its case. The judgement that then counts answers it: where it holds against the account no less
than the contested one, the decision is upheld, else overturned. An undo of that judgement makes the appeal wait
again. A later appeal against that judgement opens a new matter: what was answered stays answered.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from console.appeals.entries import Outcome
from console.appeals.tables import appeals
from console.decisions.entries import Action, Body
from console.decisions.fold import Folded, fold
from console.decisions.log import parse, parse_details
from console.decisions.tables import decision_details, decisions

HOLDS = {Action.DISMISS: 0, Action.WATCH: 1, Action.CONFIRM: 2}
"""How much a judgement holds against the accounts it does not leave out."""
PAGE = 500


class Answer(NamedTuple):
    """The judgement that answers an appeal."""

    outcome: Outcome
    answered_at_ms: int | None
    oldest_ms: int | None
    """Moment of the oldest decision that it follows from; with its details the outcome would be lost."""


WAITS = Answer(Outcome.WAITING, None, None)


class _Case:
    """What answers of one case follow from."""

    def __init__(self) -> None:
        self.rows: list[Body] = []
        self.spared: dict[int, frozenset[str]] = {}
        """Accounts left out, by number of the decision."""
        self.reopened: dict[int, int] = {}
        """The first row of the log by which an appeal against each contested decision reopened the case."""
        self._matters: dict[int, tuple[int | None, Folded]] = {}

    def matter(self, contested: int) -> tuple[int | None, Folded]:
        """Return where the matter of a contested decision ends (None while it goes on), and the state up to there."""
        if contested not in self._matters:
            until = min((row for number, row in self.reopened.items() if number > contested), default=None)
            folded = fold(body for body in self.rows if until is None or body.number < until)
            self._matters[contested] = until, folded
        return self._matters[contested]


def answers(connection: Connection, rows: Sequence[Any]) -> list[Answer]:
    """Answer each of `rows` (of the table `appeals`), in their order."""
    open_ = sorted({row.campaign for row in rows if row.kept_outcome is None})
    cases: dict[str, _Case] = {}
    for begin in range(0, len(open_), PAGE):
        cases |= _read(connection, open_[begin : begin + PAGE])
    return [_answer(row, cases) for row in rows]


def _answer(row: Any, cases: Mapping[str, _Case]) -> Answer:
    if row.kept_outcome is not None:
        return Answer(Outcome(row.kept_outcome), row.kept_answered_at_ms, row.kept_answered_at_ms)
    case = cases[row.campaign]
    until, folded = case.matter(row.contested)
    top = folded.effective[-1] if folded.effective else None
    if top is None or top.number < row.reopened or (until is None and folded.judgement is not top):
        return WAITS
    before = next(body for body in case.rows if body.number == row.contested)
    deciding = folded.confirming if top.action is Action.CONFIRM else (top,)
    # as in the verdict: in doubt an account is spared
    spared = any(row.account in case.spared.get(body.number, frozenset()) for body in deciding)
    held = HOLDS[top.action] >= HOLDS[before.action] and not spared
    return Answer(Outcome.UPHELD if held else Outcome.OVERTURNED, top.at_ms, min(body.at_ms for body in deciding))


def _read(connection: Connection, campaigns: Sequence[str]) -> dict[str, _Case]:
    found: dict[str, _Case] = defaultdict(_Case)
    columns = (decisions.c.body, decision_details.c.body.label("details"))
    joined = decisions.outerjoin(decision_details, decision_details.c.number == decisions.c.number)
    query = select(*columns).select_from(joined).where(decisions.c.campaign.in_(campaigns))
    for text, details in connection.execute(query.order_by(decisions.c.number)):
        body = parse(text)
        found[body.campaign].rows.append(body)
        if details is not None and body.left_out_total:
            found[body.campaign].spared[body.number] = frozenset(parse_details(details).accounts_left_out)
    first = select(appeals.c.campaign, appeals.c.contested, func.min(appeals.c.reopened))
    first = first.where(appeals.c.campaign.in_(campaigns)).group_by(appeals.c.campaign, appeals.c.contested)
    for campaign, contested, number in connection.execute(first):
        found[campaign].reopened[contested] = number
    return found
