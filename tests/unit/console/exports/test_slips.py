"""A slip of the pen in what a program or a shell asks for is told: it neither finds nothing nor lets all through."""

from pathlib import Path

import pytest
from fastapi import FastAPI

from console.security.roles import Permission
from detector import __version__
from streams.cli import main
from tests.unit.console.exports.test_exports import programs
from tests.unit.console.web.visitors import Clock, Visitor


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("status=confirmd", "status: Input should be 'open', 'pending', 'confirmed', 'dismissed' or 'watched'"),
        ("severity=urgent", "severity: Input should be 'critical', 'high', 'medium' or 'low'"),
        ("outcome=inauthentic", "outcome: Input should be 'coordinated_inauthentic'"),
        ("stauts=confirmed", "stauts: no such parameter; there are after, format, limit"),
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/cases", "/api/v1/export"])
def test_a_word_or_a_parameter_that_is_none_is_refused(
    app: FastAPI, clock: Clock, path: str, query: str, told: str
) -> None:
    answer = programs(app, clock, Permission.EXPORT_CASES, Permission.SEE_CASES)(f"{path}?{query}")
    assert answer.status_code == 422
    assert told in answer.json()["detail"]


def test_errors_say_what_is_wrong(app: FastAPI, clock: Clock) -> None:
    ask = programs(app, clock, Permission.SEE_CASES)
    assert ask("/api/v1/cases/none").json()["detail"] == "there is nothing by that name"
    assert "send a token" in Visitor(app).get("/api/v1/cases").json()["detail"]
    mistyped = Visitor(app).get("/api/v1/cases", headers={"authorization": "Bearer shoal_mistyped"})
    assert (mistyped.status_code, "not known" in mistyped.json()["detail"]) == (401, True)


def test_the_description_holds_what_the_api_needs_and_no_form_of_a_page(app: FastAPI, clock: Clock) -> None:
    told = programs(app, clock, Permission.SEE_CASES)("/api/v1/openapi.json").json()
    names = set(told["components"]["schemas"])
    assert "Decision" in names
    assert not {name for name in names if name.startswith("Body_")}
    assert told["info"]["version"] == __version__


@pytest.mark.parametrize(("option", "word"), [("--status", "confirmd"), ("--severity", "urgent"), ("--outcome", "bad")])
def test_the_shell_refuses_such_words_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, option: str, word: str
) -> None:
    monkeypatch.setattr("sys.argv", ["shoal", "export", option, word, "--format", "csv", "-o", str(tmp_path / "o.csv")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert f"{option} {word} is none; there are" in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "o.csv").exists()
