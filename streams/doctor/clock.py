"""What can be known about this machine's clock: others are asked what time it is, and messages from the future tell."""

import asyncio
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Final

from sqlalchemy import text

from models.errors import ShoalError
from streams.doctor.finding import Finding, ok, problem, span, unseen, warning
from streams.doctor.kafka_log import Reader, newest
from streams.doctor.surroundings import NoAnswer, Surroundings
from streams.store.engine import POSTGRES, POSTGRES_SHORT, make_engine, reading
from streams.topics import names

CLOCK: Final = "clock"
WARNING_S: Final = 5.0
PROBLEM_S: Final = 30.0
_ADVICE: Final = (
    "Let chrony or another NTP client set the clocks of this machine, of the producers and of the workers. "
    "Events from the future are refused, and windows close late or early."
)


def clock(surroundings: Surroundings) -> Finding:
    """Compare with every clock that can be asked."""
    ahead = {**_asked(surroundings), **_messages(surroundings)}
    if not ahead:
        return unseen(CLOCK, "No other clock can be asked: no worker, no message, no PostgreSQL.")
    worst_s = max(map(abs, ahead.values()))
    found = "; ".join(f"{each} {_words(by_s)}" for each, by_s in ahead.items() if abs(by_s) > WARNING_S)
    if worst_s > PROBLEM_S:
        return problem(CLOCK, f"The clocks disagree: {found}.", _ADVICE, "chronyc tracking; timedatectl")
    if worst_s > WARNING_S:
        return warning(CLOCK, f"The clocks disagree: {found}.", _ADVICE, "chronyc tracking; timedatectl")
    return ok(CLOCK, f"Within {WARNING_S:.0f} s of {', '.join(ahead)}.")


def _words(by_s: float) -> str:
    """How another clock, or the newest message, stands to ours."""
    return f"is {span(by_s)} {'ahead of' if by_s > 0 else 'behind'} this machine"


def _asked(surroundings: Surroundings) -> dict[str, float]:
    """Seconds by which others are ahead of us; to the precision of an answer."""
    found: dict[str, float] = {}
    with suppress(NoAnswer, ValueError):  # the check of the worker says why
        date = surroundings.page(surroundings.worker_url.rstrip("/") + "/-/healthy").date
        if date:
            # the header has whole seconds: half of one is the best guess of the rest
            found["the worker's clock"] = parsedate_to_datetime(date).timestamp() + 0.5 - surroundings.now_s()
    if surroundings.settings.store_url.startswith((POSTGRES, *POSTGRES_SHORT)):
        with suppress(ShoalError):  # the check of the store says why
            found["PostgreSQL's clock"] = _postgres_s(surroundings) - surroundings.now_s()
    return found


def _postgres_s(surroundings: Surroundings) -> float:
    engine = make_engine(surroundings.settings.store_url, surroundings.timeout_ms)
    try:
        with reading(engine) as connection:
            return float(connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())
    finally:
        engine.dispose()


def _messages(surroundings: Surroundings) -> dict[str, float]:
    """The newest message of all, if there is one: what is from the future has a clock that is ahead.

    An old one says nothing: perhaps nobody sent since. So what lies in the past counts as in time.
    """
    try:
        at_s, topic = asyncio.run(_newest(surroundings))
    except Exception:  # noqa: BLE001  # without a broker other clocks may still be there; its own check says why
        return {}
    if not topic:
        return {}
    return {f"the newest message (on {topic})": max(0.0, at_s - surroundings.now_s())}


async def _newest(surroundings: Surroundings) -> tuple[float, str]:
    settings = surroundings.settings
    own = names(settings)
    wanted = [*settings.sources, *((topic, 0) for topic in (own.posts, own.likes, own.cohorts, own.alerts))]
    async with Reader(surroundings) as reader:
        found = await newest(reader.consumer, await reader.existing(wanted), surroundings.timeout_s / 3)
    return max(((record.timestamp / 1000, record.topic) for record in found.values()), default=(0.0, ""))
