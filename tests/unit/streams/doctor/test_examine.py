import re
import threading
import time
from pathlib import Path

from streams.doctor import CHECKS, Check, Finding, Surroundings, Verdict, examine, found_checks
from streams.doctor.finding import PAGE, ok, page_of, problem, size, span
from tests.unit.streams.doctor.conftest import Around

ROOT = Path(__file__).resolve().parents[4]


def test_what_stands_on_something_broken_is_not_looked_at(around: Around) -> None:
    looked: list[str] = []

    def well(name: str) -> Check:
        def look(_surroundings: Surroundings) -> Finding:
            looked.append(name)
            return ok(name, "Well.")

        return Check(name, look, needs=("broken",) if name == "above" else ())

    broken = Check("broken", lambda _surroundings: problem("broken", "Broken.", "Mend it."))
    told = {each.check: each for each in examine(around(), [broken, well("above"), well("beside")])}
    assert told["above"].verdict is Verdict.UNSEEN
    assert "first see to broken" in told["above"].found
    assert looked == ["beside"]


def test_a_check_that_hangs_is_left_behind(around: Around) -> None:
    for_ever = threading.Event()
    checks = [
        Check("hangs", lambda _s: for_ever.wait() and ok("hangs", "")),
        Check("next", lambda _s: ok("next", "Well.")),
    ]  # type: ignore[arg-type, return-value]  # it never answers
    started_s = time.monotonic()
    hangs, after = examine(around(), checks)
    assert time.monotonic() - started_s < 5
    assert hangs.verdict is Verdict.UNSEEN
    assert "No answer within" in hangs.found
    assert after.verdict is Verdict.OK
    for_ever.set()


def test_a_check_that_raises_is_told_and_the_next_goes_on(around: Around) -> None:
    def fails(_surroundings: Surroundings) -> Finding:
        raise KeyError("nobody expected this")

    first, second = examine(around(), [Check("fails", fails), Check("next", lambda _s: ok("next", "Well."))])
    assert first.verdict is Verdict.UNSEEN
    assert "nobody expected this" in first.found
    assert second.verdict is Verdict.OK


def test_no_secret_is_ever_told(around: Around) -> None:
    url = "postgresql+psycopg://shoal:hunter2@db/shoal?password=also-secret"
    surroundings = around(
        store_url=url,
        security_protocol="SASL_PLAINTEXT",
        sasl_username="shoal",
        sasl_password="open sesame",  # noqa: S106  # the secret of this test
    )
    said = f"could not reach {url} with hunter2, open sesame"
    (finding,) = examine(surroundings, [Check("leaky", lambda _s: problem("leaky", said, said))])
    for secret in ("hunter2", "open sesame", "also-secret"):
        assert secret not in finding.found + finding.advice
    assert "shoal:********@db" in finding.found


def test_every_check_has_its_place_on_the_page() -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^a-z' -]", "", heading.lower()).strip() for heading in re.findall(r"^## (.+)$", page, re.MULTILINE)
    }
    assert {check.name for check in [*CHECKS, *found_checks()]} | {"settings"} == headings


def test_pages_that_are_named_are_there() -> None:
    sources = [*(ROOT / "streams" / "doctor").glob("*.py"), ROOT / "console" / "doctor.py"]
    named = {page for path in sources for page in re.findall(r"docs/[\w/-]+\.md", path.read_text(encoding="utf-8"))}
    assert len(named) > 5
    assert [page for page in named if not (ROOT / page).is_file()] == []


def test_what_a_check_needs_comes_before_it() -> None:
    seen: set[str] = set()
    for check in CHECKS:
        assert set(check.needs) <= seen
        assert check.name not in seen
        seen.add(check.name)


def test_words_for_durations_and_sizes() -> None:
    assert [span(each) for each in (4, 600, 7_200, 864_000, -30)] == ["4 s", "10 min", "2 h", "10 days", "30 s"]
    assert [size(each) for each in (5e6, 3.4e9)] == ["5 MB", "3.4 GB"]
    assert page_of("dead letters") == f"{PAGE}#dead-letters"
