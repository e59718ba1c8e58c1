"""Every word of a page in both languages; colours that can be read."""

import re
from io import BytesIO
from itertools import product
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import console
from console.security.roles import Role
from console.web.i18n import LANGUAGES
from tests.unit.console.web.visitors import Visit

FOLDER = Path(console.__file__).parent
PLACES = re.compile(r"%\(\w+\)s")


def used() -> set[str]:
    found = extract_from_dir(FOLDER / "templates", [("**.html", "jinja2")])
    return {message[0] if isinstance(message, tuple) else message for _, _, message, *_ in found}


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_no_message_is_untranslated_or_unused(language: str) -> None:
    text = (FOLDER / "locales" / language / "messages.po").read_bytes()
    catalog = {message.id: message.string for message in read_po(BytesIO(text), locale=language) if message.id}
    known = {key[0] if isinstance(key, tuple) else key: value for key, value in catalog.items()}
    assert set(known) == used()
    for message, translation in known.items():
        for string in translation if isinstance(translation, tuple) else (translation,):
            assert string, message
            assert set(PLACES.findall(string)) == set(PLACES.findall(message)), message


def test_the_language_is_the_cookies_else_the_browsers(visit: Visit) -> None:
    visitor = visit(Role.LEAD)
    assert '<html lang="en"' in visitor.get("/").text
    assert '<html lang="zh"' in visitor.get("/", headers={"accept-language": "fr, zh-CN;q=0.8"}).text
    visitor.post("/look", data={"language": "zh", "theme": "dark"}, headers={"origin": "http://127.0.0.1"})
    page = visitor.get("/").text
    assert '<html lang="zh" data-theme="dark"' in page
    assert "待处理" in page


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * each for each in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_hold_wcag_aa(theme: str) -> None:
    css = (FOLDER / "static" / "shoal.css").read_text(encoding="utf-8")
    block = re.search(
        r':root\[data-theme="dark"\] \{(.*?)\}' if theme == "dark" else r":root \{(.*?)\}", css, re.DOTALL
    )
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", block.group(1)))
    pairs = [
        *product(("ink", "muted", "main", "bad", "good", "warn"), ("page", "card", "soft")),
        ("on-main", "main"),
        ("card", "bad"),
    ]
    for one, other in pairs:
        low, high = sorted((luminance(colours[one]), luminance(colours[other])))
        assert (high + 0.05) / (low + 0.05) >= 4.5, (one, other)
