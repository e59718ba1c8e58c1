"""All checks, in the order in which they are told: what others stand on comes first."""

from collections.abc import Sequence
from functools import partial
from importlib.metadata import entry_points
from typing import Final

from streams.doctor import broker, clock, dead_letters, disk, lag, machine, snapshots, store, topics, worker
from streams.doctor.finding import Check, Finding, unseen
from streams.doctor.surroundings import Surroundings

CHECKS_GROUP: Final = "shoal.checks"
"""Entry points of checks that live above `streams`, which finds them here and never imports what is above it."""

CHECKS: Final[Sequence[Check]] = (
    Check(machine.FILES, machine.open_files),
    Check(machine.CACHE, machine.compiled_code),
    Check(machine.PORT, machine.port),
    Check(disk.SNAPSHOT_DISK, disk.snapshot_disk),
    Check(disk.STORE_DISK, disk.store_disk),
    Check(snapshots.SNAPSHOTS, snapshots.snapshots),
    Check(store.STORE, store.store),
    Check(store.LOCK, store.lock, needs=(store.STORE,)),
    Check(store.VERSION, store.store_version, needs=(store.STORE, store.LOCK)),
    Check(broker.BROKER, broker.broker),
    Check(broker.CREDENTIALS, broker.credentials, needs=(broker.BROKER,)),
    Check(topics.TOPICS, topics.topics, needs=(broker.BROKER, broker.CREDENTIALS)),
    Check(topics.FORMATS, topics.formats, needs=(broker.BROKER, broker.CREDENTIALS)),
    Check(lag.LAG, lag.lag, needs=(broker.BROKER, broker.CREDENTIALS)),
    Check(dead_letters.DEAD_LETTERS, dead_letters.dead_letters, needs=(broker.BROKER, broker.CREDENTIALS)),
    Check(clock.CLOCK, clock.clock),
    Check(worker.WORKER, worker.worker),
    Check(worker.READY, worker.ready, needs=(worker.WORKER,)),
    Check(worker.INDEX, worker.index, needs=(worker.WORKER,)),
    Check(worker.TROUBLE, worker.trouble, needs=(worker.WORKER,)),
    Check(machine.WORKERS_FILES, machine.few_files_left, needs=(worker.WORKER,)),
)


def found_checks() -> list[Check]:
    """Those of the console, where it is installed; one that cannot be loaded says so."""
    checks = []
    for found in sorted(entry_points(group=CHECKS_GROUP), key=lambda each: each.name):
        try:
            checks += list(found.load())
        except ImportError as error:
            checks.append(Check(found.name, partial(_not_loaded, found.name, str(error))))
    return checks


def _not_loaded(name: str, why: str, _surroundings: Surroundings) -> Finding:
    return unseen(name, f"Its check cannot be loaded: {why}.")
