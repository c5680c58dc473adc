"""What a forked process lets go of: it inherits every descriptor that its parent has open, connections included.

A connection closes when its last holder closes it. A browser whose connection lives on in a child sends its next
request to a server that no longer listens there, and waits for ever.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Container

_STANDARD = 3  # input, output and errors stay
_MOST = 4096  # descriptors that are tried where the system does not list them


def close_inherited(kept: Container[int], *, only_sockets: bool = False) -> None:
    """Close what this process inherited, except standard input, output and errors; to be called first in a fork.

    Args:
        kept: the descriptors that it goes on using.
        only_sockets: whether files and pipes stay open.
    """
    for each in _open_ones():
        if each < _STANDARD or each in kept:
            continue
        with contextlib.suppress(OSError):  # the listing of the folder had one of its own
            if not only_sockets or stat.S_ISSOCK(os.fstat(each).st_mode):
                os.close(each)


def _open_ones() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/dev/fd")]  # noqa: PTH208 - numbers, not paths
    except OSError:
        return list(range(_MOST))
