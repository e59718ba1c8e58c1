"""Scenarios, one small TOML file each (docs/evaluate.md)."""
