"""Workbooks that must not be opened: bombs, macros, links, disguises."""

from __future__ import annotations

import time
import tracemalloc
import zipfile
from pathlib import Path
from random import Random
from typing import IO, Any
from xml.parsers import expat

import pytest

from reportgen.findings import FindingsError
from reportgen.tables.registry import open_table
from tests.tables.test_xlsx_table import known, workbook


def refused(path: Path) -> tuple[str, str]:
    with pytest.raises(FindingsError) as caught:
        open_table(path, known, name="t.xlsx")
    (finding,) = caught.value.findings
    return finding.code, finding.message


def with_part(path: Path, name: str, content: bytes) -> Path:
    workbook(path, ("S1", "arm", "x"))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    return path


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    bomb = with_part(tmp_path / "t.xlsx", "xl/media/x.bin", b"\0" * 300_000_000)
    assert bomb.stat().st_size < 1_000_000
    tracemalloc.start()
    began = time.perf_counter()
    code, message = refused(bomb)
    assert (code, "would unpack to far more" in message) == ("E017", True)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/externalLinks/externalLink1.xml", "links to other files"),
        ("xl/embeddings/oleObject1.bin", "embedded"),
        ("xl/activeX/activeX1.xml", "embedded"),
        ("../evil.xml", "outside"),
        ("/etc/evil.xml", "outside"),
    ],
)
def test_foreign_parts(tmp_path: Path, name: str, why: str) -> None:
    code, message = refused(with_part(tmp_path / "t.xlsx", name, b"<x/>"))
    assert code == "E017"
    assert why in message


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_twice(tmp_path: Path) -> None:
    assert refused(with_part(tmp_path / "t.xlsx", "xl/workbook.xml", b"<x/>"))[0] == "E017"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_doctype(tmp_path: Path, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    assert "DOCTYPE" in refused(with_part(tmp_path / "t.xlsx", "xl/more.xml", text.encode(encoding)))[1]


@pytest.mark.parametrize("name", ["xl/more.xml", "xl/worksheets/sheet9.dat"])
def test_a_doctype_behind_a_long_comment_or_under_another_ending(tmp_path: Path, name: str) -> None:
    text = "<!--" + "x" * 200_000 + '--><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    assert "DOCTYPE" in refused(with_part(tmp_path / "t.xlsx", name, text.encode()))[1]


class _Deferring:
    """A parser as expat is from 2.6 on, at its most patient: nothing is told before the input is over."""

    real: Any
    held: list[bytes]

    def __init__(self, real: Any) -> None:
        object.__setattr__(self, "real", real)
        object.__setattr__(self, "held", [])

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self.real, name, value)

    def Parse(self, data: bytes, final: bool = False) -> None:
        self.held.append(data)
        if final:
            self.real.Parse(b"".join(self.held), True)

    def ParseFile(self, file: IO[bytes]) -> None:
        self.real.ParseFile(file)


def test_a_doctype_is_seen_by_a_parser_that_waits_for_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = expat.ParserCreate
    monkeypatch.setattr(expat, "ParserCreate", lambda *args: _Deferring(real(*args)))
    text = "<!--" + "x" * 200_000 + '--><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    assert "DOCTYPE" in refused(with_part(tmp_path / "t.xlsx", "xl/more.xml", text.encode()))[1]
    fine = workbook(tmp_path / "fine.xlsx", ("S1", "arm", "x"))
    assert open_table(fine, known, name="t.xlsx").header


def test_damage_anywhere_is_refused_and_never_ends_the_program(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", ("S1", "arm", "x"), ("S2", "leg", 5))
    content, random = path.read_bytes(), Random(1)
    with zipfile.ZipFile(path) as package:
        parts = {part: package.read(part) for part in package.namelist()}
    codes = set[str]()
    for _ in range(150):
        spoiled = bytearray(content)
        spoiled[random.randrange(len(spoiled))] ^= 1 << random.randrange(8)
        path.write_bytes(spoiled)
        codes |= outcome(path)
        part = random.choice(sorted(parts))
        text = bytearray(parts[part])
        text[random.randrange(len(text))] = random.randrange(32, 127)
        with zipfile.ZipFile(path, "w") as package:
            for each, before in parts.items():
                package.writestr(each, bytes(text) if each == part else before)
        codes |= outcome(path)
    assert "E017" in codes


def outcome(path: Path) -> set[str]:
    try:
        table = open_table(path, known, name="t.xlsx")
    except FindingsError as error:
        return {finding.code for finding in error.findings}
    list(table.rows())
    return {finding.code for finding in table.findings}


@pytest.mark.parametrize("content", [b"accession,site\nx,y\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b""])
def test_what_is_no_workbook(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t.xlsx").write_bytes(content)
    assert refused(tmp_path / "t.xlsx")[0] == "E017"


def test_a_zip_of_something_else(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w") as package:
        package.writestr("hello.txt", "hello")
    assert refused(tmp_path / "t.xlsx")[0] == "E017"
