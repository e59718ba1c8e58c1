"""`shoal export`: one case, or many, as a file for other people's tools."""

from pathlib import Path
from typing import Annotated

import typer

from console.decisions.filters import Filters
from console.exports.cases import CasesFormat
from console.learn.opening import StoreOption, now_ms, opened, shell_user
from detector.evidence.words import count
from models.alerts import Outcome, Severity
from streams.cli.cases import revisions_of
from streams.cli.console import err
from streams.cli.errors import UserError
from streams.exports.formats import CaseFormat, write
from streams.exports.rows import NOTHING_DECIDED

ONE = [form.value for form in CaseFormat]
MANY = [form.value for form in CasesFormat]
WORDS = {
    "status": ("open", "pending", "confirmed", "dismissed", "watched"),
    "severity": tuple(Severity),
    "outcome": tuple(Outcome),
}


def export(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT", help="File to write.")],
    campaign: Annotated[
        str | None,
        typer.Argument(metavar="[CAMPAIGN]", help="Campaign id, or the beginning of one; without it many cases."),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help=f"Else as OUT ends. Of one case: {', '.join(ONE)}. Of many: {', '.join(MANY)}.",
        ),
    ] = None,
    alerts: Annotated[
        Path | None, typer.Option(metavar="IN.jsonl", help="File of alerts; without it the worker's store is asked.")
    ] = None,
    status: Annotated[str | None, typer.Option(help="Of many: open, pending, confirmed, dismissed, watched.")] = None,
    severity: Annotated[str | None, typer.Option(help="Of many: critical, high, medium, low.")] = None,
    outcome: Annotated[str | None, typer.Option(help=f"Of many: {', '.join(Outcome)}.")] = None,
    operator: Annotated[str | None, typer.Option(help="Of many: those of one operator.")] = None,
    text: Annotated[str | None, typer.Option(help="Of many: words of the headline.")] = None,
    store: StoreOption = None,
) -> None:
    """Write the newest state of one case, or a list of many: CSV, Parquet, GraphML, GEXF, JSON, a MISP event.

    One case is taken from a file that `shoal replay --alerts` wrote, or from the worker's store; then what people
    decided is in it, and the log of exports (`shoal audit exports`) says that you took it. docs/exports.md tells
    every column.

    [bold]Examples[/bold]

      shoal export 5f1d0c2a9b3e4d77 --alerts alerts.jsonl -o case.graphml

      shoal export 5f1d0c2a9b3e4d77 -o event.misp.json

      shoal export --status confirmed -o confirmed.parquet
    """
    _refuse_unknown(status=status, severity=severity, outcome=outcome)
    filters = Filters(status=status, severity=severity, outcome=outcome, operator=operator, text=text)
    if campaign is not None:
        if filters != Filters():
            raise UserError(f"filters choose many cases: name {campaign} or filters, not both")
        _one(campaign, CaseFormat(_chosen(form, ONE, CaseFormat.GRAPHML, output)), output, alerts, store)
        return
    if alerts is not None:
        raise UserError("a file of alerts is a list already: name the CAMPAIGN to export of it")
    _many(filters, CasesFormat(_chosen(form, MANY, CasesFormat.CSV, output)), output, store)


def _refuse_unknown(**given: str | None) -> None:
    """Raise `UserError` for a word that no case could have: it would find nothing, without a word."""
    for name, word in given.items():
        if word is not None and word not in WORDS[name]:
            raise UserError(f"--{name} {word} is none; there are {', '.join(WORDS[name])}")


def _chosen(form: str | None, known: list[str], usual: str, output: Path) -> str:
    """The format told, else the one that the name of the file ends with; `usual` for a name without an ending."""
    if form is not None and form not in known:
        what = "of many cases: name a CAMPAIGN for it" if known is MANY else "of one case"
        raise UserError(f"--format {form} is no format {what}; there are {', '.join(known)}")
    if form is not None or not output.suffix:
        return form or usual
    ends = [each for each in known if f".{output.name.lower()}".endswith(f".{each}")]
    if not ends:
        raise UserError(f"{output} does not tell the format: end it in one of {', '.join(known)}, or say --format")
    return max(ends, key=len)


def _one(campaign: str, form: CaseFormat, output: Path, alerts: Path | None, store: str | None) -> None:
    alert = revisions_of(campaign, alerts, store)[-1]
    judgement = NOTHING_DECIDED
    if alerts is None:
        from console.exports.judging import judgement_of
        from console.exports.log import note

        with opened(store) as engine:
            judgement = judgement_of(engine, alert.campaign)
            note(engine, now_ms(), shell_user(), "shell", form, campaign=alert.campaign, accounts=len(alert.accounts))
    pieces = write(alert, form, judgement)
    with output.open("wb") as file:
        file.writelines(pieces)
    err.print(f"wrote {count(len(alert.accounts), 'account')} and {count(len(alert.targets), 'target')} to {output}")


def _many(filters: Filters, form: CasesFormat, output: Path, store: str | None) -> None:
    from msgspec.structs import asdict

    from console.exports import cases
    from console.exports.log import note

    with opened(store) as engine:
        at_ms = now_ms()
        found = cases.found(engine, filters, form, at_ms)
        words, who = asdict(filters), shell_user()
        note(engine, at_ms, who, "shell", form, filters=words, cases=found.cases, accounts=found.accounts)
        with output.open("wb") as file:
            file.writelines(cases.write(engine, filters, form, at_ms))
    err.print(f"wrote {count(found.cases, 'case')} to {output}")
