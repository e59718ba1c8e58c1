"""`shoal doctor` on set-ups that are broken for real: what it says of each."""

import json
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer

from evaluation.kafka_corner import Corner, wait_for
from models.events import Post
from streams.doctor import CHECKS, Finding, Surroundings, Verdict, examine
from streams.settings import load_settings
from tests.kafka.broker import SASL_PASSWORD, SASL_USER, KafkaBroker

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]
NO_WORKER = "http://127.0.0.1:1"


def look(surroundings: Surroundings, *names: str) -> dict[str, Finding]:
    """What the checks of these names say, and what they stand on; printed for whoever reads along."""
    wanted = set(names) | {need for check in CHECKS if check.name in names for need in check.needs}
    found = {each.check: each for each in examine(surroundings, [check for check in CHECKS if check.name in wanted])}
    for each in found.values():
        print(f"{each.verdict.value:<15} {each.check:<18} {each.found}")
        if each.advice:
            print(f"{'':<34} -> {each.advice}  [{each.go_on}]")
    return found


def around(corner: Corner, **overrides: Any) -> Surroundings:
    return Surroundings(corner.settings.model_copy(update=overrides), NO_WORKER)


@pytest.fixture
def corner(kafka_bootstrap: str, tmp_path: Path) -> Iterator[Corner]:
    with Corner(kafka_bootstrap, tmp_path) as made:
        yield made


def test_all_is_well(corner: Corner) -> None:
    found = look(around(corner), "broker", "credentials", "topics", "formats", "lag", "dead letters")
    assert {each.verdict for each in found.values()} == {Verdict.OK}


def test_no_broker() -> None:
    surroundings = Surroundings(load_settings({"bootstrap": "127.0.0.1:1,nowhere.invalid:9092"}), NO_WORKER)
    found = look(surroundings, "broker", "topics")
    assert "127.0.0.1:1 (nothing listens there); nowhere.invalid:9092 (no such host is known)" in found["broker"].found
    assert "set SHOAL_BOOTSTRAP" in found["broker"].advice
    assert found["topics"].verdict is Verdict.UNSEEN


def test_a_broker_that_hangs(kafka_broker: KafkaBroker) -> None:
    kafka_broker.pause()
    surroundings = Surroundings(load_settings({"bootstrap": kafka_broker.bootstrap}), NO_WORKER, timeout_s=2.0)
    started_s = time.monotonic()
    found = look(surroundings, "credentials", "topics")
    assert time.monotonic() - started_s < 8
    assert found["credentials"].verdict is Verdict.PROBLEM
    assert "says nothing" in found["credentials"].found


def test_one_broker_of_two_is_away(corner: Corner) -> None:
    found = look(around(corner, bootstrap=f"{corner.settings.bootstrap},127.0.0.1:1"), "topics")
    assert found["broker"].verdict is Verdict.WARNING
    assert found["topics"].verdict is Verdict.OK


def test_wrong_partition_counts_and_missing_topics(corner: Corner) -> None:
    found = look(around(corner, likes_partitions=7), "topics")["topics"]
    assert found.verdict is Verdict.PROBLEM
    assert f"{corner.settings.likes_topic} has 1 partitions, the settings say 7" in found.found
    assert "SHOAL_..._PARTITIONS" in found.advice
    gone = look(around(corner, prefix="nobody.has.", posts_topic="nobody.has.posts"), "topics")["topics"]
    assert "is missing" in gone.found
    assert gone.go_on == "shoal topics create"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, None),
        ({"sasl_password": "wrong word"}, "refuses the user shoal: wrong name or password"),
        ({"sasl_username": "nobody"}, "refuses the user nobody"),
        ({"sasl_mechanism": "SCRAM-SHA-512"}, "does not take log-ins by SCRAM-SHA-512"),
        ({"security_protocol": "PLAINTEXT"}, "wants a log-in or TLS, the settings say PLAINTEXT"),
        ({"security_protocol": "SSL"}, "does not speak TLS, the settings say SSL"),
    ],
    ids=["right", "password", "user", "mechanism", "no log-in", "tls"],
)
def test_credentials(kafka_broker: KafkaBroker, changed: dict[str, str], told: str | None) -> None:
    right = {"security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "PLAIN", "sasl_username": SASL_USER}
    values = {**right, "sasl_password": SASL_PASSWORD, "bootstrap": kafka_broker.sasl_bootstrap, **changed}
    if not values["security_protocol"].startswith("SASL"):
        del values["sasl_username"]
    found = look(Surroundings(load_settings(values), NO_WORKER), "credentials")["credentials"]
    if told is None:
        assert found.verdict is Verdict.OK
        assert "as shoal" in found.found
    else:
        assert found.verdict is Verdict.PROBLEM
        assert told in found.found
    assert values["sasl_password"] not in str(found)


def test_a_log_in_where_none_is_taken(kafka_broker: KafkaBroker) -> None:
    values = {"security_protocol": "SASL_PLAINTEXT", "sasl_username": "shoal", "sasl_password": "x" * 9}
    surroundings = Surroundings(load_settings({**values, "bootstrap": kafka_broker.bootstrap}), NO_WORKER)
    assert "takes no log-in" in look(surroundings, "credentials")["credentials"].found


def test_messages_of_another_format(corner: Corner) -> None:
    corner.produce_raw(corner.names.likes, [b"\x97\x02\x90\x90\x90\x90\x90\x90"])
    found = look(around(corner), "formats")["formats"]
    assert found.verdict is Verdict.PROBLEM
    assert f"{corner.names.likes} cannot be read by this version (version: 2, this worker reads 1)" in found.found


def test_the_clock_of_a_sender_is_ahead(corner: Corner) -> None:
    producer = KafkaProducer(bootstrap_servers=corner.settings.bootstrap)
    producer.send(corner.settings.posts_topic, value=b"{}", timestamp_ms=int(time.time() * 1000) + 600_000)
    producer.flush(timeout=20)
    producer.close()
    found = look(around(corner), "clock")["clock"]
    assert found.verdict is Verdict.PROBLEM
    assert f"the newest message (on {corner.settings.posts_topic}) is 10 min ahead of this machine" in found.found
    assert "chrony" in found.advice


def test_messages_that_nobody_reads(corner: Corner) -> None:
    corner.produce_raw(corner.settings.posts_topic, [b"{}"] * 5)
    found = look(around(corner), "lag")["lag"]
    assert found.verdict is Verdict.PROBLEM
    assert "5 messages wait" in found.found
    assert "has ever read" in found.found


def test_no_disk_for_real(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(folder)], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("no small disk can be mounted here; the unit tests put one in")
    try:
        settings = load_settings({"snapshot_folder": str(folder / "state"), "store_url": f"sqlite:///{folder}/s.db"})
        found = look(Surroundings(settings, NO_WORKER), "disk of snapshots", "disk of the store")
    finally:
        subprocess.run(["umount", str(folder)], check=True)
    for each in found.values():
        assert each.verdict is Verdict.PROBLEM
        assert f"The disk of {folder} is full: 1 MB free" in each.found


@pytest.mark.slow
def test_a_worker_with_a_full_index_and_a_flood_of_dead_letters(corner: Corner) -> None:
    """One worker for four questions: is it well, is its index full, what was refused, whose clock is off."""
    settings_file = corner.folder / "detector.toml"
    settings_file.write_text("[near_duplicates]\ncapacity = 1000\n", encoding="utf-8")
    corner.start_worker(detector_file=str(settings_file))
    wait_for(lambda: corner.ask("/-/ready")[0] == 200, 60, "a ready worker")
    (address,) = set(_addresses(corner.log_of(0)))

    def now() -> Surroundings:
        return Surroundings(corner.settings, f"http://{address}")  # which asks for the figures once

    well = look(now(), "worker ready", "index", "worker's trouble", "worker's files", "clock", "port")
    assert {each.verdict for each in well.values()} == {Verdict.OK}, well

    now_ms = int(time.time() * 1000)
    posts = [_post(number, now_ms) for number in range(1_500)]
    corner.produce(posts)
    corner.produce_raw(corner.settings.posts_topic, [b'{"post_id": 7}'] * 120)
    corner.wait_drained()  # a worker that is busy with them answers late
    wait_for(lambda: look(now(), "index")["index"].verdict is Verdict.PROBLEM, 60, "a full index")
    index = look(now(), "index")["index"]
    assert "near_duplicates of text-0 is filled to 100%" in index.found
    assert "of its entries were dropped" in index.found
    assert "near_duplicates.capacity" in index.advice

    letters = look(now(), "dead letters")["dead letters"]
    assert letters.verdict is Verdict.PROBLEM
    assert "120 messages were refused in the last hour, of 1,620 messages (7.4%)" in letters.found
    assert f"{corner.settings.posts_topic} post_id type 100%" in letters.found
    assert look(now(), "lag")["lag"].verdict is Verdict.OK

    late = Surroundings(corner.settings, f"http://{address}", now_s=lambda: time.time() - 600)
    clock = look(late, "clock")["clock"]
    assert clock.verdict is Verdict.PROBLEM
    assert "the worker's clock is 10 min ahead of this machine" in clock.found


def test_the_command(corner: Corner) -> None:
    """As a process: the exit code, JSON, settings of a file, and a password that is nowhere in it."""
    file = corner.folder / "shoal.env"
    lines = {**corner.environment, "SHOAL_STORE_URL": "postgresql+psycopg://shoal:hunter2@127.0.0.1:1/shoal"}
    file.write_text("".join(f"{name}={value}\n" for name, value in lines.items()), encoding="utf-8")
    command = [sys.executable, "-c", "from streams.cli import main; main()", "doctor", "--config", str(file), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100, cwd=corner.folder)
    assert done.returncode == 1
    assert done.stderr == ""
    assert "hunter2" not in done.stdout
    told = json.loads(done.stdout)
    verdicts = {each["check"]: each["verdict"] for each in told["findings"]}
    assert told["ok"] is False
    assert verdicts["settings"] == verdicts["topics"] == "ok"
    assert verdicts["store"] == verdicts["worker"] == "problem"
    assert not (corner.folder / "state").exists()


def _addresses(log: str) -> Iterator[str]:
    for line in log.splitlines():
        if '"addresses"' in line:
            yield from json.loads(line)["addresses"]


def _post(number: int, now_ms: int) -> Post:
    return Post(f"p{number}", f"a{number}", f"{uuid.uuid4()} {uuid.uuid4()} {number}", now_ms - 1_500 + number)
