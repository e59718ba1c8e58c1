"""Surroundings that hold nothing yet: no broker, no worker, an empty folder."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from streams.doctor import Surroundings
from streams.settings import load_settings

Around = Callable[..., Surroundings]


@pytest.fixture
def around(tmp_path: Path) -> Around:
    def make(now_s: Callable[[], float] | None = None, statvfs: Any = None, **overrides: Any) -> Surroundings:
        values = {
            "bootstrap": "127.0.0.1:1",
            "snapshot_folder": str(tmp_path / "state"),
            "store_url": f"sqlite:///{tmp_path}/shoal.db",
            **overrides,
        }
        options: dict[str, Any] = {"timeout_s": 1.0}
        if now_s is not None:
            options["now_s"] = now_s
        if statvfs is not None:
            options["statvfs"] = statvfs
        return Surroundings(load_settings(values), "http://127.0.0.1:1", **options)

    return make
