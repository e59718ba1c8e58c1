"""Topics of trending lists: which burst, what their accounts look like, and their places without those in question."""

from detector.trends.monitor import TrendMonitor
from detector.trends.settings import TrendSettings

__all__ = ["TrendMonitor", "TrendSettings"]
