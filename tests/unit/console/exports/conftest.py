"""The console of the tests of pages, and a database of the tests of decisions."""

from tests.unit.console.decisions.conftest import engine
from tests.unit.console.web.conftest import app, clock, password_hash, settings, visit

__all__ = ["app", "clock", "engine", "password_hash", "settings", "visit"]
