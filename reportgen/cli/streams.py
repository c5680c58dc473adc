"""Standard output as it may be: of any encoding, a pipe that nobody reads any more, a file on a full disk."""

from __future__ import annotations

import errno
import io
import json
import os
import sys

_LOST = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EPIPE, errno.EBADF)


def prepare() -> None:
    """Let standard output escape what its encoding has no letter for, as standard error does.

    A file's name can hold bytes that are no text, and an old terminal has few letters.
    """
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


def as_json(data: object, indent: int | None = None) -> str:
    """Data as JSON that standard output can hold as it is."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    return json.dumps(data, ensure_ascii=encoding != "utf8", indent=indent)


def lost(error: BaseException) -> str:
    """Why standard output cannot be written, in words; "" for any other error: those with other files have names."""
    if not isinstance(error, OSError) or error.filename is not None or error.errno not in _LOST:
        return ""
    why = error.strerror or type(error).__name__
    return f"standard output could not be written: {why} (look at the disk or the program that it goes to)"


def flush() -> str:
    """Send what is still held back; returns why that cannot be done, as `lost`."""
    if sys.stdout is None or sys.stdout.closed:
        return ""
    try:
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python would try again, and complain
        return lost(error) if error.errno != errno.EPIPE else ""  # a reader who has enough needs no message
    return ""
