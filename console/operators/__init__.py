"""Operators over weeks, and the watch list."""
