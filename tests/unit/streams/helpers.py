"""What several tests of the streams ask."""

from detector.engine import Engine
from models.codec import encode_alert
from models.events import AnyEvent


def wanted_alerts(events: list[AnyEvent]) -> list[bytes]:
    """Alerts of the whole stream, ended."""
    engine = Engine()
    return [encode_alert(alert) for alert in [*engine.push(events), *engine.finish()]]
