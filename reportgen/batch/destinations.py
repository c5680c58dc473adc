"""Where the documents of a batch go: a folder, or a place behind a URL, an object store for one.

The documents in either have paths below it, with `/` between folders.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from reportgen import files
from reportgen.batch import lock
from reportgen.findings import FindingsError, refuse
from reportgen.release import DISTRIBUTION

MARK = ".reportgen-batch.mark"  # what a batch leaves at a URL while it works there
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


Documents = tuple[Mapping[str, bytes], bool]  # path → bytes, and whether a document that is there may be replaced


class Destination(ABC):
    """Where documents are put; it is sent to workers."""

    @abstractmethod
    def shown(self, path: str = "") -> str:
        """What messages call it, or a document of it."""

    def listing(self) -> Iterator[str] | None:
        """The paths of all that is there; None where looking for each document costs nothing."""
        return None

    @abstractmethod
    def contents(self, paths: Sequence[str]) -> dict[str, str]:
        """The hash of what is at each of these paths; paths at which nothing is are left out."""

    def has(self, path: str) -> bool:
        """Whether a document is there."""
        return bool(self.contents([path]))

    def is_open(self, path: str) -> bool:
        """Whether somebody seems to have a document open in a word processor."""
        return False

    @abstractmethod
    def read(self, path: str) -> bytes:
        """A document; raises `FindingsError` (E502) where it cannot be read."""

    def put(self, documents: Mapping[str, bytes], *, overwrite: bool = False) -> None:
        """Put documents there, each whole or not at all; a document that is there with the same bytes is no hindrance.

        Why: a worker may have put it there and not lived to say so. Where one of several cannot be put, new ones that
        were put before it are taken away.

        Raises:
            FindingsError: E501 where another document is there, E502 where something could not be written.
        """
        (refused,) = self.put_all([(documents, overwrite)])
        if refused:
            raise refused

    @abstractmethod
    def put_all(self, sets: Sequence[Documents]) -> list[Exception | None]:
        """Put the documents of several cases there, each as `put` does; returns for each what `put` would raise."""

    def free(self) -> int | None:
        """Bytes of space left; None where nobody can tell. Raises `FindingsError` (E502) where nothing can be put."""
        return None

    @abstractmethod
    def mark(self) -> str:
        """What tells the batch that works there now from any other; "" where nothing does."""

    def sign(self, name: str) -> None:
        """Let `mark` tell of this batch."""

    def leave(self) -> None:
        """Take the sign away."""

    def sweep(self, *, shards: bool) -> None:
        """Remove what a killed batch left half-written, while this batch holds it; `shards`: in sub-folders too."""


def is_url(text: str) -> bool:
    """Whether an output names a URL and no path."""
    return bool(_URL.match(text))


def local(url: str) -> Path | None:
    """The folder that a `file://` URL names; None for any other URL."""
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme.lower() == "file" and parts.netloc in ("", "localhost") else None


def problem(url: str) -> str:
    """Why documents cannot go to a URL that names no folder of this machine; "" where nothing speaks against it."""
    parts = urlsplit(url)
    if parts.scheme.lower() == "file":
        return "file:// must name a folder of this machine: file:///folder"
    if parts.password:
        return "holds a password: let the store's own configuration hold it"
    return "" if parts.netloc or parts.path.strip("/") else "does not name a folder or bucket"


def need(package: str, extra: str) -> None:
    """Make sure that what an extra brings is there; raises `FindingsError` (S609)."""
    if find_spec(package) is None:
        hint = f"pip install '{DISTRIBUTION}[{extra}]'"
        raise refuse("S609", f"needs the package {package}, which is not installed", hint=hint)


@dataclass(frozen=True)
class Folder(Destination):
    """A folder that every worker sees under the same path."""

    path: Path

    def shown(self, path: str = "") -> str:
        """The path as it was given."""
        return str(self.path / path)

    def contents(self, paths: Sequence[str]) -> dict[str, str]:
        """The hashes of the documents."""
        return {path: digest for path in paths if (digest := content(self.path / path))}

    def has(self, path: str) -> bool:
        """Whether anything has this name, a broken link too."""
        return os.path.lexists(self.path / path)

    def is_open(self, path: str) -> bool:
        """Whether there is the file that Word or LibreOffice puts beside a document while it is open."""
        folder, name = (self.path / path).parent, Path(path).name
        beside = (f"~${name}", f"~${name[1:]}", f"~${name[2:]}", f".~lock.{name}#")
        return any(os.path.lexists(folder / each) for each in beside)

    def read(self, path: str) -> bytes:
        """The document."""
        try:
            return (self.path / path).read_bytes()
        except OSError as error:
            raise refuse("E502", f"could not be copied: {error.strerror}", self.shown(path)) from None

    def put_all(self, sets: Sequence[Documents]) -> list[Exception | None]:
        """Write them; those of all cases are forced to the disk together."""
        wanted = [({self.path / path: data for path, data in each.items()}, overwrite) for each, overwrite in sets]
        refused: list[Exception | None] = [*files.write_sets(wanted)]
        for place, (contents, overwrite) in enumerate(wanted):
            if refused[place] and not overwrite and _is_there(contents):
                (refused[place],) = files.write_sets([(contents, True)])
        return refused

    def free(self) -> int:
        """The space on the disk, also of a folder that is not there yet."""
        near = next(each for each in (self.path, *self.path.resolve().parents) if os.path.lexists(each))
        if not near.is_dir() or not os.access(near, os.W_OK | os.X_OK):
            why = "a file is in the way" if not near.is_dir() else "it is not allowed"
            raise refuse("E502", f"cannot be written to: {why}", str(self.path))
        return shutil.disk_usage(near).free

    def mark(self) -> str:
        """The note in the lock of the folder."""
        return content(self.path / lock.NAME)

    def sweep(self, *, shards: bool) -> None:
        """Remove temporary files."""
        for folder in (self.path, *(self.path.glob("[0-9a-f][0-9a-f]") if shards else ())):
            files.sweep(folder)


@dataclass(frozen=True)
class Remote(Destination):
    """A place that fsspec opens by its URL; made for object stores, where an object is whole or not there."""

    url: str

    def shown(self, path: str = "") -> str:
        """The URL."""
        return f"{self.url.rstrip('/')}/{path}" if path else self.url

    def listing(self) -> Iterator[str]:
        """All paths, folder by folder: those of one folder are in memory at once."""
        system, root = self._open()
        try:
            system.invalidate_cache()
            for folder, _, names in system.walk(root, on_error="raise"):
                below = folder.strip("/").removeprefix(root.strip("/")).strip("/")
                yield from (f"{below}/{name}" if below else name for name in names)
        except FileNotFoundError:
            return
        except (OSError, NotImplementedError) as error:
            raise self._refused(error) from None

    def contents(self, paths: Sequence[str]) -> dict[str, str]:
        """The hashes of the documents, which are read, as many at once as the store allows."""
        if not paths:
            return {}
        system, root = self._open()
        found = system.cat([f"{root}/{path}" for path in paths], on_error="return")
        hashes = {}
        for path in paths:
            data = found.get(f"{root}/{path}", FileNotFoundError())
            if not isinstance(data, FileNotFoundError):
                hashes[path] = hashlib.sha256(data).hexdigest() if isinstance(data, bytes) else "unreadable"
        return hashes

    def read(self, path: str) -> bytes:
        """The object."""
        system, root = self._open()
        try:
            return bytes(system.cat_file(f"{root}/{path}"))
        except OSError as error:
            raise self._refused(error) from None

    def put_all(self, sets: Sequence[Documents]) -> list[Exception | None]:
        """Put them one case after the other."""
        return [self._put(documents, overwrite=overwrite) for documents, overwrite in sets]

    def _put(self, documents: Mapping[str, bytes], *, overwrite: bool) -> Exception | None:
        placed: list[str] = []
        try:
            system, root = self._open()
            for path, data in documents.items():
                if _created(system, f"{root}/{path}", data, overwrite=overwrite):
                    placed.append(f"{root}/{path}")
                elif system.cat_file(f"{root}/{path}") != data:
                    raise refuse("E501", "exists already", self.shown(path))
        except Exception as error:
            for target in placed if not overwrite else ():
                with contextlib.suppress(OSError):
                    system.rm_file(target)
            return self._refused(error) if isinstance(error, OSError | NotImplementedError) else error
        return None

    def mark(self) -> str:
        """The hash of what `sign` left."""
        return self.contents([MARK]).get(MARK, "")

    def sign(self, name: str) -> None:
        """Put an object that names this batch."""
        self.put({MARK: name.encode()}, overwrite=True)

    def leave(self) -> None:
        """Remove that object."""
        system, root = self._open()
        with contextlib.suppress(OSError):
            system.rm_file(f"{root}/{MARK}")

    def _open(self) -> tuple[Any, str]:
        """The file system, made once in each process by fsspec, and the path of the place in it."""
        need("fsspec", "cluster")
        import fsspec

        try:
            system, root = fsspec.url_to_fs(self.url)
        except ImportError:
            extra = "s3" if self.url.lower().startswith("s3") else "cluster"
            hint = f"pip install '{DISTRIBUTION}[{extra}]', or the package that fsspec names for it"
            raise refuse("S609", "needs a package that is not installed", self.url, hint=hint) from None
        except ValueError:
            raise refuse("E502", "cannot be written to", self.url) from None
        return system, root.rstrip("/")

    def _refused(self, error: Exception) -> FindingsError:
        why = getattr(error, "strerror", "") or type(error).__name__
        return refuse("E502", f"could not be written: {why}", self.url, hint="check the URL and the rights on it")


def _created(system: Any, target: str, data: bytes, *, overwrite: bool) -> bool:
    """Put one object; False where there is one already."""
    mode = "overwrite" if overwrite else "create"
    try:
        system.pipe_file(target, data, mode=mode)
    except FileExistsError:
        return False
    except FileNotFoundError:  # where folders are more than a part of the name
        system.makedirs(target.rpartition("/")[0], exist_ok=True)
        system.pipe_file(target, data, mode=mode)
    return True


def content(path: Path) -> str:
    """The hash of the file at a path; "" for nothing, `unreadable` for anything else."""
    if not os.path.lexists(path):
        return ""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "unreadable"


def _is_there(contents: dict[Path, bytes]) -> bool:
    """Whether some of these files are there already, and each of them with just this content."""
    there = [path for path in contents if os.path.lexists(path)]
    return bool(there) and all(path.is_file() and path.read_bytes() == contents[path] for path in there)
