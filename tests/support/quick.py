"""A sample of the suite for `make quick`, loaded with `-p tests.support.quick`.

No list of files decides what is quick, so no such list can become stale. Of a test with many cases the first one runs,
and of a property ten examples. Tests that are marked `slow` or need a browser are left out, and so is whatever comes
after `QUICK_SECONDS`. The last line of the run says how much that is.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from itertools import zip_longest
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

os.environ["HYPOTHESIS_PROFILE"] = "quick"  # before pytest loads tests/conftest.py, which reads it
settings.register_profile("quick", deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
SECONDS = float(os.environ.get("QUICK_SECONDS", "40"))  # from loading this file
LEAST = 10.0  # seconds that tests run, however long it took to collect them
_LATE = "no time left"
_left_out: Counter[str] = Counter()
_began = time.monotonic()
_end = _began + SECONDS


def why_left_out(item: pytest.Item, chosen: dict[str, pytest.Item]) -> str:
    """Why a test is not in the sample; "" if it is."""
    if item.get_closest_marker("slow"):
        return "slow"
    if "shared_browser" in getattr(item, "fixturenames", ()):
        return "needs a browser"
    return "further cases of a test" if _name(item) in chosen else ""


def _name(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Choose the sample; the folders take turns, so that a short run sees all of them."""
    chosen: dict[str, pytest.Item] = {}
    for item in items:
        if why := why_left_out(item, chosen):
            _left_out[why] += 1
        else:
            chosen[_name(item)] = item
    folders: dict[str, list[pytest.Item]] = {}
    for item in chosen.values():
        folders.setdefault(str(item.path.parent), []).append(item)
    items[:] = [item for turn in zip_longest(*folders.values()) for item in turn if item is not None]


def pytest_collection_finish() -> None:
    """Set the time at which the sample ends."""
    global _end
    _end = max(_began + SECONDS, time.monotonic() + LEAST)


def pytest_runtest_setup() -> None:
    """Skip what comes too late."""
    if time.monotonic() > _end:
        pytest.skip(_LATE)


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Print no sign for what comes too late: there may be a thousand."""
    return ("skipped", "", "") if report.skipped and _LATE in str(report.longrepr) else None


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let a worker process tell what it left out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = dict(_left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear what a worker process left out: each worker chooses the same sample."""
    _left_out.clear()
    _left_out.update(node.workeroutput.get("left_out", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out."""
    out = _left_out.copy()
    for report in terminalreporter.stats.get("skipped", ()):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        out[reason.removeprefix("Skipped: ")] += 1
    told = ", ".join(f"{number:,} ({reason})" for reason, number in out.most_common())
    terminalreporter.write_line(f"left out of this sample: {told}. `make test` runs everything.")
