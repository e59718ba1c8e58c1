import tomllib
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from detector.settings import load
from models.events import AnyEvent, Like, LikeAction
from streams.calibrate import calibrate
from streams.cli.app import app
from streams.cli.errors import UserError
from streams.files import write

START_MS = 1_700_000_000_000
HOUR_MS = 3_600_000


def likes(seed: int, army: bool) -> list[AnyEvent]:
    """Two thousand people, twenty-five targets an hour, for a day; perhaps an army that names itself."""
    rnd = Random(seed)
    found: list[AnyEvent] = []
    for hour in range(24):
        for number in range(25):
            target, at_ms = f"p{hour}-{number}", START_MS + hour * HOUR_MS
            found += [
                Like(f"u{rnd.randrange(2_000)}", target, LikeAction.LIKE, at_ms + rnd.randrange(HOUR_MS), f"by{target}")
                for _ in range(12)
            ]
            if army and number == 0 and hour % 2 == 0:
                found += [
                    Like(f"army{n}", target, LikeAction.LIKE, at_ms + 1_000 * n, f"by{target}") for n in range(40)
                ]
    return sorted(found, key=lambda like: like.acted_at_ms)  # type: ignore[union-attr]  # all are likes


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["calibrate", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def stream(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("calibrate") / "honest.jsonl"
    write(str(path), [likes(1, army=False)])
    return path


def test_what_is_written_is_a_settings_file_of_the_detector(stream: Path, tmp_path: Path) -> None:
    out, own = tmp_path / "calibrated.toml", tmp_path / "own.toml"
    own.write_text("quiet_ms = 7_200_000\n[overlap]\nhistory_max = 40\n[overlap.phi]\nnear_words = 70.0\n")
    told = run(str(stream), "-o", str(out), "--date", "2026-02-03", "--settings", str(own))
    settings = load(tomllib.loads(out.read_text()))
    assert (settings.quiet_ms, settings.overlap.history_max) == (7_200_000, 40)
    assert settings.overlap.phi.near_words == 70.0
    record = settings.calibration
    assert (record.date, record.inputs[0].name, record.inputs[0].events) == ("2026-02-03", "honest.jsonl", 7_200)
    assert record.inputs[0].first_ms >= START_MS
    assert record.inputs[0].last_ms < START_MS + 24 * HOUR_MS
    far = record.strata["far_likes"]
    assert far.pairs_fitted > 20_000
    assert far.pairs_held_out > 20_000
    assert settings.overlap.phi.far_likes == far.phi_after
    assert "far_likes" in told


def test_equal_events_and_date_give_equal_bytes(stream: Path, tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        run(str(stream), "-o", str(tmp_path / name), "--date", "2026-02-03")
    assert (tmp_path / "a.toml").read_bytes() == (tmp_path / "b.toml").read_bytes()


def test_an_army_in_the_stream_does_not_raise_phi(stream: Path, tmp_path: Path) -> None:
    with_army = tmp_path / "army.jsonl"
    write(str(with_army), [likes(1, army=True)])
    settings = load({})
    (phi, honest), (phi_army, record) = (
        calibrate([str(path)], settings, "2026-02-03", lambda what, events: None) for path in (stream, with_army)
    )
    assert record.accounts_left_out >= 40
    assert phi_army == phi
    far, far_honest = record.strata["far_likes"], honest.strata["far_likes"]
    assert far.observed_before == far_honest.observed_before
    assert far.pairs_held_out == pytest.approx(far_honest.pairs_held_out, rel=0.02)  # some liked what the army liked
    assert record.inputs[0].xxh64 != honest.inputs[0].xxh64


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-", "-o", "x.toml"], "twice"),
        (["same.jsonl", "-o", "same.jsonl"], "overwritten"),
        (["some.jsonl", "-o", "x.toml", "--date", "tomorrow"], "is no date"),
    ],
)
def test_what_cannot_be_is_said(arguments: list[str], told: str) -> None:
    with pytest.raises(UserError, match=told):
        CliRunner().invoke(app, ["calibrate", *arguments], catch_exceptions=False, standalone_mode=False)
