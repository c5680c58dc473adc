"""Run what fits into a minute: formatting, lint, types, and a sample of the tests. `make quick`.

The tests get the time that is left of the minute; the closing lines say what was left out. See tests/support/quick.py
for the choice of the sample.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
MINUTE = 60.0
TYPES = 25.0  # seconds that mypy may take; it is much faster when it has run before
ENDING = 13.0  # seconds for the tests that run when the time is over, for passing over the rest, and for the summary
_TOOLS = Path(sys.executable).parent


def call(*command: str, timeout: float | None = None, **more: str) -> int | None:
    """Run a tool in the checkout; returns its exit code, or None if it took too long."""
    print("+", *command, flush=True)
    try:
        done = subprocess.run(
            [_TOOLS / command[0], *command[1:]], cwd=CHECKOUT, env=os.environ | more, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    return done.returncode


def main() -> None:
    """Run all checks, even after one failed; exit 1 if any did."""
    began = time.monotonic()
    codes = {"ruff format": call("ruff", "format", "--check", "."), "ruff check": call("ruff", "check", ".")}
    codes["mypy"] = call("mypy", timeout=TYPES)
    left = max(MINUTE - ENDING - (time.monotonic() - began), 10.0)
    tests = ("python", "-m", "pytest", "-q", "-n", "2", "-p", "tests.support.quick", "--no-header")
    codes["tests"] = call(*tests, QUICK_SECONDS=f"{left:.0f}")
    failed = [name for name, code in codes.items() if code]
    if codes["mypy"] is None:
        print(f"left out: mypy, which took more than {TYPES:.0f} seconds. `make check` runs it.")
    print(f"{time.monotonic() - began:.0f} seconds; {'failed: ' + ', '.join(failed) if failed else 'nothing failed'}")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
