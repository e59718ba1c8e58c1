"""Other methods on the same events, so that Shoal's figures can be read beside theirs."""

from collections.abc import Callable, Mapping, Sequence

from evaluation.peers.result import PeerResult
from models.events import AnyEvent

PEERS: Mapping[str, Callable[[Sequence[AnyEvent]], PeerResult]] = {}
"""By the name that `shoal evaluate --against` calls them."""
