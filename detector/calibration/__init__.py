"""Calibration: how often chance does what it is expected to do, stratum by stratum."""
