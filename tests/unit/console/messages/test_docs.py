"""What docs/messages.md shows, run."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console.messages.destinations import KINDS, Destinations, Webhook
from console.messages.facts import Decided, Facts
from console.messages.signature import key_of, new_secret, signature_headers
from console.messages.text import Links
from console.messages.webhook import payload

TEXT = (Path(__file__).parents[4] / "docs" / "messages.md").read_text(encoding="utf-8")
NOW_S = 1_800_000_000


def block(language: str, number: int = 0) -> str:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)[number]


@pytest.fixture
def verify() -> Callable[..., None]:
    names: dict[str, Any] = {}
    exec(block("python"), names)  # noqa: S102  # what readers copy
    found: Callable[..., None] = names["verify"]
    return found


def test_the_snippet_accepts_what_shoal_signs(verify: Callable[..., None]) -> None:
    secret, other, body = new_secret(), new_secret(), b'{"type":"test"}'
    headers = signature_headers([key_of(other), key_of(secret)], "msg_1", NOW_S, body)
    verify(headers, body, secret, NOW_S)
    verify(headers, body, other, NOW_S + 300)


def test_the_snippet_refuses_everything_else(verify: Callable[..., None]) -> None:
    secret, body = new_secret(), b'{"type":"test"}'
    headers = signature_headers([key_of(secret)], "msg_1", NOW_S, body)
    for wrong in (
        (headers, body + b" ", secret, NOW_S),
        (headers, body, new_secret(), NOW_S),
        ({**headers, "webhook-id": "msg_2"}, body, secret, NOW_S),
        ({**headers, "webhook-timestamp": str(NOW_S + 1)}, body, secret, NOW_S),
        (headers, body, secret, NOW_S + 301),
        (headers, body, secret, NOW_S - 301),
    ):
        with pytest.raises(ValueError, match=r"somebody|too"):
            verify(*wrong)


def test_the_file_that_is_shown_can_be_read() -> None:
    found = Destinations.model_validate(tomllib.loads(block("toml")))
    assert [each.name for each in found.destinations] == ["oncall", "moderators"]


def test_the_webhook_that_is_shown_can_be_read() -> None:
    (hook,) = Destinations.model_validate(tomllib.loads(block("toml", 1))).destinations
    assert (hook.name, hook.kind) == ("platform", "webhook")


def test_the_body_that_is_shown_has_every_field() -> None:
    decided = Decided(1, "confirm", "ann", "", 1)
    facts = Facts(
        "decided", 1, "c", 1, "opened", "campaign", "o", "low", "h", 1, 1, 1, 1, 1, 1, 1.0, "",
        "open", "", "", decided,
    )  # fmt: skip
    fields = re.findall(rb'"(\w+)":', payload(facts, Links("https://shoal.example")))
    assert fields == re.findall(rb'"(\w+)":', block("json").encode())


def test_every_setting_and_kind_is_told() -> None:
    common = set(Webhook.model_fields) - {"url", "secrets"}
    assert {name for name in common if f"| `{name}` |" not in TEXT} == set()
    assert all(f"`{kind}`" in TEXT for kind in KINDS)
