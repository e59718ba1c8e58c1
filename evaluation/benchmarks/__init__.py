"""Benchmarks: seeded streams, medians over runs, ratios within one run. A benchmark is not a test."""
