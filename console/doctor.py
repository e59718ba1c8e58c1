"""What `shoal doctor` looks at of the console (entry point `shoal.checks`): its page, decisions, messages."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Engine

from console.messages.figures import figures
from console.messages.state import states
from console.settings import ConsoleSettings, load_console_settings
from console.web.figures import unsent
from models.errors import InvalidConfiguration
from streams.doctor.finding import Check, Finding, ok, problem, span, warning
from streams.doctor.store import LOCK, STORE, VERSION, at_the_newest
from streams.doctor.surroundings import NoAnswer, Surroundings
from streams.doctor.worker import reasons_in
from streams.store.engine import make_engine

CONSOLE: Final = "console"
DECISIONS: Final = "decisions"
MESSAGES: Final = "messages"
DECISION_S: Final = 300.0
MESSAGE_S: Final = 900.0
HOST_REFUSED: Final = 400
EVERY_ADDRESS: Final = {"0.0.0.0", "::", ""}  # noqa: S104  # compared with, not bound


def console(surroundings: Surroundings) -> Finding:
    """Whether it answers, and reaches its database."""
    try:
        settings = load_console_settings()
    except InvalidConfiguration as error:
        return problem(CONSOLE, f"Its settings are not valid: {error}.", "Mend SHOAL_CONSOLE_…; it would not start.")
    url = surroundings.console_url or _own_url(settings)
    try:
        page = surroundings.page(f"{url.rstrip('/')}/-/ready")
    except NoAnswer as error:
        return warning(
            CONSOLE,
            f"No console answers at {url}: {error}. Detection goes on; nobody can decide cases here.",
            "Start it (`shoal console`), or say where it is: --console http://HOST:8321.",
            "docs/runbooks/ShoalConsoleDown.md",
        )
    if page.status != 200:
        return problem(
            CONSOLE, f"The console at {url} is not ready: {reasons_in(page.text)}.", "See to the store first."
        )
    if surroundings.page(f"{url.rstrip('/')}/metrics").status == HOST_REFUSED:
        return warning(
            CONSOLE,
            f"The console at {url} refuses its figures to that name of its host: Prometheus may see no console.",
            "Add the name to SHOAL_CONSOLE_HOSTS_ALLOWED and restart the console.",
            "docs/runbooks/ShoalConsoleDown.md",
        )
    return ok(CONSOLE, f"The console at {url} answers and reaches its database.")


def _own_url(settings: ConsoleSettings) -> str:
    host = "127.0.0.1" if settings.host in EVERY_ADDRESS else settings.host
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def decisions(surroundings: Surroundings) -> Finding:
    """Whether decisions of people reach the detector."""
    with _database(surroundings) as engine:
        if engine is None:
            return ok(DECISIONS, "There is no database with tables of this version yet.")
        number, since_ms = unsent(engine)
    age_s = 0.0 if since_ms is None else surroundings.now_s() - since_ms / 1000
    if not number:
        return ok(DECISIONS, "Every decision has reached the stream.")
    if age_s > DECISION_S:
        return problem(
            DECISIONS,
            f"{number:,} decisions have not reached the stream, the oldest for {span(age_s)}: the detector does "
            "not know them. None is lost.",
            "See that a console runs with SHOAL_CONSOLE_RELAY=true and reaches Kafka, or run `shoal relay`.",
            "docs/runbooks/ShoalVerdictsWaiting.md",
        )
    return ok(DECISIONS, f"{number:,} decisions are on their way to the stream.")


def messages(surroundings: Surroundings) -> Finding:
    """Whether messages reach the people they are for."""
    with _database(surroundings) as engine:
        if engine is None:
            return ok(MESSAGES, "There is no database with tables of this version yet.")
        found = figures(engine)
        destinations = list(states(engine).values())
    waiting = sum(found.waiting.values())
    # kinds, not names: those are for people who may open the console
    off = ", ".join(sorted(each.kind for each in destinations if each.off_since_ms is not None))
    dead = sum(each.dead_now for each in destinations)
    age_s = 0.0 if found.oldest_waiting_ms is None else surroundings.now_s() - found.oldest_waiting_ms / 1000
    if age_s > MESSAGE_S:
        return problem(
            MESSAGES,
            f"{waiting:,} messages wait, the oldest for {span(age_s)}. Quiet hours make some wait on purpose.",
            "See on the console's page of messages which destination does not take them, and that a console runs.",
            "docs/runbooks/ShoalNotificationsFailing.md",
        )
    if dead or off:
        switched = f" Switched off are destinations of these kinds: {off}." if off else ""
        return warning(
            MESSAGES,
            f"{dead:,} messages were given up.{switched}",
            "Mend the destination (its address, its key, the way to it), then send them again from the console.",
            "docs/runbooks/ShoalNotificationsDead.md",
        )
    return ok(MESSAGES, f"{waiting:,} messages wait; none was given up.")


@contextmanager
def _database(surroundings: Surroundings) -> Iterator[Engine | None]:
    """The store, unless its tables are not those of this version: they may lack what is asked for."""
    if not at_the_newest(surroundings):
        yield None
        return
    engine = make_engine(surroundings.settings.store_url, surroundings.timeout_ms)
    try:
        yield engine
    finally:
        engine.dispose()


_NEEDS: Final = (STORE, LOCK, VERSION)
CHECKS: Final[Sequence[Check]] = (
    Check(CONSOLE, console),
    Check(DECISIONS, decisions, needs=_NEEDS),
    Check(MESSAGES, messages, needs=_NEEDS),
)
