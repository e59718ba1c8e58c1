"""Suites of scenarios for `shoal evaluate`, one TOML file each (docs/evaluate.md)."""
