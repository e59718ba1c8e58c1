"""From raw topics to envelopes: read, validate, route, pack, deliver, commit."""
