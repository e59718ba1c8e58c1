"""Exports from the console: who may, of what, and who did; the formats themselves are `streams.exports`."""
