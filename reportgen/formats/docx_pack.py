"""The same report, the same bytes: a Word file written again with one stamp and one order of parts."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

CONTENT_TYPES = "[Content_Types].xml"
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)  # what a zip entry can say
_DOS, _PLAIN_FILE = 0, 0x20
_LATEST = datetime(2107, 12, 31, 23, 59, 58, tzinfo=UTC)


def utc(stamp: datetime) -> datetime:
    """A stamp as UTC; one without a zone is taken to be UTC, never this machine's time."""
    return stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC)


def pack(parts: dict[str, bytes], stamp: datetime) -> bytes:
    """Zip the parts, content types first (readers sniff them), the others by name.

    Why: a zip entry carries the clock and the operating system; both are fixed here, in the range and the two-second
    steps a zip knows.
    """
    when = min(max(utc(stamp), EARLIEST), _LATEST)
    moment = (when.year, when.month, when.day, when.hour, when.minute, when.second // 2 * 2)
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=6) as package:
        for name in sorted(parts, key=lambda name: (name != CONTENT_TYPES, name)):
            entry = ZipInfo(name, moment)
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, _DOS, _PLAIN_FILE
            package.writestr(entry, parts[name])
    return target.getvalue()


def unpack(packed: bytes) -> dict[str, bytes]:
    """The parts of a Word file by name."""
    with ZipFile(BytesIO(packed)) as package:
        return {name: package.read(name) for name in package.namelist()}
