"""A workbook before it is opened: no bomb, no macro, nothing from outside; which sheets it has and what they hide.

Source: threats 13 to 15 of the project's threat list.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from reportgen.findings import Finding, Place, refuse
from reportgen.reading.table import letters

_TOTAL = 500_000_000  # bytes when unpacked: some 200,000 rows of 45 columns
_STRINGS = 100_000_000  # bytes of the texts, which are held in memory
_RATIO, _RATIO_FROM = 100, 1_000_000
_PARTS = 500
_FOREIGN = ("vbaproject", "xl/externallinks/", "xl/activex/", "xl/embeddings/", "xl/macrosheets/", "customui/")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_SHOWN = 50


@dataclass(frozen=True)
class Sheet:
    """A visible sheet: its name and its part of the package."""

    name: str
    part: str


def require_safe(path: Path, name: str) -> list[Sheet]:
    """Refuse what is not safe to open (E017); returns the visible sheets in their order."""
    try:
        with zipfile.ZipFile(path) as package:
            _require_size(package, name)
            _require_plain(package, name)
            return list(_sheets(package, name))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, KeyError, ElementTree.ParseError):
        raise refuse("E017", "is no .xlsx workbook, whatever its name says", name) from None


def _require_size(package: zipfile.ZipFile, name: str) -> None:
    parts = package.infolist()
    total = sum(part.file_size for part in parts)
    squeezed = any(
        part.file_size > _RATIO_FROM and part.file_size > _RATIO * max(part.compress_size, 1) for part in parts
    )
    strings = sum(part.file_size for part in parts if part.filename.casefold().endswith("sharedstrings.xml"))
    if len(parts) > _PARTS or total > _TOTAL or strings > _STRINGS or squeezed:
        raise refuse("E017", "would unpack to far more than a table holds", name, hint="save the table as CSV")


def _require_plain(package: zipfile.ZipFile, name: str) -> None:
    seen = set[str]()
    for part in package.infolist():
        spelled = part.filename.casefold()
        path = PurePosixPath(part.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or spelled in seen or part.flag_bits & 1:
            raise refuse("E017", "has parts that no workbook has (encrypted, twice or outside)", name)
        if any(mark in spelled for mark in _FOREIGN):
            raise refuse("E017", "holds macros, embedded objects or links to other files", name)
        seen.add(spelled)
        if spelled.endswith((".xml", ".rels")):
            with package.open(part) as file:
                head = file.read(4096)
            if b"<!DOCTYPE" in head.replace(b"\0", b""):
                raise refuse("E017", "has a part with a DOCTYPE", name)


def _sheets(package: zipfile.ZipFile, name: str) -> Iterator[Sheet]:
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - no DOCTYPE in it
    targets = {each.get("Id"): each.get("Target", "") for each in relations.iter(_PACKAGE)}
    book = ElementTree.fromstring(package.read("xl/workbook.xml"))  # noqa: S314 - no DOCTYPE in it
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_RELATION), "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if sheet.get("state", "visible") == "visible" and "worksheets/" in part:
            yield Sheet(sheet.get("name", ""), part)


def hidden_or_merged(path: Path, sheet: Sheet, name: str, width: int) -> list[Finding]:
    """What a sheet hides or merges among its first `width` columns (E019)."""
    found: list[tuple[str, str, int]] = []
    with zipfile.ZipFile(path) as package, package.open(sheet.part) as file:
        root: ElementTree.Element | None = None
        number = 0
        for event, element in ElementTree.iterparse(file, ("start", "end")):  # noqa: S314 - no DOCTYPE in it
            root = element if root is None else root
            if event == "start":
                continue
            if element.tag == f"{_MAIN}row":
                number = int(element.get("r", number + 1))
                if _true(element.get("hidden")) and len(element):
                    found.append((str(number), "is hidden", number))
                element.clear()
                if len(root) > 4:  # the rows themselves, which are children of the sheet's data
                    _clear_rows(root)
            elif element.tag == f"{_MAIN}col" and _true(element.get("hidden")):
                first = int(element.get("min", 1))
                if first <= width:
                    found.append((f"{letters(first - 1)}1", "stands in a hidden column", 1))
            elif element.tag == f"{_MAIN}mergeCell":
                found.append((element.get("ref", ""), "is merged", 1))
    return [
        Finding("E019", Place(name, number, 0, f"{sheet.name}!{cell}"), "", message)
        for cell, message, number in found[:_SHOWN]
    ]


def _clear_rows(root: ElementTree.Element) -> None:
    for data in root.iter(f"{_MAIN}sheetData"):
        data.clear()
        return


def _true(text: str | None) -> bool:
    return text in ("1", "true")
