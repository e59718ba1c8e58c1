"""The queue, one case, and what a person decides on it."""
