"""`shoal worker`: wait for the broker, check the topics, run until stopped."""

import sys
import time

import mode.loop
import structlog
from kafka.errors import KafkaError

from models.errors import InvalidConfiguration
from streams.delivery import BACKOFF_FIRST_S, BACKOFF_MAX_S
from streams.exits import Exit
from streams.logs import configure_logs
from streams.settings import Settings
from streams.sinks.open import open_store
from streams.sinks.store import AlertStore, StoreUnavailable
from streams.topics import TopicsUnfit, require

log = structlog.get_logger()


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
    worker = faust.Worker(app, override_logging=False, loglevel=settings.log_level, redirect_stdouts=False)
    log.info("worker starts", group=settings.group, bootstrap=settings.bootstrap, shards=settings.shards)
    try:
        worker.execute_from_commandline()
    finally:
        for shard in parts.host:
            parts.snapshotter.now(shard)
        store.close()


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
        raise InvalidConfiguration("snapshot_folder", str(settings.snapshot_folder), allowed) from error


def _open(settings: Settings) -> AlertStore:
    try:
        return open_store(settings.store_url, settings.store_timeout_ms)
    except StoreUnavailable as error:
        raise InvalidConfiguration("store_url", settings.store_url, f"a store that can be opened ({error})") from error


if __name__ == "__main__":
    from streams.settings import load_settings

    run(load_settings())
