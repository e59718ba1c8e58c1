"""`shoal operators`: who stands behind cases that share accounts, over weeks, and who is watched."""

from typing import TYPE_CHECKING, Annotated

import typer

from console.learn.opening import StoreOption, opened
from detector.evidence.words import count, moment
from streams.cli.console import out
from streams.cli.errors import UserError

if TYPE_CHECKING:
    from console.operators.read import OperatorPage, OperatorRow, Watched

BARS = " ▁▂▃▄▅▆▇█"


def operators(
    name: Annotated[str | None, typer.Argument(help="One operator; without it all, newest action first.")] = None,
    watched: Annotated[bool, typer.Option("--watched", help="The watch list: who put it there, and why.")] = False,
    store: StoreOption = None,
) -> None:
    """Print operators with their cases over weeks, accounts that came back, and the watch list.

    An operator is named by its first case.
    """
    from console.operators import read

    with opened(store) as engine:
        if watched:
            lines = [_watched(line) for line in read.watch_list(engine)] or ["Nothing is on the watch list."]
        elif name is None:
            lines = [_row(row) for row in read.operators(engine)] or ["No operator is known yet."]
        else:
            page = read.operator(engine, name)
            if page is None:
                raise UserError(f"no case names an operator {name}: `shoal operators` lists them")
            lines = _page(page)
    for line in lines:
        out.print(line, markup=False)


def _row(row: "OperatorRow") -> str:
    decided = f"{row.confirmed} confirmed, {row.dismissed} dismissed, {row.watched} watched"
    return f"{row.operator}  {count(row.cases, 'case')}, last action {moment(row.last_action_ms)}  ({decided})"


def _watched(line: "Watched") -> str:
    why = line.why or "no reason written"
    return f"{line.campaign}  {moment(line.at_ms)}  {line.by}: {why}  ({line.headline})"


def _page(page: "OperatorPage") -> list[str]:
    most = max(accounts for _, _, accounts in page.weeks) or 1
    bars = "".join(BARS[-(-8 * accounts // most)] for _, _, accounts in page.weeks)
    lines = [f"{page.operator}: {count(len(page.cases), 'case')}, {count(page.returned_total, 'account')} came back"]
    lines += [f"{page.weeks[0][0]} {bars} {page.weeks[-1][0]}  (accounts by week, at most {most:,})"]
    lines += [
        f"{moment(each.first_action_ms)}  {each.campaign}  {each.severity}, {each.status}, "
        f"{each.came_back:,} of {each.accounts_total:,} accounts came back  {each.headline}"
        for each in page.cases
    ]
    lines += [f"watched: {_watched(line)}" for line in page.watched]
    lines += [f"{each.account}  in {len(each.cases)} cases: {', '.join(each.cases)}" for each in page.returned[:20]]
    return lines
