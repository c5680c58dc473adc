"""A workbook before it is opened: no bomb, no macro, nothing from outside; then what a sheet hides or merges.

Source: threats 13 to 15 of the project's threat list.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from xml.parsers import expat

from lxml import etree

from reportgen.findings import Finding, FindingsError, Place, refuse
from reportgen.reading.characters import letters
from reportgen.tables.workbook_marks import Marks, runs

_TOTAL = 500_000_000  # bytes when unpacked: some 200,000 rows of 45 columns
_STRINGS = 100_000_000  # bytes of the texts, which are held in memory
_RATIO, _RATIO_FROM = 100, 1_000_000
_PARTS = 500
_ROWS, _COLUMNS = 1_048_576, 16_384  # what a sheet can hold
_FOREIGN = ("vbaproject", "xl/externallinks/", "xl/activex/", "xl/embeddings/", "xl/macrosheets/", "customui/")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
_CELL, _ROW, _COLUMN, _MERGED, _VALUE, _INLINE = (
    f"{_MAIN}{tag}" for tag in ("c", "row", "col", "mergeCell", "v", "is")
)
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_CHUNK = 1 << 16
_SHOWN = 50


@contextmanager
def whole(name: str) -> Iterator[None]:
    """Whatever cannot be read inside a workbook means that it is damaged (E017).

    Why so broad: the libraries below answer damage with a dozen kinds of exceptions, whose texts, like those of their
    warnings, hold the contents of the cells.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except (FindingsError, MemoryError):
            raise
        except Exception:
            raise refuse("E017", "is damaged, or is not an .xlsx workbook despite its name", name) from None


def require_safe(path: Path, name: str, *, too_large: str = "save the table as CSV") -> None:
    """Refuse what is not safe to open (E017); `too_large` is what to do if it would unpack to too much."""
    with path.open("rb") as file, whole(name), zipfile.ZipFile(file) as package:
        _require_size(package, name, too_large)
        _require_plain(package, name)


def _require_size(package: zipfile.ZipFile, name: str, hint: str) -> None:
    parts = package.infolist()
    total = sum(part.file_size for part in parts)
    squeezed = any(
        part.file_size > _RATIO_FROM and part.file_size > _RATIO * max(part.compress_size, 1) for part in parts
    )
    strings = sum(part.file_size for part in parts if part.filename.casefold().endswith("sharedstrings.xml"))
    if len(parts) > _PARTS or total > _TOTAL or strings > _STRINGS or squeezed:
        raise refuse("E017", "would unpack to far more than its sheets can hold", name, hint=hint)


def _require_plain(package: zipfile.ZipFile, name: str) -> None:
    seen = set[str]()
    for part in package.infolist():
        spelled = part.filename.casefold()
        path = PurePosixPath(part.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or spelled in seen or part.flag_bits & 1:
            raise refuse("E017", "has parts that a workbook cannot have (encrypted, duplicate or outside)", name)
        if any(mark in spelled for mark in _FOREIGN):
            raise refuse("E017", "holds macros, embedded objects or links to other files", name)
        seen.add(spelled)
        if _declares_a_type(package, part):
            raise refuse("E017", "has a part with a DOCTYPE", name)


def _declares_a_type(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part has a DOCTYPE, whatever its ending and encoding; what is no XML has none."""
    seen: list[bool] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: seen.append(True)
    parser.StartElementHandler = lambda *_: seen.append(False)
    with package.open(part) as file, suppress(expat.ExpatError, LookupError, ValueError):
        while not seen and (chunk := file.read(_CHUNK)):
            parser.Parse(chunk)
        parser.Parse(b"", True)  # expat from 2.6 on holds a long token back until it is told that the input is over
    return bool(seen) and seen[0]


class Looks(NamedTuple):
    """What the looks of a sheet say: what it hides or merges, how a cell takes its words back, where it has notes."""

    findings: list[Finding]
    taken_back: dict[tuple[int, int], str]  # row from 1, column from 0 → how
    notes: frozenset[tuple[int, int]]


def looks_of(path: Path, part: str, sheet: str, name: str, width: int) -> Looks:
    """What a sheet hides among its first `width` columns and what it merges (E019), and what its cells look like.

    Raises:
        FindingsError: E017 where rows or cells occur twice or out of order: some would be lost without a word.
    """
    parser = expat.ParserCreate(None, " ")
    with path.open("rb") as opened, whole(name), zipfile.ZipFile(opened) as package, package.open(part) as file:
        marks = Marks(package)
        scan = _Scan(name, sheet, width, marks.styles, marks.texts)
        parser.StartElementHandler = scan.start
        if marks.texts or marks.is_rich(part):
            parser.StartElementHandler = scan.start_closely
            parser.CharacterDataHandler = scan.data
            parser.EndElementHandler = scan.end
        parser.ParseFile(file)
        notes = frozenset(spot for ref in marks.notes(part) if (spot := _spot(ref)))
    return Looks(scan.findings[:_SHOWN], scan.taken_back, notes)


class _Scan:
    """Goes through a sheet once, keeping only where it is."""

    def __init__(self, name: str, sheet: str, width: int, styles: dict[str, str], texts: dict[str, str]) -> None:
        self.name, self.sheet, self.width = name, sheet, width
        self.styles, self.texts = styles, texts
        self.taken_back: dict[tuple[int, int], str] = {}
        self.shared = False
        self.index: str | None = None  # of the shared text that is being read
        self.tree: etree.TreeBuilder | None = None  # of the inline text that is being read
        self.findings: list[Finding] = []
        self.row = self.column = 0
        self.hidden = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _CELL:
            self._cell(attributes.get("r"))
            if (style := attributes.get("s")) in self.styles:
                self._take_back(self.styles[style])
        elif tag == _ROW:
            self._row(attributes)
        elif tag == _COLUMN and _unseen(attributes, "width"):
            first = int(attributes.get("min", 1))
            if first <= self.width:
                self._find(f"{letters(first - 1)}1", "is in a hidden column", 1)
        elif tag == _MERGED:
            self._find(attributes.get("ref", ""), "is merged", 1)

    def start_closely(self, tag: str, attributes: dict[str, str]) -> None:
        """The same with a look at texts: those that are shared, and those in the sheet itself."""
        self.start(tag, attributes)
        if tag == _CELL:
            self.shared = attributes.get("t") == "s"
        elif tag == _VALUE and self.shared:
            self.index = ""
        elif tag == _INLINE:
            self.tree = etree.TreeBuilder()
        if self.tree is not None:
            self.tree.start(_clark(tag), {_clark(name): value for name, value in attributes.items()})

    def data(self, text: str) -> None:
        if self.tree is not None:
            self.tree.data(text)
        elif self.index is not None:
            self.index += text

    def end(self, tag: str) -> None:
        why = ""
        if self.tree is not None:
            self.tree.end(_clark(tag))
            if tag == _INLINE:
                why, self.tree = runs(self.tree.close()), None
        elif tag == _VALUE and self.index is not None:
            why, self.index = self.texts.get(self.index.strip(), ""), None
        if why:
            self._take_back(why)

    def _take_back(self, why: str) -> None:
        self.taken_back.setdefault((self.row, self.column - 1), why)

    def _row(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r", self.row + 1))
        if not self.row < number <= _ROWS:
            raise self._disorder(f"{number}")
        self.row, self.column, self.hidden = number, 0, _unseen(attributes, "ht")

    def _cell(self, address: str | None) -> None:
        if self.hidden:
            self._find(f"{self.row}", "is hidden", self.row)
            self.hidden = False
        if address is None:
            column = self.column + 1
        else:
            word = address.rstrip("0123456789")
            column = _column(word)
            if address[len(word) :] != f"{self.row}":
                raise self._disorder(f"{self.row}")
        if not self.column < column <= _COLUMNS:
            raise self._disorder(f"{letters(column - 1)}{self.row}")
        self.column = column

    def _disorder(self, cell: str) -> FindingsError:
        place = Place(self.name, self.row, 0, f"{self.sheet}!{cell}")
        hint = "open it in a spreadsheet and save it again"
        return refuse("E017", "appears twice in the file, or out of order", place, hint=hint)

    def _find(self, cell: str, message: str, number: int) -> None:
        if len(self.findings) < _SHOWN:
            place = Place(self.name, number, 0, f"{self.sheet}!{cell}")
            self.findings.append(Finding("E019", place, "", message))


def _unseen(attributes: dict[str, str], size: str) -> bool:
    """Whether a row or column is hidden, or so narrow that nothing of it is seen."""
    return attributes.get("hidden") in ("1", "true") or float(attributes.get(size, 1)) == 0


def _clark(tag: str) -> str:
    """A name as trees have it, `{namespace}name`."""
    return "{" + tag.replace(" ", "}") if " " in tag else tag


def _spot(address: str) -> tuple[int, int] | None:
    """Row from 1 and column from 0 of an address; None for what is none."""
    found = _ADDRESS.fullmatch(address)
    return (int(found[2]), _column(found[1]) - 1) if found else None


@lru_cache(maxsize=1024)
def _column(word: str) -> int:
    """A is 1; the reverse of `letters`."""
    number = 0
    for letter in word:
        if not "A" <= letter <= "Z":
            raise ValueError("no column")
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
