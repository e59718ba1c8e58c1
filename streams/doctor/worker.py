"""How the worker says that it is, and what its figures show."""

from typing import Final

from streams.doctor.finding import Finding, ok, problem, span, unseen, warning
from streams.doctor.machine import is_worker
from streams.doctor.surroundings import NoAnswer, Surroundings, as_json

WORKER: Final = "worker"
READY: Final = "worker ready"
INDEX: Final = "index"
TROUBLE: Final = "worker's trouble"
FILL: Final = "shoal_fill_ratio"
EVICTIONS: Final = "shoal_evictions_total"
WATERMARK: Final = "shoal_watermark_delay_seconds"
FULL: Final = 0.95
"""As in the rule ShoalStructureFull."""
FILLING: Final = 0.8
LIMITS: Final = {
    "buffer": "buffered_max",
    "windows": "collector.windows_max",
    "first_actions": "collector.first_actions_max",
    "event_ids": "collector.event_ids_max",
    "publications": "collector.publications_max",
    "near_duplicates": "near_duplicates.capacity",
    "memberships": "overlap.memberships_max",
    "burst_memberships": "bursts.memberships_max",
    "topics": "trends.topics_max",
}
"""The setting of the detector that bounds each structure."""
_REASONS: Final = {
    "starting": "Wait: it has just started.",
    "broker away": "See to the broker first; the worker goes on by itself.",
    "rebalancing": "Wait half a minute. If it stays, look for workers that come and go.",
    "no partitions": "There are more workers than partitions, or this one cannot join: see its log.",
    "loading": "Wait: it reads its state. If it takes long, look at the snapshots above.",
    "store failing": "See to the store; the worker repeats its writes.",
}
FAILURES: Final = {
    "shoal_store_failures_total": "writes to the store",
    "shoal_snapshot_failures_total": "snapshots",
    "shoal_delivery_retries_total": "sends to Kafka",
}


def worker(surroundings: Surroundings) -> Finding:
    """Whether one answers, and is alive."""
    url = surroundings.worker_url
    try:
        page = surroundings.page(url.rstrip("/") + "/-/healthy")
    except NoAnswer as error:
        return _hangs(url) if "timed out" in str(error) else _away(url, error)
    if not is_worker(surroundings):
        return unseen(WORKER, f"What answers at {url} is no worker of Shoal.", "Say where it is: --worker.")
    if page.status != 200:
        told = reasons_in(page.text)
        return problem(WORKER, f"The worker is stuck: {told}.", "Restart it; it resumes where its last commit was.",
                       "docs/runbooks/ShoalNoProgress.md")  # fmt: skip
    return ok(WORKER, f"The worker at {url} is alive.")


def _away(url: str, error: NoAnswer) -> Finding:
    return problem(
        WORKER,
        f"No worker answers at {url}: {error}. Nothing is detected unless one runs elsewhere.",
        "If the broker is away, see to it first: a worker that starts meanwhile waits and has no page yet. Else start "
        "it, or say where it is: --worker http://HOST:6066. If it ended, its exit code says why: 65 too many invalid "
        "events, 69 something outside is gone, 70 a fault, 78 wrong settings or topics, 137 killed.",
        "docs/runbooks/ShoalNoWorker.md",
    )


def _hangs(url: str) -> Finding:
    return problem(
        WORKER,
        f"The worker at {url} does not answer in time: it hangs, or is paused, or this machine is far too busy.",
        "Ask again with --timeout 30. If it stays so, restart it: it resumes at its last commit. Docker does not "
        "restart by itself what hangs.",
        "docs/runbooks/ShoalNoWorker.md",
    )


def ready(surroundings: Surroundings) -> Finding:
    """Whether it serves."""
    page = surroundings.page(surroundings.worker_url.rstrip("/") + "/-/ready")
    if page.status == 200:
        return ok(READY, "The worker is ready.")
    reasons = reasons_in(page.text).split("; ")
    advice = " ".join(dict.fromkeys(_REASONS.get(reason, "See its log.") for reason in reasons))
    return problem(READY, f"The worker is not ready: {'; '.join(reasons)}.", advice, "docs/runbooks/ShoalNotReady.md")


def reasons_in(text: str) -> str:
    """What a page of health tells, in one line."""
    answer = as_json(text)
    reasons = answer.get("reasons") if isinstance(answer, dict) else None
    return "; ".join(map(str, reasons)) if reasons else "it does not say why"


def index(surroundings: Surroundings) -> Finding:
    """Whether a bounded structure is full, so that the oldest is forgotten before its time."""
    filled = surroundings.values(FILL)
    if not filled:
        return ok(INDEX, "The worker tells no fill yet: it has no shard, or is loading.")
    labels, share = max(filled, key=lambda each: each[1])
    structure, shard = labels.get("structure", "?"), labels.get("shard", "?")
    dropped = sum(value for each, value in surroundings.values(EVICTIONS) if each.get("structure") == structure)
    told = f" {dropped:,.0f} of its entries were dropped so far." if dropped else ""
    setting = LIMITS.get(structure)
    advice = (
        f"Raise {setting} in the detector's settings" if setting else "Raise its limit in the detector's settings"
    ) + " (SHOAL_DETECTOR_FILE) if memory allows, or shorten its horizon; then restart the workers."
    found = f"{structure} of {shard} is filled to {share:.0%}.{told}"
    if share >= FULL:
        return problem(
            INDEX, f"{found} Slow campaigns are seen less well.", advice, "docs/runbooks/ShoalStructureFull.md"
        )
    if share >= FILLING:
        return warning(INDEX, found, advice, "docs/runbooks/ShoalStructureFull.md")
    return ok(INDEX, f"No structure is filled above {share:.0%}.")


def trouble(surroundings: Surroundings) -> Finding:
    """What failed and was repeated since the worker started, and whether event time goes on."""
    failed = {
        what: number
        for name, what in FAILURES.items()
        if (number := sum(value for _, value in surroundings.values(name)))
    }
    behind_s = max((value for _, value in surroundings.values(WATERMARK)), default=0.0)
    told = ", ".join(f"{what} {number:,.0f} times" for what, number in failed.items())
    if told:
        return warning(
            TROUBLE,
            f"Since the worker started there failed, and were repeated: {told}.",
            "If the numbers grow when you ask again, see to the disk, the store and the broker above.",
        )
    if behind_s > 300:
        return warning(
            TROUBLE,
            f"Event time is {span(behind_s)} behind this machine's clock.",
            "Old events are being sent, or nothing comes. If neither is meant, find the partition that stands still.",
            "docs/runbooks/ShoalWatermarkBehind.md",
        )
    return ok(TROUBLE, "Nothing failed since the worker started.")
