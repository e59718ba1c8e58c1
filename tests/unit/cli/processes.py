"""`shoal` as a process."""

import os
import subprocess
import sys


def shoal(*arguments: str, store: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command on a store; nothing is on its standard input."""
    environment = {**os.environ, "SHOAL_STORE_URL": store, "NO_COLOR": "1", "COLUMNS": "200", **variables}
    command = [sys.executable, "-c", "from streams.cli import main; main()", *arguments]
    return subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120
    )
