"""`shoal shadow`: what another configuration would have raised, side by side with what was."""

from typing import TYPE_CHECKING, Annotated

import typer

from console.learn.opening import StoreOption, opened
from detector.evidence.words import moment
from streams.cli.console import out
from streams.cli.errors import UserError

if TYPE_CHECKING:
    from console.shadow.entries import Agreement, Comparison, Side

shadow = typer.Typer(no_args_is_help=True, help="Another configuration, tried beside the live one.")


@shadow.command("list")
def list_shadows(store: StoreOption = None) -> None:
    """Print every shadow in the store. One is made by `SHOAL_SHADOW=NAME shoal worker` or `shoal replay --shadow`."""
    from console.shadow.read import shadows

    with opened(store) as engine:
        found = shadows(engine)
    for row in found:
        out.print(
            f"{row['shadow']}  {row['called']:,} of {row['cases']:,} cases would have been raised, until "
            f"{moment(row['at_ms'])}",
            markup=False,
        )
    if not found:
        out.print("There is no shadow in this store.")


@shadow.command("compare")
def compare_shadow(name: Annotated[str, typer.Argument(help="Name of the shadow.")], store: StoreOption = None) -> None:
    """Print what was raised only live, only by the shadow, and by both but otherwise."""
    from console.shadow.compare import Shadows

    with opened(store) as engine:
        found = Shadows().compare(engine, name)
    if found is None:
        raise UserError(f"there is no shadow {name} in this store: `shoal shadow list` names them")
    for line in _lines(found):
        out.print(line, markup=False)


@shadow.command("forget")
def forget_shadow(name: Annotated[str, typer.Argument(help="Name of the shadow.")], store: StoreOption = None) -> None:
    """Remove everything of a shadow; nothing else is touched."""
    from console.shadow.read import forget

    with opened(store) as engine:
        out.print(f"{forget(engine, name):,} cases removed")


def _lines(found: "Comparison") -> list[str]:
    changed = [pair for pair in found.both if pair.differs]
    people = (("live cases", found.agreed_live), ("those of both", found.agreed_kept), ("lost", found.agreed_lost))
    changed_too = f"of them otherwise: {len(changed):,}"
    lines = [
        f"{found.shadow} (configuration {found.configuration}), {moment(found.from_ms)} to {moment(found.until_ms)}",
        f"raised by both: {len(found.both):,}, {changed_too}",
        f"raised by one: {len(found.only_live):,} only live, {len(found.only_shadow):,} only by the shadow",
    ]
    lines += [f"people on {which}: {_agreed(agreed)}" for which, agreed in people]
    lines += [f"only live    {_side(side)}  ({side.status})" for side in found.only_live]
    lines += [f"only shadow  {_side(side)}" for side in found.only_shadow]
    lines += [
        f"otherwise    {_side(pair.live)}  ->  {pair.shadow.severity}, {pair.shadow.accounts_total:,} accounts, "
        f"{pair.shadow.points:g} points ({', '.join(pair.differs)})"
        for pair in changed
    ]
    return lines


def _side(side: "Side") -> str:
    return f"{side.campaign}  {side.severity}, {side.points:g} points  {side.headline}"


def _agreed(found: "Agreement") -> str:
    told = f"{found.confirmed:,} confirmed, {found.dismissed:,} dismissed"
    return told if found.share is None else f"{told} ({found.share:.0%}, {found.low:.0%} to {found.high:.0%})"
