"""Trending lists as moderators see them: what moves each topic, and the list without it."""
