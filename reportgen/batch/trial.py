"""Trial pages: a few cases laid out before the first document, so that a profile that fails is told once and early."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from itertools import islice

from reportgen import formats
from reportgen.batch.case_runner import CaseRunner
from reportgen.batch.executor import Executor, Round
from reportgen.batch.model import BatchRequest
from reportgen.batch.plan import lethal
from reportgen.batch.pool import Died, Limits
from reportgen.batch.store import Store
from reportgen.findings import Finding, FindingsError

_TRIED = 3  # one case alone may be what a layout cannot print


def try_out(
    request: BatchRequest, store: Store, executor: Executor, stop: Callable[[], bool]
) -> dict[int, tuple[Finding, ...]]:
    """Lay out the first cases that are to be rendered with a laboratory's profile, until one succeeds.

    Nothing is written. The program's own layouts are not tried: they were, before they were delivered.

    Returns:
        What keeps single cases from being laid out, by the number of the case; empty where none fails.

    Raises:
        FindingsError: what the first case is refused for, where each one that was tried fails.
    """
    if request.settings.laboratory is None:
        return {}
    round = Round(CaseRunner.try_out, 1, stop, Limits(release=formats.release), alone=True)
    failed: dict[int, tuple[Finding, ...]] = {}
    for task in [*islice(store.work(), _TRIED)]:
        found: tuple[Finding, ...] = ()
        with closing(executor.run(round, [task])) as answers:
            for _, answer in answers:
                found = (lethal(task, answer),) if isinstance(answer, Died) else answer[0].findings
        if not found or stop():
            return failed
        failed[task.number] = found
    if failed:
        raise FindingsError(next(iter(failed.values())))
    return {}
