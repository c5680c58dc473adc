"""One batch a folder: a lock that the kernel frees when its holder ends, however it ends."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from reportgen.files import make_folder
from reportgen.findings import refuse

NAME = ".reportgen-batch.lock"
_PATIENCE = 60.0  # seconds for the workers of a batch that was killed to finish the case in hand


@contextlib.contextmanager
def locked(folder: Path, began: str) -> Iterator[None]:
    """Hold a folder, which is made where it is missing, for the batch that began at this time.

    Worker processes that are forked meanwhile hold it with their parent.

    Raises:
        FindingsError: E506 where another batch holds the folder or it cannot be locked, E502 where it cannot be made.
    """
    path = folder / NAME
    try:
        make_folder(folder)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise refuse("E502", f"could not be written: {error.strerror or 'unknown reason'}", str(folder)) from None
    try:
        _take(handle, folder)
        with contextlib.suppress(OSError):  # on a full disk the lock holds all the same
            os.ftruncate(handle, 0)
            note = {"process": os.getpid(), "host": socket.gethostname(), "since": began}
            os.pwrite(handle, json.dumps(note).encode(), 0)
        yield
    finally:
        os.close(handle)


def require_free(folder: Path) -> None:
    """Raise `FindingsError` (E506) where another batch holds a folder; nothing is written."""
    try:
        handle = os.open(folder / NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:  # no batch was here, or nothing can be told before the folder is to be used
        return
    try:
        _take(handle, folder)
    finally:
        os.close(handle)


def _take(handle: int, folder: Path) -> None:
    import fcntl

    end = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                hint = "choose a folder on a local disk"
                raise refuse("E506", f"cannot be locked: {error.strerror}", str(folder), hint=hint) from None
            holder = _holder(handle)
            if time.monotonic() > end or not _has_ended(holder):
                raise refuse("E506", _told(holder), str(folder)) from None
            time.sleep(0.05)
        else:
            return


def _holder(handle: int) -> dict[str, object]:
    try:
        note = json.loads(os.pread(handle, 1000, 0))
    except ValueError:
        return {}
    return note if isinstance(note, dict) else {}


def _has_ended(holder: dict[str, object]) -> bool:
    """Whether the holder's own process is gone from this machine, so that only its workers are left for a moment."""
    process = holder.get("process")
    if holder.get("host") != socket.gethostname() or not isinstance(process, int):
        return False
    try:
        os.kill(process, 0)
    except OSError as error:
        return isinstance(error, ProcessLookupError)
    return False


def _told(holder: dict[str, object]) -> str:
    if not holder:
        return "is held by another batch that has only begun"
    process, host, since = (holder.get(name) for name in ("process", "host", "since"))
    return f"is held by process {process} on {host} since {since}"
