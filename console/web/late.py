"""A form that comes when its session is over: what was typed is kept through the log-in, and nothing is written."""

import re
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from starlette.responses import Response

from console.web.deps import FORM_FIELDS_MAX
from console.web.render import render

KEPT_CHARACTERS_MAX: Final = 500_000
SECRET: Final = frozenset({"form_token", "password", "old", "new", "again"})
TYPED: Final = ("text", "value", "reason", "name", "user_id")
"""Fields that people write in; others are chosen, or put there by the page."""
_CASE_FORM: Final = re.compile(r"(/cases/[^/]+)/(?:decide|look|preview)")


class Kept(NamedTuple):
    """A form as it was sent, without its secrets."""

    path: str
    fields: list[tuple[str, str]]

    @property
    def text(self) -> str:
        """What somebody wrote, to be read and copied."""
        return "\n".join(value for name, value in self.fields if name in TYPED and value.strip() and self._wrote(name))

    @property
    def again(self) -> str:
        """Where the fields are shown in their form again and nothing is written; empty where there is no such page."""
        found = _CASE_FORM.fullmatch(self.path)
        return f"{found[1]}/look" if found else ""

    def _wrote(self, name: str) -> bool:
        # the reason of an allow list is written, that of a dismissal is chosen
        return name != "reason" or not any(other == "action" for other, _ in self.fields)

    def packed(self) -> str:
        """As one field of another form; empty where nobody wrote or ticked anything, or where it is too much."""
        worth = self.text or any(name == "left_out" for name, _ in self.fields)
        packed = urlencode([("", self.path), *self.fields])
        return packed if worth and len(packed) <= KEPT_CHARACTERS_MAX else ""


def unpack(packed: str) -> Kept | None:
    """Read `Kept.packed`; None for what is none."""
    try:
        pairs = parse_qsl(packed, keep_blank_values=True, max_num_fields=FORM_FIELDS_MAX)
    except ValueError:
        return None
    if len(pairs) < 2 or pairs[0][0] or not pairs[0][1].startswith("/"):
        return None
    return Kept(pairs[0][1], pairs[1:])


def form_page(path: str) -> str:
    """Return the page on which the form stands that is sent to `path`."""
    parent = path.rpartition("/")[0]
    return "/" if parent in {"", "/searches"} else parent


async def kept_form(request: Request) -> Kept:
    """Return what was sent with `request`, which comes from a page of this console: the origin was checked."""
    form = await request.form(max_files=0, max_fields=FORM_FIELDS_MAX)
    fields = [(name, value) for name, value in form.multi_items() if name not in SECRET and isinstance(value, str)]
    return Kept(request.url.path, fields)


def kept_page(request: Request, kept: Kept, status: int = 200) -> Response:
    """Show what was typed in a form that was not taken, with the way back into it."""
    page = form_page(kept.path)
    return render(request, "web/kept.html", status, kept=kept, page=page)
