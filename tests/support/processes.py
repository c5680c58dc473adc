"""What a process holds and whether it lives, as Linux tells."""

from __future__ import annotations

import contextlib
from pathlib import Path


def held(process: int | str = "self") -> list[str]:
    """What a process holds open beside its standard input, output and errors: `socket`, `pipe`, or a file's name."""
    found = []
    for each in Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # the listing's own
            found += [str(each.readlink()).partition(":")[0]] if int(each.name) > 2 else []
    return sorted(found)


def is_alive(process: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return told.rpartition(")")[2].split()[0] != "Z"


def children(process: int) -> list[int]:
    """The processes that a process started and that live; those of their children too."""
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            state, parent = each.read_text(encoding="ascii").rpartition(")")[2].split()[:2]
            if int(parent) == process and state != "Z":
                found += [int(each.parent.name), *children(int(each.parent.name))]
    return found
