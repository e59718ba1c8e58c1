"""Chromium for the tests of this folder; missing in CI is a failure, elsewhere a reason to skip."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.install import ChromiumUnavailable, program


# not for the whole session: while it is open, a loop runs in this thread, and others could not run theirs
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    try:
        path = program()
    except ChromiumUnavailable as error:
        if os.environ.get("CI"):
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
    with sync_playwright() as playwright:
        # root of a container has no sandbox
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
