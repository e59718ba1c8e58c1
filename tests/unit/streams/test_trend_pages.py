import json
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from models.trends import TrendOutcome, TrendVerdict
from streams.store.memory import MemoryStore
from streams.store.protocol import StoreUnavailable
from streams.trend_pages import add_routes
from tests.contract.test_alert_stores import corrected, verdict


def ask(store: MemoryStore, path: str) -> tuple[int, Any]:
    import asyncio

    async def work() -> tuple[int, Any]:
        application = web.Application()
        add_routes(application, store)
        async with TestClient(TestServer(application)) as client:
            answer = await client.get(path)
            assert answer.content_type == "application/json"
            return answer.status, json.loads(await answer.text())

    return asyncio.run(work())


def filled() -> MemoryStore:
    store = MemoryStore()
    store.put_trends([verdict("a", 1), verdict("b", 2, TrendOutcome.ORGANIC)], [corrected("hot", 2)])
    return store


def test_topics_come_with_their_series_and_the_lists_there_are() -> None:
    status, body = ask(filled(), "/trends")
    assert status == 200
    assert [topic["key"] for topic in body["topics"]] == ["b", "a"]
    assert body["topics"][0]["series"] == [{"at_ms": 0, "acts": 5, "accounts": 4, "in_question": 3}]
    assert body["lists"] == [{"name": "hot", "at_ms": 2, "lines": 1}]


def test_topics_can_be_narrowed_down() -> None:
    assert [t["key"] for t in ask(filled(), "/trends?outcome=organic")[1]["topics"]] == ["b"]
    assert ask(filled(), "/trends?list=other")[1]["topics"] == []
    assert len(ask(filled(), "/trends?limit=1")[1]["topics"]) == 1


def test_the_corrected_list_is_what_a_platform_can_serve() -> None:
    status, body = ask(filled(), "/trends/hot/corrected")
    assert status == 200
    assert [(line["topic"], line["rank"], line["rank_without"]) for line in body["lines"]] == [("Thing", 1, None)]
    status, body = ask(filled(), "/trends/cold/corrected")
    assert (status, body) == (404, {"error": "no list cold; there are: hot"})


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=1001", "limit=²", "outcome=fake", "page=2"])
def test_a_wrong_question_is_told_so(query: str) -> None:
    status, body = ask(filled(), f"/trends?{query}")
    assert status == 400
    assert query.split("=", maxsplit=1)[0] in body["error"]


def test_a_store_that_is_away_is_said_so() -> None:
    class Away(MemoryStore):
        def trends(self, outcome: str | None = None, on_list: str | None = None, limit: int = 1) -> list[TrendVerdict]:
            raise StoreUnavailable("locked")

    assert ask(Away(), "/trends")[0] == 503
