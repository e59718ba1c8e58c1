"""Fixtures that lend a broker. Without one, tests are skipped with the reason; in CI they fail."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import NoReturn

import pytest

from tests.kafka.broker import KafkaBroker
from tests.kafka.install import KafkaUnavailable, installed

ADDRESS_VARIABLE = "SHOAL_KAFKA"


def _unavailable(error: KafkaUnavailable) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(f"no Kafka, and this is CI: {error}", pytrace=False)
    pytest.skip(f"no Kafka: {error}")


@pytest.fixture(scope="session")
def _own_broker() -> Iterator[KafkaBroker]:
    with ExitStack() as stack:
        try:
            broker = stack.enter_context(KafkaBroker(installed()))
        except KafkaUnavailable as error:
            _unavailable(error)
        yield broker


@pytest.fixture(scope="session")
def kafka_bootstrap(request: pytest.FixtureRequest) -> str:
    """Address of a real Kafka: `$SHOAL_KAFKA`, or the broker of this test session."""
    given = os.environ.get(ADDRESS_VARIABLE)
    return given or str(request.getfixturevalue("_own_broker").bootstrap)


@pytest.fixture
def kafka_broker(_own_broker: KafkaBroker) -> Iterator[KafkaBroker]:
    """The session's own broker, to be stopped, killed or paused; runs again for the next test."""
    yield _own_broker
    _own_broker.mend()
