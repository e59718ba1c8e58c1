"""`shoal healthy`: asks a worker how it is, for containers that hold no curl."""

from typing import Annotated
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import typer

from streams.cli.console import err, out
from streams.cli.errors import UserError

TIMEOUT_S = 5.0


def healthy(
    url: Annotated[str, typer.Option(help="Where the worker's health pages are.")] = "",
    ready: Annotated[bool, typer.Option("--ready", help="Ask whether it is serving, not only alive.")] = False,
) -> None:
    """Ask a running worker whether it is alive or, with --ready, whether it is serving. Exit code 0 or 1.

    [bold]Example[/bold]

      shoal healthy --ready --url http://127.0.0.1:6066
    """
    from streams.settings import load_settings

    base = url or f"http://127.0.0.1:{load_settings().web_port}"
    if not base.startswith(("http://", "https://")):
        raise UserError(f"--url {base}: say http://HOST:PORT")
    page = "/-/ready" if ready else "/-/healthy"
    try:
        with urlopen(base.rstrip("/") + page, timeout=TIMEOUT_S) as answer:  # noqa: S310  # http(s) only, checked above
            out.print(answer.read().decode().strip())
    except HTTPError as error:
        err.print(error.read().decode().strip())
        raise typer.Exit(1) from error
    except (URLError, OSError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        err.print(f"nothing answers at {base}: {getattr(reason, 'strerror', None) or reason}; `shoal doctor` says more")
        raise typer.Exit(1) from error
