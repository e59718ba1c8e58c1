"""Every format of one case: its name, its ending, its content type, and its writer."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from msgspec import Struct

from models.alerts import Alert
from models.codec import encode_alert
from models.errors import ShoalError
from streams.exports.flat import as_csv, as_parquet
from streams.exports.graph import gexf, graphml
from streams.exports.misp import misp
from streams.exports.rows import (
    NOTHING_DECIDED,
    AccountRow,
    ActionRow,
    Judgement,
    TextRow,
    accounts,
    actions,
    texts,
)

ACCOUNTS_MAX: Final = 50_000
"""Accounts of a case that is exported."""
JSON: Final = "application/json"
CSV: Final = "text/csv; charset=utf-8"
PARQUET: Final = "application/vnd.apache.parquet"


class TooLarge(ShoalError):
    """A case with more accounts than one file may have."""

    def __init__(self, accounts_total: int) -> None:
        super().__init__(f"the case has {accounts_total:,} accounts; an export holds at most {ACCOUNTS_MAX:,}")


class CaseFormat(StrEnum):
    """Formats of one case."""

    JSON = "json"
    ACCOUNTS_CSV = "accounts.csv"
    ACCOUNTS_PARQUET = "accounts.parquet"
    ACTIONS_CSV = "actions.csv"
    ACTIONS_PARQUET = "actions.parquet"
    TEXTS_CSV = "texts.csv"
    TEXTS_PARQUET = "texts.parquet"
    GRAPHML = "graphml"
    GEXF = "gexf"
    MISP = "misp.json"


class Form(NamedTuple):
    """How a format is told to a browser."""

    content_type: str
    write: Callable[[Alert, Judgement], Iterator[bytes]]


_ROWS: Final[dict[str, tuple[type[Struct], Callable[[Alert, Judgement], Iterator[Struct]]]]] = {
    "accounts": (AccountRow, accounts),
    "actions": (ActionRow, lambda alert, _: actions(alert)),
    "texts": (TextRow, lambda alert, _: texts(alert)),
}


def _csv(what: str) -> Form:
    kind, rows = _ROWS[what]
    return Form(CSV, lambda alert, judgement: as_csv(rows(alert, judgement), kind))


def _parquet(what: str) -> Form:
    kind, rows = _ROWS[what]
    return Form(PARQUET, lambda alert, judgement: as_parquet(rows(alert, judgement), kind))


FORMS: Final = {
    CaseFormat.JSON: Form(JSON, lambda alert, _: iter([encode_alert(alert)])),
    CaseFormat.ACCOUNTS_CSV: _csv("accounts"),
    CaseFormat.ACCOUNTS_PARQUET: _parquet("accounts"),
    CaseFormat.ACTIONS_CSV: _csv("actions"),
    CaseFormat.ACTIONS_PARQUET: _parquet("actions"),
    CaseFormat.TEXTS_CSV: _csv("texts"),
    CaseFormat.TEXTS_PARQUET: _parquet("texts"),
    CaseFormat.GRAPHML: Form("application/graphml+xml", lambda alert, _: iter([graphml(alert)])),
    CaseFormat.GEXF: Form("application/gexf+xml", lambda alert, _: iter([gexf(alert)])),
    CaseFormat.MISP: Form(JSON, lambda alert, judgement: iter([misp(alert, judgement)])),
}


def write(alert: Alert, form: CaseFormat, judgement: Judgement = NOTHING_DECIDED) -> Iterator[bytes]:
    """Return the file in pieces. Raises `TooLarge` at once, before there is a piece."""
    if len(alert.accounts) > ACCOUNTS_MAX:
        raise TooLarge(len(alert.accounts))
    return FORMS[form].write(alert, judgement)


def file_name(alert: Alert, form: CaseFormat) -> str:
    """Return a name that is safe everywhere: `shoal-1c9fc152d5a8fda1-3.accounts.csv`."""
    campaign = "".join(each for each in alert.campaign if each.isascii() and each.isalnum())[:64]
    return f"shoal-{campaign}-{alert.revision}.{form.value}"
