"""What the snapshots of a shard must agree on with the worker that loads them."""

from detector import __version__
from models.ids import hash64_of
from streams.settings import Settings
from streams.snapshots import Identity


def identity_of(settings: Settings, shard: str) -> Identity:
    """Version, thresholds and topology."""
    topology = hash64_of(settings.shards, *settings.sources)
    return Identity(__version__, f"{settings.detector.digest()}-{topology:016x}", shard)
