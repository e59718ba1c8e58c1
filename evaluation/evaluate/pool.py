"""Runs in processes of their own: peak memory is a run's alone, and a run that breaks breaks nothing else."""

import multiprocessing
import time
import traceback
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait

from evaluation.evaluate.card import Failed
from evaluation.evaluate.record import RunRecord
from evaluation.evaluate.runs import NoResult, Task, execute

Done = Callable[[Task], None]
POLL_S = 1.0


def run_all(
    tasks: Sequence[Task], jobs: int, seconds_max: float, done: Done = lambda _: None
) -> tuple[list[RunRecord], list[Failed]]:
    """Run all tasks, `jobs` at a time; results in the order of the tasks. A run over `seconds_max` is ended."""
    results: dict[int, RunRecord | Failed] = {}
    waiting = list(enumerate(tasks))[::-1]
    running: dict[Connection, _Running] = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                one = _Running(*waiting.pop())
                running[one.results] = one
            ready = {each for each in wait(list(running), POLL_S) if isinstance(each, Connection)}
            for results_end, one in list(running.items()):
                if results_end in ready or one.seconds > seconds_max:
                    results[one.number] = one.finish(results_end in ready, seconds_max)
                    del running[results_end]
                    done(one.task)
    finally:
        for one in running.values():
            one.end()
    ordered = [results[number] for number in sorted(results)]
    return (
        [each for each in ordered if isinstance(each, RunRecord)],
        [each for each in ordered if isinstance(each, Failed)],
    )


class _Running:
    """One process and the end of the pipe that its result comes out of."""

    def __init__(self, number: int, task: Task) -> None:
        self.number = number
        self.task = task
        context = multiprocessing.get_context("spawn")
        self.results, child_end = context.Pipe(duplex=False)
        self._process = context.Process(target=_work, args=(task, child_end), daemon=True)
        self._process.start()
        child_end.close()
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self._started

    def finish(self, ready: bool, seconds_max: float) -> RunRecord | Failed:
        """Take the result, or say why there is none."""
        try:
            told = self.results.recv() if ready else f"took longer than {seconds_max:,.0f} s"
        except EOFError:
            self._process.join()
            told = f"the process ended with code {self._process.exitcode} (out of memory?)"
        self.end()
        return told if isinstance(told, RunRecord) else _failed(self.task, told)

    def end(self) -> None:
        """Leave no process behind."""
        if self._process.is_alive():
            self._process.kill()
        self._process.join()
        self.results.close()


def _work(task: Task, results: Connection) -> None:
    try:
        results.send(execute(task))
    except NoResult as error:
        results.send(error)
    except Exception as error:  # noqa: BLE001  # whatever breaks a run is told in the scorecard, not lost
        where = traceback.extract_tb(error.__traceback__)[-1]
        results.send(f"{type(error).__name__}: {error} ({where.name}, line {where.lineno})")


def _failed(task: Task, reason: object) -> Failed:
    variant = task.variant
    told = " ".join(str(each) for each in (variant.kind, variant.name, variant.value) if each not in {"", None})
    return Failed(task.scenario.name, task.seed, task.method, told, str(reason), isinstance(reason, NoResult))
