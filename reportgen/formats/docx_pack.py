"""The same report, the same bytes: a Word file written again with one stamp and one order of parts."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

CONTENT_TYPES = "[Content_Types].xml"
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)  # what a zip entry can say
_DOS, _PLAIN_FILE = 0, 0x20
_VERSION, _LOCAL = 20, 30  # of the zip format that is needed; bytes of a local header
_LATEST = datetime(2107, 12, 31, 23, 59, 58, tzinfo=UTC)


def utc(stamp: datetime) -> datetime:
    """A stamp as UTC; one without a zone is taken to be UTC, never this machine's time."""
    return stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC)


def unpack(packed: bytes) -> dict[str, bytes]:
    """The parts of a Word file by name."""
    with ZipFile(BytesIO(packed)) as package:
        return {name: package.read(name) for name in package.namelist()}


class Packed(NamedTuple):
    """A part as the zip holds it: deflated, with the checksum and the size of what was deflated."""

    data: bytes
    crc: int
    size: int


def compress(data: bytes, *, once: bool = False) -> Packed:
    """Deflate a part: thoroughly where it is done once for many files, quickly where it is done for each.

    Why the lower memory level: with zlib's own, allocating its tables takes longer than deflating a page, and a part of
    the usual size comes out no larger.
    """
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15) if once else zlib.compressobj(3, zlib.DEFLATED, -15, 6)
    return Packed(deflate.compress(data) + deflate.flush(), zlib.crc32(data), len(data))


_local_header = struct.Struct("<4s5H3L2H").pack
_directory_entry = struct.Struct("<4s6H3L5H2L").pack


def pack(parts: Mapping[str, Packed], stamp: datetime) -> bytes:
    """Zip parts that are deflated already, content types first (readers sniff them), the others by name.

    Why not zipfile: parts that never change are deflated once. Why the stamp: a zip entry carries a clock and an
    operating system; both are fixed here, in the range and the two-second steps that a zip knows.
    """
    when = min(max(utc(stamp), EARLIEST), _LATEST)
    date = (when.year - 1980) << 9 | when.month << 5 | when.day
    time = when.hour << 11 | when.minute << 5 | when.second // 2
    files, directory, offset = [], [], 0
    for name in sorted(parts, key=lambda name: (name != CONTENT_TYPES, name)):
        part, spelled = parts[name], name.encode("ascii")
        common = (_VERSION, 0, ZIP_DEFLATED, time, date, part.crc, len(part.data), part.size, len(spelled))
        files += [_local_header(b"PK\3\4", *common, 0), spelled, part.data]
        made = (_DOS << 8 | _VERSION, *common, 0, 0, 0, 0, _PLAIN_FILE, offset)
        directory += [_directory_entry(b"PK\1\2", *made), spelled]
        offset += _LOCAL + len(spelled) + len(part.data)
    listed = b"".join(directory)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(parts), len(parts), len(listed), offset, 0)
    return b"".join((*files, listed, end))
