"""What is counted about answers: nothing that names a case or a person."""

from prometheus_client import CollectorRegistry, Counter, Histogram

BUCKETS_S = (0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Metrics:
    """Counters of one console, with a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._answers = Counter("shoal_console_answers", "answers by status", ["status"], registry=self.registry)
        self._seconds = Histogram(
            "shoal_console_answer_seconds", "time to answer", registry=self.registry, buckets=BUCKETS_S
        )

    def answered(self, status: int, seconds: float) -> None:
        """Count one answer."""
        self._answers.labels(str(status)).inc()
        self._seconds.observe(seconds)
