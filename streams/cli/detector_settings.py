"""`--settings FILE`: the detector's settings for one run, without asking for a broker."""

import tomllib
from pathlib import Path

from detector.settings import DetectorSettings, load
from streams.cli.errors import UserError


def read_detector_settings(path: Path | None) -> DetectorSettings:
    """Defaults overlaid with a TOML file. Raises `UserError` or `InvalidConfiguration`."""
    if path is None:
        return DetectorSettings()
    try:
        return load(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise UserError(f"--settings {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"--settings {path} is not valid TOML: {error}") from error
