from collections.abc import Iterator
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.codec import KIND_OF, decode_event, encode_alert
from models.errors import InvalidEvent
from models.example_answers import ALERT, DEAD_LETTER
from models.examples import ACCOUNT, EXAMPLES, LIKE, POST, TREND
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


def payload_schema(name: str) -> dict[str, Any]:
    document = asyncapi()
    return {"$ref": f"#/components/schemas/{name}", "components": document["components"]}


@pytest.mark.parametrize("document", [json_schema(), asyncapi()], ids=["json-schema", "asyncapi"])
def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = list(refs(document))
    assert found
    for ref in found:
        assert resolve(document, ref)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_the_schema_of_each_record_is_valid(record: type) -> None:
    jsonschema.Draft202012Validator.check_schema(schema_of(record.__name__))


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_the_whole_document_takes_every_record_and_nothing_else(record: type) -> None:
    document = json_schema()
    whole = jsonschema.Draft202012Validator(document)
    example = document["$defs"][record.__name__]["examples"][0]
    whole.validate(example)
    assert not whole.is_valid({f"{key}Id": value for key, value in example.items()})
    assert set(document) <= {"$schema", "$id", "title", "anyOf", "$defs"}, "validators refuse words of our own"


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_each_record_has_examples_that_satisfy_both_documents(record: type) -> None:
    name = record.__name__
    examples = json_schema()["$defs"][name]["examples"]
    assert examples
    for example in examples:
        jsonschema.validate(example, schema_of(name), jsonschema.Draft202012Validator)
        jsonschema.validate(example, payload_schema(name), jsonschema.Draft7Validator)


@pytest.mark.parametrize("event", [event for events in EXAMPLES.values() for event in events])
def test_examples_of_events_satisfy_the_codec(event: Any) -> None:
    assert decode_event(KIND_OF[type(event)], msgspec.json.encode(event), NOW_MS) == event


def test_examples_of_answers_are_what_is_written() -> None:
    defs = json_schema()["$defs"]
    assert msgspec.json.decode(encode_alert(ALERT)) == defs["Alert"]["examples"][0]
    assert msgspec.json.decode(DEAD_LETTER.encode()) == defs["DeadLetter"]["examples"][0]
    with pytest.raises(InvalidEvent) as caught:
        decode_event("like", DEAD_LETTER.raw, NOW_MS)
    told = (caught.value.field, caught.value.reason, caught.value.detail)
    assert told == (DEAD_LETTER.field, DEAD_LETTER.reason, DEAD_LETTER.detail)


@pytest.mark.parametrize(
    ("event", "changes"),
    [
        (LIKE, {"action": "hug"}),
        (LIKE, {"account_id": ""}),
        (LIKE, {"account_id": "x" * 129}),
        (LIKE, {"account_id": " u"}),
        (LIKE, {"account_id": "u "}),
        (LIKE, {"account_id": "\x7f"}),
        (LIKE, {"target_id": "a\nb"}),
        (LIKE, {"target_id": 7}),
        (LIKE, {"acted_at_ms": "soon"}),
        (LIKE, {"acted_at_ms": 1_767_268_801}),
        (LIKE, {"acted_at_ms": 1_767_268_801_004_000}),
        (LIKE, {"acted_at_ms": 1_767_268_801_004.5}),
        (LIKE, {"acted_at_ms": True}),
        (LIKE, {"value": 1e12}),
        (LIKE, {"client": "a\x00"}),
        (POST, {"text": "x" * 20_001}),
        (POST, {"text": "a\x00b"}),
        (POST, {"urls": ["u"] * 33}),
        (POST, {"urls": [""]}),
        (POST, {"hashtags": "one"}),
        (POST, {"kind": "poem"}),
        (POST, {"text": None}),
        (POST, {"repost_of": ""}),
        (ACCOUNT, {"followers": -1}),
        (ACCOUNT, {"verified": 1}),
        (ACCOUNT, {"name": "a\x00"}),
        (TREND, {"rank": 0}),
        (TREND, {"volume": -1.0}),
    ],
)
def test_what_the_schemas_refuse_the_codec_refuses_too(event: Any, changes: dict[str, Any]) -> None:
    name, plain = type(event).__name__, msgspec.to_builtins(event) | changes
    plain = msgspec.json.decode(msgspec.json.encode(plain))
    assert not jsonschema.Draft202012Validator(schema_of(name)).is_valid(plain)
    assert not jsonschema.Draft7Validator(payload_schema(name)).is_valid(plain)
    with pytest.raises(InvalidEvent):
        decode_event(KIND_OF[type(event)], msgspec.json.encode(plain), NOW_MS)


@given(st.text(st.characters(codec="utf-8") | st.sampled_from(" \t\n\x00\x1f\x7f"), max_size=5))
def test_an_id_that_the_codec_takes_the_schema_takes_too(text: str) -> None:
    plain = msgspec.to_builtins(LIKE) | {"account_id": text}
    if jsonschema.Draft202012Validator(schema_of("Like")).is_valid(plain):
        return
    with pytest.raises(InvalidEvent):
        decode_event("like", msgspec.json.encode(plain), NOW_MS)


def test_tuples_are_said_in_the_dialect_of_each_document() -> None:
    plain = msgspec.json.decode(encode_alert(ALERT))
    for links, valid in (([[0, 1, 2]], True), ([[0, 1]], False), ([[0, 1, 2, 3]], False), ([[0, 1, "x"]], False)):
        changed = plain | {"links": links}
        assert jsonschema.Draft202012Validator(schema_of("Alert")).is_valid(changed) is valid
        assert jsonschema.Draft7Validator(payload_schema("Alert")).is_valid(changed) is valid


def test_dead_letters_name_a_known_reason() -> None:
    changed = msgspec.json.decode(DEAD_LETTER.encode()) | {"reason": "because"}
    assert not jsonschema.Draft202012Validator(schema_of("DeadLetter")).is_valid(changed)


def test_a_record_that_is_not_public_has_no_schema() -> None:
    with pytest.raises(KeyError):
        schema_of("Mark")


def test_asyncapi_names_every_public_topic_once() -> None:
    document = asyncapi("broker:9092")
    addresses = [channel["address"] for channel in document["channels"].values()]
    assert len(set(addresses)) == len(addresses)
    assert {"posts", "likes", "accounts", "trends", "shoal.alerts", "shoal.dead-letters"} <= set(addresses)
    assert document["asyncapi"] == "3.0.0"
    assert document["servers"]["kafka"]["host"] == "broker:9092"
    assert {operation["action"] for operation in document["operations"].values()} == {"send", "receive"}


def test_asyncapi_messages_are_complete() -> None:
    document = asyncapi()
    assert document["info"]["title"]
    assert document["info"]["version"]
    for channel in document["channels"].values():
        assert channel["address"]
        for ref in channel["messages"].values():
            message = resolve(document, ref["$ref"])
            assert message["contentType"] == "application/json"
            assert message["examples"]
            schema = resolve(document, message["payload"]["$ref"])
            assert schema["type"] == "object"
    for operation in document["operations"].values():
        messages = resolve(document, operation["channel"]["$ref"])["messages"].values()
        assert [resolve(document, ref["$ref"]) in messages for ref in operation["messages"]] == [True]
