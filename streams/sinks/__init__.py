"""Where alerts go: topics and the store."""
