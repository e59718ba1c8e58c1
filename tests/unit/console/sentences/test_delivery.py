"""Why a message was not sent, and why an entry of the allow list was refused, on Chinese pages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import console.messages
from console.learn import allow
from console.messages.http import NOT_PUBLIC
from console.messages.put import FULL
from console.security.roles import Role
from console.web.sentences import known
from tests.unit.console.decisions.cases import NOW_MS
from tests.unit.console.sentences.spoken import Module
from tests.unit.console.web.visitors import Visit

FOLDER = Path(console.messages.__file__).parent


def refusals() -> Iterator[str]:
    """What `Refused` is raised with, as written there; 7 for each figure."""
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Refused":
                if isinstance(node.args[0], ast.Constant):
                    yield str(node.args[0].value)
                elif isinstance(node.args[0], ast.JoinedStr):
                    parts = node.args[0].values
                    yield "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in parts)


REASONS = {
    *refusals(), *Module(FOLDER / "http.py").returned("_why"), NOT_PUBLIC, FULL, "waited for 30 days", "HTTP 503",
    "HTTP 302: redirects are not followed, put the new address into the file",
} - {"7"}  # fmt: skip


def test_every_reason_not_to_send_is_said_in_chinese() -> None:
    assert len(REASONS) > 15
    assert [reason for reason in sorted(REASONS) if known(reason, "zh") is None] == []
    assert '"waited for 30 days"' in (FOLDER / "outbox.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_why_an_entry_is_refused_reads_in_the_language_of_the_page(visit: Visit, language: str) -> None:
    lead = visit(Role.LEAD)
    engine = lead.app.state.engine  # type: ignore[attr-defined]  # FastAPI's state
    allow.add(engine, "account", "u-7", "a newsroom", 30, "ann", NOW_MS)
    lead.cookies.set("language", language)
    page = lead.fill("/allow/add", kind="account", value="u-7", reason="again", days="30").text
    english, chinese = "it is on the list already; remove that entry first", "内容：它已在白名单上，请先移出那一条"
    assert (english in page, chinese in page) == (language == "en", language == "zh")
