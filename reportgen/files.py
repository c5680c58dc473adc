"""Writing files: all of them or none, whole or not at all, never over something that was not meant to be replaced.

A new file or folder is for its owner alone, for most of them tell of patients; a file that is replaced goes on being
open to whom it was.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import stat
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from io import FileIO
from pathlib import Path

from reportgen.findings import FindingsError, refuse

TEMPORARY = ".reportgen-"
_FILE, _FOLDER = 0o600, 0o700
_PERMISSIONS = 0o777
_OF_GROUP = 0o070
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_NAME_LIMIT = 80
_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(10))}
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV)


def write_files(contents: Mapping[Path, bytes], *, overwrite: bool = False) -> None:
    """Write several files so that each is either the old one or the whole new one.

    Everything is written under temporary names and forced to disk before the first file takes its name; a full disk or
    an existing file is found before anything changes. Folders are made where they are missing.

    Raises:
        FindingsError: E501 where a file exists, E502 where something could not be written.
    """
    (refused,) = write_sets([(contents, overwrite)])
    if refused:
        raise refused


def write_sets(sets: Iterable[tuple[Mapping[Path, bytes], bool]]) -> list[FindingsError | None]:
    """Write several sets of files, each as `write_files` does, and force them to disk together.

    Why: a disk takes many files in little more time than one, if they are all on their way before the first is waited
    for. All files are open at once.

    Returns:
        For each set nothing, or why none of its files was written, as `write_files` raises it.
    """
    return _write([_Set({path: [data] for path, data in contents.items()}, overwrite) for contents, overwrite in sets])


def write_chunks(path: Path, chunks: Iterable[bytes], *, overwrite: bool = False) -> None:
    """Write one file of any size, piece by piece: it has its name when it is whole; raises as `write_files`."""
    (refused,) = _write([_Set({path: chunks}, overwrite)])
    if refused:
        raise refused


class _Set:
    """Files that are written all or none, step by step; the first step that fails is the last."""

    def __init__(self, contents: Mapping[Path, Iterable[bytes]], overwrite: bool) -> None:
        self.contents = contents
        self.overwrite = overwrite
        self.staged: dict[Path, Path] = {}  # path → its temporary file
        self.open: dict[Path, FileIO] = {}
        self.placed: list[Path] = []
        self.refused: FindingsError | None = None

    def take(self, step: Callable[[_Set, Path], None]) -> None:
        """Take a step with each file, unless one failed."""
        for path in () if self.refused else self.contents:
            try:
                step(self, path)
            except FindingsError as error:
                self.refused = error
            except OSError as error:
                message = f"could not be written: {error.strerror or type(error).__name__}"
                self.refused = refuse("E502", message, str(path))
            if self.refused:
                self.clear()  # at once: on a full disk, others may need the space
                return

    def look(self, path: Path) -> None:
        """Find what is in the way before anything is written."""
        if not self.overwrite and os.path.lexists(path):
            raise refuse("E501", "exists already", str(path))
        if path.is_dir():
            raise refuse("E502", "could not be written: a folder has this name", str(path))
        if path.exists() and not path.is_file():  # as whoever may write anywhere, one would replace the device itself
            raise refuse("E502", "could not be written: a device has this name", str(path))

    def stage(self, path: Path) -> None:
        """Write a temporary file in the same folder, which tells nothing by its name, and start it to the disk."""
        self.staged[path] = temporary = path.parent / f"{TEMPORARY}{secrets.token_hex(8)}.tmp"
        try:
            file = FileIO(temporary, "xb", opener=_private)
        except FileNotFoundError:
            make_folder(path.parent)
            file = FileIO(temporary, "xb", opener=_private)
        self.open[path] = file
        if self.overwrite:
            _keep_permissions(file.fileno(), path)
        for chunk in self.contents[path]:
            rest = memoryview(chunk)
            while rest:
                rest = rest[file.write(rest) :]
        with contextlib.suppress(OSError, AttributeError):  # no more than a hint, which not every system knows
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def force(self, path: Path) -> None:
        """Wait until the disk has the temporary file."""
        os.fsync(self.open[path].fileno())
        self.open.pop(path).close()

    def name(self, path: Path) -> None:
        """Give a temporary file its name."""
        _put(self.staged[path], path, overwrite=self.overwrite)
        del self.staged[path]
        self.placed.append(path)

    def clear(self) -> None:
        """Take away what is temporary, and new files of a set that is not complete: none of them stood there before."""
        while self.open:
            self.open.popitem()[1].close()
        going = list(self.staged.values())
        if len(self.placed) < len(self.contents) and not self.overwrite:
            going += self.placed
            self.placed = []
        self.staged = {}
        for path in going:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def _write(sets: list[_Set]) -> list[FindingsError | None]:
    try:
        for step in (_Set.look, _Set.stage, _Set.force, _Set.name):
            for each in sets:
                each.take(step)
        for folder in {path.parent for each in sets for path in each.placed if not each.refused}:
            _flush_folder(folder)
    finally:
        for each in sets:
            each.clear()
    return [each.refused for each in sets]


def make_folder(folder: Path) -> None:
    """Make a folder where it is missing, and those above it; raises `OSError`."""
    try:
        folder.mkdir(_FOLDER)
    except FileNotFoundError:
        make_folder(folder.parent)
        folder.mkdir(_FOLDER, exist_ok=True)
    except FileExistsError:
        if not folder.is_dir():
            raise


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, _FILE)


def _keep_permissions(handle: int, path: Path) -> None:
    """Open a new file to whom the one is open that it is about to replace."""
    try:
        old = path.stat()
    except OSError:  # there is none
        return
    allowed = stat.S_IMODE(old.st_mode) & _PERMISSIONS
    for owner in (old.st_uid, -1):
        with contextlib.suppress(OSError):
            os.fchown(handle, owner, old.st_gid)
            break
    else:
        allowed &= ~_OF_GROUP  # it would open the file to another group
    with contextlib.suppress(OSError):  # not every system knows permissions
        os.fchmod(handle, allowed)


def _put(temporary: Path, path: Path, *, overwrite: bool) -> None:
    """Give the temporary file its name; without `overwrite`, not even a file that appeared meanwhile is replaced."""
    if overwrite:
        temporary.replace(path)
        return
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        raise refuse("E501", "exists already", str(path)) from None
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        temporary.rename(path)
    else:
        with contextlib.suppress(OSError):  # a second name, which the next batch sweeps away
            temporary.unlink()


def _flush_folder(folder: Path) -> None:
    """Make the new names survive a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def safe_name(text: str, key: str) -> str:
    """A file name (without its ending) that is legal on every system and cannot leave its folder.

    Where anything had to be changed, eight digits of the hash of the key (an accession, for example) follow, so that
    two keys never share a name.

    Source: threat 17 of the project's threat list.
    """
    name = _UNSAFE.sub("-", text).strip(".-")[:_NAME_LIMIT].rstrip(".-")
    reserved = name.split(".")[0].upper() in _RESERVED
    if name == text and name and not reserved:
        return name
    digest = hashlib.sha256(unicodedata.normalize("NFC", key).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{'' if reserved or not name else name + '-'}{digest}"


def sweep(folder: Path) -> None:
    """Remove the temporary files of a run that was killed; only where no other run can be writing there."""
    for path in folder.glob(f"{TEMPORARY}*.tmp"):
        with contextlib.suppress(OSError):
            path.unlink()
