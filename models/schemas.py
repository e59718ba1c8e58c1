"""JSON Schema and AsyncAPI of the public contract, generated from the records."""

from typing import Any, Final

import msgspec

from models.alerts import Alert
from models.codec import EVENT_SCHEMA_VERSION, REASONS
from models.dead_letters import DeadLetter
from models.events import Account, Like, Post, Trend, Verdict
from models.example_answers import ANSWERS
from models.examples import EXAMPLES
from models.trends import CorrectedList, TrendVerdict

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
RECORDS: Final = (Post, Like, Account, Trend, Alert, Verdict, TrendVerdict, CorrectedList, DeadLetter)
_CHANNELS: Final = (
    # (topic, record, key, direction seen from Shoal, what it carries)
    ("posts", "Post", "account_id or post_id", "receive", "Posts, and their deletions, as the platform has them."),
    ("likes", "Like", "target_id", "receive", "Likes and other actions of accounts on targets."),
    ("accounts", "Account", "account_id", "receive", "What the platform knows of accounts; the newest counts."),
    ("trends", "Trend", "list", "receive", "Lines of the platform's own trending lists."),
    ("shoal.alerts", "Alert", "campaign", "send", "Cases as they open, change and close."),
    ("shoal.campaigns", "Alert", "campaign", "send", "Newest state of each case; compacted."),
    ("shoal.verdicts", "Verdict", "campaign", "receive", "Decisions of moderators."),
    ("shoal.trend-verdicts", "TrendVerdict", "key", "send", "Newest word on each topic of a list, and on bursts."),
    ("shoal.trend-lists", "CorrectedList", "name", "send", "Lists with the places without the accounts in question."),
    ("shoal.dead-letters", "DeadLetter", "source topic", "send", "Messages that broke the contract, with the reason."),
)


def _components(template: str) -> dict[str, Any]:
    _, components = msgspec.json.schema_components(RECORDS, ref_template=template)
    for name, examples in {**EXAMPLES, **ANSWERS}.items():
        components[name]["examples"] = list(examples)
    components["DeadLetter"]["properties"]["reason"]["enum"] = sorted(REASONS)
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(components))  # tuples become lists, bytes base64
    return plain


def json_schema() -> dict[str, Any]:
    """One JSON Schema document (draft 2020-12) with a definition for each public record.

    As a whole it takes what is any of them, and nothing else: a document of definitions alone would take everything.
    """
    return {
        "$schema": DIALECT,
        "$id": f"urn:shoal:events:{EVENT_SCHEMA_VERSION}",
        "title": "Shoal events and alerts",
        "anyOf": [{"$ref": f"#/$defs/{record.__name__}"} for record in RECORDS],
        "$defs": _components("#/$defs/{name}"),
    }


def schema_of(name: str) -> dict[str, Any]:
    """A self-contained schema of one record, such as `Post`. Raises `KeyError` if there is none."""
    document = json_schema()
    if name not in document["$defs"]:
        raise KeyError(name)
    return {"$schema": DIALECT, "$ref": f"#/$defs/{name}", "$defs": document["$defs"]}


def asyncapi(server: str = "127.0.0.1:9092") -> dict[str, Any]:
    """AsyncAPI 3.0 document of the topics; `server` is the Kafka bootstrap address that it names."""
    schemas = _draft_7(_components("#/components/schemas/{name}"))
    channels, operations = {}, {}
    for topic, record, key, action, text in _CHANNELS:
        name = topic.replace(".", "_").replace("-", "_")
        channels[name] = {
            "address": topic,
            "description": f"{text} Key: {key}.",
            "messages": {record: {"$ref": f"#/components/messages/{record}"}},
        }
        operations[f"{action}_{name}"] = {
            "action": action,
            "channel": {"$ref": f"#/channels/{name}"},
            "messages": [{"$ref": f"#/channels/{name}/messages/{record}"}],
        }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Shoal",
            "version": f"{EVENT_SCHEMA_VERSION}.0.0",
            "description": "What Shoal reads from and writes to Kafka. Times are milliseconds since 1970 UTC.",
        },
        "defaultContentType": "application/json",
        "servers": {"kafka": {"host": server, "protocol": "kafka"}},
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": {record: _message(record, schemas) for record in dict.fromkeys(c[1] for c in _CHANNELS)},
            "schemas": schemas,
        },
    }


def _message(record: str, schemas: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": record,
        "summary": schemas[record]["description"],
        "contentType": "application/json",
        "payload": {"$ref": f"#/components/schemas/{record}"},
        "bindings": {"kafka": {"key": {"type": "string"}}},
        "examples": [{"payload": example} for example in schemas[record]["examples"]],
    }


def _draft_7(node: Any) -> Any:
    """Tuples as AsyncAPI's dialect, a superset of JSON Schema draft 7, has them."""
    if isinstance(node, list):
        return [_draft_7(each) for each in node]
    if not isinstance(node, dict):
        return node
    plain = {key: _draft_7(value) for key, value in node.items()}
    if "prefixItems" in plain:
        plain |= {"items": plain.pop("prefixItems"), "additionalItems": plain["items"]}
    return plain
