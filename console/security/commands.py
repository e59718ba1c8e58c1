"""`shoal tokens`: API tokens without the console's pages, for set-ups that nobody clicks together."""

from typing import Annotated

import typer

from console.learn.opening import StoreOption, now_ms, opened
from console.security.roles import Permission, may
from streams.cli.console import err, out
from streams.cli.errors import UserError

tokens = typer.Typer(no_args_is_help=True, help="API tokens: made, listed, revoked.")


@tokens.command()
def make(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is for, as lists will show it.")],
    user: Annotated[
        str, typer.Option(metavar="NAME", help="Whom it acts as: `shoal users add` makes one for programs.")
    ],
    scope: Annotated[list[Permission], typer.Option(help="What it may do; may be said more than once.")],
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it lasts.")] = 90,
    store: StoreOption = None,
) -> None:
    """Make a token and print it, the only time: nothing else goes to standard output.

    It has its user's role of the moment and never more than its own scopes. docs/console.md has the permissions of each
    role.

    [bold]Examples[/bold]

      shoal users add siem --role viewer

      shoal tokens make "cases to the SIEM" --user siem --scope see_cases > token
    """
    from console.security.tokens import make_token
    from console.security.users import list_users

    with opened(store) as engine:
        found = next((each for each in list_users(engine) if each.user_id == user), None)
        if found is None or found.disabled:
            told = f"there is no user {user}" if found is None else f"{user} is shut out"
            raise UserError(f"{told}: `shoal users list` lists them")
        if never := [each.value for each in scope if not may(found.role, each)]:
            raise UserError(
                f"{user} is {found.role.value}, which never may {', '.join(never)}: choose another role or scope"
            )
        token = make_token(engine, name.strip(), user, set(scope), days, now_ms())
    out.print(token, markup=False)
    err.print(f"for {user}, {days} days; it is shown only now", markup=False)


@tokens.command("list")
def list_(store: StoreOption = None) -> None:
    """Every token, newest first: never the token itself."""
    from console.security.tokens import list_tokens
    from detector.evidence.words import moment

    with opened(store) as engine:
        found = list_tokens(engine)
    for each in found:
        over = each.expires_at_ms <= now_ms()
        state = (
            "revoked" if each.revoked_at_ms is not None else "over" if over else f"until {moment(each.expires_at_ms)}"
        )
        used = "never used" if each.last_used_ms is None else f"used {moment(each.last_used_ms)}"
        out.print(
            f"{each.token_id}  {each.user_id}  {state}, {used}  {','.join(sorted(each.scopes))}  {each.name}",
            markup=False,
        )
    if not found:
        err.print("No token was made yet.")


@tokens.command()
def revoke(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it.")], store: StoreOption = None
) -> None:
    """End a token at once; the list keeps it."""
    from console.security.tokens import list_tokens, revoke_token

    with opened(store) as engine:
        if token_id not in {each.token_id for each in list_tokens(engine)}:
            raise UserError(f"no token has the id {token_id}: `shoal tokens list` lists them")
        revoke_token(engine, token_id, now_ms())
    out.print(f"{token_id} is revoked", markup=False)
