"""A PostgreSQL for the tests."""
