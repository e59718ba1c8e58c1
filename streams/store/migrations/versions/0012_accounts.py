"""What is known of accounts, across cases."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0012_accounts"
down_revision = "0011_report"
PAGE = 100


def upgrade() -> None:
    """Make the table, and fill it with the accounts of the cases that were raised before."""
    table = op.create_table(
        "account_cases",
        sa.Column("account", sa.String(128), primary_key=True),
        sa.Column("campaign", sa.String(64), primary_key=True),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    newest = sa.text(
        "SELECT a.campaign, r.body FROM alerts a"
        " JOIN alert_revisions r ON r.campaign = a.campaign AND r.revision = a.revision"
        " WHERE a.state <> 'listed' AND a.campaign > :after ORDER BY a.campaign LIMIT :page"
    )
    after = ""
    while rows := connection.execute(newest, {"after": after, "page": PAGE}).all():
        for campaign, body in rows:
            accounts = sorted(set(json.loads(bytes(body))["accounts"]))
            if accounts:
                connection.execute(table.insert(), [{"account": account, "campaign": campaign} for account in accounts])
        after = rows[-1].campaign
