"""What every command loads: it is paid for by `--help`, by probes of orchestrators and by each test that starts one."""

import subprocess
import sys

HEAVY = ("numba", "scipy", "faust", "fastapi")
HELP = """
import sys
from streams.cli import main
sys.argv = ["shoal", "--help"]
try:
    main()
except SystemExit:
    print("loaded", [name for name in {names} if name in sys.modules])
"""


def test_a_command_that_needs_no_kernel_loads_none() -> None:
    """The settings of the detector are read by all; what is compiled and what serves, by few."""
    told = HELP.format(names=(*HEAVY, "detector.settings"))
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert "calibrate" in done.stdout
    assert done.stdout.splitlines()[-1] == "loaded ['detector.settings']"
