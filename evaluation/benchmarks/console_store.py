"""A store full of campaigns, for timing the console: on either database, from a seed.

`python -m evaluation.benchmarks.console_store URL [--campaigns 1000] [--accounts 5000] [--seed 7]` fills an empty
database and times what every page asks it for. Campaigns are invented, not simulated: a simulation of five
million accounts would measure the simulator.
"""

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace

from console.decisions import queue
from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.decisions.errors import NotDecided
from console.decisions.queue import Filters
from console.decisions.read import history, status_of
from models.alerts import (
    OWN,
    AccountFacts,
    Alert,
    AlertState,
    Evidence,
    Explanation,
    FamilySummary,
    Outcome,
    Proof,
    Severity,
    TargetSummary,
)
from streams.store.engine import make_engine
from streams.store.migrate import migrate_engine
from streams.store.sql import SqlStore

END_MS = 1_800_000_000_000
WEEK_MS = 7 * 86_400_000
LINKS_MAX = 2_000
TARGETS = 12
BATCH = 20
LAYERS = ("family", "url", "like", "repost", "hashtags")
SHARED = ["client-1", *(f"device-{number}" for number in range(40))]
DECIDED_SHARE = 0.4
ROUNDS = 30


def fill(url: str, campaigns: int = 1_000, accounts: int = 5_000, seed: int = 7) -> int:
    """Migrate the database at `url` and put `campaigns` cases of `accounts` accounts into it; return how many are new.

    Each case has two revisions, so pages can compare them; four in ten have decisions. The same arguments give
    the same store, and filling again adds nothing.
    """
    rng = random.Random(seed)
    engine = make_engine(url, timeout_ms=60_000)
    migrate_engine(engine)
    store = SqlStore(engine)
    new = 0
    waiting: list[Alert] = []
    for alert in alerts(campaigns, accounts, rng):
        waiting += [_earlier(alert), alert]
        if len(waiting) >= 2 * BATCH:
            new += store.put(waiting)
            waiting = []
    new += store.put(waiting)
    if new:
        _decide(engine, rng)
    engine.dispose()
    return new // 2


def alerts(campaigns: int, accounts: int, rng: random.Random) -> Iterator[Alert]:
    """Invented cases, each at its second revision."""
    for _ in range(campaigns):
        name = f"{rng.getrandbits(64):016x}"
        people = [f"u-{rng.getrandbits(40):010x}" for _ in range(accounts)]
        end_ms = END_MS - rng.randrange(4 * WEEK_MS)
        yield _alert(name, people, end_ms, rng)


def _alert(name: str, people: list[str], end_ms: int, rng: random.Random) -> Alert:
    start_ms = end_ms - rng.randrange(600_000, WEEK_MS)
    targets = [_target(number, len(people), start_ms, end_ms, rng) for number in range(TARGETS)]
    pairs = {(rng.randrange(len(people)), rng.randrange(TARGETS)) for _ in range(LINKS_MAX)}
    links = sorted(
        ((account, target, rng.randrange(start_ms, end_ms)) for account, target in pairs), key=lambda link: link[2]
    )
    outcome = rng.choices(list(Outcome), [6, 3, 1])[0]
    layers = ", ".join(sorted({target.layer for target in targets}))
    return Alert(
        campaign=name,
        revision=2,
        state=AlertState.LISTED if outcome is Outcome.ORGANIC else rng.choice([AlertState.UPDATED, AlertState.CLOSED]),
        kind=rng.choice(["campaign", "batch"]),
        outcome=outcome,
        severity=rng.choice(list(Severity)),
        headline=f"{len(people):,} accounts acted together on {TARGETS} targets ({layers})",
        at_ms=end_ms + 1_000,
        accounts=people,
        accounts_total=len(people),
        targets=targets,
        targets_total=TARGETS,
        families=[_family(number, rng) for number in range(6)],
        links=links,
        first_action_ms=start_ms,
        last_action_ms=end_ms,
        p_log10=-rng.uniform(15, 300),
        chance="less than 1 in 10¹⁵",
        synchrony=_evidence(("span", "overlap", "onset"), rng),
        inauthenticity=_evidence(("shared_devices", "registration_burst", "copies", "regular"), rng),
        explanations=[Explanation(each, False, f"Not {each}: too fast.") for each in ("fans", "petition", "newsroom")],
        proof=[
            Proof(f"e-{at}", people[account], targets[target].layer, targets[target].target, time_ms)
            for at, (account, target, time_ms) in enumerate(links[:40])
        ],
        merged_from=[],
        split_from=None,
        detector_version="0",
        configuration="benchmark",
        points=rng.uniform(0, 9),
        points_min=3.0,
        points_listed_min=1.0,
        operator=f"{rng.randrange(40):016x}" if rng.random() < 0.3 else None,
        facts=[_facts(start_ms, rng) for _ in people],
        shared=SHARED,
    )


def _facts(at_ms: int, rng: random.Random) -> AccountFacts:
    registered_ms = at_ms - rng.randrange(1, 400) * 86_400_000
    device = rng.randrange(1, len(SHARED)) if rng.random() < 0.5 else OWN
    return AccountFacts(registered_ms, rng.randrange(2_000), 0, device, None)


def _target(number: int, accounts: int, start_ms: int, end_ms: int, rng: random.Random) -> TargetSummary:
    members = rng.randrange(accounts // 3, accounts) if accounts > 3 else accounts
    first_ms = rng.randrange(start_ms, end_ms)
    layer = LAYERS[number % len(LAYERS)]
    return TargetSummary(
        layer, f"t-{rng.getrandbits(40):x}", members, members + number, first_ms, end_ms, f"u-{number}"
    )


def _family(number: int, rng: random.Random) -> FamilySummary:
    words = "this phone is the best I ever had buy it today before it is gone 今天 真的 很好 用".split()
    leader = " ".join(rng.choices(words, k=30))
    spun = [" ".join(w if rng.random() < 0.8 else rng.choice(words) for w in leader.split()) for _ in range(4)]
    return FamilySummary(f"f-{number}", rng.randrange(50, 5_000), 0.8, (leader, *spun))


def _evidence(names: tuple[str, ...], rng: random.Random) -> list[Evidence]:
    found = []
    for name in names:
        points = rng.uniform(0, 3)
        sentence = f"{rng.randrange(100)} % of them, where {rng.randrange(5)} % are usual."
        found.append(
            Evidence(name, points / 3, sentence, {"share": points / 3}, points, points, None, {"share_min": 0.2})
        )
    return found


def _earlier(alert: Alert) -> Alert:
    """The same case with nine tenths of its accounts."""
    kept = max(1, len(alert.accounts) * 9 // 10)
    links = [link for link in alert.links if link[0] < kept]
    known = set(alert.accounts[:kept])
    proof = [each for each in alert.proof if each.account in known]
    return replace(
        alert, revision=1, accounts=alert.accounts[:kept], accounts_total=kept, links=links, proof=proof,
        facts=alert.facts[:kept], at_ms=alert.at_ms - 60_000,
    )  # fmt: skip


def _decide(engine: Any, rng: random.Random) -> None:
    now_ms = END_MS
    for row in _all(engine):
        if rng.random() > DECIDED_SHARE:
            continue
        for _ in range(rng.randrange(1, 4)):
            now_ms += 60_000
            action = rng.choice([Action.CONFIRM, Action.DISMISS, Action.WATCH, Action.UNDO])
            reason = "fans" if action is Action.DISMISS else ""
            seen = status_of(engine, row.campaign).last_number
            by = rng.choice(["ann", "bob", "cyd"])
            try:
                decide(engine, Order(row.campaign, action, by, row.revision, seen, reason), now_ms)
            except NotDecided:
                continue  # nothing to undo, or the same person twice


def _all(engine: Any) -> Iterator[queue.QueueRow]:
    after: str | None = None
    while True:
        found = queue.page(engine, Filters(), END_MS, after, queue.PAGE_MAX)
        yield from found.rows
        after = found.next
        if after is None:
            return


def measure(url: str, rounds: int = ROUNDS) -> dict[str, dict[str, float]]:
    """Time what pages ask for: median and worst in ms, over `rounds`, on cases in turn."""
    engine = make_engine(url)
    store = SqlStore(engine)
    rows = queue.page(engine, Filters(), END_MS, limit=queue.PAGE_MAX).rows
    deep = queue.page(engine, Filters(), END_MS, limit=150).next
    names = [row.campaign for row in rows]
    asked: dict[str, Callable[[int], object]] = {
        "queue, first page": lambda _: queue.page(engine, Filters(), END_MS),
        "queue, a later page": lambda _: queue.page(engine, Filters(), END_MS, deep),
        "queue, filtered by words": lambda _: queue.page(engine, Filters(text="accounts url"), END_MS),
        "queue, open and critical": lambda _: queue.page(engine, Filters(status="open", severity="critical"), END_MS),
        "counts": lambda _: queue.counts(engine, Filters(), END_MS),
        "one row": lambda at: queue.row(engine, names[at % len(names)], END_MS),
        "a case with its accounts": lambda at: store.get(names[at % len(names)]),
        "a case's revisions": lambda at: store.revisions(names[at % len(names)]),
        "a case's decisions": lambda at: history(engine, names[at % len(names)]),
    }
    figures = {what: _times_ms(call, rounds) for what, call in asked.items()}
    engine.dispose()
    return figures


def _times_ms(call: Callable[[int], object], rounds: int) -> dict[str, float]:
    times = []
    for at in range(rounds):
        began_s = time.perf_counter()
        call(at)
        times.append((time.perf_counter() - began_s) * 1_000)
    return {"median_ms": round(statistics.median(times), 2), "worst_ms": round(max(times), 2)}


def main() -> None:
    """Fill and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--campaigns", type=int, default=1_000)
    parser.add_argument("--accounts", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    began_s = time.perf_counter()
    filled = fill(options.url, options.campaigns, options.accounts, options.seed)
    figures = {"filled": filled, "fill_s": round(time.perf_counter() - began_s, 1), "asked": measure(options.url)}
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
