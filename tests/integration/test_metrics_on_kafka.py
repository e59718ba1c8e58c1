"""The demo's hour through a real worker: every metric of the catalogue moves or says what would move it."""

import re
from collections import defaultdict
from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families

from evaluation.kafka_corner import Corner, wait_for
from evaluation.simulator.scenarios import demo
from models.events import Like, Post
from streams.catalogue import CATALOGUE, Metric, metric, series

pytestmark = [pytest.mark.kafka, pytest.mark.slow]
SEED = 7
OF_PROMETHEUS_CLIENT = {"le"}


class Seen:
    """Greatest value of each series over several looks, and the values of labels."""

    def __init__(self) -> None:
        self.greatest: dict[str, float] = defaultdict(float)
        self.labels: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.pages = ""

    def look(self, corner: Corner) -> None:
        _, page = corner.ask("/metrics")
        self.pages += page
        for family in text_string_to_metric_families(page):
            for sample in family.samples:
                self.greatest[sample.name] = max(self.greatest[sample.name], sample.value)
                for label, value in sample.labels.items():
                    self.labels[sample.name, label].add(value)

    def moved(self, one: Metric) -> bool:
        return any(self.greatest[name] > 0 for name in series(one))


@pytest.fixture(scope="module")
def seen(kafka_bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    found = Seen()
    with Corner(kafka_bootstrap, tmp_path_factory.mktemp("metrics"), probe_interval_s=0.2) as corner:
        corner.start_worker()
        wait_for(lambda: corner.ask("/-/ready")[0] == 200, 60, "a ready worker")
        found.look(corner)
        corner.produce(demo.events(SEED))
        corner.produce_raw(corner.settings.likes_topic, [b"no json"])
        wait_for(lambda: found.look(corner) or corner.lag() == 0, 240, "everything processed")
        corner.wait_drained(120)
        found.look(corner)
        yield found


@pytest.mark.parametrize("one", [one for one in CATALOGUE if "worker" in one.of], ids=lambda one: one.name)
def test_it_moves_or_says_what_would_move_it(seen: Seen, one: Metric) -> None:
    assert seen.moved(one) or one.moved_by, (
        f"{one.name} stood still, and the catalogue does not say why"
    )


@pytest.mark.parametrize("name", ["shoal_events_invalid_total", "shoal_dead_letters_total", "shoal_lag_seconds"])
def test_what_the_hour_brings_about_has_moved(seen: Seen, name: str) -> None:
    assert seen.moved(metric(name))


def test_labels_hold_what_the_catalogue_allows(seen: Seen) -> None:
    by_series = {name: one for one in CATALOGUE for name in series(one)}
    told = {name: {label for each, label in seen.labels if each == name} for name, _ in seen.labels}
    for name, labels in told.items():
        if not name.startswith("shoal_") or name.endswith("_created"):
            continue
        allowed = {label.name: label for label in by_series[name].labels}
        assert labels - OF_PROMETHEUS_CLIENT == set(allowed), name
        for label in labels - OF_PROMETHEUS_CLIENT:
            values = seen.labels[name, label]
            assert len(values) <= allowed[label].most, (name, label)
            if allowed[label].values:
                assert values <= set(allowed[label].values), (name, label)


def test_no_account_and_no_case_is_named(seen: Seen) -> None:
    values = {value for values in seen.labels.values() for value in values}
    accounts = {event.account_id for event in demo.events(SEED) if isinstance(event, Like | Post)}
    assert len(accounts) > 1_000
    assert values & accounts == set()
    assert not [value for value in values if re.fullmatch(r"[0-9a-f]{16}", value) and value not in _builds(seen)]


def _builds(seen: Seen) -> set[str]:
    return seen.labels["shoal_build_info", "configuration"]
