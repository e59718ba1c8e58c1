"""Quiet hours over midnight and changes of clocks; moments of digests."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from console.messages.backoff import ASKED_MAX_MS, FIRST_MS, LONGEST_MS, pause_ms
from console.messages.hours import DAYS, HOUR_MS, Digest, Quiet

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Quiet.model_validate({"zone": "Europe/Berlin", "from": "22:00", "until": "07:00"})


def at(text: str, zone: ZoneInfo = BERLIN, fold: int = 0) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp() * 1000)


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-11-25T21:59:59", False),
        ("2026-11-25T22:00:00", True),
        ("2026-11-26T00:00:00", True),
        ("2026-11-26T06:59:59", True),
        ("2026-11-26T07:00:00", False),
    ],
)
def test_a_night_goes_over_midnight(moment: str, quiet: bool) -> None:
    assert NIGHT.holds(at(moment)) is quiet


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    friday = Quiet.model_validate({"zone": "Europe/Berlin", "from": "22:00", "until": "07:00", "days": ["fri"]})
    assert friday.holds(at("2026-11-28T03:00:00"))  # the night to Saturday
    assert not friday.holds(at("2026-11-27T03:00:00"))
    assert not friday.holds(at("2026-11-28T23:00:00"))


def test_the_same_time_twice_is_a_whole_day() -> None:
    weekend = Quiet.model_validate({"zone": "UTC", "from": "00:00", "until": "00:00", "days": ["sat", "sun"]})
    saturday = utc("2026-11-28T00:00:00")
    assert not weekend.holds(saturday - 1)
    assert weekend.holds(saturday)
    assert weekend.holds(saturday + 48 * HOUR_MS - 1)
    assert not weekend.holds(saturday + 48 * HOUR_MS)


def test_the_wall_clock_counts_when_clocks_change() -> None:
    # in spring 23:00 UTC+1 to 05:00 UTC+2 are 8 hours by the sun, in autumn 10
    spring = [utc("2026-03-28T21:00:00"), utc("2026-03-29T05:00:00")]
    autumn = [utc("2026-10-24T20:00:00"), utc("2026-10-25T06:00:00")]
    for begins, until in (spring, autumn):
        assert not NIGHT.holds(begins - 1)
        assert NIGHT.holds(begins)
        assert NIGHT.holds(until - 1)
        assert not NIGHT.holds(until)


def test_an_edge_in_the_hour_that_comes_twice_or_never_is_the_longer_one() -> None:
    early = Quiet.model_validate({"zone": "Europe/Berlin", "from": "22:00", "until": "02:30"})
    assert early.holds(at("2026-10-25T02:29:00", fold=1))
    assert not early.holds(at("2026-10-25T02:30:00", fold=1))
    late = Quiet.model_validate({"zone": "Europe/Berlin", "from": "02:30", "until": "07:00"})
    assert late.holds(at("2026-10-25T02:30:00", fold=0))
    assert not late.holds(at("2026-10-25T02:29:00", fold=0))
    assert early.holds(utc("2026-03-29T01:29:00"))  # 03:29 by the clock: 02:30 was never
    assert not early.holds(utc("2026-03-29T01:30:00"))


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2029, 1, 1)),  # noqa: DTZ001  # hypothesis wants them naive
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia"]),
    st.times(),
    st.times(),
    st.sets(st.sampled_from(DAYS), min_size=1),
)
def test_a_plain_reading_of_the_wall_agrees(
    moment: datetime, zone: str, begins: time, until: time, days: set[str]
) -> None:
    first, last = f"{begins:%H:%M}", f"{until:%H:%M}"
    quiet = Quiet.model_validate({"zone": zone, "from": first, "until": last, "days": sorted(days)})
    local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    near = {(local + timedelta(hours=hours)).utcoffset() for hours in range(-30, 31)}
    if len(near) > 1:
        return  # clocks change nearby: the tests above
    clock, today = f"{local:%H:%M}", DAYS[local.weekday()]
    yesterday = DAYS[local.weekday() - 1]
    if first < last:
        expected = today in days and first <= clock < last
    else:
        expected = (today in days and clock >= first) or (yesterday in days and clock < last)
    assert quiet.holds(int(moment.replace(tzinfo=UTC).timestamp() * 1000)) is expected


def test_a_digest_of_each_day_comes_by_the_wall_clock_once() -> None:
    daily = Digest(every="day", at="09:00", zone="Europe/Berlin")
    assert daily.newest(at("2026-11-25T09:00:00")) == at("2026-11-25T09:00:00")
    assert daily.newest(at("2026-11-25T08:59:59")) == at("2026-11-24T09:00:00")
    assert daily.newest(at("2026-03-29T09:00:00")) == utc("2026-03-29T07:00:00")
    twice = Digest(every="day", at="02:30", zone="Europe/Berlin")
    moments = {twice.newest(utc("2026-10-24T12:00:00") + minute * 60_000) for minute in range(24 * 60)}
    assert moments == {utc("2026-10-24T00:30:00"), utc("2026-10-25T00:30:00")}


def test_a_digest_of_each_hour() -> None:
    assert Digest(every="hour").newest(utc("2026-11-25T09:59:59")) == utc("2026-11-25T09:00:00")


@pytest.mark.parametrize(
    "wrong", [{"zone": "Mars/Base"}, {"from": "24:00"}, {"days": []}, {"days": ["today"]}, {"x": 1}]
)
def test_what_is_no_time_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Quiet.model_validate({"zone": "UTC", "from": "22:00", "until": "07:00", **wrong})


@given(st.integers(1, 1_000), st.floats(0, 1, exclude_max=True), st.none() | st.integers(0, 10**12))
def test_pauses_grow_and_have_an_end(attempts: int, jitter: float, asked: int | None) -> None:
    pause = pause_ms(attempts, jitter, asked)
    assert pause <= max(LONGEST_MS * 1.2, ASKED_MAX_MS)
    assert pause >= min(asked or 0, ASKED_MAX_MS)
    assert pause >= FIRST_MS * 0.8 - 1


def test_the_schedule_spans_hours() -> None:
    pauses = [pause_ms(attempts, 0.5) for attempts in range(1, 10)]
    assert pauses[:4] == [5_000, 15_000, 45_000, 135_000]
    assert pauses[-1] == LONGEST_MS
    assert 10 * HOUR_MS < sum(pauses) < 12 * HOUR_MS
