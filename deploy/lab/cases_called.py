"""In the console's container: the cases whose accounts are coordinated and not what they seem, one a line, sorted.

Argument: the database, if it is not that of the settings.
"""

import sys

from sqlalchemy import select

from console.settings import load_console_settings
from streams.store.engine import make_engine, reading
from streams.store.tables import alerts

url = sys.argv[1] if len(sys.argv) > 1 else load_console_settings().store_url
wanted = select(alerts.c.campaign).where(alerts.c.outcome == "coordinated_inauthentic").order_by(alerts.c.campaign)
with reading(make_engine(url)) as connection:
    for (campaign,) in connection.execute(wanted):
        sys.stdout.write(campaign + "\n")
