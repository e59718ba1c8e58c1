"""`python -m tests.postgres`: bring PostgreSQL where it is missing."""

import os
import sys

from tests.postgres.fixtures import ADDRESS_VARIABLE
from tests.postgres.install import PostgresUnavailable, fetch


def main() -> int:
    """Exit code: 0, or 1 with the advice on standard error."""
    if os.environ.get(ADDRESS_VARIABLE):
        print(f"tests use the PostgreSQL that {ADDRESS_VARIABLE} names")
        return 0
    try:
        fetch()
    except PostgresUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
