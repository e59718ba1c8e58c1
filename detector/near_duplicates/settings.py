"""Settings of the near-duplicate index."""

from typing import Annotated

from msgspec import Meta, Struct

Share = Annotated[float, Meta(gt=0.0, le=1.0)]


class NearDuplicateSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Sizes and thresholds. Memory is fixed by `capacity`: about 315 bytes each."""

    capacity: Annotated[int, Meta(ge=1_000, le=100_000_000)] = 1_000_000
    """Distinct texts that are remembered; the oldest go first."""
    window_ms: Annotated[int, Meta(ge=60_000, le=10**11)] = 86_400_000
    """A text not seen for so long is forgotten."""
    similarity_min: Share = 0.5
    """Jaccard similarity of the shingle sets at which a text joins a leader's family."""
    leader_similarity_max: Share = 0.8
    """A member less similar than this becomes a leader too, so that a family can drift."""
    leaders_max: Annotated[int, Meta(ge=1, le=10_000)] = 64
    """Texts that stand for one family."""
    shingles_min: Annotated[int, Meta(ge=2, le=1_000)] = 8
    """Shorter texts only match their exact copies and are no evidence by themselves."""
    candidates_max: Annotated[int, Meta(ge=1, le=16)] = 4
    """Leaders that a text is compared with exactly, those with most bands in common."""
    refresh_share: Share = 0.2
    """A leader that still matches is entered again once it is older than this share of the capacity."""
    code_points_max: Annotated[int, Meta(ge=100, le=40_000)] = 2_000
    """Only so much of a long text is cut into shingles; its exact key covers all of it."""
