"""Delivery that is awaited and retried until the broker has the message.

A single await on a send only queues it. What a retry cannot cure is raised, and ends the process.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from aiokafka import errors

log = structlog.get_logger()

Result = TypeVar("Result")

BACKOFF_FIRST_S = 0.05
BACKOFF_MAX_S = 2.0
HOPELESS = (
    errors.MessageSizeTooLargeError,
    errors.RecordListTooLargeError,
    errors.InvalidTopicError,
    errors.TopicAuthorizationFailedError,
    errors.ClusterAuthorizationFailedError,
    errors.ProducerClosed,
    errors.UnsupportedVersionError,
    errors.IllegalStateError,
)
CURABLE = (errors.KafkaError, OSError, TimeoutError, asyncio.TimeoutError)


async def until_delivered(
    attempt: Callable[[], Awaitable[Result]],
    what: str,
    on_retry: Callable[[], None] = lambda: None,
) -> Result:
    """Repeat `attempt` until it succeeds, with growing pauses. Errors that no retry cures are raised.

    The log says `what` was attempted.
    """
    pause_s = BACKOFF_FIRST_S
    while True:
        try:
            return await attempt()
        except Exception as error:
            # Faust wraps what its producer says
            inside = error.__cause__ if isinstance(error.__cause__, errors.KafkaError) else error
            if isinstance(inside, HOPELESS) or not isinstance(inside, CURABLE):
                raise
            on_retry()
            log.warning("Kafka request failed, trying again", what=what, error=repr(error), pause_s=round(pause_s, 2))
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, BACKOFF_MAX_S)
