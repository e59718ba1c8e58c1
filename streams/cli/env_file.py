"""`--config FILE`: settings of another process, as a container gets them."""

import os
from pathlib import Path

from streams.cli.errors import UserError

BYTES_MAX = 1_000_000


def read_env_file(path: Path) -> None:
    """Put the lines `SHOAL_NAME=value` of a file into the environment of this process. Raises `UserError`."""
    from pydantic_settings import DotEnvSettingsSource

    from streams.settings import Settings

    try:
        if path.stat().st_size > BYTES_MAX:
            raise UserError(f"--config {path}: more than {BYTES_MAX:,} bytes are no settings")
        path.read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(f"--config {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"--config {path} is no text: write lines SHOAL_NAME=value") from error
    found = DotEnvSettingsSource(Settings, env_file=path, env_file_encoding="utf-8", case_sensitive=True).env_vars
    given = {name: value for name, value in found.items() if name.startswith("SHOAL_") and value is not None}
    if not given:
        raise UserError(f"--config {path} has no line SHOAL_NAME=value; `shoal check-config --format env` writes some")
    os.environ.update(given)
