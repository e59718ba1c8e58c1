"""The description of the API, with the errors and the log-in that all of it shares."""

from typing import Any

from console.web.deps import API

PROBLEM = {
    "description": "a problem (RFC 9457): nothing was written",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "required": ["type", "status", "title", "detail"],
                "properties": {
                    "type": {"type": "string"},
                    "status": {"type": "integer"},
                    "title": {"type": "string"},
                    "detail": {"type": "string"},
                },
            }
        }
    },
}
ERRORS = ("400", "401", "403", "404", "409", "413", "422", "429", "503")


def described(whole: dict[str, Any]) -> dict[str, Any]:
    """Return the part of `whole` that is the API; `whole` stays as it is."""
    paths = {path: _operations(told) for path, told in whole["paths"].items() if path.startswith(API)}
    schemas = whole.get("components", {}).get("schemas", {})
    components = {
        "schemas": {name: schemas[name] for name in sorted(_named(paths, schemas))},
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
    }
    return {**whole, "paths": paths, "components": components, "security": [{"token": []}]}


def _named(node: Any, schemas: dict[str, Any]) -> set[str]:
    """Schemas that `node` refers to, also by others: those of forms are nobody's business here."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            name = str(each.get("$ref", "")).removeprefix("#/components/schemas/")
            if name in schemas and name not in found:
                found.add(name)
                waiting.append(schemas[name])
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
    return found


def _operations(told: dict[str, Any]) -> dict[str, Any]:
    errors = dict.fromkeys(ERRORS, PROBLEM)
    return {method: {**each, "responses": {**each["responses"], **errors}} for method, each in told.items()}
