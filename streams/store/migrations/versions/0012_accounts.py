"""What is known of accounts, across cases."""

revision = "0012_accounts"
down_revision = "0011_report"


def upgrade() -> None:
    """Nothing yet: its part fills it."""
