"""What the checks look at, and with which patience."""

import json
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

from prometheus_client.parser import text_string_to_metric_families

from models.errors import ShoalError
from streams.settings import Settings
from streams.settings.load import without_password

PAGE_BYTES_MAX = 8_000_000
_OPENER = build_opener(ProxyHandler({}))
"""Asks directly: what is next to a worker is not reached through the proxy of a company."""
SECRET_LENGTH_MIN = 3
"""Shorter passwords are found in half of all words."""


class NoAnswer(ShoalError):
    """A page that does not answer; says why."""


class Page:
    """What a page answered."""

    def __init__(self, status: int, text: str, date: str) -> None:
        self.status = status
        self.text = text
        self.date = date
        """The header `Date`: the other side's clock."""


@dataclass(frozen=True)
class Surroundings:
    """The settings, where the worker is, and the clock. Tests put their own in."""

    settings: Settings
    worker_url: str
    timeout_s: float = 5.0
    """Longest time for one check."""
    now_s: Callable[[], float] = time.time
    statvfs: Callable[[str], os.statvfs_result] = field(default=os.statvfs)
    console_url: str | None = None
    """Where the console is; None: where its settings say, on this machine."""

    @property
    def timeout_ms(self) -> int:
        """Longest wait for one answer: less than a check may take, so that it is the check that speaks."""
        return int(self.timeout_s * 800)

    def page(self, url: str) -> Page:
        """Ask a page. Raises `NoAnswer`."""
        if not url.startswith(("http://", "https://")):
            raise NoAnswer(f"{url} is no address: say http://HOST:PORT")
        try:
            with _OPENER.open(url, timeout=self.timeout_ms / 1000) as answer:
                return _page(answer.status, answer)
        except HTTPError as error:
            return _page(error.code, error)
        except URLError as error:
            raise NoAnswer(_reason(error.reason)) from error
        except (OSError, ValueError) as error:
            raise NoAnswer(str(error) or type(error).__name__) from error

    @cached_property
    def metrics(self) -> list[Any]:
        """The worker's samples. Raises `NoAnswer`."""
        page = self.page(self.worker_url.rstrip("/") + "/metrics")
        try:
            families = list(text_string_to_metric_families(page.text))
        except ValueError as error:
            raise NoAnswer(f"the figures of the worker are not understood: {error}") from error
        return [sample for family in families for sample in family.samples]

    def values(self, name: str) -> list[tuple[dict[str, str], float]]:
        """(labels, value) of every sample of that name."""
        return [(sample.labels, float(sample.value)) for sample in self.metrics if sample.name == name]

    def plain(self, text: str) -> str:
        """Return `text` on one line, without any secret of the settings and of bounded length."""
        for secret in self._secrets:
            text = text.replace(secret, "********")
        return re.sub(r"\s+", " ", without_password(text)).strip()[:600]

    @cached_property
    def _secrets(self) -> list[str]:
        found = [self.settings.password, *re.findall(r"://[^:/@\s]*:([^@\s]*)@", self.settings.store_url)]
        return [secret for secret in found if secret and len(secret) >= SECRET_LENGTH_MIN]


def _reason(error: object) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)


def as_json(text: str) -> Any:
    """Decode, or None for anything that is no JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def _page(status: int, answer: Any) -> Page:
    return Page(status, answer.read(PAGE_BYTES_MAX).decode(errors="replace"), answer.headers.get("Date", ""))
