"""The command line, `shoal`: one file a command, wired in `app`."""

import os
import sys
from typing import NoReturn

from streams.cli.errors import explain


def main() -> NoReturn:
    """Run the command line. A user's mistake ends in one line that says what to do, never in a traceback."""
    from streams.cli.app import app

    try:
        app()
    except BrokenPipeError:
        # `shoal … | head` is no mistake; the interpreter must not complain while it flushes
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        told = explain(error)
        if told is None:
            raise
        print(f"shoal: {told.sentence}", file=sys.stderr)  # noqa: T201  # the last words of a program
        sys.exit(told.exit_code)
    sys.exit(0)
