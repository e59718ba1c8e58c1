"""Importers: other people's files become Shoal's events."""

from evaluation.importers.formats import FORMATS, Format, Source, Tally, WrongSource

__all__ = ["FORMATS", "Format", "Source", "Tally", "WrongSource"]
