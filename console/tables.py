"""Every table of the database: import `metadata` from here, and none is missing from it."""

from console.appeals import tables as appeals
from console.cases import tables as cases
from console.decisions import tables as decisions
from console.exports import tables as exports
from console.learn import tables as learn
from console.messages import tables as messages
from console.reports import tables as reports
from console.security import tables as security
from streams.store import shadow_tables as shadow
from streams.store.tables import metadata

PARTS = (appeals, cases, decisions, exports, learn, messages, reports, security, shadow)
"""Modules that define tables; each part of the console adds its own."""

__all__ = ["PARTS", "metadata"]
