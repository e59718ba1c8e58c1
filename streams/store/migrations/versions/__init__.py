"""Migrations, in the order of their numbers. A migration never imports what may change later."""
