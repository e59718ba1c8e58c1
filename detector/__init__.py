"""Pure detection: events in, alerts out. No broker, clock, file or log in here."""

__version__ = "0.2.0"
