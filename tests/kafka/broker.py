"""One process that is broker and controller, on 127.0.0.1, with its data in a folder of its own."""

import base64
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from pathlib import Path
from typing import Self

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from tests.kafka.install import Installed, KafkaUnavailable

HEAP = ("-Xms256m", "-Xmx512m", "-XX:+UseSerialGC")
START_S_MAX = 60.0
STOP_S_MAX = 20.0
SASL_USER, SASL_PASSWORD = "shoal", "open sesame"
"""Who is let in by the second listener (SASL_PLAINTEXT, PLAIN)."""
LOGIN_MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule"
PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},SASL://127.0.0.1:{sasl},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},SASL://127.0.0.1:{sasl}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
sasl.enabled.mechanisms=PLAIN
listener.name.sasl.plain.sasl.jaas.config={login} required user_{user}="{password}";
log.dirs={folder}/data
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
broker.session.timeout.ms=4000
broker.heartbeat.interval.ms=1000
num.network.threads=2
num.io.threads=4
log.cleaner.dedupe.buffer.size=16777216
"""


class KafkaBroker:
    """A broker that can be stopped, started, killed and paused. Context manager: gone afterwards, data too.

    `bootstrap` stays the same for its whole life, over stops and starts; so does what it stores.
    """

    def __init__(self, installed: Installed, port: int = 0) -> None:
        self._installed = installed
        self._port = port or _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.folder = Path(tempfile.mkdtemp(prefix="shoal-kafka-"))
        self.bootstrap = f"127.0.0.1:{self._port}"
        self._sasl_port = _free_port()
        self.sasl_bootstrap = f"127.0.0.1:{self._sasl_port}"

    def __enter__(self) -> Self:
        try:
            self._format()
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- what a test does

    @property
    def pid(self) -> int | None:
        """Process id, None if it is not running."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Start and return once it answers; nothing to do if it runs. Raises `KafkaUnavailable`."""
        if self._process is not None:
            return
        with (self.folder / "broker.log").open("ab") as log:
            command = [*_with_parent(), *self._java(HEAP), "kafka.Kafka", str(self._properties)]
            self._process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        self._wait_until_it_answers()

    def stop(self) -> None:
        """End it as an operator does; what it was sent and acknowledged is kept."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut does."""
        self._end(signal.SIGKILL)

    def pause(self) -> None:
        """Freeze it: connections stay open and nothing answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Undo `pause`."""
        self._signal(signal.SIGCONT)

    def mend(self) -> None:
        """Running and answering again, whatever a test did to it."""
        if self._process is not None:
            if self._process.poll() is None:
                self.resume()
            else:
                self._process = None
        self.start()

    def close(self) -> None:
        """End it and remove its data."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- how

    @property
    def _properties(self) -> Path:
        return self.folder / "server.properties"

    def _java(self, options: tuple[str, ...]) -> list[str]:
        return [self._installed.java, *options, "-Dlog4j2.level=WARN", "-cp", self._installed.classpath]

    def _format(self) -> None:
        text = PROPERTIES.format(
            port=self._port,
            sasl=self._sasl_port,
            controller=_free_port(),
            folder=self.folder,
            login=LOGIN_MODULE,
            user=SASL_USER,
            password=SASL_PASSWORD,
        )
        self._properties.write_text(text, encoding="utf-8")
        cluster = base64.urlsafe_b64encode(b"shoal" + uuid.uuid4().bytes[5:])[:22].decode()
        command = [*self._java(("-Xmx128m", "-XX:TieredStopAtLevel=1")), "kafka.tools.StorageTool", "format"]
        done = subprocess.run(
            [*command, "-t", cluster, "-c", str(self._properties)],
            capture_output=True,
            text=True,
            check=False,
            timeout=START_S_MAX,
        )
        if done.returncode:
            raise KafkaUnavailable(f"Kafka's storage could not be formatted:\n{done.stdout}{done.stderr}")

    def _wait_until_it_answers(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_S_MAX
        while time.monotonic() < deadline and self._process.poll() is None:
            if self._answers():
                return
            time.sleep(0.2)
        log = "\n".join((self.folder / "broker.log").read_text(errors="replace").splitlines()[-30:])
        self.kill()
        raise KafkaUnavailable(f"Kafka did not answer on {self.bootstrap} within {START_S_MAX:.0f} s; its log:\n{log}")

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
            admin = KafkaAdminClient(bootstrap_servers=self.bootstrap, bootstrap_timeout_ms=2_000)
        except (OSError, KafkaError):
            return False
        try:
            admin.list_topics()
        except KafkaError:
            return False
        finally:
            admin.close()
        return True

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGCONT)
        process.send_signal(number)
        try:
            process.wait(timeout=STOP_S_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _with_parent() -> list[str]:
    """Prefix of a command that must not outlive us, even if we are killed."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
