"""Messages about cases that go out."""

revision = "0009_messages"
down_revision = "0008_single_sign_on"


def upgrade() -> None:
    """Nothing yet: its part fills it."""
