"""What a console counts. Names, meanings and labels are in `streams.catalogue`; nothing names a case or a person."""

from streams.instruments import Instruments


class Metrics:
    """The metrics of one console, with a registry of their own."""

    def __init__(self) -> None:
        made = self.instruments = Instruments("console")
        self._answers = made.counter("shoal_console_answers_total")
        self._seconds = made.histogram("shoal_console_answer_seconds")
        self.store_up = made.gauge("shoal_store_up")
        self.review_cases = made.gauge("shoal_review_cases")
        self.review_oldest = made.gauge("shoal_review_oldest_seconds")
        self.decisions = made.total("shoal_decisions_total")
        self.verdicts_waiting = made.gauge("shoal_verdicts_waiting")
        self.verdicts_oldest = made.gauge("shoal_verdicts_oldest_waiting_seconds")
        self.notifications = made.total("shoal_notifications_total")
        self.notifications_waiting = made.gauge("shoal_notifications_waiting")
        self.notifications_oldest = made.gauge("shoal_notifications_oldest_waiting_seconds")
        self.disk_free = made.gauge("shoal_disk_free_bytes")
        self.disk_size = made.gauge("shoal_disk_size_bytes")
        self.build = made.info("shoal_build_info")

    def answered(self, status: int, seconds: float) -> None:
        """Count one answer."""
        self._answers.labels(str(status)).inc()
        self._seconds.observe(seconds)

    def exposition(self) -> bytes:
        """The Prometheus text format."""
        return self.instruments.exposition()
