"""In the image: import every module of Shoal and every compiled module beside it, so that nothing cut off is missed.

Prints what fails. Exit code 0 if nothing does.
"""

import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import console
import detector
import evaluation
import models
import streams

PACKAGES = Path(detector.__file__).parents[1]
# parts that only their own package may import first, libraries that are no modules, and Tk
UNTRIED = ("psycopg_binary.", "scipy.linalg._matfuncs", "numpy.libs", "scipy.libs", "PIL._imagingtk")


def names() -> list[str]:
    """Shoal's modules, then the compiled ones of the libraries."""
    found = [
        module.name
        for package in (models, detector, streams, console, evaluation)
        for module in walk_packages(package.__path__, package.__name__ + ".")
        if "__main__" not in module.name and "versions" not in module.name and "migrations.env" not in module.name
    ]
    for path in sorted(PACKAGES.rglob("*.so")):
        found.append(".".join(path.relative_to(PACKAGES).with_name(path.name.split(".")[0]).parts))
    return [name for name in found if not name.startswith(UNTRIED)]


failed = 0
for name in names():
    try:
        import_module(name)
    except ImportError as error:
        failed += 1
        sys.stdout.write(f"{name}: {error}\n")
sys.exit(failed > 0)
