"""The parts of a Word file, unpacked within bounds: no bomb, no broken archive, no name that leads elsewhere.

Source: threats 13 and 14 of the project's threat list.
"""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Callable
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from reportgen.formats.docx_xml import DOCUMENT

_LARGEST, _RATIO, _PARTS = 50_000_000, 200, 500  # bytes unpacked, times its packed size, files
_SMALL = 1_000_000  # bytes that a part may unpack to whatever its ratio
_NEEDED = frozenset((DOCUMENT, "[Content_Types].xml", "_rels/.rels"))
NO_DOCUMENT = "is not a Word document"
_BROKEN = (
    BadZipFile, EOFError, ValueError, NotImplementedError, OSError, RuntimeError, zlib.error, lzma.LZMAError,
)  # fmt: skip


def unpacked(data: bytes, no: Callable[[str], Exception]) -> dict[str, bytes]:
    """The parts of a Word file by name; raises what `no` makes of the fault where it is none that can be read."""
    try:
        with ZipFile(BytesIO(data)) as package:
            entries = package.infolist()
            names = [entry.filename for entry in entries]
            if len(entries) > _PARTS or sum(entry.file_size for entry in entries) > _LARGEST:
                raise no("is far larger inside than a Word file needs")
            if any(entry.file_size > max(_SMALL, _RATIO * entry.compress_size) for entry in entries):
                raise no("holds a part that is packed beyond all reason")
            if len({name.casefold() for name in names}) < len(names):
                raise no("holds two parts of one name")
            if any(_leaves(entry.filename) or entry.flag_bits & 1 for entry in entries):
                raise no("holds a part with a name or a lock that Word does not write")
            parts = {name: package.read(name) for name in names if not name.endswith("/")}
    except _BROKEN:
        raise no("is not a Word file that can be read") from None
    if not parts.keys() >= _NEEDED:
        raise no(NO_DOCUMENT)
    return parts


def _leaves(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.split("/") or "\\" in name or ":" in name
