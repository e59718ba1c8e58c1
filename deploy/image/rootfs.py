"""Gathers what the image needs, file by file: `python rootfs.py VENV FOLDER`, in the build stage.

    FOLDER/system    the interpreter, its library, the shared libraries that anything here is linked to, certificates
    FOLDER/packages  the virtual environment without Shoal, and without what no running Shoal opens (`unneeded`)
    FOLDER/shoal     Shoal itself

Each becomes a layer, so that a new version moves the last one only. There is no shell, no package manager and no
tool in the image. Debian's packages that files came from are noted in /var/lib/dpkg/status.d, with their copyright
files, as scanners of images and licences want it. The same input gives the same bytes: times are SOURCE_DATE_EPOCH.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Collection, Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from py_compile import PycInvalidationMode
from py_compile import compile as compile_file

from unneeded import STDLIB_UNNEEDED, unneeded  # beside this file

SHOAL = ("models", "detector", "streams", "console", "evaluation", "shoal-*.dist-info")
STATE = "var/lib/shoal"
"""What the user of the image may write to, if it is no volume."""
USER_ID = 10001
IMPORTED = Path(__file__).with_name("imported.py")
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
ACCOUNTS = {
    "etc/passwd": f"root:x:0:0:root:/root:/sbin/nologin\nshoal:x:{USER_ID}:{USER_ID}:shoal:/tmp:/sbin/nologin\n",
    "etc/group": f"root:x:0:\nshoal:x:{USER_ID}:\n",
    "etc/nsswitch.conf": "hosts: files dns\n",
}


def of_shoal(path: str) -> bool:
    """Whether a file of site-packages is Shoal's own."""
    return any(fnmatch(path.split("/", 1)[0], pattern) for pattern in SHOAL)


def kept(folder: Path, below: str = "") -> Iterator[str]:
    """Relative paths of the files and links to keep, sorted."""
    for entry in sorted((folder / below).iterdir()):
        path = f"{below}/{entry.name}" if below else entry.name
        if unneeded(path):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from kept(folder, path)
        else:
            yield path


def copy(source: Path, target: Path) -> None:
    """One file with its rights, or one link as a link."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target, follow_symlinks=False)


def gather_venv(interpreter: Path, venv: Path, out: Path) -> None:
    """Share out the virtual environment between the two upper layers."""
    packages = next(venv.glob("lib/python3.*/site-packages"))
    for path in kept(packages):
        layer = "shoal" if of_shoal(path) else "packages"
        copy(packages / path, out / layer / packages.relative_to("/") / path)
    own = out / "packages" / venv.relative_to("/")
    (own / "bin").mkdir(parents=True)
    (own / "bin/python").symlink_to(interpreter)
    (own / "pyvenv.cfg").write_text(f"home = {interpreter.parent}\ninclude-system-site-packages = false\n")
    copy(venv / "bin/shoal", out / "shoal" / venv.relative_to("/") / "bin/shoal")
    # here, because a folder that COPY makes by itself is as old as the build
    state = out / "packages" / STATE
    state.mkdir(parents=True)
    os.chown(state, USER_ID, USER_ID)


def gather_stdlib(out: Path) -> None:
    """The standard library, where this interpreter has it."""
    stdlib = Path(sysconfig.get_path("stdlib"))

    def leave(folder: str, names: list[str]) -> set[str]:
        here = Path(folder).relative_to(stdlib)
        return {name for name in names if any(fnmatch(str(here / name), pattern) for pattern in STDLIB_UNNEEDED)}

    shutil.copytree(stdlib, out / "system" / stdlib.relative_to("/"), symlinks=True, ignore=leave)


def stdlib_sources() -> set[str]:
    """A file of each folder of the standard library that is kept: Debian splits it into packages."""
    stdlib = Path(sysconfig.get_path("stdlib"))
    folders = [each.parent for each in stdlib.glob("*/__init__.py")]
    kept_ones = [each for each in folders if not any(fnmatch(each.name, pattern) for pattern in STDLIB_UNNEEDED)]
    return {str(each / "__init__.py") for each in kept_ones} | {str(stdlib / "os.py")}


def is_elf(path: Path) -> bool:
    """Whether a file is a program or a shared library."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def linked(path: Path, bundled: Collection[str] = ()) -> set[str]:
    """Absolute paths of the shared libraries that a file is linked to.

    Raises `RuntimeError` for one that is neither on the system nor among the file names `bundled`, which wheels
    bring along and find by way of who loads them.
    """
    told = subprocess.run(["ldd", str(path)], capture_output=True, text=True, check=False).stdout  # noqa: S603, S607  # ours
    missing = set(re.findall(r"(\S+) => not found", told)) - set(bundled)
    if missing:
        raise RuntimeError(f"{path} needs {', '.join(sorted(missing))}")
    return set(re.findall(r"(/\S+) \(0x", told))


def libraries(interpreter: Path, out: Path, venv: Path) -> set[str]:
    """Shared libraries outside the virtual environment that anything gathered needs."""
    found = linked(interpreter)
    binaries = [path for path in sorted(out.rglob("*")) if is_elf(path)]
    bundled = {path.name for path in binaries}
    for path in binaries:
        found |= linked(Path("/", *path.relative_to(out).parts[1:]), bundled)
    found |= {str(path) for path in Path("/lib").glob("*-linux-gnu/libgcc_s.so.1")}  # opened by name when a thread ends
    return {path for path in found if not path.startswith(f"{venv}/")}


def gather_system(interpreter: Path, venv: Path, out: Path) -> None:
    """Interpreter, libraries, certificates, accounts, and folders that every process expects."""
    system = out / "system"
    gather_stdlib(out)
    for name in ("lib", "lib64", "bin", "sbin"):  # Debian's links into /usr
        if Path("/", name).is_symlink():
            system.mkdir(parents=True, exist_ok=True)
            copy(Path("/", name), system / name)
    sources = {str(interpreter), *libraries(interpreter, out, venv)}
    for source in sorted(sources):
        link = Path(source)
        place = link.parent.resolve() / link.name
        copy(place.resolve(), system / place.relative_to("/"))
    note_origins({*sources, *stdlib_sources()}, system)
    for name in ("etc/os-release", "usr/lib/os-release"):  # tells scanners whose package versions those are
        copy(Path("/", name), system / name)
    copy(Path(CERTIFICATES).resolve(), system / CERTIFICATES.removeprefix("/"))
    for name, text in ACCOUNTS.items():
        (system / name).parent.mkdir(parents=True, exist_ok=True)
        (system / name).write_text(text)
    (system / "usr/lib64").mkdir(parents=True, exist_ok=True)
    (system / "tmp").mkdir()
    (system / "tmp").chmod(0o1777)


def note_origins(sources: Iterable[str], system: Path) -> None:
    """Note the Debian packages of the files, with their copyright, for scanners."""
    for package in sorted({"ca-certificates", *filter(None, map(package_of, sources))}):
        asked = ["dpkg-query", "-s", package]
        status = subprocess.run(asked, capture_output=True, text=True, check=True).stdout  # noqa: S603  # ours
        note = system / "var/lib/dpkg/status.d" / package.partition(":")[0]
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(status)
        terms = Path("/usr/share/doc", package.partition(":")[0], "copyright")
        if terms.exists():
            target = system / str(terms).removeprefix("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(terms, target)


def package_of(path: str) -> str | None:
    """Debian package of a file; None for what Debian did not bring."""
    real = os.path.realpath(path)
    for name in (path, real, real.removeprefix("/usr")):
        asked = ["dpkg-query", "-S", name]
        told = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603  # ours
        if told.returncode == 0:
            return told.stdout.split(": ", 1)[0].split(",")[0]
    return None


def strip_symbols(out: Path) -> None:
    """Take symbols for debuggers out of programs and libraries.

    Not out of those in `*.libs`: what moved their parts when the wheel was made left them as `strip` breaks them.
    """
    for path in sorted(out.rglob("*")):
        if is_elf(path) and not path.parent.name.endswith(".libs"):
            path.chmod(path.stat().st_mode | 0o200)
            subprocess.run(["strip", "--strip-unneeded", str(path)], check=True)  # noqa: S603, S607  # ours


def compile_sources(venv: Path, out: Path) -> None:
    """Bytecode of what Shoal imports, valid whatever the times of files are; the rest is compiled when it is wanted."""
    told = subprocess.run([venv / "bin/python", IMPORTED], capture_output=True, text=True, check=True)  # noqa: S603  # ours
    wanted = set(told.stdout.splitlines())
    for path in sorted(out.rglob("*.py")):
        place = "/" + "/".join(path.relative_to(out).parts[1:])
        if place in wanted:
            compile_file(str(path), doraise=True, dfile=place, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)


def settle_times(out: Path) -> None:
    """Every file and folder as old as SOURCE_DATE_EPOCH says."""
    epoch = int(os.environ["SOURCE_DATE_EPOCH"])
    for path in (*out.rglob("*"), out):
        os.utime(path, (epoch, epoch), follow_symlinks=False)


def main(venv: Path, out: Path) -> None:
    """All of it."""
    interpreter = (venv / "bin/python").resolve()
    gather_venv(interpreter, venv, out)
    gather_system(interpreter, venv, out)
    strip_symbols(out)
    compile_sources(venv, out)
    settle_times(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
