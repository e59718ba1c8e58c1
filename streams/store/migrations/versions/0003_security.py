"""People, sessions and tokens."""

revision = "0003_security"
down_revision = "0002_decisions"


def upgrade() -> None:
    """Nothing yet."""
