"""Shards: the stateful stages that Kafka partitions map to (see docs/architecture.md)."""

from detector.shards.target import TargetShard
from detector.shards.text import TextShard

__all__ = ["TargetShard", "TextShard"]
