"""The operating system: whether reportgen runs on it, and how many cores it gives.

Templates that run away are stopped in forked processes with limits, and a folder is held by a lock of the kernel.
Windows has neither.
"""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec

from reportgen.findings import refuse

_MODULES = ("fcntl", "resource")
_UNTESTED = {"darwin": "macOS"}


def require() -> None:
    """Raise `FindingsError` (S610) on a system that lacks what reportgen needs."""
    if sys.platform == "win32" or not hasattr(os, "fork") or any(find_spec(each) is None for each in _MODULES):
        hint = "on Windows, run `wsl --install`, then install and use reportgen inside that Linux (WSL)"
        raise refuse("S610", "reportgen needs Linux", hint=hint)


def notice() -> str:
    """What to tell whoever uses a system on which reportgen is not tested; "" on Linux."""
    name = _UNTESTED.get(sys.platform, "")
    way = "for reports of patients, use it in a Linux container or virtual machine"
    return f"reportgen is not tested on {name} yet: {way}" if name else ""


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
