"""The target shard: actions on the targets it owns become cohorts."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from detector.ordering import Entry
from detector.shards.base import Shard
from models.actions import Action, Layer, Publication
from models.cohorts import ContactUse, ShardOutput, Timed
from models.envelopes import ActionEnvelope
from models.events import Account, Verdict
from models.ids import hash64

_PUBLICATION: Final = 0
_ACCOUNT: Final = 1
_ACTION: Final = 2
_VERDICT: Final = 3
_RECORD_OF_RANK: Final[dict[int, Any]] = {
    _PUBLICATION: Publication,
    _ACCOUNT: Account,
    _ACTION: Action,
    _VERDICT: Verdict,
}


class TargetShard(Shard):
    """Owns the targets with `router.shard_of(target) == its number`."""

    def receive(self, envelope: ActionEnvelope) -> ShardOutput | None:
        """Take one envelope; return what became certain, or None if no slice closed."""
        slicer = self._slicer
        slicer.add((p.time_ms, _PUBLICATION, p.target, "", p) for p in envelope.publications)
        slicer.add((_known_ms(a), _ACCOUNT, a.account_id, "", a) for a in envelope.accounts)
        slicer.add((a.time_ms, _ACTION, a.act, a.target, a) for a in envelope.actions)
        slicer.add((v.decided_at_ms, _VERDICT, v.verdict_id, "", v) for v in envelope.verdicts)
        slicer.mark(envelope.marks)
        return self._release()

    def _process(self, entries: Sequence[Entry]) -> None:
        collector = self._collector
        slice_ms = self.settings.slice_ms
        for time_ms, rank, act, target, item in entries:
            if time_ms >= self._slice_end_ms:
                self._move_to((time_ms // slice_ms + 1) * slice_ms)
            if rank == _ACTION:
                # a post may act on several targets, everything else on one
                if not self._is_new(act if item.counts else f"{act}\x1f{item.layer}\x1f{target}"):
                    continue
                account_hash = hash64(item.account)
                if item.counts:
                    self._count(item, account_hash)
                collector.add(item.layer, target, item, account_hash, item.undo)
                if item.layer == Layer.CONTACT:
                    use = ContactUse(act, item.account, target, item.disguised)
                    self._facts.append(Timed(self._slice_end_ms, contact=use))
            elif rank == _PUBLICATION:
                collector.publish(item.target, item.author, time_ms)
            elif rank == _VERDICT:
                self._facts.append(Timed(self._slice_end_ms, verdict=item))
            else:
                self._facts.append(Timed(self._slice_end_ms, account=item))

    def _payload(self, rank: int, plain: Any) -> Any:
        return msgspec.convert(plain, _RECORD_OF_RANK[rank])

    def _item(self, plain: Any) -> Any:
        return msgspec.convert(plain, Action)


def _known_ms(account: Account) -> int:
    return account.registered_at_ms if account.observed_at_ms is None else account.observed_at_ms
