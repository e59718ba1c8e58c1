"""What docs/appeals-and-report.md shows, run."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from console.appeals.entries import Refusal
from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.reports.counts import COLUMNS
from console.security.roles import Permission, Role
from console.security.tokens import make_token
from console.settings import ConsoleSettings
from tests.unit.console.decisions.cases import NOW_MS
from tests.unit.console.web.visitors import Clock

TEXT = (Path(__file__).parents[4] / "docs" / "appeals-and-report.md").read_text(encoding="utf-8")
HOST = "https://shoal.example"
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    for line in block.replace("\\\n", " ").split("\ncurl ")
    if HOST in line
]


def sent(app: FastAPI, command: str, token: str) -> Any:
    """Send what a line with curl sends."""
    words = shlex.split(command[command.index("curl") :] if "curl" in command else command)
    url = next(word for word in words if word.startswith(HOST))
    headers = dict(words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H")
    assert headers["Authorization"] == "Bearer $TOKEN"
    headers["Authorization"] = f"Bearer {token}"
    body = words[words.index("-d") + 1] if "-d" in words else None
    client = TestClient(app, base_url="http://127.0.0.1")
    return client.request("POST" if "POST" in words else "GET", url.removeprefix(HOST), headers=headers, content=body)


def test_every_request_that_is_shown_is_answered_as_shown(app: FastAPI, clock: Clock) -> None:
    engine = app.state.engine
    decide(engine, Order("c1", Action.CONFIRM, "moderator", 1, 0), NOW_MS - 1_000)
    scopes = {Permission.FILE_APPEALS, Permission.SEE_REPORTS}
    token = make_token(engine, "platform", Role.ADMIN.value, scopes, 1, NOW_MS)
    post, one, several, report = COMMANDS
    answer = sent(app, post, token)
    shown = json.loads(re.search(r"```json\n(.*?)```", TEXT, re.DOTALL).group(1))
    assert answer.status_code == 201
    assert answer.json() == shown
    assert answer.headers["location"] == shown["href"]
    assert sent(app, one, token).json() == shown
    assert sent(app, several, token).json() == {"appeals": [], "next": None}
    told = sent(app, report, token).json()
    assert [told["weeks"][0]["week"], told["weeks"][-1]["week"]] == ["2026-W01", "2026-W14"]


def test_every_reason_column_and_setting_is_told() -> None:
    told = set(re.findall(r"`(\w+)`", TEXT))
    assert {reason.value for reason in Refusal} <= told
    assert {*COLUMNS, "precision", "median_hours"} <= told
    settings = {name.removeprefix("SHOAL_CONSOLE_").lower() for name in re.findall(r"SHOAL_CONSOLE_\w+", TEXT)}
    assert settings == {"appeal_days", "appeals_per_account_max", "retention_days", "report_count_min"}
    assert settings <= set(ConsoleSettings.model_fields)
