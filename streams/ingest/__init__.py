"""From raw topics to envelopes: read, validate, route, pack, deliver, commit (DESIGN section 7)."""
