"""The simulated bursts are what their dials say."""

import json
from collections import defaultdict
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evaluation.trends.kinds import BOUGHT, HONEST
from evaluation.trends.simulate import Dials, TrendSimulation, kind_of, order, simulate_trends
from models.codec import decode_event, encode_event
from models.events import Account, Post
from models.moments import when_ms
from streams.cli.app import app
from streams.files import read

SMALL = Dials(accounts=2_500, ordinary_posts=1_500, each=1)
NOW_MS = 1_767_300_000_000


@pytest.fixture(scope="module")
def simulation() -> TrendSimulation:
    return simulate_trends(SMALL, 5)


def test_equal_seeds_give_equal_streams_and_others_do_not(simulation: TrendSimulation) -> None:
    assert simulate_trends(SMALL, 5).events == simulation.events
    assert simulate_trends(SMALL, 6).events != simulation.events


def test_events_are_valid_and_in_order(simulation: TrendSimulation) -> None:
    kinds = {"Post": "post", "Like": "like", "Account": "account"}
    for event in simulation.events:
        decode_event(kinds[type(event).__name__], encode_event(event), NOW_MS)  # type: ignore[arg-type]  # one of them
    moments = [when_ms(event) for event in simulation.events]
    assert moments == sorted(moments)
    assert [order(e) for e in simulation.events if not isinstance(e, Account)] == sorted(
        order(e) for e in simulation.events if not isinstance(e, Account)
    )


def test_everybody_is_introduced_before_they_act(simulation: TrendSimulation) -> None:
    known: set[str] = set()
    for event in simulation.events:
        if isinstance(event, Account):
            known.add(event.account_id)
        elif isinstance(event, Post):
            assert event.account_id in known


def test_each_kind_is_there_and_the_hired_are_named(simulation: TrendSimulation) -> None:
    assert {topic.kind for topic in simulation.topics.values()} == {*HONEST, *BOUGHT}
    authors = defaultdict(set)
    for event in simulation.events:
        if isinstance(event, Post) and event.hashtags:
            authors[event.hashtags[0]].add(event.account_id)
    for name, topic in simulation.topics.items():
        assert bool(topic.bought) == (topic.kind in BOUGHT)
        assert topic.bought <= authors[name]
        assert len(authors[name]) > len(topic.bought)  # the curious and the honest are there too
    assert kind_of(simulation, "daily3") == "ordinary"


def test_the_dial_of_honest_deletions_is_obeyed() -> None:
    shares = []
    for dial in (0.0, 0.2):
        simulation = simulate_trends(Dials(2_500, 40, 3_000, each=1, kinds=("goal",), deleted=dial), 7)
        posts = [event for event in simulation.events if isinstance(event, Post)]
        shares.append(sum(p.deleted_at_ms is not None for p in posts) / sum(p.deleted_at_ms is None for p in posts))
    assert shares[0] == 0
    assert 0.16 < shares[1] < 0.23


def test_cheap_orders_are_taken_back_within_minutes(simulation: TrendSimulation) -> None:
    cheap = next(topic for topic in simulation.topics.values() if topic.kind == "cheap")
    posts = [e for e in simulation.events if isinstance(e, Post) and e.account_id in cheap.bought]
    lives = [post.deleted_at_ms - post.created_at_ms for post in posts if post.deleted_at_ms is not None]
    assert len(lives) > 0.6 * len(cheap.bought)
    assert 45_000 < sorted(lives)[len(lives) // 2] < 65_000


def test_simulate_writes_a_stream_of_topics_and_what_was_bought(tmp_path: Path) -> None:
    out, truth = tmp_path / "trends.parquet", tmp_path / "truth.json"
    done = CliRunner().invoke(app, ["simulate", "trends", "--seed", "3", "-o", str(out), "--truth", str(truth)])
    assert done.exit_code == 0, done.output
    planted = json.loads(truth.read_text())
    assert {topic["kind"] for topic in planted.values()} >= {"goal", "cheap", "premium"}
    kinds = {type(event).__name__ for batch in read(str(out)) for event in batch.events}
    assert kinds == {"Account", "Like", "Post", "Trend"}
