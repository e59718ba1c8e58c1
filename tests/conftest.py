"""Fixtures for every test, and how tests are shared out where several run at once."""

from typing import Any

import pytest

pytest_plugins = ["tests.kafka.fixtures", "tests.postgres.fixtures"]
ONE_BROKER = "tests/integration/"
"""These tests look at everything that a broker has, and stop it: they follow one another in one process."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Share out whole files, and the tests of the broker as if they were one."""
    from xdist.scheduler import LoadFileScheduling

    class Files(LoadFileScheduling):  # type: ignore[misc]  # published without annotations
        def _split_scope(self, nodeid: str) -> str:
            return ONE_BROKER if nodeid.startswith(ONE_BROKER) else str(super()._split_scope(nodeid))

    return Files(config, log)
