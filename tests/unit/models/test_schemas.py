from collections.abc import Iterator
from typing import Any

import jsonschema
import msgspec
import pytest

from models.codec import KIND_OF, decode_event
from models.errors import InvalidEvent
from models.examples import EXAMPLES, LIKE, POST
from models.schemas import RECORDS, asyncapi, json_schema, schema_of

NOW_MS = 1_767_300_000_000


def refs(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from refs(value)
    elif isinstance(node, list):
        for value in node:
            yield from refs(value)


def resolve(document: Any, ref: str) -> Any:
    for part in ref.removeprefix("#/").split("/"):
        document = document[part]
    return document


@pytest.mark.parametrize("document", [json_schema(), asyncapi()], ids=["json-schema", "asyncapi"])
def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = list(refs(document))
    assert found
    for ref in found:
        assert resolve(document, ref)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_the_schema_of_each_record_is_valid(record: type) -> None:
    jsonschema.Draft202012Validator.check_schema(schema_of(record.__name__))


@pytest.mark.parametrize(("name", "event"), [(name, e) for name, es in EXAMPLES.items() for e in es])
def test_examples_satisfy_schema_and_codec(name: str, event: Any) -> None:
    raw = msgspec.json.encode(event)
    jsonschema.validate(msgspec.json.decode(raw), schema_of(name), jsonschema.Draft202012Validator)
    assert decode_event(KIND_OF[type(event)], raw, NOW_MS) == event


@pytest.mark.parametrize(
    ("event", "changes"),
    [
        (LIKE, {"action": "hug"}),
        (LIKE, {"account_id": ""}),
        (LIKE, {"account_id": "x" * 129}),
        (LIKE, {"acted_at_ms": "soon"}),
        (LIKE, {"value": 1e12}),
        (POST, {"text": "x" * 20_001}),
        (POST, {"urls": ["u"] * 33}),
        (POST, {"kind": "poem"}),
        (POST, {"text": None}),
    ],
)
def test_what_the_schema_refuses_the_codec_refuses_too(event: Any, changes: dict[str, Any]) -> None:
    plain = msgspec.to_builtins(event) | changes
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(plain, schema_of(type(event).__name__), jsonschema.Draft202012Validator)
    with pytest.raises(InvalidEvent):
        decode_event(KIND_OF[type(event)], msgspec.json.encode(plain), NOW_MS)


def test_asyncapi_names_every_public_topic_once() -> None:
    document = asyncapi("broker:9092")
    addresses = [channel["address"] for channel in document["channels"].values()]
    assert len(set(addresses)) == len(addresses)
    assert {"posts", "likes", "accounts", "trends", "shoal.alerts", "shoal.dead-letters"} <= set(addresses)
    assert document["asyncapi"] == "3.0.0"
    assert document["servers"]["kafka"]["host"] == "broker:9092"
    assert {operation["action"] for operation in document["operations"].values()} == {"send", "receive"}
