"""Open an input file: decide its format, refuse what is too large, unreadable or not UTF-8, and read it."""

from __future__ import annotations

import os
from codecs import BOM_UTF8
from collections.abc import Callable
from pathlib import Path

from reportgen.findings import Place, either, refuse
from reportgen.reading.json_text import read_json
from reportgen.reading.source import Mapping
from reportgen.reading.yaml_text import read_yaml

SIZE_LIMIT = 1_000_000  # bytes; a case with long free text is some 20,000
_READERS = {".yaml": read_yaml, ".yml": read_yaml, ".json": read_json}


def read_file(path: Path, *, name: str = "") -> Mapping:
    """Read a YAML or JSON file into text values with places, which call it `name`, or by its path if that is empty.

    Raises:
        FindingsError: E001–E010, with every place in the file named.
    """
    shown = name or str(path)
    _reader(path.name, shown)
    return read_content(read_bytes(path, shown), shown, path.name)


def read_content(content: bytes, name: str, file: str = "") -> Mapping:
    """Read the bytes of a YAML or JSON file; `file` is its name where places call it by another.

    Raises:
        FindingsError: as `read_file`.
    """
    return _reader(file or name, name)(_decode(content, name), name)


def _reader(file: str, shown: str) -> Callable[[str, str], Mapping]:
    ending = Path(file).suffix
    reader = _READERS.get(ending.lower())
    if shown == "-" or shown.startswith(("/dev/", "/proc/")):
        hint = "save it as a file that ends in .yaml or .json, and name that file"
        raise refuse("E010", "is not a file: a case is not read from standard input or a pipe", shown, hint=hint)
    if reader is None:
        hint = f"use {either(_READERS)}; check a table with `reportgen batch TABLE --dry-run -o FOLDER`"
        raise refuse("E010", f'"{ending}" is not a supported case file type', shown, hint=hint)
    return reader


def read_text(text: str, *, name: str, format: str = "yaml") -> Mapping:
    """Read a case that is already in memory; `format` is "yaml" or "json"."""
    return _READERS[f".{format}"](text, name)


def read_bytes(path: Path, shown: str, limit: int = SIZE_LIMIT, hint: str = "") -> bytes:
    """The content of a file of at most `limit` bytes; raises E008 for a larger one and E009 where it cannot be read."""
    try:
        if path.exists() and not path.is_file():  # opening a named pipe would wait for its writer, for ever
            raise refuse("E009", "cannot be read: it is a folder or a device", shown)
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            data = b"" if size > limit else file.read(limit + 1)
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise refuse("E009", f"cannot be read: {reason}", shown) from None
    if size > limit or len(data) > limit:
        raise refuse("E008", f"is larger than {limit // 1_000_000} MB", shown, hint=hint)
    return data


def _decode(data: bytes, shown: str) -> str:
    body = data.removeprefix(BOM_UTF8)
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        before = body[: error.start].decode()
        place = Place(shown, before.count("\n") + 1, len(before) - before.rfind("\n"))
        offset = len(data) - len(body) + error.start
        raise refuse("E001", f"byte {offset} is not UTF-8", place) from None
