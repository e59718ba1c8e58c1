"""The application, put together."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from importlib.resources import files

import structlog
from fastapi import Depends, FastAPI
from sqlalchemy import Engine
from starlette.staticfiles import StaticFiles

from console.decisions.kafka import relay_verdicts
from console.messages.running import Messages
from console.security import retention
from console.security.limits import RateLimit
from console.security.oidc.setting import make_provider
from console.security.pseudonyms import pseudonym_key
from console.settings import ConsoleSettings
from console.web.deadline import Deadline
from console.web.deps import FORM_FIELDS_MAX, same_origin
from console.web.errors import add_error_pages
from console.web.figures import StoreFigures
from console.web.gate import Gate
from console.web.i18n import LANGUAGES
from console.web.metrics import Metrics
from console.web.render import make_environment
from console.web.routers import ROUTERS
from detector import __version__
from streams.settings import load_settings
from streams.store.engine import make_engine
from streams.store.migrate import migrate_engine
from streams.store.protocol import StoreUnavailable

RETENTION_INTERVAL_S = 3_600
log = structlog.get_logger()


def wall_clock() -> int:
    """Now, in epoch ms."""
    return time.time_ns() // 1_000_000


def create_app(settings: ConsoleSettings, clock: Callable[[], int] = wall_clock) -> FastAPI:
    """Make the application on the database that `settings` name, with its tables at the newest version.

    Raises `StoreUnavailable`, `InvalidConfiguration` and `InvalidDestinations`.
    """
    messages = Messages(settings.messages, settings.public_url, clock)
    provider = make_provider(settings)
    engine = make_engine(settings.store_url, settings.store_timeout_ms)
    migrate_engine(engine)
    app = FastAPI(
        title="Shoal",
        version=__version__,
        openapi_url=None,
        form_limits={"max_fields": FORM_FIELDS_MAX, "max_files": 0},
        dependencies=[Depends(same_origin)],
        lifespan=lambda _app: _running(settings, engine, clock, messages),
    )
    app.state.settings = settings
    app.state.engine = engine
    app.state.clock = clock
    app.state.messages = messages
    app.state.provider = provider
    app.state.logins = RateLimit(settings.logins_per_minute)
    app.state.environments = {language: make_environment(language) for language in LANGUAGES}
    app.state.metrics = Metrics()
    app.state.metrics.build.info({"version": __version__})
    app.state.figures = StoreFigures(engine, app.state.metrics, clock, settings.store_url)
    app.state.pseudonym_key = pseudonym_key(engine)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=str(files("console").joinpath("static"))), name="static")
    add_error_pages(app)
    app.add_middleware(Deadline, timeout_ms=settings.request_timeout_ms)
    app.add_middleware(Gate, settings=settings)
    return app


@contextlib.asynccontextmanager
async def _running(
    settings: ConsoleSettings, engine: Engine, clock: Callable[[], int], messages: Messages
) -> AsyncIterator[None]:
    tasks = []
    if settings.relay:
        relayed = relay_verdicts(engine, load_settings({"store_url": settings.store_url}))
        tasks.append(asyncio.create_task(relayed))
    if settings.messages is not None:
        tasks.append(asyncio.create_task(messages.run(engine)))
    if settings.retention_days is not None:
        tasks.append(asyncio.create_task(_forget_hourly(engine, settings.retention_days, clock)))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        engine.dispose()


async def _forget_hourly(engine: Engine, days: int, clock: Callable[[], int]) -> None:
    while True:
        try:
            await asyncio.to_thread(retention.apply, engine, days, clock())
        except StoreUnavailable:
            log.warning("retention_waits", exc_info=True)
        await asyncio.sleep(RETENTION_INTERVAL_S)
