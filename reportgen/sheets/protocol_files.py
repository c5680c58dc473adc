"""A protocol to its workbook, and a workbook to the files of a protocol, which must be in order."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from os.path import lexists
from pathlib import Path
from typing import NamedTuple

from reportgen.findings import Finding, FindingsError, Place, refuse
from reportgen.laboratory.model import File, Laboratory
from reportgen.laboratory.own_files import read_own
from reportgen.laboratory.own_protocols import FILES, FOLDER, SCENARIOS, schema_line
from reportgen.laboratory.starter import protocol_starter, with_protocol
from reportgen.protocols.files import own_files
from reportgen.protocols.load import load_protocol, require_known
from reportgen.reading.readers import SIZE_LIMIT, read_content
from reportgen.reading.source import Entry, Items, Mapping, Node, Text, plain
from reportgen.reading.yaml_writing import written
from reportgen.scenarios.read import read_scenarios
from reportgen.sheets.kinds import SHEETS
from reportgen.sheets.lines import Files, Line, lines_of
from reportgen.sheets.read import read_workbook
from reportgen.sheets.tree import Given, Tree
from reportgen.sheets.write import workbook

_NAMES = {"protocol": FILES[0], "wording": FILES[1], "scenarios": SCENARIOS}
_COMMENT = re.compile(rb"^ *#(?! yaml-language-server:)|  *# (?!yaml-language-server:)", re.MULTILINE)
_EXAMPLE, _TITLE = "example", "Example diagnosis"


class FromWorkbook(NamedTuple):
    """The files that a workbook makes, by their paths, and what it warns of."""

    contents: dict[Path, bytes]
    warnings: list[Finding]


def to_workbook(id: str, laboratory: Laboratory | None) -> tuple[bytes, list[Finding]]:
    """The workbook of a protocol as its files say it, in order or not; and what of them it does not keep.

    Raises:
        FindingsError: E110 for an unknown id; E0xx for files that cannot be read; T401 for what fits in no cell.
    """
    require_known(id, laboratory)
    files = [*own_files(id, laboratory)]
    if laboratory is not None and id in laboratory.own_protocols:
        folder = files[0].path.parent
        if lexists(folder / SCENARIOS):
            place = Place(str(folder / SCENARIOS))
            files.append(read_own(folder.parent.parent, f"{FOLDER}/{id}/{SCENARIOS}", "protocol", place, SCENARIOS))
    hint = "keep a copy of the file"
    lost = [
        Finding("W355", Place(file.shown), "", "has comments, which its workbook does not keep", hint)
        for file in files
        if _COMMENT.search(file.data)
    ]
    return workbook(_said(files)), lost


def example_workbook() -> bytes:
    """The workbook of a small protocol to begin with."""
    made = protocol_starter(_EXAMPLE, _TITLE, Path())
    return workbook(_said(File(str(path), path, data) for path, data in made.items()))


def _said(files: Iterator[File] | list[File]) -> Files:
    """What files say; raises T401 where a workbook would not say the same."""
    said: Files = {}
    for file in files:
        name = next(key for key, name in _NAMES.items() if name == file.path.name)
        value = plain(read_content(file.data, file.shown))
        if isinstance(value, dict) and value:
            said[name] = value
        shown = file.shown
    try:
        same = in_order(said) == said
    except ValueError:
        same = False
    if not same:
        hint = "shorten its longest texts, and give every entry the shape that docs/protocols.md shows"
        raise refuse("T401", "holds something that a workbook cannot keep", shown, hint=hint)
    return said


def in_order(files: Files) -> Files:
    """The same with the keys in the order in which a workbook gives them back."""
    tree = Tree("")
    lines = lines_of(files)
    for plan in SHEETS:
        tree.add(plan, [_given(line, tuple(plan.columns)) for line in lines[plan.name]])
    if tree.findings:
        raise ValueError(tree.findings[0].message)
    return {name: value for name, node in tree.files().items() if isinstance(value := plain(node), dict)}


def _given(line: Line, columns: tuple[str, ...]) -> Given:
    cells = {
        "depth": str(line.depth),
        "what": line.kind.what,
        **{key: text for key, text in line.cells.items() if text},
    }
    return Given(Place(), cells, dict.fromkeys(columns, Place()))


def formatted(files: Files) -> dict[str, bytes]:
    """File name → content, in the one form in which the program writes protocols; raises `ValueError`."""
    return _as_bytes(in_order(files))


def _as_bytes(files: Files) -> dict[str, bytes]:
    made = {}
    for name, data in files.items():
        text = written(data, of_cases=name == "scenarios")
        made[_NAMES[name]] = (schema_line(_NAMES[name]) + text).encode()
    return made


def from_workbook(path: Path, laboratory: Laboratory, id: str = "") -> FromWorkbook:
    """The files of the protocol that a workbook holds, in a laboratory's own profile.

    Args:
        path: the workbook.
        laboratory: the profile.
        id: the id that the protocol gets; "" for the one that the workbook gives it.

    Raises:
        FindingsError: everything that is wrong with the workbook and with its protocol, by sheet and cell; E501 for a
            file of the protocol for which the workbook has nothing.
    """
    nodes, warnings = read_workbook(path)
    nodes["protocol"], id = _with_id(nodes["protocol"], id)
    if "scenarios" in nodes:
        nodes["scenarios"] = _with_case_of(nodes["scenarios"], id)
    files: Files = {name: value for name, node in nodes.items() if isinstance(value := plain(node), dict)}
    folder = laboratory.own.folder / FOLDER / id
    contents = {folder / name: data for name, data in _as_bytes(files).items()}
    cells = _Cells(folder, nodes, contents)
    try:
        if "scenarios" in nodes:
            read_scenarios(nodes["scenarios"], lambda _, place: Mapping((), place))
        load_protocol(id, with_protocol(laboratory, id, contents))
    except FindingsError as error:
        raise FindingsError(cells.moved(finding) for finding in error.findings) from None
    for name in _NAMES.values():
        if folder / name not in contents and lexists(folder / name):
            hint = "delete the file, or fill in its sheet"
            raise refuse("E501", "exists, and the workbook has nothing for it", str(folder / name), hint=hint)
    return FromWorkbook(contents, warnings)


def _with_id(protocol: Mapping, id: str) -> tuple[Mapping, str]:
    given = protocol.get("id")
    if not isinstance(given, Text) or not given.text:
        raise refuse("T401", "has no id", protocol.place, hint="write a short name, for example basal")
    if not id:
        return protocol, given.text
    return _replaced(protocol, "id", given._replace(text=id)), id


def _with_case_of(scenarios: Mapping, id: str) -> Mapping:
    """The scenarios with their case as one of the protocol of this id."""
    case = scenarios.get("case")
    named = case.get("protocol") if isinstance(case, Mapping) else None
    if not isinstance(case, Mapping) or not isinstance(named, Text):
        return scenarios
    return _replaced(scenarios, "case", _replaced(case, "protocol", named._replace(text=id)))


def _replaced(mapping: Mapping, key: str, node: Node) -> Mapping:
    entries = (entry._replace(value=node) if entry.key == key else entry for entry in mapping)
    return Mapping(tuple(entries), mapping.place)


class _Cells:
    """The cell of each place in the files that a workbook makes."""

    def __init__(self, folder: Path, nodes: dict[str, Mapping], contents: dict[Path, bytes]) -> None:
        self.folder = str(folder)
        self.top = nodes["protocol"].place_of("id")
        self.cells: dict[str, list[tuple[int, int, Place]]] = {}
        for name, node in nodes.items():
            shown = str(folder / _NAMES[name])
            data = contents[folder / _NAMES[name]]
            if len(data) > SIZE_LIMIT:
                raise refuse("E008", "holds more than a protocol may have", self.top, hint="shorten its texts")
            try:
                read = read_content(data, shown)
            except FindingsError as error:  # deeper than files may be, by what is under `more`
                raise FindingsError(replace(each, place=self.top) for each in error.findings) from None
            pairs = _pairs(read, node)
            self.cells[shown] = sorted((file.line, file.column, cell) for file, cell in pairs)
        self.named = re.compile(rf"({'|'.join(map(re.escape, self.cells))}):([0-9]+):([0-9]+)")

    def moved(self, finding: Finding) -> Finding:
        """A finding in a file as one in the workbook."""
        message = self.named.sub(lambda each: str(self.cell(each[1], int(each[2]), int(each[3]))), finding.message)
        place = finding.place
        if place.file in self.cells or place.file == self.folder:
            place = self.cell(place.file, place.line, place.column)
        return replace(finding, place=place, message=message)

    def cell(self, file: str, line: int, column: int) -> Place:
        """The cell of what is at a place of a file, or begins before it."""
        places = self.cells.get(file, [])
        at = bisect_right(places, (line, column), key=lambda each: each[:2])
        return places[at - 1][2] if at and line else self.top


def _pairs(file: Node, cell: Node) -> Iterator[tuple[Place, Place]]:
    """The places of two trees that say the same."""
    if isinstance(file, Mapping) and isinstance(cell, Mapping):
        for one, two in zip(file, cell, strict=True):
            yield one.place, two.place
            yield from _entry_pairs(one, two)
    elif isinstance(file, Items) and isinstance(cell, Items):
        for item, other in zip(file.items, cell.items, strict=True):
            yield item.place, other.place
            yield from _pairs(item, other)


def _entry_pairs(one: Entry, two: Entry) -> Iterator[tuple[Place, Place]]:
    yield one.value.place, two.value.place
    yield from _pairs(one.value, two.value)
