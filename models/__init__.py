"""Records of Shoal: ids, events, actions, cohorts, campaigns, alerts, verdicts, codec and errors.

Everything here is a frozen value. The package imports the standard library, numpy, msgspec and
xxhash; it knows no broker, clock, file or log.
"""
