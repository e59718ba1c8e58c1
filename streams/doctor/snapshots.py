"""Whether a worker that starts now could load its snapshots."""

from typing import Final

from models.errors import SnapshotMismatch
from streams.doctor.disk import shards_of
from streams.doctor.finding import Finding, ok, problem, span, unseen, warning
from streams.doctor.surroundings import Surroundings
from streams.identity import identity_of
from streams.settings import Settings
from streams.snapshots import Header, Identity, SnapshotFolder, look

SNAPSHOTS: Final = "snapshots"
OLD_S: Final = 900.0
"""As in the rule ShoalSnapshotOld."""
INTERVALS_MAX: Final = 3


def snapshots(surroundings: Surroundings) -> Finding:
    """Look at the newest snapshot of each shard: readable, of this version and configuration, young enough."""
    settings = surroundings.settings
    folder = settings.snapshot_folder
    if not folder.exists():
        return ok(SNAPSHOTS, f"There is none yet: {folder} is made when the first worker starts.")
    if not folder.is_dir():
        return unseen(SNAPSHOTS, f"{folder} is no folder.")
    fitting, unfit = _sorted_out(settings)
    if unfit:
        return _unfit(unfit, len(fitting))
    if not fitting:
        return ok(
            SNAPSHOTS,
            f"There is none in {folder} yet; a worker writes one every {settings.snapshot_interval_s:g} s.",
        )
    return _by_age(surroundings, min(header.taken_at_ms for header in fitting), len(fitting))


def _sorted_out(settings: Settings) -> tuple[list[Header], list[str]]:
    """The newest header that fits of each shard, and why nothing of a shard fits."""
    folder = SnapshotFolder(settings.snapshot_folder, settings.snapshots_kept)
    fitting: list[Header] = []
    unfit: list[str] = []
    for shard in shards_of(settings):
        reasons: list[str] = []
        for path in folder.candidates(shard):
            try:
                header = look(path)
            except SnapshotMismatch as error:
                reasons.append(str(error))
                continue
            reason = _mismatch(header.identity, identity_of(settings, shard))
            if not reason:
                fitting.append(header)
                break
            reasons.append(f"{path.name} {reason}")
        else:
            unfit += reasons[:1]
    return fitting, unfit


def _mismatch(found: Identity, wanted: Identity) -> str:
    if found.detector_version != wanted.detector_version:
        return f"is of version {found.detector_version}, this is {wanted.detector_version}"
    if found.configuration != wanted.configuration:
        return "was made under other settings of the detector or another number of partitions"
    return "" if found == wanted else f"is of {found.shard}"


def _unfit(unfit: list[str], fitting: int) -> Finding:
    more = f", and {len(unfit) - 1} more" if len(unfit) > 1 else ""
    return problem(
        SNAPSHOTS,
        f"{len(unfit)} of {len(unfit) + fitting} shards have no snapshot that this Shoal can load: {unfit[0]}{more}.",
        "A worker that starts now reads what the internal topics still hold instead: that takes longer and forgets "
        "what is older. To keep it, run the version and the settings that wrote the snapshots.",
    )


def _by_age(surroundings: Surroundings, oldest_ms: int, number: int) -> Finding:
    settings = surroundings.settings
    age_s = surroundings.now_s() - oldest_ms / 1000
    if age_s * 1000 > settings.internal_retention_ms:
        return problem(
            SNAPSHOTS,
            f"A shard has no snapshot younger than {span(age_s)}; the internal topics go back "
            f"{span(settings.internal_retention_ms / 1000)} only.",
            "What happened in between is lost to a worker that starts now. See why no snapshot was written.",
        )
    if age_s > max(OLD_S, INTERVALS_MAX * settings.snapshot_interval_s):
        return warning(
            SNAPSHOTS,
            f"A shard has no snapshot younger than {span(age_s)}.",
            'No worker runs, no event comes, or snapshots fail: look for "snapshot failed" in its log.',
        )
    return ok(SNAPSHOTS, f"{number} shards have a snapshot that fits; the oldest is of {span(max(0.0, age_s))} ago.")
