"""Every router of the console; each part adds its line."""

from console.appeals.api import router as appeals_api
from console.appeals.routes import router as appeals
from console.cases.api import router as cases_api
from console.cases.bulk import router as bulk
from console.cases.deciding import router as deciding
from console.cases.keeping import router as searches
from console.cases.routes import router as cases
from console.exports.routes import router as exports
from console.learn.routes import router as learn
from console.messages.routes import router as messages
from console.operators.routes import router as operators
from console.reports.routes import router as reports
from console.shadow.routes import router as shadow
from console.trends.routes import router as trends
from console.web.account import router as account
from console.web.entrance import router as entrance
from console.web.health import router as health
from console.web.people import router as people
from console.web.sign_on import router as sign_on
from console.web.tokens import router as tokens

ROUTERS = (
    entrance,
    sign_on,
    account,
    health,
    cases,
    deciding,
    bulk,
    searches,
    cases_api,
    appeals,
    appeals_api,
    exports,
    people,
    tokens,
    messages,
    operators,
    learn,
    shadow,
    trends,
    reports,
)

PUBLIC = frozenset(
    {
        ("GET", "/login"),
        ("POST", "/login"),
        ("GET", "/login/provider"),
        ("GET", "/login/callback"),
        ("POST", "/look"),
        ("GET", "/-/healthy"),
        ("GET", "/-/ready"),
        ("GET", "/metrics"),
    }
)
"""What may be asked for without a log-in; every other route names a permission."""
