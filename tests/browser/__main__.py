"""`python -m tests.browser`: bring Chromium where it is missing."""

import sys

from tests.browser.install import ChromiumUnavailable, fetch


def main() -> int:
    """Exit code: 0, or 1 with the advice on standard error."""
    try:
        fetch()
    except ChromiumUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
