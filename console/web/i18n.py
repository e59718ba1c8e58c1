"""English and Chinese, by gettext. Catalogs are read as text at start, so that nothing has to be compiled."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from starlette.requests import Request

LANGUAGES = {"en": "English", "zh": "中文"}
COOKIE = "language"


def language_of(request: Request) -> str:
    """Language of the cookie, else the first known one that the browser asks for, else English."""
    chosen = request.cookies.get(COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    asked = request.headers.get("accept-language", "")[:256].lower().split(",")
    known = [each.strip()[:2] for each in asked if each.strip()[:2] in LANGUAGES]
    return known[0] if known else "en"


@cache
def translations(language: str) -> NullTranslations:
    """Catalog of one of `LANGUAGES`; the messages in the templates are English."""
    if language == "en":
        return NullTranslations()
    source = files("console").joinpath(f"locales/{language}/messages.po").read_text(encoding="utf-8")
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source.encode()), locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)
