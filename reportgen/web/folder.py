"""The case folder: plain case files, read as they are, replaced whole, and never over a change that nobody has seen.

The id of a case says nothing of its file's name: a name holds an accession, and an accession in an address would get
into the browser's history. The key of the ids is kept in the folder, so that a page that is left open finds its case
again when the desk is restarted.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import NamedTuple

from reportgen import files
from reportgen.findings import FindingsError, refuse
from reportgen.reading.readers import SIZE_LIMIT
from reportgen.web.evaluation import revision_of

ENDINGS = (".yaml", ".yml", ".json")
COLUMNS = "columns.yaml"  # how the columns of this laboratory's tables are called; no case
ORIGINALS = ".reportgen/originals"
KEY = ".reportgen/key"
_KEY_SIZE = 32  # bytes
_NO_CASES = (COLUMNS, "lab.yaml")
_SCHEMA = ".schema.json"  # what `new case` writes beside a case for editors


class NoSuchCaseError(Exception):
    """An id that no file of the folder has."""


class NoFileError(NoSuchCaseError):
    """An id of something in the folder that is not a plain file; `mode` is its mode as the system reports it."""

    def __init__(self, name: str, mode: int) -> None:
        super().__init__()
        self.name = name
        self.mode = mode


class ConflictError(Exception):
    """The file is not what the page showed: somebody else has changed it."""


class Stamp(NamedTuple):
    """What changes when a file changes."""

    time: int  # when it was last written, in nanoseconds since 1970
    size: int
    inode: int  # times are coarse on some systems
    fixed: tuple[int, ...] = ()  # the same of the record of its finalizations; empty where there is none


class CaseFolder:
    """One folder of case files, without its sub-folders."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.lock = RLock()
        self._secret = secrets.token_bytes(_KEY_SIZE)
        self._names: dict[str, str] = {}  # of every id that was given out
        self.left_out: tuple[str, ...] = ()  # named like a case when the folder was last listed, but not a file

    def keep_ids(self) -> None:
        """Take the ids that the folder had before, or else keep those of now in it, if it can be written."""
        path = self.root / KEY
        with suppress(OSError):
            kept = path.read_bytes()
            if len(kept) == _KEY_SIZE:
                self._secret = kept
                return
        with suppress(FindingsError):
            files.write_files({path: self._secret}, overwrite=True)

    def names(self) -> list[str]:
        """The names of the case files, sorted. Links are left out: they could lead anywhere."""
        return [name for name, _ in self.stamps()]

    def stamps(self) -> Iterator[tuple[str, Stamp]]:
        """Name and stamp of every case file, sorted by name."""
        with os.scandir(self.root) as entries:
            found = sorted((entry for entry in entries if _may_be_case(entry.name)), key=lambda entry: entry.name)
        left_out = []
        for entry in found:
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:  # taken away meanwhile
                continue
            self._names[self.id_of(entry.name)] = entry.name
            if stat.S_ISREG(status.st_mode):
                yield entry.name, Stamp(status.st_mtime_ns, status.st_size, status.st_ino)
            else:
                left_out.append(entry.name)
        self.left_out = tuple(left_out)

    def tick(self) -> int:
        """A number that changes when a file of the folder is added, removed or replaced; 0 where there is no folder."""
        try:
            return self.root.stat().st_mtime_ns
        except OSError:
            return 0

    def id_of(self, name: str) -> str:
        """The id of a file: the same as long as this folder is open, and longer where the key is kept."""
        return hashlib.blake2b(name.encode("utf-8", "surrogateescape"), key=self._secret, digest_size=9).hexdigest()

    def name_of(self, id: str) -> str:
        """The file of an id. The folder is listed only for an id that was not seen before.

        Raises:
            NoSuchCaseError: where there is none; as `NoFileError` where something else has its name.
        """
        if id not in self._names:
            self.names()  # which notes all ids
        name = self._names.get(id)
        if name is None:
            raise NoSuchCaseError
        try:
            mode = self.path(name).lstat().st_mode
        except OSError:
            raise NoSuchCaseError from None
        if not stat.S_ISREG(mode):
            raise NoFileError(name, mode)
        return name

    def path(self, name: str) -> Path:
        """The path of a file of this folder."""
        return self.root / name

    def read(self, name: str) -> bytes:
        """The content of a file; raises `NoSuchCaseError`, E008 for too large a file and E009 for an unreadable one."""
        try:
            with self.path(name).open("rb") as file:
                content = file.read(SIZE_LIMIT + 1)
        except FileNotFoundError:
            raise NoSuchCaseError from None
        except OSError as error:
            raise refuse("E009", f"cannot be read: {error.strerror or type(error).__name__}", name) from None
        if len(content) > SIZE_LIMIT:
            raise refuse("E008", f"is larger than {SIZE_LIMIT // 1_000_000} MB", name)
        return content

    def create(self, accession: str, content: bytes) -> str:
        """Write a new file named after its accession; returns its name. Raises E501 where it exists, and E502."""
        name = f"{files.safe_name(accession, accession)}.yaml"
        if name.casefold() in _NO_CASES:
            name = f"case-{name}"
        with self.lock:
            twins = [other for other in self.names() if Path(other).stem.casefold() == Path(name).stem.casefold()]
            if twins:
                raise refuse("E501", "exists already", twins[0], hint="open it, or choose another accession")
            files.write_files({self.path(name): content})
        return name

    def replace(self, name: str, content: bytes, revision: str, *, keep: bool) -> None:
        """Replace the content of a file; with `keep`, the old one is kept in the folder `ORIGINALS`.

        Raises:
            ConflictError: where the file holds anything but the content of this revision, or is gone.
            FindingsError: E502 where it cannot be written.
        """
        with self.lock:
            try:
                old = self.read(name)
            except NoSuchCaseError:
                raise ConflictError from None
            if revision_of(old) != revision:
                raise ConflictError
            if keep:
                kept = self.root / ORIGINALS / f"{Path(name).stem}.{revision[:8]}{Path(name).suffix}"
                if not kept.exists():
                    files.write_files({kept: old})
            files.write_files({self.path(name): content}, overwrite=True)


def _may_be_case(name: str) -> bool:
    """Whether a file of that name may hold a case."""
    return (
        Path(name).suffix.lower() in ENDINGS
        and not name.startswith(".")
        and name not in _NO_CASES
        and not name.lower().endswith(_SCHEMA)
    )
