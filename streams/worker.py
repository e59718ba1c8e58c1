"""`shoal worker`: wait for the broker, check the topics, run until stopped."""

import sys
import threading
import time

import mode.loop
import structlog
from kafka.errors import KafkaError

from models.errors import InvalidConfiguration
from streams.collection import rare_collection
from streams.delivery import BACKOFF_FIRST_S, BACKOFF_MAX_S
from streams.exits import Exit, end_process
from streams.logs import configure_logs
from streams.settings import Settings
from streams.settings.load import without_password
from streams.settings.refusals import variable
from streams.store.open import open_store
from streams.store.protocol import AlertStore, StoreUnavailable
from streams.store.shadow import open_shadow
from streams.topics import TopicsUnfit, require

log = structlog.get_logger()

STOP_LIMIT_S = 8.0
"""Less than the ten seconds that container engines wait before they kill."""


def run(settings: Settings) -> None:
    """Run a worker in this process; ends it with one of `streams.exits.Exit`."""
    configure_logs(settings.log_level)
    try:
        _await_topics(settings)
        _make_folder(settings)
        store = _open(settings)
    except (TopicsUnfit, InvalidConfiguration) as error:
        log.error("cannot start", error=str(error))
        sys.exit(Exit.CONFIGURATION)
    _serve(settings, store)


def _serve(settings: Settings, store: AlertStore) -> None:
    mode.loop.use("uvloop")  # before anything asks for an event loop
    import faust

    from streams.app import make_app
    from streams.composition import Composition

    parts = Composition(settings, store)
    app = make_app(settings, parts)

    class Worker(faust.Worker):  # type: ignore[misc]  # Faust is untyped
        def _schedule_shutdown(self, signum: int) -> None:
            _end_after(STOP_LIMIT_S)
            super()._schedule_shutdown(signum)

    # quiet and without its spinner, or Faust's banner stands between the lines of the log
    worker = Worker(app, override_logging=False, loglevel=settings.log_level, redirect_stdouts=False, quiet=True)
    worker.spinner = None
    log.info("worker starts", group=settings.group, bootstrap=settings.bootstrap, shards_total=settings.shards)
    try:
        with rare_collection():
            worker.execute_from_commandline()
    finally:
        for shard in parts.host:
            parts.snapshotter.now(shard)
        parts.traces.close()
        store.close()


def _end_after(limit_s: float) -> None:
    """End the process if a clean stop takes longer: with the brokers away it would wait for them."""

    def end() -> None:
        log.warning("no clean stop in time, ending; unfinished work will come again", limit_s=limit_s)
        end_process(Exit.CANCELLED)

    timer = threading.Timer(limit_s, end)
    timer.daemon = True
    timer.start()


def _await_topics(settings: Settings) -> None:
    """Return once a broker answers and the topics fit. Raises `TopicsUnfit` if they do not."""
    pause_s = BACKOFF_FIRST_S
    while True:
        try:
            require(settings)
            return
        except KafkaError as error:
            log.warning("no broker answers, waiting", bootstrap=settings.bootstrap, error=repr(error))
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, BACKOFF_MAX_S)


def _make_folder(settings: Settings) -> None:
    try:
        settings.snapshot_folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        allowed = f"a folder that can be made and written ({error.strerror})"
        raise InvalidConfiguration(variable("snapshot_folder"), str(settings.snapshot_folder), allowed) from error


def _open(settings: Settings) -> AlertStore:
    try:
        if settings.shadow is not None:
            return open_shadow(settings.store_url, settings.shadow, settings.store_timeout_ms)
        return open_store(settings.store_url, settings.store_timeout_ms)
    except StoreUnavailable as error:
        url = without_password(settings.store_url)
        raise InvalidConfiguration(variable("store_url"), url, f"a store that can be opened ({error})") from error


if __name__ == "__main__":
    from streams.settings import load_settings

    run(load_settings())
