"""Near duplicates: which posts say the same, in one pass and fixed memory (DESIGN section 3)."""

from detector.near_duplicates.index import Assignment, NearDuplicateIndex
from detector.near_duplicates.settings import NearDuplicateSettings

__all__ = ["Assignment", "NearDuplicateIndex", "NearDuplicateSettings"]
