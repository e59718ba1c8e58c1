"""`shoal console` and `shoal users`."""

import socket
import time
from typing import TYPE_CHECKING, Annotated

import typer

from console.security.roles import Role
from streams.cli.console import err, out
from streams.cli.errors import UserError
from streams.exits import Exit

if TYPE_CHECKING:
    from sqlalchemy import Engine

Store = Annotated[str | None, typer.Option(metavar="URL", help="Database, as in SHOAL_STORE_URL.")]
UserId = Annotated[str, typer.Argument(metavar="NAME")]
STOP_S = 10
SUBJECT_CHARACTERS_MAX = 255
CONNECTIONS_MAX = 200

users = typer.Typer(no_args_is_help=True, help="People who may log in to the console.")
retention = typer.Typer(no_args_is_help=True, help="What is forgotten after a while.")


@retention.callback()
def _retention() -> None:
    """Keep `apply` a command of its own while it is the only one."""


def console(
    store: Store = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on (127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65_535, help="Port to listen on (8321).")] = None,
) -> None:
    """Serve the moderators' console until Ctrl-C. It works while the stream is down.

    Exit code 69 if it cannot listen there. At the first start there is one user, `admin`; the password is printed once.

    [bold]Examples[/bold]

      shoal console --store sqlite:///demo.db
    """
    import uvicorn

    from console.security.users import first_admin
    from console.settings import load_console_settings
    from console.web.app import create_app, wall_clock
    from streams.logs import configure_logs

    configure_logs("INFO")
    settings = load_console_settings(store_url=store, host=host, port=port)
    listening = _listen(settings.host, settings.port)
    app = create_app(settings)
    password = first_admin(app.state.engine, wall_clock())
    if password is not None:
        lost = "it is shown only now; `shoal users password admin` makes another"
        out.print(f"First start. Log in as admin with the password {password} ({lost}).", markup=False)
    address = settings.public_url or f"http://{_named(settings.host)}:{listening.getsockname()[1]}/"
    out.print(f"The console is at {address} (Ctrl-C ends it).", markup=False)
    config = uvicorn.Config(
        app,
        # addresses and searches in paths are personal data: what was decided stands in the log of decisions
        access_log=False,
        log_config=None,  # as `configure_logs` says
        log_level="warning",
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        limit_concurrency=CONNECTIONS_MAX,
        timeout_graceful_shutdown=STOP_S,
    )
    uvicorn.Server(config).run(sockets=[listening])


def _named(host: str) -> str:
    """An address that a browser can be given: those that stand for all of a machine's name none."""
    named = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 # compared, not listened on
    return f"[{named}]" if ":" in named else named


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=CONNECTIONS_MAX)
    except OSError as error:
        err.print(f"shoal: cannot listen on {host}:{port} ({error.strerror}): choose another --port", markup=False)
        raise typer.Exit(Exit.UNAVAILABLE) from error


@users.command("list")
def list_(store: Store = None) -> None:
    """Who may log in."""
    from console.security.users import list_users

    found = list_users(_engine(store))
    if not found:
        err.print("Nobody yet: the first start of `shoal console` makes `admin`, `shoal users add` others.")
    for user in found:
        out.print(f"{user.user_id}  {user.role.value}{'  disabled' if user.disabled else ''}", markup=False)


@users.command()
def add(user_id: UserId, role: Annotated[Role, typer.Option()] = Role.MODERATOR, store: Store = None) -> None:
    """Make a user; the random password is printed once."""
    from console.security.passwords import random_password
    from console.security.users import add_user

    password = random_password()
    add_user(_engine(store, new=True), user_id, role, password, time.time_ns() // 1_000_000)
    out.print(f"{user_id} ({role.value}): password {password} (it is shown only now)", markup=False)


@users.command("role")
def role_(user_id: UserId, role: Annotated[Role, typer.Argument()], store: Store = None) -> None:
    """Give another role."""
    from console.security.users import set_role

    set_role(_engine(store), user_id, role)
    out.print(f"{user_id} is {role.value} from now on", markup=False)


@users.command()
def disable(
    user_id: UserId, again: Annotated[bool, typer.Option("--undo", help="Let in again.")] = False, store: Store = None
) -> None:
    """Shut somebody out, everywhere and at once."""
    from console.security.users import set_disabled

    set_disabled(_engine(store), user_id, not again)
    out.print(f"{user_id} may log in again" if again else f"{user_id} is shut out; all sessions ended", markup=False)


@users.command()
def tie(
    user_id: UserId,
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="Claim `sub` of the person at the provider.")],
    store: Store = None,
) -> None:
    """Let a local user log in with the provider instead of a password; `password` gives one again."""
    from console.security.users import tie_user
    from console.settings import load_console_settings

    issuer = load_console_settings(store_url=store).oidc_issuer
    if issuer is None:
        raise UserError("to which provider? Set SHOAL_CONSOLE_OIDC_ISSUER")
    if not 0 < len(subject) <= SUBJECT_CHARACTERS_MAX:
        raise UserError(f"a subject has 1 to {SUBJECT_CHARACTERS_MAX} characters")
    tie_user(_engine(store), user_id, issuer, subject)
    out.print(f"{user_id} logs in with the provider from now on", markup=False)


@users.command()
def password(user_id: UserId, store: Store = None) -> None:
    """Give a new random password, log out everywhere and unlock."""
    from console.security.passwords import random_password
    from console.security.users import set_password

    new = random_password()
    set_password(_engine(store), user_id, new)
    out.print(f"{user_id}: password {new} (it is shown only now)", markup=False)


@retention.command()
def apply(
    days: Annotated[int | None, typer.Option(min=1, help="Instead of SHOAL_CONSOLE_RETENTION_DAYS.")] = None,
    store: Store = None,
) -> None:
    """Forget accounts and texts of cases whose last action is so long ago; counts and decisions stay."""
    from console.security.retention import apply as forget
    from console.settings import load_console_settings

    wanted = load_console_settings(retention_days=days).retention_days
    if wanted is None:
        raise UserError("after how many days? Give --days or set SHOAL_CONSOLE_RETENTION_DAYS")
    forgotten = forget(_engine(store), wanted, time.time_ns() // 1_000_000)
    out.print(f"{forgotten:,} cases forgotten", markup=False)


def _engine(store: str | None, *, new: bool = False) -> "Engine":
    """The database; one that is not there is made only if `new`."""
    from console.settings import load_console_settings
    from streams.store.engine import make_engine
    from streams.store.migrate import migrate_engine
    from streams.store.open import require_store

    settings = load_console_settings(store_url=store)
    if not new:
        require_store(settings.store_url)
    engine = make_engine(settings.store_url, settings.store_timeout_ms)
    migrate_engine(engine)
    return engine
