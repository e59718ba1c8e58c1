"""From raw topics to envelopes: read, validate, route, pack, deliver, commit (DESIGN section 7)."""

from streams.ingest.service import Ingest

__all__ = ["Ingest"]
