"""Count, week by week, what people decided. Definitions are those of docs/appeals-and-report.md."""

from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection, Engine, func, or_, select

from console.appeals.entries import Outcome
from console.appeals.outcome import answers
from console.appeals.tables import appeals
from console.decisions.entries import JUDGEMENTS, Action
from console.decisions.log import parse
from console.decisions.tables import case_status, decisions
from console.reports.tables import decision_reach
from console.reports.weeks import WEEK_MS, Week
from streams.store.engine import reading
from streams.store.tables import alerts

COLUMNS: Final = (
    "campaigns", "accounts", "posts", "dismissed", "decisions", "undone", "appeals", "upheld", "overturned",
)  # fmt: skip
PAGE: Final = 500


class WeekCounts(Struct):
    """What happened in one week."""

    campaigns: int = 0
    """Cases that a person confirmed, by the week of the decision that stands now."""
    accounts: int = 0
    """Accounts of those when they were confirmed, without those left out; one that is in two cases counts twice."""
    posts: int = 0
    """Posts of their families of texts when they were confirmed."""
    dismissed: int = 0
    """Cases that a person dismissed, by the week of the decision that stands now."""
    decisions: int = 0
    """Every time somebody confirmed, dismissed or put on the watch list, whether it stands or not."""
    undone: int = 0
    """Decisions taken back in this week, whenever they were taken."""
    appeals: int = 0
    """Appeals received."""
    upheld: int = 0
    overturned: int = 0
    waits_ms: list[int] = []
    """From the first alert to the decision that stands, of each case confirmed or dismissed where it is known."""

    @property
    def median_ms(self) -> float | None:
        """Median of `waits_ms`."""
        return median(self.waits_ms) if self.waits_ms else None


def weekly(engine: Engine, weeks: Sequence[Week]) -> list[WeekCounts]:
    """Count each of `weeks` (one after the other without a gap); a week in which nothing happened is all 0."""
    found = [WeekCounts() for _ in weeks]
    begin_ms, end_ms = weeks[0].begin_ms, weeks[-1].end_ms

    def within(moments: Iterable[tuple[int | None, Any]]) -> Iterator[tuple[WeekCounts, Any]]:
        for at_ms, what in moments:
            if at_ms is not None and begin_ms <= at_ms < end_ms:
                yield found[(at_ms - begin_ms) // WEEK_MS], what

    with reading(engine) as connection:
        for week, row in within(_standing(connection, begin_ms, end_ms)):
            _count_case(week, row)
        for week, number in within(_decided(connection, begin_ms, end_ms)):
            week.decisions += number
        for week, _ in within(_undone(connection, begin_ms, end_ms)):
            week.undone += 1
        for week, _ in within(_received(connection, begin_ms, end_ms)):
            week.appeals += 1
        for week, outcome in within(_answered(connection, begin_ms, end_ms)):
            week.upheld += outcome is Outcome.UPHELD
            week.overturned += outcome is Outcome.OVERTURNED
    return found


def together(weeks: Iterable[WeekCounts]) -> WeekCounts:
    """The sum over weeks."""
    total = WeekCounts()
    for week in weeks:
        for name in COLUMNS:
            setattr(total, name, getattr(total, name) + getattr(week, name))
        total.waits_ms += week.waits_ms
    return total


def _count_case(week: WeekCounts, row: Any) -> None:
    if row.status == "confirmed":
        week.campaigns += 1
        week.accounts += row.accounts
        week.posts += row.posts
    else:
        week.dismissed += 1
    if row.raised_at_ms is not None:
        week.waits_ms.append(max(0, row.decided_at_ms - row.raised_at_ms))


def _standing(connection: Connection, begin_ms: int, end_ms: int) -> Iterator[tuple[int, Any]]:
    # moments of the rows of one case differ, so this finds the very row that stands
    of_row = (decisions.c.campaign == case_status.c.campaign) & (
        decisions.c.decided_at_ms == case_status.c.decided_at_ms
    )
    joined = (
        case_status.join(decisions, of_row)
        .outerjoin(decision_reach, decision_reach.c.number == decisions.c.number)
        .outerjoin(alerts, alerts.c.campaign == case_status.c.campaign)
    )
    # what was decided before reaches were kept counts by what is known of the case now
    accounts = func.coalesce(decision_reach.c.accounts, alerts.c.accounts_total, 0).label("accounts")
    posts = func.coalesce(decision_reach.c.posts, alerts.c.posts, 0).label("posts")
    query = select(
        case_status.c.status, case_status.c.decided_at_ms, accounts, posts, decision_reach.c.raised_at_ms
    ).select_from(joined)
    in_time = case_status.c.decided_at_ms.between(begin_ms, end_ms - 1)
    for row in connection.execute(query.where(in_time & case_status.c.status.in_(("confirmed", "dismissed")))):
        yield row.decided_at_ms, row


def _decided(connection: Connection, begin_ms: int, end_ms: int) -> Iterator[tuple[int, int]]:
    judged = decisions.c.action.in_(sorted(each.value for each in JUDGEMENTS))
    in_time = decisions.c.decided_at_ms.between(begin_ms, end_ms - 1)
    query = select(decisions.c.decided_at_ms, func.count()).where(judged & in_time).group_by(decisions.c.decided_at_ms)
    yield from ((int(at_ms), int(number)) for at_ms, number in connection.execute(query))


def _undone(connection: Connection, begin_ms: int, end_ms: int) -> Iterator[tuple[int, None]]:
    in_time = decisions.c.decided_at_ms.between(begin_ms, end_ms - 1)
    query = select(decisions.c.body).where((decisions.c.action == Action.UNDO.value) & in_time)
    undos = [parse(text) for (text,) in connection.execute(query)]
    judged = decisions.c.action.in_(sorted(each.value for each in JUDGEMENTS))
    for begin in range(0, len(undos), PAGE):
        part = undos[begin : begin + PAGE]
        numbers = decisions.c.number.in_([undo.undoes for undo in part])
        taken_back = set(connection.execute(select(decisions.c.number).where(numbers & judged)).scalars())
        yield from ((undo.at_ms, None) for undo in part if undo.undoes in taken_back)


def _received(connection: Connection, begin_ms: int, end_ms: int) -> Iterator[tuple[int, None]]:
    query = select(appeals.c.received_at_ms).where(appeals.c.received_at_ms.between(begin_ms, end_ms - 1))
    yield from ((at_ms, None) for at_ms in connection.execute(query).scalars())


def _answered(connection: Connection, begin_ms: int, end_ms: int) -> Iterator[tuple[int | None, Outcome]]:
    kept = appeals.c.kept_answered_at_ms.between(begin_ms, end_ms - 1)
    query = select(appeals).where(or_(kept, appeals.c.kept_outcome.is_(None)) & (appeals.c.received_at_ms < end_ms))
    after = ""
    while rows := connection.execute(
        query.where(appeals.c.appeal_id > after).order_by(appeals.c.appeal_id).limit(PAGE)
    ).all():
        yield from ((answer.answered_at_ms, answer.outcome) for answer in answers(connection, rows))
        after = rows[-1].appeal_id
