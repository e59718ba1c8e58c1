"""The console of the tests of pages."""

from tests.unit.console.web.conftest import app, clock, password_hash, settings, visit

__all__ = ["app", "clock", "password_hash", "settings", "visit"]
