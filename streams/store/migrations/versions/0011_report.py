"""Counts of the transparency report, which outlive what is forgotten."""

revision = "0011_report"
down_revision = "0010_appeals"


def upgrade() -> None:
    """Nothing yet: its part fills it."""
