"""People who log in through an identity provider."""

revision = "0008_single_sign_on"
down_revision = "0007_searches"


def upgrade() -> None:
    """Nothing yet: its part fills it."""
