"""The broker that the other tests lean on: that it is real, keeps what it acknowledged, and can be taken away."""

import uuid

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError

from tests.kafka.broker import KafkaBroker

pytestmark = pytest.mark.kafka


def make_topic(bootstrap: str) -> str:
    name = f"kit-{uuid.uuid4().hex[:8]}"
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    admin.create_topics({name: {"num_partitions": 1, "replication_factor": 1}})
    admin.close()
    return name


def send(bootstrap: str, topic: str, value: bytes) -> None:
    producer = KafkaProducer(
        bootstrap_servers=bootstrap,
        acks="all",
        bootstrap_timeout_ms=2_000,
        request_timeout_ms=2_000,
        max_block_ms=2_000,
    )
    try:
        producer.send(topic, value=value).get(timeout=4)
    finally:
        producer.close(timeout=1)


def read_all(bootstrap: str, topic: str) -> list[bytes]:
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    try:
        place = TopicPartition(topic, 0)
        consumer.assign([place])
        consumer.seek_to_beginning(place)
        end = consumer.end_offsets([place])[place]
        found: list[bytes] = []
        while consumer.position(place) < end:
            for records in consumer.poll(timeout_ms=500).values():
                found += [record.value for record in records]
        return found
    finally:
        consumer.close()


def test_no_topic_comes_into_being_by_itself(kafka_bootstrap: str) -> None:
    with pytest.raises(KafkaError):
        send(kafka_bootstrap, f"never-made-{uuid.uuid4().hex[:8]}", b"x")


@pytest.mark.parametrize("end", [KafkaBroker.stop, KafkaBroker.kill])
def test_what_was_acknowledged_outlives_the_process(kafka_broker: KafkaBroker, end) -> None:  # noqa: ANN001  # either method
    topic = make_topic(kafka_broker.bootstrap)
    send(kafka_broker.bootstrap, topic, b"kept")
    pid = kafka_broker.pid
    end(kafka_broker)
    assert kafka_broker.pid is None
    kafka_broker.start()
    assert kafka_broker.pid not in {None, pid}
    assert read_all(kafka_broker.bootstrap, topic) == [b"kept"]


def test_a_paused_broker_answers_nothing_until_it_is_resumed(kafka_broker: KafkaBroker) -> None:
    topic = make_topic(kafka_broker.bootstrap)
    kafka_broker.pause()
    with pytest.raises(KafkaError):
        send(kafka_broker.bootstrap, topic, b"lost")
    kafka_broker.resume()
    send(kafka_broker.bootstrap, topic, b"heard")
    assert b"heard" in read_all(kafka_broker.bootstrap, topic)
