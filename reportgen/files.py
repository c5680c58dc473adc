"""Writing files: all of them or none, whole or not at all, never over something that was not meant to be replaced."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from reportgen.findings import refuse

TEMPORARY = ".reportgen-"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_NAME_LIMIT = 80
_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(10))}
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV)


def write_files(contents: Mapping[Path, bytes], *, overwrite: bool = False) -> None:
    """Write several files so that each is either the old one or the whole new one.

    Everything is written under temporary names and forced to disk before the first file takes its name; a full disk or
    an existing file is found before anything changes.

    Args:
        contents: path → bytes; folders are made where they are missing.
        overwrite: whether existing files may be replaced.

    Raises:
        FindingsError: E501 where a file exists, E502 where something could not be written.
    """
    if not overwrite:
        for path in contents:
            if os.path.lexists(path):
                raise refuse("E501", "exists already", str(path))
    staged: dict[Path, Path] = {}
    placed: list[Path] = []
    try:
        for path, data in contents.items():
            if path.is_dir():
                raise refuse("E502", "could not be written: a folder has this name", str(path))
            staged[path] = _stage(path, [data])
        for path, temporary in staged.items():
            _put(temporary, path, overwrite=overwrite)
            placed.append(path)
        for folder in {path.parent for path in contents}:
            _flush_folder(folder)
    except OSError as error:
        done = placed if len(staged) == len(contents) else staged
        where = next((path for path in contents if path not in done), next(iter(contents)))
        raise refuse("E502", f"could not be written: {error.strerror or type(error).__name__}", str(where)) from None
    finally:
        if len(placed) < len(contents) and not overwrite:
            _take_back(placed)
        for temporary in staged.values():
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def write_chunks(path: Path, chunks: Iterable[bytes], *, overwrite: bool = False) -> None:
    """Write one file of any size, piece by piece: it has its name when it is whole, and not before.

    Raises:
        FindingsError: as `write_files`.
    """
    if not overwrite and os.path.lexists(path):
        raise refuse("E501", "exists already", str(path))
    try:
        temporary = _stage(path, chunks)
        try:
            _put(temporary, path, overwrite=overwrite)
            _flush_folder(path.parent)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise refuse("E502", f"could not be written: {error.strerror or type(error).__name__}", str(path)) from None


def _stage(path: Path, chunks: Iterable[bytes]) -> Path:
    """Write to a temporary file in the same folder, on disk when this returns; its name tells nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / f"{TEMPORARY}{secrets.token_hex(8)}.tmp"
    try:
        with temporary.open("xb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    return temporary


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


def _take_back(placed: list[Path]) -> None:
    """Remove the new files of a set that could not be completed; none of them stood there before."""
    for path in placed:
        with contextlib.suppress(OSError):
            path.unlink()


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

    Where anything had to be changed, eight digits of the key's hash follow, so that two keys never share a name.

    Args:
        text: what the name shall say.
        key: what the name must tell apart, an accession for one.

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
