"""A dask cluster of two worker processes, in a process of its own: tests themselves open no socket.

Questions come as lines on standard input; each is answered by one line.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

_CHECKOUT = Path(__file__).resolve().parents[2]


def dask_setup(worker: Any) -> None:
    """Called by dask in each worker process before it begins: cases in row 4 of some tables are hostile."""
    from reportgen.batch.case_runner import CaseRunner
    from reportgen.batch.model import RenderResult, Task

    work = CaseRunner.render

    def render(runner: CaseRunner, tasks: tuple[Task, ...]) -> tuple[RenderResult, ...]:
        table, hostile = runner.request.table.name, any(task.number == 4 for task in tasks)
        if hostile and table.startswith("poison"):
            with runner.request.table.with_name("tries").open("a", encoding="ascii") as file:
                file.write("x")
            os._exit(1)
        if hostile and table.startswith("raising"):
            raise KeyError("ZZPHI")
        done = work(runner, tasks)
        if hostile and table.startswith("lost"):
            tries = runner.request.table.with_name("tries")
            if not tries.exists():
                tries.touch()
                os._exit(1)
        return done

    setattr(CaseRunner, "render", render)  # noqa: B010 - for good: the process is this test's own


def main() -> None:
    """Start, tell the address, answer questions until standard input ends."""
    import dask
    from distributed import LocalCluster
    from distributed.utils import get_mp_context

    # a local cluster gives up for good a worker that is starting anew 15 s after it was lost once: here they die often
    dask.config.set({"distributed.deploy.lost-worker-timeout": "1h"})
    # Workers are forked from a process that has loaded what they need: half of what one computes here is its start.
    dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"})
    context = get_mp_context()  # type: ignore[no-untyped-call]
    context.set_forkserver_preload(["distributed", "tests.support.preloaded"])
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, preload=[str(Path(__file__))]
    ) as cluster:
        tell(cluster.scheduler_address)
        for line in sys.stdin:
            tell(answered(cluster, line.strip()))


def tell(answer: Any) -> None:
    """Answer with a line."""
    sys.stdout.write(f"{json.dumps(answer)}\n")
    sys.stdout.flush()


def answered(cluster: Any, question: str) -> Any:
    """The process ids of the workers; how many are there, after some were killed and begin anew; all that the scheduler
    keeps of past tasks; or the retries it allows from now.
    """
    scheduler = cluster.scheduler
    if question == "connected":
        return len(scheduler.workers)
    if question == "workers":
        return [nanny.pid for nanny in cluster.workers.values()]
    if question == "told":
        told = [repr(entry) for entry in scheduler.transition_log]
        return told + [repr(event) for events in scheduler.get_events().values() for event in events]
    scheduler.allowed_failures = int(question)
    return scheduler.allowed_failures


class Cluster:
    """The cluster as a test sees it; `log` is all that its processes print."""

    def __init__(self, log: Path) -> None:
        self.log = log
        with log.open("wb") as file:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.cluster"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=file, text=True, cwd=_CHECKOUT,
            )  # fmt: skip
        self.address = self._answer()

    def ask(self, question: str) -> Any:
        """A question and its answer, see `answered`."""
        assert self._process.stdin
        self._process.stdin.write(f"{question}\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())

    def kill(self) -> None:
        """End the scheduler at once; its workers see that their parent is gone, and end."""
        self._process.kill()

    def close(self) -> None:
        """End it with all its processes."""
        self._process.communicate(timeout=30)


if __name__ == "__main__":
    main()
