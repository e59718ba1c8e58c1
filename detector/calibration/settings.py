"""What calibration adds to the detector's settings: φ of every stratum, and where it comes from."""

from typing import Annotated

from msgspec import Meta, Struct

Factor = Annotated[float, Meta(ge=1.0, le=1e6)]


class PhiSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Dispersion of each stratum: overlaps are held against φ times what independent accounts would share.

    Fans of one author meet for 200 reasons, a crowd that passes through two targets of one hour for 50,
    everybody else for 5. `shoal calibrate` fits them to a platform. Order as in `strata.NAMES`.
    """

    same_author_likes: Factor = 200.0
    same_author_reposts: Factor = 200.0
    same_author_links: Factor = 200.0
    same_author_words: Factor = 200.0
    same_author_mixed: Factor = 200.0
    near_likes: Factor = 50.0
    near_reposts: Factor = 50.0
    near_links: Factor = 50.0
    near_words: Factor = 50.0
    near_mixed: Factor = 50.0
    far_likes: Factor = 5.0
    far_reposts: Factor = 5.0
    far_links: Factor = 5.0
    far_words: Factor = 5.0
    far_mixed: Factor = 5.0


Count = Annotated[int, Meta(ge=0)]


class CalibrationInput(Struct, frozen=True, forbid_unknown_fields=True):
    """One stream that φ was fitted on."""

    name: str
    events: Count
    first_ms: int
    last_ms: int
    xxh64: str
    """Hash of the file's bytes, 16 hex digits."""


class FittedStratum(Struct, frozen=True, forbid_unknown_fields=True):
    """How one stratum was fitted, and what that is worth on the part that was held out.

    `observed` are pairs at p ≤ 10⁻⁶, `expected` is 10⁻⁶ of the pairs tested.
    """

    pairs_fitted: Count
    pairs_held_out: Count
    phi_before: float
    phi_after: float
    expected: float
    observed_before: Count
    observed_after: Count
    ratio_before: float
    ratio_after: float
    ratio_after_low: float
    """95 % interval of the ratio, as if the pairs were independent of each other; clusters make it wider."""
    ratio_after_high: float
    note: str = ""


class CalibrationRecord(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the fitted φ come from; part of the configuration, so that alerts can be traced to it."""

    date: str = ""
    tool: str = ""
    accounts_left_out: Count = 0
    """Accounts that were called inauthentic on these streams; φ was fitted without them."""
    inputs: tuple[CalibrationInput, ...] = ()
    strata: dict[str, FittedStratum] = {}
