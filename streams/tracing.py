"""The way of a case as spans of OpenTelemetry: ingest, shards, coordinator, topic, store. One trace a case.

Which cases are followed, and the id of the trace, follow from the case's name: every worker, at every revision, after
every restart agrees, so a followed case is followed whole. What became an alert is known at the end only; so the
spans are made there, backwards, from moments that ride along as timestamps of messages: events that raise nothing cost
nothing. Needs the extra `traces`; without `SHOAL_TRACES_URL` nothing of OpenTelemetry is imported.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, Final, NamedTuple

from models.alerts import Alert, AlertState
from models.errors import InvalidConfiguration
from models.ids import hash64
from streams.settings import Settings
from streams.settings.refusals import variable

ENVELOPE_HEADER: Final = "envelope-at-ms"
"""On messages to the coordinator: when the envelope that a shard worked on was written, epoch ms."""
EXPORT_TIMEOUT_S: Final = 3
_MS: Final = 1_000_000


class Way(NamedTuple):
    """Moments of the message being processed, epoch ms; None where they are not known."""

    written_at_ms: int | None = None
    """When it was written to the topic that it was read from."""
    envelope_at_ms: int | None = None
    """When the envelope was written that led to it."""


WAY: Final[ContextVar[Way]] = ContextVar("way", default=Way())  # noqa: B039  # a tuple cannot be changed


class Moments(NamedTuple):
    """When an alert was told to whom, epoch ns."""

    began_ns: int
    on_topic_ns: int
    on_campaigns_ns: int
    in_store_ns: int


def way_of(timestamp_s: float, headers: Any) -> Way:
    """Moments out of a message. `headers` is what Faust gives: a mapping, pairs, or None."""
    raw = dict(headers or ()).get(ENVELOPE_HEADER, b"")
    text = raw.decode(errors="replace") if isinstance(raw, bytes) else str(raw)
    return Way(int(timestamp_s * 1000), int(text) if text.isdecimal() and len(text) <= 15 else None)


def trace_id(campaign: str) -> str:
    """Id of the trace of a case, 32 hex digits."""
    return f"{hash64(f'trace {campaign}'):016x}{hash64(f'trace of {campaign}'):016x}"


def is_followed(campaign: str, ratio: float) -> bool:
    """Whether a case is one of the share `ratio` (0 to 1) of all that are followed."""
    return hash64(f"sample {campaign}") < ratio * 2.0**64


class Traces:
    """Makes spans of alerts. `provider` is OpenTelemetry's, or None to make none."""

    def __init__(self, ratio: float = 0.0, provider: Any = None) -> None:
        self._ratio = ratio
        self._provider = provider
        self._tracer = provider.get_tracer("shoal") if provider is not None else None

    @property
    def headers(self) -> Mapping[str, bytes] | None:
        """What a shard's output carries to the coordinator; None while nothing is followed."""
        at_ms = WAY.get().written_at_ms
        if self._tracer is None or at_ms is None:
            return None
        return {ENVELOPE_HEADER: str(at_ms).encode()}

    def tell(self, alert: Alert, told: Moments) -> None:
        """Make the spans of one revision, if its case is followed. Waits for nobody: what is not taken is lost."""
        if self._tracer is None or not is_followed(alert.campaign, self._ratio):
            return
        steps = _steps(alert, WAY.get(), told)
        revision = self._span(f"revision {alert.state.value}", steps[0][1], _case_of(alert), alert)
        for name, start_ns, end_ns in steps:
            self._span(name, start_ns, revision).end(end_ns)
        revision.end(steps[-1][2])

    def close(self) -> None:
        """Send what is left, for a few seconds at most."""
        if self._provider is not None:
            self._provider.shutdown()

    def _span(self, name: str, start_ns: int, parent: Any, alert: Alert | None = None) -> Any:
        from opentelemetry.trace import set_span_in_context

        attributes: dict[str, str | int] = {}
        if alert is not None:
            attributes = {
                "shoal.campaign": alert.campaign, "shoal.revision": alert.revision, "shoal.state": alert.state.value,
                "shoal.outcome": alert.outcome.value, "shoal.severity": alert.severity.value,
            }  # fmt: skip
        assert self._tracer is not None  # noqa: S101  # for mypy: whoever calls has looked
        return self._tracer.start_span(name, set_span_in_context(parent), start_time=start_ns, attributes=attributes)


def make_traces(settings: Settings) -> Traces:
    """Return what `SHOAL_TRACES_URL` and `SHOAL_TRACES_RATIO` say. Raises `InvalidConfiguration` without the extra."""
    if settings.traces_url is None:
        return Traces()
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        needed = f"nothing, as OpenTelemetry is not installed: pip install '.[traces]' ({error})"
        raise InvalidConfiguration(variable("traces_url"), settings.traces_url, needed) from error
    provider = TracerProvider(resource=Resource({"service.name": "shoal-worker"}), shutdown_on_exit=False)
    exporter = OTLPSpanExporter(endpoint=settings.traces_url, timeout=EXPORT_TIMEOUT_S)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return Traces(settings.traces_ratio, provider)


def _case_of(alert: Alert) -> Any:
    """The parent of all revisions of a case: its name as a span that nobody has to send."""
    from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

    found = SpanContext(int(trace_id(alert.campaign), 16), hash64(alert.campaign), True, TraceFlags(TraceFlags.SAMPLED))
    return NonRecordingSpan(found)


def _steps(alert: Alert, way: Way, told: Moments) -> list[tuple[str, int, int]]:
    """(name, start, end) in epoch ns, one after the other; what is not known is part of the step that follows."""
    ends: list[tuple[str, int]] = []
    if way.envelope_at_ms is not None:
        ends.append(("ingest", way.envelope_at_ms * _MS))
    if way.written_at_ms is not None:
        ends.append(("shard" if ends else "ingest and shard", way.written_at_ms * _MS))
    ends += [
        ("coordinator", told.began_ns),
        ("alert to its topic", told.on_topic_ns),
        ("alert to the topic of campaigns", told.on_campaigns_ns),
        ("alert to the store", told.in_store_ns),
    ]
    at_ns = alert.last_action_ms * _MS if alert.state is AlertState.OPENED else ends[0][1]
    steps = []
    for name, end_ns in ends:
        start_ns = min(at_ns, end_ns)  # clocks of producers, brokers and workers are not one
        steps.append((name, start_ns, end_ns))
        at_ns = end_ns
    return steps
