"""Commands of `shoal` that need the simulator, the importers or the benchmarks (entry points `shoal.commands`)."""

from evaluation.commands.bench import bench
from evaluation.commands.convert import convert
from evaluation.commands.demo import demo
from evaluation.commands.evaluate import evaluate
from evaluation.commands.simulate import simulate
from evaluation.commands.stress import stress

__all__ = ["bench", "convert", "demo", "evaluate", "simulate", "stress"]
