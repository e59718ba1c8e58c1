"""People who log in through an identity provider."""

import sqlalchemy as sa
from alembic import op

revision = "0008_single_sign_on"
down_revision = "0007_searches"


def upgrade() -> None:
    """Add who vouches for a user, and how a session began."""
    op.add_column("users", sa.Column("issuer", sa.String(512)))
    op.add_column("users", sa.Column("subject", sa.String(255)))
    op.create_index("users_by_subject", "users", ["issuer", "subject"], unique=True)
    op.add_column("sessions", sa.Column("how", sa.String(16), nullable=False, server_default="password"))
