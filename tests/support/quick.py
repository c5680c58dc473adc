"""A sample of the suite for `make quick`, loaded with `-p tests.support.quick`.

No list of files decides what is quick, so no such list can become stale. Of a test with many cases the first one runs,
and of a property ten examples. Tests that are marked `slow`, need a browser or start a program are left out, and so is
whatever comes after `QUICK_SECONDS`. The last line of the run says how much that is.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest

import pytest
from hypothesis import settings

os.environ["HYPOTHESIS_PROFILE"] = "quick"  # before pytest loads tests/conftest.py, which reads it
settings.register_profile("quick", deadline=None, max_examples=10)
SECONDS = float(os.environ.get("QUICK_SECONDS", "40"))
_BROWSER, _PROGRAM, _LATE = "needs a browser", "starts a program", "time is up"
_end = time.monotonic() + SECONDS
_starts_are_refused = False


def _refuse_programs(event: str, _: object) -> None:
    if _starts_are_refused and event in ("subprocess.Popen", "os.posix_spawn"):
        pytest.skip(_PROGRAM)


sys.addaudithook(_refuse_programs)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep one case of each test, none of them slow; the folders take turns, so that a short run sees all of them."""
    chosen: dict[str, pytest.Item] = {}
    out: Counter[str] = Counter()
    for item in items:
        name = item.nodeid.partition("[")[0]
        if item.get_closest_marker("slow"):
            out["slow"] += 1
        elif "shared_browser" in getattr(item, "fixturenames", ()):
            out[_BROWSER] += 1
        elif name in chosen:
            out["more cases of a test that runs"] += 1
        else:
            chosen[name] = item
    folders: dict[str, list[pytest.Item]] = {}
    for item in chosen.values():
        folders.setdefault(str(item.path.parent), []).append(item)
    config.stash[_OUT] = out
    items[:] = [item for turn in zip_longest(*folders.values()) for item in turn if item is not None]


_OUT = pytest.StashKey[Counter[str]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Iterator[None]:
    """Refuse the start of programs while a test runs."""
    global _starts_are_refused
    _starts_are_refused = True
    try:
        return (yield)
    finally:
        _starts_are_refused = False


def pytest_runtest_setup() -> None:
    """Skip what comes too late."""
    if time.monotonic() > _end:
        pytest.skip(_LATE)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was left out."""
    out = config.stash.get(_OUT, Counter())
    for report in terminalreporter.stats.get("skipped", ()):
        reason = report.longrepr[2].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else ""
        out[reason] += 1
    told = ", ".join(f"{number:,} ({reason})" for reason, number in out.most_common())
    terminalreporter.write_line(f"left out of this sample: {told}. `make test` runs everything.")
