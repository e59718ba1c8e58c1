"""Prints the source files of every module that Shoal can import, its own and other people's, one a line."""

import sys
from contextlib import redirect_stdout, suppress
from importlib import import_module
from pkgutil import walk_packages

import console
import detector
import evaluation
import models
import streams

ALSO = ("pyarrow.parquet", "scipy.stats", "sqlalchemy.dialects.postgresql.psycopg", "uvicorn.main")
"""Imported late, inside functions."""


def import_all() -> None:
    """Import all modules that import by themselves."""
    for package in (models, detector, streams, console, evaluation):
        for found in walk_packages(package.__path__, package.__name__ + "."):
            name = found.name
            # migrations want Alembic's context, main modules run; some benchmarks want libraries that are not here
            if "__main__" not in name and "versions" not in name and not name.endswith("migrations.env"):
                with suppress(ImportError):
                    import_module(name)
    for name in ALSO:
        import_module(name)


if __name__ == "__main__":
    with redirect_stdout(sys.stderr):
        import_all()
    sources = {getattr(module, "__file__", None) or "" for module in list(sys.modules.values())}
    print("\n".join(sorted(source for source in sources if source.endswith(".py"))))  # noqa: T201  # its work
