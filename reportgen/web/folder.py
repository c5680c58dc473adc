"""The case folder: plain case files, read as they stand, replaced whole, and never over a change nobody has seen.

A case goes by an id that is made anew at each start and tells nothing of its file's name: a name holds an accession,
and an accession in an address would stand in the browser's history.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from threading import RLock

from reportgen import files
from reportgen.findings import refuse
from reportgen.reading.files import SIZE_LIMIT
from reportgen.web.evaluation import revision_of

ENDINGS = (".yaml", ".yml", ".json")
COLUMNS = "columns.yaml"  # how the columns of this laboratory's tables are called; no case
ORIGINALS = ".reportgen/originals"
_NO_CASES = (COLUMNS, "lab.yaml")
_SCHEMA = ".schema.json"  # what `new case` writes beside a case for editors


class NoSuchCaseError(Exception):
    """An id that no file of the folder has."""


class ConflictError(Exception):
    """The file is not what the page showed: somebody else has changed it."""


class CaseFolder:
    """One folder of case files.

    Args:
        root: the folder; sub-folders are not looked into.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.lock = RLock()
        self._secret = secrets.token_bytes(32)

    def names(self) -> list[str]:
        """The names of the case files, sorted. Links are left out: they could lead anywhere."""
        return sorted(
            path.name
            for path in self.root.iterdir()
            if path.suffix.lower() in ENDINGS
            and not path.name.startswith(".")
            and path.name not in _NO_CASES
            and not path.name.lower().endswith(_SCHEMA)
            and path.is_file()
            and not path.is_symlink()
        )

    def id_of(self, name: str) -> str:
        """The id of a file, the same as long as this folder is open."""
        return hashlib.blake2b(name.encode("utf-8", "surrogateescape"), key=self._secret, digest_size=9).hexdigest()

    def name_of(self, id: str) -> str:
        """The file of an id; raises `NoSuchCaseError`."""
        for name in self.names():
            if self.id_of(name) == id:
                return name
        raise NoSuchCaseError

    def path(self, name: str) -> Path:
        """Where a file of this folder stands."""
        return self.root / name

    def read(self, name: str) -> bytes:
        """The content of a file.

        Raises:
            NoSuchCaseError: where it is gone.
            FindingsError: E008 where it is too large for a case, E009 where it cannot be read.
        """
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
        """Write a new file named after its accession; returns its name.

        Raises:
            FindingsError: E501 where there is one of that name, E502 where it cannot be written.
        """
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
        """Put a new content in a file's place.

        Args:
            name: the file.
            content: what it shall hold.
            revision: the content that is replaced; another is never overwritten.
            keep: whether the old content is kept in the folder `ORIGINALS`.

        Raises:
            ConflictError: where the file holds something else, or is gone.
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

    def changed_at(self, name: str) -> float:
        """When a file was last written, in seconds since 1970; 0 where it is gone."""
        try:
            return self.path(name).stat().st_mtime
        except OSError:
            return 0.0

    def stamps(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Name and stamp of every file; a changed file has another stamp."""
        for name in self.names():
            try:
                status = self.path(name).stat()
            except OSError:
                continue
            yield name, (status.st_mtime_ns, status.st_size, status.st_ino)  # times are coarse on some systems
