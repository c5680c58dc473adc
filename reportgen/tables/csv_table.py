"""CSV: the encoding by its mark or strict UTF-8, the separator by the headings, quoting taken strictly.

Source: threats 19 and 20 of the project's threat list.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import re
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TextIO

from reportgen.findings import FindingsError, Place, counted, one_of, refuse
from reportgen.tables.table import HOW_TO_HEAD, TITLES, Known, Row, Table, checked, heading, headings

_MARKS = (
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ENCODINGS = (
    "utf-8", "utf-16", "cp1252", "iso8859-1", "iso8859-15", "cp1250", "iso8859-2", "cp1251", "cp1253", "cp1254",
    "cp1257", "cp437", "cp850", "cp852", "mac-roman",
)  # fmt: skip
SEPARATORS = (",", ";", "\t", "|")
_WORDS = "comma, semicolon, tab or |"
_NOTE = re.compile(r"\ufeff?\"?sep=(.)\"?[,;\t|]*", re.IGNORECASE)
_CELL_LIMIT = 1_000_000  # characters
_LINE_LIMIT = 10_000_000  # characters
_CHUNK = 1 << 16


def open_file(path: Path, known: Known, name: str, encoding: str, _: str) -> Table:
    """Open a CSV file; see `reportgen.tables.registry`."""
    chosen = _encoding(path, name, encoding)
    csv.field_size_limit(_CELL_LIMIT)
    try:
        head, separator, raw = _separator(path, chosen, known, name)
    except UnicodeDecodeError:
        raise _undecodable(path, chosen, name) from None
    header = headings(raw, name, head=head)
    return Table(name, header, partial(_rows, path, chosen, separator, len(raw)), head=head)


def _encoding(path: Path, name: str, asked: str) -> str:
    """The encoding a file is read in: that of its mark, else the one asked for, else UTF-8."""
    with path.open("rb") as file:
        head = file.read(4)
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)
    if marked == "":
        raise refuse("E011", "is UTF-32, which is not read", name, hint="save it as UTF-8")
    if not asked:
        return marked or "utf-8"
    try:
        found = codecs.lookup(asked).name.removesuffix("-sig")
    except LookupError:
        found = ""
    if found not in {codecs.lookup(each).name for each in ENCODINGS}:
        raise refuse("E011", "is not an encoding that is read", path="--encoding", hint=one_of(ENCODINGS))
    if marked and found != codecs.lookup(marked.removesuffix("-sig")).name:
        message = f"begins with the mark of {marked.removesuffix('-sig').upper()}, and another encoding was asked for"
        raise refuse("E011", message, name, hint="leave --encoding out")
    if found == "utf-16" and not marked:
        raise refuse("E011", "has no byte order mark, so its UTF-16 could be read in two ways", name)
    if not marked and found != "utf-8" and _is_utf_8(path):
        message = f"is valid UTF-8 with letters beyond ASCII, which {asked} would read as others"
        raise refuse("E011", message, name, hint="leave --encoding out")
    return marked or found


def _is_utf_8(path: Path) -> bool:
    """Whether a file has bytes beyond ASCII, and all of them are UTF-8: no other encoding comes to that by chance."""
    decoder, beyond = codecs.getincrementaldecoder("utf-8")("strict"), False
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                beyond |= not decoder.decode(chunk).isascii()
            decoder.decode(b"", True)
        except UnicodeDecodeError:
            return False
    return beyond


def _separator(path: Path, encoding: str, known: Known, name: str) -> tuple[int, str, list[str]]:
    """The line of the headings, the separator that the line above names or under which most are known, and they."""
    said = _said(path, encoding, name)
    head = 2 if said else 1
    found: dict[str, list[str]] = {}
    broken = False
    for separator in said or SEPARATORS:
        with closing(_opened(path, encoding)) as file:
            try:
                records = csv.reader(_lines(file), delimiter=separator, strict=True)
                found[separator] = next(islice(records, head - 1, head), [])
            except csv.Error:
                broken = True
    hits: dict[str, int] = {}
    best = 0
    for separator, cells in sorted(found.items(), key=lambda each: -len(each[1])):
        if len(cells) >= best:  # fewer cells cannot hold as many headings
            hits[separator] = sum(known(heading(cell)) for cell in cells)
            best = max(best, hits[separator])
    winners = [separator for separator, number in hits.items() if number == best]
    if not best and broken:
        where = Place(name, head, 0, "1")
        raise refuse("E015", "begins a cell in quotes that does not end as it should", where)
    if not best or (len(winners) > 1 and any(len(found[each]) > 1 for each in winners)):
        message = f"line {head} has no heading that the protocols or the mapping know, under {_WORDS}"
        hint = f"begin with the line of headings, {HOW_TO_HEAD}"
        if above := _lines_above(path, encoding, known, head):
            message = f"line {head + above} is the line of headings"
            hint = f"delete the {counted(above, 'line')} above it"
        raise refuse("E012", message, Place(name, head, 1, "1"), hint=hint)
    return head, winners[0], found[winners[0]]


def _said(path: Path, encoding: str, name: str) -> str:
    """The separator that a first line `sep=;` names, which Excel reads and writes; "" where there is no such line."""
    with closing(_opened(path, encoding)) as file:
        first = next(_lines(file), "").rstrip("\r\n")
    note = _NOTE.fullmatch(first)
    if note and note[1] not in SEPARATORS:
        raise refuse("E012", "line 1 (sep=) gives a separator that is not supported", name, hint=f"use {_WORDS}")
    return note[1] if note else ""


def _lines_above(path: Path, encoding: str, known: Known, head: int) -> int:
    """How many lines precede the first one that has known headings; 0 where none is near."""
    for separator in SEPARATORS:
        with closing(_opened(path, encoding)) as file, contextlib.suppress(csv.Error):
            near = islice(csv.reader(_lines(file), delimiter=separator, strict=True), head - 1, head + TITLES)
            for above, cells in enumerate(near):
                if above and sum(known(heading(cell)) for cell in cells) > 1:
                    return above
    return 0


def _rows(path: Path, encoding: str, separator: str, width: int, table: Table) -> Iterator[Row]:
    line, number = 0, 1 - table.head
    with closing(_opened(path, encoding)) as file:
        reader = csv.reader(_lines(file), delimiter=separator, strict=True)
        try:
            for cells in reader:
                number, begins, line = number + 1, line + 1, reader.line_num
                if number > 1 and any(map(str.strip, cells)) and (row := _row(table, cells, number, begins, width)):
                    yield row
        except csv.Error as error:
            message = "begins a cell in quotes that does not end as it should"
            if "limit" in str(error):
                message = f"has a cell longer than {_CELL_LIMIT} characters, or a line longer than {_LINE_LIMIT}"
            hint = "look from there on for a quotation mark without its partner"
            table.end("E015", (number + 1, line + 1), -1, message, hint)
        except UnicodeDecodeError:
            table.findings += _undecodable(path, encoding, table.name).findings


def _row(table: Table, cells: list[str], number: int, line: int, width: int) -> Row | None:
    if len(cells) != width:
        message = f"has {counted(len(cells), 'cell')} under {counted(width, 'heading')}"
        few = f"delete row {number} if it is a footer, such as a total; else fill it up to {counted(width, 'cell')}"
        table.find("E014", (number, line), -1, message, few if len(cells) < width else "")
        return None
    kept = len(table.header)
    if any(cell.strip() for cell in cells[kept:]):
        table.find("E014", (number, line), kept, "has no heading above it")
        return None
    texts, findings = checked(cells[:kept], partial(table.place, number, line))
    return Row(number, line, texts, findings=findings)


def _opened(path: Path, encoding: str) -> TextIO:
    return path.open(encoding=encoding, errors="strict", newline="")


def _lines(file: TextIO) -> Iterator[str]:
    """The lines of a file; one that goes on and on is never held whole."""
    while text := file.readline(_LINE_LIMIT + 1):
        if len(text) > _LINE_LIMIT:
            raise csv.Error("line larger than limit")
        yield text


def _undecodable(path: Path, encoding: str, name: str) -> FindingsError:
    """The first byte that is not in the encoding, with its line and column."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    ends = io.IncrementalNewlineDecoder(None, translate=True)
    offset, line, column = 0, 1, 1
    with path.open("rb") as file:
        chunk = b"more"
        while chunk:
            chunk, state = file.read(_CHUNK), decoder.getstate()
            try:
                good = decoder.decode(chunk, not chunk)
            except UnicodeDecodeError as error:
                bad = len(error.object) - error.start  # bytes that have been read from the first wrong one on
                offset = file.tell() - bad
                decoder.setstate(state)
                good, chunk = decoder.decode(chunk[: max(0, len(chunk) - bad)]), b""
            text = ends.decode(good, final=not chunk)
            line += text.count("\n")
            column = len(text) - text.rfind("\n") if "\n" in text else column + len(text)
    hint = "save it as UTF-8, or name its encoding, for example --encoding cp1252"
    message = f"byte {offset} is not {encoding.removesuffix('-sig').upper()}"
    return refuse("E011", message, Place(name, line, column), hint=hint)
