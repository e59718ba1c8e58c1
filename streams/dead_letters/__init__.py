"""Messages that were refused: when there are too many, reading them, and sending them again."""
