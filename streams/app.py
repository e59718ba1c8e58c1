"""The Faust app, made of settings: three agents, and the services beside them. Wiring only."""

from typing import Any

import faust
from faust.types.auth import SASLMechanism

from detector import __version__
from streams.agents import consume
from streams.composition import Composition
from streams.security import ssl_context
from streams.settings import Settings
from streams.shards import Place
from streams.topics import MESSAGE_BYTES_MAX


def make_app(settings: Settings, parts: Composition) -> faust.App:
    """Build the app. Nothing connects before it is started."""
    app = faust.App(settings.group, **_options(settings))
    own = parts.names
    topics = {name: _topic(app, name, count) for name, count in (parts.inputs | parts.outputs).items()}
    parts.connect(lambda name: topics[name])
    handler = parts.handler

    @app.agent(topics[own.posts], name="text", concurrency=1)  # type: ignore[untyped-decorator]  # Faust is untyped
    async def text(stream: Any) -> None:
        await consume(stream, handler, parts.to_cohorts, "text")

    @app.agent(topics[own.likes], name="targets", concurrency=1)  # type: ignore[untyped-decorator]  # Faust is untyped
    async def targets(stream: Any) -> None:
        await consume(stream, handler, parts.to_cohorts, "targets")

    @app.agent(topics[own.cohorts], name="coordinator", concurrency=1)  # type: ignore[untyped-decorator]  # Faust is untyped
    async def coordinator(stream: Any) -> None:
        await consume(stream, handler, parts.tell, "coordinator")

    _follow_assignment(app, parts)
    for service in parts.services:
        app.service(service)
    return app


def _follow_assignment(app: faust.App, parts: Composition) -> None:
    async def assigned(_app: Any, assigned: Any, **_: Any) -> None:
        parts.host.assign(Place(tp.topic, tp.partition) for tp in assigned)

    async def revoked(*_: Any, **__: Any) -> None:
        parts.host.rebalancing = True

    app.on_partitions_assigned.connect(assigned, weak=False)
    app.on_partitions_revoked.connect(revoked, weak=False)


def _topic(app: faust.App, name: str, partitions: int) -> Any:
    return app.topic(
        name,
        partitions=partitions,
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
        internal=False,
        allow_empty=True,
    )


def _options(settings: Settings) -> dict[str, Any]:
    request_s = settings.request_timeout_ms / 1000
    session_s = settings.session_timeout_ms / 1000
    return {
        "broker": ["kafka://" + address for address in settings.bootstrap.split(",")],
        "broker_credentials": _credentials(settings),
        "broker_client_id": f"shoal-{__version__}",
        "broker_commit_interval": settings.commit_interval_ms / 1000,
        "broker_heartbeat_interval": session_s / 4,
        "broker_rebalance_timeout": settings.rebalance_timeout_ms / 1000,
        "broker_request_timeout": max(request_s, session_s),
        "broker_session_timeout": session_s,
        "consumer_auto_offset_reset": "earliest",
        "consumer_group_instance_id": settings.instance_id,
        "consumer_max_fetch_size": MESSAGE_BYTES_MAX,
        "producer_acks": -1,
        "producer_linger": settings.producer_linger_ms / 1000,
        "producer_max_request_size": MESSAGE_BYTES_MAX,
        "producer_request_timeout": request_s,
        "stream_ack_cancelled_tasks": False,
        "stream_ack_exceptions": False,
        "stream_wait_empty": True,
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        "topic_partitions": settings.shards,
        "topic_replication_factor": settings.replication,
        "store": "memory://",
        "datadir": settings.snapshot_folder / "faust",
        "web_enabled": False,
        "worker_redirect_stdouts": False,
    }


def _credentials(settings: Settings) -> Any:
    protocol = settings.security_protocol
    context = ssl_context(settings) if protocol.endswith("SSL") else None
    if protocol.startswith("SASL"):
        return faust.SASLCredentials(
            username=settings.sasl_username,
            password=settings.password,
            mechanism=SASLMechanism(settings.sasl_mechanism),
            ssl_context=context,
        )
    return faust.SSLCredentials(context=context) if context is not None else None
