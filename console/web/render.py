"""Templates: escaped, translated, with the filters that texts and accounts go through."""

from datetime import UTC, datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from console.security.roles import may
from console.web.hostile import hostile
from console.web.i18n import LANGUAGES, language_of, translations
from console.web.sentences import said_in

THEMES = ("light", "dark")
THEME_COOKIE = "theme"


def make_environment(language: str) -> Environment:
    """Templates in one language."""
    made = Environment(
        loader=PackageLoader("console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    made.filters.update(hostile=hostile, said=said_in(language), moment=moment, day=day, number=number)
    made.globals.update(may=may, languages=LANGUAGES)
    return made


def render(request: Request, template: str, status_code: int = 200, **context: Any) -> HTMLResponse:
    """Answer with a page. Templates know `principal` (None before log-in), `language`, `theme`, `csrf_field()`."""
    language = language_of(request)
    theme = request.cookies.get(THEME_COOKIE)
    principal = getattr(request.state, "principal", None)
    token = getattr(request.state, "form_token", "")
    page = request.app.state.environments[language].get_template(template)
    body = page.render(
        request=request,
        principal=principal,
        language=language,
        theme=theme if theme in THEMES else "auto",
        form_token=token,
        csrf_field=lambda: Markup('<input type="hidden" name="form_token" value="{}">').format(token),
        **context,
    )
    return HTMLResponse(body, status_code)


def moment(at_ms: int) -> Markup:
    """A moment in UTC, to the second."""
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(), f"{at:%Y-%m-%d %H:%M:%S}")


def day(at_ms: int) -> Markup:
    """A day in UTC; its title tells the moment."""
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        at.isoformat(), f"{at:%Y-%m-%d %H:%M:%S}", f"{at:%Y-%m-%d}"
    )


def number(value: int) -> str:
    """A count with its thousands apart."""
    return f"{value:,}"
