"""What the console shows besides cases, invented: topics, a shadow, appeals, an allow list, exports, people.

Filled once on top of `console_store.fill`, so that no page is timed while it is empty.
"""

import random
from typing import Final

from msgspec.structs import replace
from sqlalchemy import Engine, select

from console.appeals.entries import AppealRefused, Filing
from console.appeals.filing import file_appeal
from console.decisions import notes, queue
from console.decisions.filters import Filters
from console.exports import log
from console.learn import allow
from console.security.passwords import random_password
from console.security.roles import Permission, Role
from console.security.tokens import make_token
from console.security.users import add_user, list_users
from evaluation.benchmarks.console_store import END_MS, alerts
from models.example_answers import CORRECTED_LIST, TREND_VERDICT
from models.trends import TrendOutcome
from streams.store.engine import reading
from streams.store.shadow import ShadowStore
from streams.store.sql import SqlStore
from streams.store.tables import account_cases

ADMIN: Final = "bench"
SHADOW: Final = "new"
TOPICS: Final = 1_000
SHADOWED: Final = 200
APPEALS: Final = 200
PEOPLE: Final = 10
ROWS: Final = 200
NOW_MS: Final = END_MS + 86_400_000


def fill_rest(engine: Engine, accounts: int, seed: int) -> None:
    """Fill what is not filled yet; the admin `ADMIN` is made last and says that all is there."""
    if any(user.user_id == ADMIN for user in list_users(engine)):
        return
    rng = random.Random(seed)
    _topics(engine, rng)
    ShadowStore(engine, SHADOW).put(list(alerts(SHADOWED, accounts, rng)))
    _people(engine)
    _cases(engine)
    add_user(engine, ADMIN, Role.ADMIN, random_password(), NOW_MS)


def _topics(engine: Engine, rng: random.Random) -> None:
    verdicts = [
        replace(TREND_VERDICT, key=f"topic{at}", topic=f"topic{at}", outcome=rng.choice(list(TrendOutcome)))
        for at in range(TOPICS)
    ]
    SqlStore(engine).put_trends([TREND_VERDICT, *verdicts], [CORRECTED_LIST])


def _people(engine: Engine) -> None:
    for at in range(PEOPLE):
        add_user(engine, f"person-{at}", Role.MODERATOR, random_password(), NOW_MS)
        make_token(engine, f"token {at}", f"person-{at}", {Permission.SEE_CASES}, 90, NOW_MS)
    for at in range(ROWS):
        allow.add(engine, "account", f"allowed-{at}", "a newsroom that is known here", 90, "person-0", NOW_MS)
        log.note(engine, NOW_MS, "person-0", "page", "csv", filters={"status": "open"}, cases=at, accounts=at)


def _cases(engine: Engine) -> None:
    for row in queue.walk(engine, Filters(), NOW_MS, ROWS):
        notes.add(engine, row.campaign, "person-0", "looked at it together with a colleague", NOW_MS)
    filed = 0
    for row in queue.walk(engine, Filters(status="confirmed"), NOW_MS, queue.PAGE_MAX * 5):
        with reading(engine) as connection:
            of_case = select(account_cases.c.account).where(account_cases.c.campaign == row.campaign).limit(1)
            account = connection.execute(of_case).scalar()
        if account is None:
            continue
        try:
            file_appeal(
                engine, Filing(f"appeal {row.campaign}", account, NOW_MS, row.campaign, "not me"), ADMIN, NOW_MS
            )
        except AppealRefused:
            continue  # such a case was decided too long ago, or taken back
        filed += 1
        if filed == APPEALS:
            return
