"""Short ways to decide and to appeal, on both databases, and the console of the tests of pages."""

from tests.unit.console.appeals.conftest import app, appeal, clock, do, engine, password_hash, settings, visit

__all__ = ["app", "appeal", "clock", "do", "engine", "password_hash", "settings", "visit"]
