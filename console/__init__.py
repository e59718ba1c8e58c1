"""The moderators' console: its own process, reads the store, keeps decisions, sends verdicts."""
