"""Figures in words that a moderator reads at a glance."""

from datetime import UTC, datetime

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def percent(share: float) -> str:
    """0.42 → "42 %"."""
    return f"{round(100 * share)} %"


def duration(milliseconds: float) -> str:
    """A length of time in its two largest units: "19 s", "4 min 10 s", "26 h 28 min", "3 d 2 h"."""
    seconds = round(milliseconds / 1000)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return _two(seconds // 60, "min", seconds % 60, "s")
    if seconds < 86_400:
        return _two(seconds // 3600, "h", seconds % 3600 // 60, "min")
    return _two(seconds // 86_400, "d", seconds % 86_400 // 3600, "h")


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large} {large_unit}" + (f" {small} {small_unit}" if small else "")


def chance(p_log10: float) -> str:
    """−15.3 → "less than 1 in 10¹⁵"."""
    if p_log10 > -1:
        return "could well be chance"
    exponent = int(-p_log10)
    if exponent <= 6:
        return f"about 1 in {10**exponent:,}"
    return "less than 1 in 10" + str(exponent).translate(_SUPERSCRIPTS)


def moment(time_ms: int) -> str:
    """Epoch milliseconds as "2012-10-25 04:20:31 UTC"."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def count(number: int, noun: str, plural: str = "") -> str:
    """Say how many: 1 account, 12 accounts."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
