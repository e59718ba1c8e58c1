"""Appeals of accounts, filed by their platform."""

revision = "0010_appeals"
down_revision = "0009_messages"


def upgrade() -> None:
    """Nothing yet: its part fills it."""
