"""Every table of the database: import `metadata` from here, and none is missing from it."""

from console.decisions import tables as decisions
from streams.store.tables import metadata

PARTS = (decisions,)
"""Modules that define tables; each part of the console adds its own."""

__all__ = ["PARTS", "metadata"]
