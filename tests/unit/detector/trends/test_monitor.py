"""The trend monitor on simulated streams: what it says, when, and that nothing but the events decides it."""

from functools import cache

import msgspec
import pytest
from msgspec.structs import replace

from detector.engine import Engine
from detector.settings import DetectorSettings, load
from detector.trends.engine import TrendEngine
from evaluation.trends.simulate import Dials, TrendSimulation, simulate_trends
from models.alerts import Alert, Outcome
from models.events import AnyEvent, Like, LikeAction, Post, Trend
from models.example_answers import ALERT
from models.moments import when_ms
from models.trends import ACTIVITY_LIST, TrendOutcome, TrendVerdict

SMALL = Dials(
    accounts=2_000, ordinary_topics=20, ordinary_posts=3_000, history_ms=6 * 3_600_000, bursts_ms=1_800_000,
    tail_ms=1_800_000, each=1,
)  # fmt: skip
AT = 1_767_268_800_000


@cache
def simulation() -> TrendSimulation:
    return simulate_trends(SMALL, 11)


def through_engine(events: list[AnyEvent], batch: int = 2_000, shards: int = 1) -> list[TrendVerdict]:
    engine = Engine(shards=shards)
    verdicts: list[TrendVerdict] = []
    for start in range(0, len(events), batch):
        engine.push(events[start : start + batch])
        verdicts += engine.take_verdicts()
    engine.finish()
    return verdicts + engine.take_verdicts()


def alone(events: list[AnyEvent], settings: DetectorSettings | None = None) -> list[TrendVerdict]:
    engine = TrendEngine(settings)
    return engine.push(events) + engine.finish()


@cache
def said() -> list[TrendVerdict]:
    return through_engine(simulation().events)


def of(topic: str, verdicts: list[TrendVerdict]) -> list[TrendVerdict]:
    return [verdict for verdict in verdicts if verdict.key == topic]


def test_bought_topics_are_called_soon_and_lose_places_without_their_accounts() -> None:
    for name, topic in simulation().topics.items():
        if not topic.bought:
            continue
        called = [v for v in of(name, said()) if v.outcome is TrendOutcome.MANUFACTURED]
        assert called, name
        assert (called[0].at_ms - topic.begin_ms) / 1000 <= {"cheap": 60, "middle": 120}.get(topic.kind, 600)
        first = called[0]
        assert first.score >= first.score_min
        assert first.accounts_in_question > 0
        assert first.accuracy is not None
        places = [p for v in called for p in v.places if p.list == ACTIVITY_LIST]
        assert places
        assert all(p.rank_without is None or p.rank_without >= (p.rank or 0) for p in places)
        assert any(p.rank_without is None or p.rank_without > (p.rank or 0) for p in places)


def test_honest_crowds_are_called_organic() -> None:
    for name, topic in simulation().topics.items():
        if topic.bought:
            continue
        words = {v.outcome for v in of(name, said())}
        assert TrendOutcome.ORGANIC in words, (name, words)
        assert TrendOutcome.MANUFACTURED not in words, name


def test_revisions_of_a_topic_grow() -> None:
    for key in {v.key for v in said()}:
        revisions = [v.revision for v in of(key, said())]
        assert revisions == sorted(set(revisions))


def test_every_verdict_tells_what_it_knows_and_why() -> None:
    for verdict in said():
        assert verdict.headline
        if verdict.outcome is TrendOutcome.MANUFACTURED:
            assert any(reason.weight > 0 for reason in verdict.reasons)
            assert verdict.known == ["age", "followers", "client", "network", "deletions"]
            assert sum(moment.accounts for moment in verdict.series) > 0
            assert [m.at_ms for m in verdict.series] == sorted(m.at_ms for m in verdict.series)


@pytest.mark.parametrize(("batch", "shards"), [(113, 1), (1_000, 3)])
def test_verdicts_hang_neither_on_batches_nor_on_shards(batch: int, shards: int) -> None:
    events = simulation().events
    assert msgspec.json.encode(through_engine(events, batch, shards)) == msgspec.json.encode(said())


def test_a_snapshot_in_the_middle_of_a_burst_changes_nothing() -> None:
    events = simulation().events
    cheap = next(topic for topic in simulation().topics.values() if topic.kind == "cheap")
    middle = next(n for n, event in enumerate(events) if isinstance(event, Post) and event.hashtags == (cheap.topic,))
    first = Engine()
    first.push(events[: middle + 30])
    verdicts = first.take_verdicts()
    second = Engine()
    second.restore(first.snapshot())
    second.push(events[middle + 30 :])
    verdicts += second.take_verdicts()
    second.finish()
    verdicts += second.take_verdicts()
    assert msgspec.json.encode(verdicts) == msgspec.json.encode(said())


def test_alone_it_says_the_same_as_with_campaigns_where_nobody_is_flagged() -> None:
    kinds = ("earthquake", "goal", "fan vote", "premium")
    events = simulate_trends(msgspec.structs.replace(SMALL, kinds=kinds), 12).events
    engine = Engine()
    alerts = engine.push(events) + engine.finish()
    assert not [alert for alert in alerts if alert.outcome == "coordinated_inauthentic"]
    assert msgspec.json.encode(engine.take_verdicts()) == msgspec.json.encode(alone(events))


def test_switched_off_it_says_nothing() -> None:
    engine = Engine(load({"trends": {"enabled": False}}))
    engine.push(simulation().events)
    engine.finish()
    assert engine.take_verdicts() == []


def post(number: int, account: str, at_ms: int, topic: str = "thing") -> Post:
    return Post(f"p{number}", account, f"#{topic}", at_ms, hashtags=(topic,))


def test_where_nothing_is_known_there_is_too_little_data() -> None:
    events: list[AnyEvent] = [post(n, f"a{n}", AT + n * 500) for n in range(100)]
    verdicts = alone(events)
    assert {v.outcome for v in verdicts} == {TrendOutcome.TOO_LITTLE_DATA}
    assert verdicts[-1].accuracy is None
    assert "nothing is known" in verdicts[-1].headline


def test_a_talkative_account_is_no_burst() -> None:
    events: list[AnyEvent] = [post(n, f"a{n % 3}", AT + n * 500) for n in range(500)]
    assert all(v.burst_since_ms is None for v in alone(events))


def test_posts_that_are_taken_back_call_a_topic_and_are_remembered() -> None:
    events: list[AnyEvent] = []
    for attack in range(3):
        begin_ms = AT + attack * 3_600_000
        for n in range(60):
            one = post(n + attack * 1_000, f"bot{n}", begin_ms + n * 500, f"attack{attack}")
            events += [one, Post(one.post_id, one.account_id, "", one.created_at_ms, deleted_at_ms=begin_ms + 60_000)]
    events.sort(key=lambda e: (e.deleted_at_ms or e.created_at_ms) if isinstance(e, Post) else 0)
    verdicts = alone(events)
    called = {
        n: next(v for v in of(f"attack{n}", verdicts) if v.outcome is TrendOutcome.MANUFACTURED) for n in range(3)
    }
    assert called[0].at_ms > AT + 60_000
    # the second time its accounts are known, and nobody waits for the posts to go
    assert called[1].at_ms < AT + 3_600_000 + 45_000
    assert called[1].figures["returning"] > 0.9


def test_likes_of_a_post_count_for_its_topics() -> None:
    events: list[AnyEvent] = [post(n, f"a{n}", AT + n) for n in range(5)]
    events += [Like(f"l{n}", "p0", LikeAction.LIKE, AT + 5_000 + n * 100) for n in range(100)]
    engine = TrendEngine()
    engine.push(events)
    engine.finish()
    topic = engine.monitor._topics["thing"]
    assert len(topic.rows) == 100 + 5 - 2  # two acts before it was held
    assert sum(row.posts for row in topic.rows.values()) == 3


def line(topic: str, rank: int, at_ms: int, volume: float, *, paid: bool = False) -> Trend:
    return Trend("hot", topic, rank, at_ms, volume, paid or None)


def test_lists_alone_tell_who_rises_and_call_nobody() -> None:
    events: list[AnyEvent] = []
    for hour in range(12):
        at_ms = AT + hour * 3_600_000
        events += [line(f"t{n}", n + 1, at_ms, 1_000.0 - n + hour % 2) for n in range(20)]
    events += [line("t5", 1, AT + 12 * 3_600_000, 60_000.0)]
    events += [line(f"t{n}", n + 2, AT + 12 * 3_600_000, 1_000.0 - n) for n in range(20) if n != 5]
    verdicts = alone(events)
    assert {v.outcome for v in verdicts} == {TrendOutcome.TOO_LITTLE_DATA}
    risen = [v for v in verdicts if any(r.name == "list_rise" for r in v.reasons)]
    assert [v.topic for v in risen] == ["t5"]


def test_a_place_that_is_sold_openly_is_never_called() -> None:
    events = list(simulation().events)
    cheap = next(topic for topic in simulation().topics.values() if topic.kind == "cheap")
    lines = [Trend("hot", cheap.topic, 1, cheap.begin_ms + n * 60_000, 100.0, True) for n in range(20)]
    events = sorted([*events, *lines], key=when_ms)
    words = {v.outcome for v in of(cheap.topic, alone(events)) if any(p.paid for p in v.places)}
    assert words
    assert words <= {TrendOutcome.TOO_LITTLE_DATA, TrendOutcome.ORGANIC}


def test_the_corrected_list_leaves_out_the_accounts_in_question_and_keeps_what_was_sold() -> None:
    events: list[AnyEvent] = list(simulation().events)
    cheap = next(topic for topic in simulation().topics.values() if topic.kind == "cheap")
    at_ms = cheap.begin_ms + 120_000
    volumes = {cheap.topic: 100.0, "ad": 95.0, "daily0": 90.0, "daily1": 80.0}
    lines = [
        Trend("hot", topic, rank, at_ms + k * 60_000, volume, topic == "ad" or None)
        for k in range(2)
        for rank, (topic, volume) in enumerate(volumes.items(), 1)
    ]
    engine = TrendEngine()
    engine.push(sorted([*events, *lines], key=when_ms))
    engine.finish()
    newest = {each.name: each for each in engine.take_lists() if each.at_ms <= at_ms + 180_000}
    places = {line.topic: (line.rank, line.rank_without, line.outcome) for line in newest["hot"].lines}
    assert places[cheap.topic] == (1, None, TrendOutcome.MANUFACTURED)
    assert places["ad"][:2] == (2, 2)
    assert places["daily0"][:2] == (3, 1)
    assert [line.rank for line in newest[ACTIVITY_LIST].lines] == sorted(
        line.rank for line in newest[ACTIVITY_LIST].lines
    )


def test_topics_are_bounded_and_a_burst_keeps_its_place() -> None:
    settings = load({"trends": {"topics_max": 100}})
    events: list[AnyEvent] = []
    for n in range(900):
        at_ms = AT + n * 1_000
        events += [post(10 * n + k, f"x{k}", at_ms + k, f"small{n}") for k in range(4)]
        if n >= 500:
            events.append(post(10 * n + 9, f"big{n}", at_ms + 9, "burst"))
    engine = TrendEngine(settings)
    verdicts = engine.push(events) + engine.finish()
    assert engine.monitor.evicted > 700
    assert len(engine.monitor) <= 100
    assert len(engine.monitor._topics["burst"].rows) > 390
    assert any(v.burst_since_ms is not None for v in of("burst", verdicts))


def test_posts_that_name_a_search_term_of_a_list_act_on_it() -> None:
    events: list[AnyEvent] = [line("city marathon", 1, AT, 100.0)]
    events += [Post(f"p{n}", f"a{n}", f"what a City Marathon! {n}", AT + 2_000 + n * 100) for n in range(60)]
    events += [Post(f"q{n}", f"b{n}", f"citymarathon {n}", AT + 2_000 + n * 100) for n in range(60)]
    engine = TrendEngine()
    engine.push(sorted(events, key=when_ms))
    engine.finish()
    assert len(engine.monitor._topics["city marathon"].rows) == 60


def called(outcome: Outcome, at_ms: int, revision: int) -> Alert:
    accounts = [f"a{n}" for n in range(40)]
    return replace(ALERT, campaign="c", revision=revision, outcome=outcome, at_ms=at_ms, accounts=accounts)


def test_a_flag_that_is_taken_back_is_taken_off_topics_too() -> None:
    engine = TrendEngine()
    engine.push([post(n, f"a{n}", AT + n * 200) for n in range(60)])
    engine.flag([called(Outcome.INAUTHENTIC, AT + 13_000, 1)])
    engine.push([post(100, "late", AT + 30_000)])
    topic = engine.monitor._topics["thing"]
    assert sum(bool(row.marks) for row in topic.rows.values()) == 38  # two acts came before the topic was held
    assert sum(moment.in_question for moment in engine.monitor._counters.series(topic.slot)) == 38
    engine.flag([called(Outcome.ORGANIC, AT + 40_000, 2)])
    verdicts = engine.push([post(101, "later", AT + 60_000)]) + engine.finish()
    assert not any(row.marks for row in topic.rows.values())
    assert sum(moment.in_question for moment in engine.monitor._counters.series(topic.slot)) == 0
    assert topic.share == 0.0
    assert all(verdict.outcome is not TrendOutcome.MANUFACTURED for verdict in verdicts)


def test_accounts_that_another_case_calls_stay_flagged() -> None:
    engine = TrendEngine()
    engine.push([post(n, f"a{n}", AT + n * 200) for n in range(60)])
    other = replace(called(Outcome.INAUTHENTIC, AT + 14_000, 1), campaign="other")
    engine.flag([called(Outcome.INAUTHENTIC, AT + 13_000, 1), other, called(Outcome.ORGANIC, AT + 14_500, 2)])
    engine.push([post(100, "late", AT + 30_000)])
    assert sum(bool(row.marks) for row in engine.monitor._topics["thing"].rows.values()) == 38
