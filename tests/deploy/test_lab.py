"""What the scripts of deploy/lab must not do."""

import re
from pathlib import Path

import pytest

from tests.deploy.tools import ROOT

SCRIPTS = sorted([*ROOT.glob("deploy/lab/*.sh"), *ROOT.glob("deploy/*.sh")])


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_answer_hangs_on_who_closes_a_pipe_first(path: Path) -> None:
    """Under `pipefail`, `compose … | grep -q` says no now and then though it found what it sought."""
    assert not re.findall(r"^.*compose [^\n|]*\|[^\n]*grep -q.*$", path.read_text(encoding="utf-8"), re.MULTILINE)
