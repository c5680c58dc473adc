"""The same report gives the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.formats.docx import render
from reportgen.formats.docx_pack import CONTENT_TYPES, EARLIEST, compress, pack, unpack, utc
from reportgen.formats.layout import load_layout
from tests.formats.specimen import REPORT

_ROOT = Path(__file__).parents[2]
_PRINT_HASH = """
import hashlib
from reportgen.formats.layout import load_layout
from reportgen.formats.docx import render
from tests.formats.specimen import REPORT, long_report
zoneless = REPORT._replace(metadata=REPORT.metadata._replace(stamp=REPORT.metadata.stamp.replace(tzinfo=None)))
for report in (REPORT, long_report(5), REPORT, zoneless):
    print(hashlib.sha256(render(report, load_layout())).hexdigest())
"""


@pytest.mark.parametrize(
    ("stamp", "shown"),
    [
        (datetime(2026, 11, 17, 23, 30, 15, tzinfo=UTC), (2026, 11, 17, 23, 30, 14)),
        (datetime(2026, 11, 17, 23, 30, 15), (2026, 11, 17, 23, 30, 14)),  # noqa: DTZ001 - taken to be UTC
        (datetime(1970, 1, 1, tzinfo=UTC), (1980, 1, 1, 0, 0, 0)),
        (datetime(2200, 1, 1, tzinfo=UTC), (2107, 12, 31, 23, 59, 58)),
    ],
)
def test_entries_carry_the_reports_stamp(stamp: datetime, shown: tuple[int, ...]) -> None:
    report = REPORT._replace(metadata=REPORT.metadata._replace(stamp=stamp))
    with ZipFile(BytesIO(render(report, load_layout()))) as package:
        entries = package.infolist()
    assert {entry.date_time for entry in entries} == {shown}
    kinds = {(entry.create_system, entry.external_attr, entry.compress_type, entry.extra) for entry in entries}
    assert kinds == {(0, 0x20, ZIP_DEFLATED, b"")}


@pytest.mark.slow
def test_same_bytes_in_another_process_and_second() -> None:
    hashes = []
    for seed in ("1", "2"):
        started = time.monotonic()
        surroundings = {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONHASHSEED": seed, "TZ": f"UTC-{seed}"}
        done = subprocess.run(
            [sys.executable, "-c", _PRINT_HASH], env=surroundings, check=True, capture_output=True, text=True
        )
        hashes.append(done.stdout.split())
        time.sleep(max(0, 3 - (time.monotonic() - started)) if seed == "1" else 0)
    assert hashes[0] == hashes[1]
    assert hashes[0][0] == hashes[0][2] == hashes[0][3] != hashes[0][1]


def test_content_types_come_first_and_the_rest_by_name() -> None:
    parts = {"b": b"2", "A": b"1", CONTENT_TYPES: b"0"}
    packed = pack({name: compress(data) for name, data in parts.items()}, REPORT.metadata.stamp)
    assert list(unpack(packed).items()) == [(CONTENT_TYPES, b"0"), ("A", b"1"), ("b", b"2")]


@given(
    contents=st.dictionaries(st.sampled_from(("a.xml", "word/b.xml", "B", CONTENT_TYPES)), st.binary(max_size=2_000)),
    stamp=st.datetimes(timezones=st.sampled_from((UTC, None))),
    once=st.booleans(),
)
def test_a_package_is_what_zipfile_writes(contents: dict[str, bytes], stamp: datetime, once: bool) -> None:
    packed = pack({name: compress(data, once=once) for name, data in contents.items()}, stamp)
    assert entries(packed) == entries(by_zipfile(contents, stamp))
    assert unpack(packed) == contents


def by_zipfile(parts: dict[str, bytes], stamp: datetime) -> bytes:
    when = min(max(utc(stamp), EARLIEST), datetime(2107, 12, 31, 23, 59, 58, tzinfo=UTC))
    moment = (when.year, when.month, when.day, when.hour, when.minute, when.second // 2 * 2)
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=6) as package:
        for name in sorted(parts, key=lambda name: (name != CONTENT_TYPES, name)):
            entry = ZipInfo(name, moment)
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 0, 0x20
            package.writestr(entry, parts[name])
    return target.getvalue()


def entries(packed: bytes) -> list[tuple[object, ...]]:
    """What the zip says of its entries, but for how far they were deflated."""
    with ZipFile(BytesIO(packed)) as package:
        assert package.testzip() is None
        return [
            (each.filename, each.date_time, each.compress_type, each.create_system, each.external_attr, each.flag_bits,
             each.create_version, each.extract_version, each.CRC, each.file_size)
            for each in package.infolist()
        ]  # fmt: skip


def test_no_entry_of_a_report_is_damaged() -> None:
    with ZipFile(BytesIO(render(REPORT, load_layout()))) as package:
        assert package.testzip() is None
