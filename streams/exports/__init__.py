"""Cases as files for other people's tools: every format is written here, for `shoal export` and for the console."""
