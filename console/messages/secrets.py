"""Secrets of destinations: the file of destinations says where each is, and never holds one."""

import os
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

SECRET_BYTES_MAX = 8_192


class SecretReference(BaseModel):
    """`{ file = "PATH" }` or `{ env = "NAME" }`: where a secret is. What it is never appears in errors or logs."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    file: str | None = Field(default=None, min_length=1, max_length=4_096)
    env: str | None = Field(default=None, pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,127}$")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.file is None) == (self.env is None):
            raise ValueError("either file or env, and not both")
        return self

    def read(self) -> SecretStr:
        """Return the secret without white space around it.

        Raises `ValueError` that names the place, not the content, where there is none.
        """
        text = self._environment() if self.env is not None else self._file(Path(str(self.file)))
        if not text.strip():
            raise ValueError(f"{self.place} is empty")
        return SecretStr(text.strip())

    @property
    def place(self) -> str:
        """Where it is, for people."""
        return f"the environment variable {self.env}" if self.env is not None else f"the file {self.file}"

    def _environment(self) -> str:
        found = os.environ.get(str(self.env))
        if found is None:
            raise ValueError(f"{self.place} is not set")
        return found

    def _file(self, path: Path) -> str:
        try:
            with path.open("rb") as opened:
                raw = opened.read(SECRET_BYTES_MAX + 1)
        except OSError as error:
            raise ValueError(f"{self.place} cannot be read: {error.strerror}") from None
        if len(raw) > SECRET_BYTES_MAX:
            raise ValueError(f"{self.place} has more than {SECRET_BYTES_MAX:,} bytes")
        try:
            return raw.decode()
        except UnicodeDecodeError:
            raise ValueError(f"{self.place} is not UTF-8") from None
