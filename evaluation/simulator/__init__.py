"""A seeded, parametric platform with its ground truth. No clock: event time is what the scenario says."""

from evaluation.simulator.scenario import Scenario, simulate
from evaluation.simulator.truth import Expected, Group, Simulation, Truth

__all__ = ["Expected", "Group", "Scenario", "Simulation", "Truth", "simulate"]
