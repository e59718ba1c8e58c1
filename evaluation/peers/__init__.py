"""Other methods on the same events, so that Shoal's figures can be read beside theirs."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from evaluation.peers.confined import Limits, run_confined
from evaluation.peers.result import PeerResult
from evaluation.peers.table import METHODS
from models.events import AnyEvent

__all__ = ["METHODS", "PEERS", "Limits", "PeerResult", "run_confined"]

PEERS: Mapping[str, Callable[[Sequence[AnyEvent]], PeerResult]] = {
    name: partial(run_confined, name) for name in METHODS
}
"""By the name that `shoal evaluate --against` calls them."""
