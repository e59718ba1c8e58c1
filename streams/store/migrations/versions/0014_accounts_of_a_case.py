"""Which accounts a case raised, found without reading those of all cases."""

from alembic import op

revision = "0014_accounts_of_a_case"
down_revision = "0013_exports"


def upgrade() -> None:
    """Make the index."""
    op.create_index("account_cases_of_campaign", "account_cases", ["campaign"])
