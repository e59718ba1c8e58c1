"""The machine: limits, ports, and the folder that compiled code is kept in."""

import importlib.util
import os
import resource
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from streams.doctor.finding import Finding, ok, page_of, problem, warning
from streams.doctor.surroundings import NoAnswer, Surroundings, as_json

FILES_MIN: Final = 1_024
CACHE: Final = "compiled code"
FILES: Final = "open files"
PORT: Final = "port"
OWN_FIGURE: Final = "shoal_shards_owned"
"""Told by workers; the console's page of health looks the same."""
WORKERS_FILES: Final = "worker's files"


def open_files(_surroundings: Surroundings) -> Finding:
    """How many files and connections a process may have."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < FILES_MIN:
        return problem(
            FILES,
            f"A process may open {soft} files and connections here; a worker wants {FILES_MIN:,}.",
            "Raise the limit for the worker's user (LimitNOFILE of systemd, ulimits of Compose).",
            "ulimit -n",
        )
    return ok(FILES, f"A process may open {'any number of' if soft == resource.RLIM_INFINITY else f'{soft:,}'} files.")


def compiled_code(_surroundings: Surroundings) -> Finding:
    """Whether numba finds a folder to keep its machine code in: without one it refuses to start."""
    if any(any(place.glob("_ahead*.so")) for place in _beside_the_kernel()):
        return ok(CACHE, "The compiled code came with the installation.")
    folders = cache_folders(os.environ)
    for folder in folders:
        if writable(folder):
            return ok(CACHE, f"Compiled code is kept in {folder}.")
    return problem(
        CACHE,
        f"No folder for compiled code can be written: {', '.join(map(str, folders)) or 'none is known'}. "
        "The worker would not start.",
        "Set NUMBA_CACHE_DIR to a folder that this user may write.",
    )


def cache_folders(environment: Mapping[str, str]) -> list[Path]:
    """Where numba looks, in its order: what is named, beside the sources, the user's own."""
    if named := environment.get("NUMBA_CACHE_DIR"):
        return [Path(named)]
    found = [place / "__pycache__" for place in _beside_the_kernel()]
    home = environment.get("XDG_CACHE_HOME") or (f"{environment['HOME']}/.cache" if environment.get("HOME") else "")
    return [*found, Path(home) / "numba"] if home else found


def _beside_the_kernel() -> list[Path]:
    spec = importlib.util.find_spec("detector.near_duplicates")
    return [] if spec is None else [Path(place) for place in spec.submodule_search_locations or ()]


def writable(folder: Path) -> bool:
    """Whether files could be made in `folder`, or in it once it is made; nothing is tried."""
    existing = nearest(folder)
    return existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)


def nearest(path: Path) -> Path:
    """`path`, or what there is of it: its nearest ancestor that exists."""
    path = path.absolute()
    while not path.exists() and path != path.parent:
        path = path.parent
    return path


def port(surroundings: Surroundings) -> Finding:
    """Whether the worker's port is free, or a worker has it."""
    place = urlsplit(surroundings.worker_url)
    address = (place.hostname or "127.0.0.1", place.port or surroundings.settings.web_port)
    shown = f"{address[0]}:{address[1]}"
    if not address[1]:
        return ok(PORT, "The system chooses the worker's port.")
    try:
        socket.create_connection(address, timeout=min(2.0, surroundings.timeout_s)).close()
    except OSError:
        return ok(PORT, f"Nothing has taken {shown}.")
    if is_worker(surroundings):
        return ok(PORT, f"A worker has {shown}.")
    if silent(surroundings):
        return warning(
            PORT,
            f"What has {shown} takes connections and says nothing, as a worker does that hangs or is paused.",
            "See to the worker, below. If it is none of Shoal's, choose another port with SHOAL_WEB_PORT.",
        )
    return problem(
        PORT,
        f"Something that is no worker of Shoal has {shown}: a worker cannot start there.",
        "End it, or choose another port with SHOAL_WEB_PORT.",
        f"ss -ltnp 'sport = :{address[1]}'",
    )


def is_worker(surroundings: Surroundings) -> bool:
    """Whether the page of health answers as a worker does."""
    base = surroundings.worker_url.rstrip("/")
    try:
        answer = as_json(surroundings.page(base + "/-/healthy").text)
        figures = surroundings.page(base + "/metrics").text
    except NoAnswer:
        return False
    return isinstance(answer, dict) and "ok" in answer and OWN_FIGURE in figures


def silent(surroundings: Surroundings) -> bool:
    """Whether the page of health gives no answer in time, though something takes connections there."""
    try:
        surroundings.page(surroundings.worker_url.rstrip("/") + "/-/healthy")
    except NoAnswer as error:
        return "timed out" in str(error)
    return False


def few_files_left(surroundings: Surroundings) -> Finding:
    """What the running worker has open."""
    used = sum(value for _, value in surroundings.values("process_open_fds"))
    allowed = sum(value for _, value in surroundings.values("process_max_fds"))
    if allowed and used > 0.8 * allowed:
        return warning(
            WORKERS_FILES,
            f"The worker has {used:,.0f} of {allowed:,.0f} files and connections open.",
            "Raise the limit for the worker's user and restart it.",
            page_of(FILES),
        )
    return ok(WORKERS_FILES, f"The worker has {used:,.0f} of {allowed:,.0f} files and connections open.")
