"""Workers that start together open one store: none may find the other half-way."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from streams.store.open import open_store

OPENERS = 6
ROUNDS = 10


def test_many_open_a_new_store_at_once(tmp_path: Path) -> None:
    for number in range(ROUNDS):
        together = Barrier(OPENERS)

        def open_and_close(path: Path = tmp_path / f"{number}.db", together: Barrier = together) -> None:
            together.wait(timeout=10)
            open_store(f"sqlite:///{path}").close()

        with ThreadPoolExecutor(OPENERS) as pool:
            for opened in [pool.submit(open_and_close) for _ in range(OPENERS)]:
                opened.result(timeout=30)  # raises StoreUnavailable if a table was met half-made
