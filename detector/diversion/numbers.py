"""Numbers that are somebody's: telephone and account numbers, without the ways of grouping them."""

import re
from typing import Final

_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_LANDLINE: Final = re.compile(r"0\d{9,11}|[48]00\d{7}")
_GROUPS: Final = frozenset({(11,), (3, 4, 4), (4, 4, 3), (3, 3, 5), (2, 2, 2, 2, 2, 1), (1,) * 11})
"""Ways in which people write a mobile number; a date beside a year is none of them."""
_CHUNK: Final = re.compile(r"\d+", re.ASCII)
_GAP: Final = re.compile(r"\D+", re.ASCII)
_DIGIT: Final = re.compile(r"\d", re.ASCII)
ACCOUNT_DIGITS: Final = (6, 11)
"""Shorter account numbers exist and are not told from years, prices and counts."""
PHONE_DIGITS: Final = (9, 15)
"""Of a number with a country's code. Source: ITU-T E.164."""


def only_digits(text: str) -> str:
    """The ASCII digits of `text`."""
    return "".join(_DIGIT.findall(text))


def mobile(text: str) -> str | None:
    """A Chinese mobile number, 11 digits, without the country's code; None if it is none."""
    digits = only_digits(text)
    digits = digits.removeprefix("00") if len(digits) > 13 else digits
    digits = digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    return digits if _MOBILE.fullmatch(digits) and _varied(digits) else None


def telephone(text: str) -> str | None:
    """Any telephone number that stands after a marker: mobile, landline with area, service, international."""
    digits = only_digits(text)
    found = mobile(digits)
    if found is not None:
        return found
    if _LANDLINE.fullmatch(digits) and _varied(digits):
        return digits
    international = text.lstrip().startswith("+") and PHONE_DIGITS[0] <= len(digits) <= PHONE_DIGITS[1]
    return digits if international and _varied(digits) else None


def account_number(text: str) -> str | None:
    """A number of QQ, or of another service that counts its accounts."""
    digits = only_digits(text)
    least, most = ACCOUNT_DIGITS
    fits = least <= len(digits) <= most and not digits.startswith("0")
    return digits if fits and _varied(digits) else None


def evenly_grouped(text: str) -> bool:
    """Whether the groups of a mobile number are such as people write, with one and the same gap between them."""
    number = text.removeprefix("+").removeprefix("86").lstrip(" -")
    groups = tuple(len(group) for group in _CHUNK.findall(number))
    return groups in _GROUPS and len(set(_GAP.findall(number))) <= 1


def _varied(digits: str) -> bool:
    """A round number or one digit repeated is an amount or an example."""
    return len(set(digits)) >= 3 and len(digits.rstrip("0")) >= 5
