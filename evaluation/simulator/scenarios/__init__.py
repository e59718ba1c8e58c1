"""Scenarios that other code uses by name; all of them are files in `evaluation/scenarios`."""
