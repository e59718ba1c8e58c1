"""`shoal schema`: the contract for those who send events and read alerts."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from streams.cli.console import err, out
from streams.cli.outputs import require_folder


class Form(StrEnum):
    """Forms of the contract."""

    JSON_SCHEMA = "json-schema"
    ASYNCAPI = "asyncapi"


def schema(
    form: Annotated[Form, typer.Option("--format", help="JSON Schema, or AsyncAPI 3.")] = Form.JSON_SCHEMA,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FOLDER", help="Write files here instead of printing.")
    ] = None,
) -> None:
    """Print the contract: what a platform sends, and what Shoal answers.

    JSON Schema (2020-12) of events and alerts, or one AsyncAPI 3 document of all topics. Both are made from the
    same records that the worker validates with.

    [bold]Examples[/bold]

      shoal schema

      shoal schema --format asyncapi -o docs/
    """
    if output is not None:
        require_folder(output)
    documents = _documents(form)
    for name, document in documents.items():
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        if output is None:
            out.print(text, markup=False, end="")
            continue
        output.mkdir(parents=True, exist_ok=True)
        (output / name).write_text(text, encoding="utf-8")
        err.print(f"wrote {output / name}")


def _documents(form: Form) -> dict[str, Any]:
    """Documents by file name."""
    from models.schemas import asyncapi, json_schema

    if form is Form.ASYNCAPI:
        return {"asyncapi.json": asyncapi()}
    return {"shoal.schema.json": json_schema()}
