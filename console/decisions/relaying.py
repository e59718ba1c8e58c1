"""`shoal relay`: send decisions to Kafka without a console running."""

import asyncio
import contextlib
from typing import Annotated

import typer
from sqlalchemy import Engine

from console.decisions.deciding import Store, open_engine
from streams.cli.console import out
from streams.cli.errors import BrokerAway
from streams.settings import Settings


def relay(
    once: Annotated[
        bool, typer.Option("--once", help="Send what waits and end; exit code 3 if no broker answers.")
    ] = False,
    store: Store = None,
) -> None:
    """Send the verdicts of decisions to the topic shoal.verdicts, in order, until stopped.

    The console does the same while it runs. Several may run: one sends, the others stand by. What cannot be
    sent waits in the database.
    """
    from console.decisions.outbox import waiting
    from streams.logs import configure_logs
    from streams.settings import load_settings

    settings = load_settings()
    engine = open_engine(store)
    try:
        if once:
            _once(engine, settings)
            left = waiting(engine)
            out.print("everything is sent" if not left else f"{left:,} wait: another process is sending")
            return
        configure_logs(settings.log_level)
        from console.decisions.kafka import relay_verdicts

        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(relay_verdicts(engine, settings))
    finally:
        engine.dispose()


def _once(engine: Engine, settings: Settings) -> None:
    from aiokafka.errors import KafkaError

    try:
        asyncio.run(_send(engine, settings))
    except (KafkaError, OSError, TimeoutError) as error:
        raise BrokerAway(f"no broker at {settings.bootstrap} took the verdicts, they wait: {error!r}") from error


async def _send(engine: Engine, settings: Settings) -> None:
    from console.decisions.kafka import VerdictTopic
    from console.decisions.relay import Relay

    topic = VerdictTopic(settings)
    sender = Relay(engine, topic.send)
    try:
        while await sender.once():
            pass
    finally:
        await topic.close()
        await sender.let_go()
