"""A broker for as long as one wants it: `python -m tests.kafka_broker [--port N]`, or only `--fetch` its jars."""

import argparse
import os
import signal
import sys

from tests.kafka.broker import KafkaBroker
from tests.kafka.fixtures import ADDRESS_VARIABLE
from tests.kafka.install import VERSION, KafkaUnavailable, fetch


def main() -> int:
    """Exit code: 0, or 1 with the advice on standard error."""
    parser = argparse.ArgumentParser(prog="python -m tests.kafka_broker", description=__doc__)
    parser.add_argument("--port", type=int, default=19092, help="port on 127.0.0.1 (default 19092)")
    parser.add_argument("--fetch", action="store_true", help="bring Java, Maven and the jars where needed, and end")
    options = parser.parse_args()
    try:
        if options.fetch:
            _fetch()
        else:
            _run(options.port)
    except KafkaUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _fetch() -> None:
    given = os.environ.get(ADDRESS_VARIABLE)
    if given:
        print(f"tests use the Kafka at {given}")
    else:
        fetch()


def _run(port: int) -> None:
    wanted = {signal.SIGINT, signal.SIGTERM}
    with KafkaBroker(fetch(), port) as broker:
        signal.pthread_sigmask(signal.SIG_BLOCK, wanted)  # after the start: a child inherits what is blocked
        print(f"Apache Kafka {VERSION} at {broker.bootstrap}, pid {broker.pid}; Ctrl-C ends it", flush=True)
        signal.sigwait(wanted)


if __name__ == "__main__":
    sys.exit(main())
