"""Trial pages: a few cases laid out before the first document, so that a profile that fails is told once and early."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from itertools import islice

from reportgen import formats
from reportgen.batch.model import Order
from reportgen.batch.plan import lethal
from reportgen.batch.pool import Died, Hands, Limits
from reportgen.batch.store import Store
from reportgen.findings import Finding, FindingsError

_TRIED = 3  # one case alone may be what a layout cannot print


def try_out(order: Order, store: Store, hands: Hands, stop: Callable[[], bool]) -> dict[int, tuple[Finding, ...]]:
    """Lay out the first cases that are to be rendered with a laboratory's profile, until one succeeds.

    Nothing is written. The program's own layouts are not tried: they were, before they were delivered.

    Returns:
        What keeps single cases from being laid out, by the number of the case; empty where none fails.

    Raises:
        FindingsError: what the first case is refused for, where each one that was tried fails.
    """
    if order.settings.laboratory is None:
        return {}
    limits = Limits(release=formats.release)
    failed: dict[int, tuple[Finding, ...]] = {}
    for task in [*islice(store.work(), _TRIED)]:
        found: tuple[Finding, ...] = ()
        with closing(hands.run("trial", [(task,)], stop, limits, alone=True)) as answers:
            for _, answer in answers:
                found = (lethal(task, answer),) if isinstance(answer, Died) else answer.findings
        if not found or stop():
            return failed
        failed[task.number] = found
    if failed:
        raise FindingsError(next(iter(failed.values())))
    return {}
