"""The mapping of a table's own headings and words to those of the case: `--columns MAPPING.yaml`.

    protocol: ID                        # for rows without a protocol of their own
    columns:
      Accession No.: accession          # a heading of the table → a path
      Deep margin: {to: margins.deep, values: {POS: involved, NEG: uninvolved, ND: ""}}
      Size (cm): {to: size, unit: cm}   # for cells that hold a bare number
      DOB: {to: patient.birth_date, date: MM/DD/YYYY}
      MF: {to: mitoses, per: 10 HPF}
      MRN: {to: patient.mrn, digits: 7}             # or pattern: X99-99999
      Old column: {to: reported, optional: yes}
    ignore: [Billing code]
    constants: {laboratory.name: …}     # for the head of every case, never for the patient
    values: {POS: positive}             # words of all columns that have none of their own
    decimal_comma: no
    list_separator: "|"

Here the shape is read. Whether the paths and answers exist is asked when a table is bound
(`reportgen.tables.bind_headings`).
A word that is mapped to "" means that nothing was entered.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from reportgen.cases.days import DatePattern, date_pattern
from reportgen.cases.identifiers import mask
from reportgen.findings import Finding, FindingsError, Place, did_you_mean, one_of
from reportgen.reading.readers import read_file
from reportgen.reading.source import Entry, Items, Mapping, Node, Text, is_empty
from reportgen.tables.case_to_rows import SEPARATOR

_TOP = ("protocol", "columns", "ignore", "constants", "values", "decimal_comma", "list_separator")
_COLUMN = ("to", "values", "unit", "per", "date", "digits", "pattern", "optional")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the table and the answer it stands for; an empty answer means that nothing was entered."""

    word: str
    answer: str
    place: Place

    @property
    def folded(self) -> str:
        """The word as cells are compared with it: capitals tell nothing apart."""
        return self.word.casefold()


@dataclass(frozen=True, slots=True)
class Column:
    """What becomes of one column of the table; `place` is where the mapping says so."""

    heading: str
    path: str
    place: Place
    words: tuple[Word, ...] = ()
    unit: str = ""
    per: str = ""
    date: DatePattern | None = None
    form: re.Pattern[str] | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Constant:
    """A text that the head of every case takes, since no column gives it."""

    path: str
    text: Text


@dataclass(frozen=True, slots=True)
class Columns:
    """A mapping as read; the default is that of a table without one."""

    is_given: bool = False  # whether there is a mapping
    protocol: Text | None = None
    columns: dict[str, Column] = field(default_factory=dict)  # by heading, in the order of the file
    ignore: frozenset[str] = frozenset()
    constants: tuple[Constant, ...] = ()
    words: tuple[Word, ...] = ()
    decimal_comma: bool = False
    list_separator: str = SEPARATOR


def load_columns(path: Path) -> Columns:
    """Read a mapping from a YAML or JSON file.

    Raises:
        FindingsError: E00x where the file cannot be read; E114 for all that is wrong with its shape.
    """
    return columns_from(read_file(path))


def columns_from(source: Mapping) -> Columns:
    """The mapping that a source says; raises as `load_columns` does."""
    return _MappingReader(source).columns()


def squeezed(text: str) -> str:
    """Without space at its ends, and with single spaces."""
    return " ".join(text.split())


class _MappingReader:
    """One pass over one mapping; collects what is wrong with it."""

    def __init__(self, source: Mapping) -> None:
        self.source = source
        self.findings: list[Finding] = []

    def find(self, place: Place, path: str, message: str, hint: str = "") -> None:
        self.findings.append(Finding("E114", place, path, message, hint))

    def columns(self) -> Columns:
        self._keys(self.source, _TOP, "")
        protocol = self.source.get("protocol")
        if protocol is not None and not self._text(protocol, "protocol"):
            protocol = None
        columns = {column.heading: column for column in self._columns()}
        made = Columns(
            is_given=True,
            protocol=protocol if isinstance(protocol, Text) else None,
            columns=columns,
            ignore=frozenset(self._ignored(columns)),
            constants=tuple(self._constants()),
            words=tuple(self._words(self.source.get("values"), "values")),
            decimal_comma=self._yes(self.source.get("decimal_comma"), "decimal_comma"),
            list_separator=self._separator(self.source.get("list_separator")),
        )
        if self.findings:
            raise FindingsError(self.findings)
        return made

    def _keys(self, node: Mapping, known: tuple[str, ...], path: str) -> None:
        for entry in node:
            if entry.key not in known:
                hint = did_you_mean(entry.key, known, otherwise=one_of(known))
                self.find(entry.place, f"{path}.{entry.key}".lstrip("."), "is not known here", hint)

    def _text(self, node: Node, path: str) -> str:
        """The text of a node; "" (and a finding) where it is none."""
        if isinstance(node, Text) and not is_empty(node):
            return squeezed(node.text)
        self.find(node.place, path, "must be a text that is not empty")
        return ""

    def _optional(self, node: Mapping, key: str, path: str) -> str:
        """The text under a key; "" where the key is not there."""
        value = node.get(key)
        return "" if value is None else self._text(value, f"{path}.{key}")

    def _entries(self, node: Node | None, path: str) -> Iterable[Entry]:
        """The entries of a mapping; none where nothing was entered."""
        if isinstance(node, Mapping):
            return node.entries
        if node is not None and not is_empty(node):
            self.find(node.place, path, "must have entries of its own")
        return ()

    def _columns(self) -> Iterator[Column]:
        seen: set[str] = set()
        for entry in self._entries(self.source.get("columns"), "columns"):
            heading = squeezed(entry.key)
            path = f"columns.{heading}"
            if heading in seen:
                self.find(entry.place, path, "is mapped twice")
            seen.add(heading)
            if isinstance(entry.value, Mapping):
                if column := self._column(heading, entry.value, entry.place, path):
                    yield column
            elif to := self._text(entry.value, path):
                yield Column(heading, to, entry.value.place)

    def _column(self, heading: str, node: Mapping, place: Place, path: str) -> Column | None:
        self._keys(node, _COLUMN, path)
        to = node.get("to")
        if to is None:
            self.find(place, path, "does not say where its cells go", "add to: with a path")
            return None
        return Column(
            heading=heading,
            path=self._text(to, f"{path}.to"),
            place=to.place,
            words=tuple(self._words(node.get("values"), f"{path}.values")),
            unit=self._optional(node, "unit", path).replace("mm2", "mm²"),
            per=self._optional(node, "per", path).replace("mm2", "mm²"),
            date=self._date(node.get("date"), f"{path}.date"),
            form=self._form(node, path),
            optional=self._yes(node.get("optional"), f"{path}.optional"),
        )

    def _words(self, node: Node | None, path: str) -> Iterator[Word]:
        seen: dict[str, str] = {}
        for entry in self._entries(node, path):
            word, value = squeezed(entry.key), entry.value
            if not isinstance(value, Text) or value.empty:
                self.find(entry.place, f"{path}.{word}", "has no answer", 'write "" where it means: not entered')
                continue
            folded = word.casefold()
            if not folded:
                self.find(entry.place, path, "an empty cell is never an answer", "remove the empty word")
            elif folded in seen:
                self.find(entry.place, f"{path}.{word}", f'is the same word as "{seen[folded]}"', "keep one of them")
            else:
                seen[folded] = word
                yield Word(word, squeezed(value.text), value.place)

    def _ignored(self, mapped: Container[str]) -> Iterator[str]:
        node = self.source.get("ignore")
        if node is not None and not isinstance(node, Items) and not is_empty(node):
            self.find(node.place, "ignore", "must be a list of headings", "write [Heading, …]")
        for item in node.items if isinstance(node, Items) else ():
            heading = self._text(item, "ignore")
            if heading in mapped:
                self.find(item.place, f"ignore.{heading}", "is mapped under columns too", "keep one of the two")
            yield heading

    def _constants(self) -> Iterator[Constant]:
        for entry in self._entries(self.source.get("constants"), "constants"):
            if self._text(entry.value, f"constants.{entry.key}") and isinstance(entry.value, Text):
                yield Constant(squeezed(entry.key), entry.value)

    def _yes(self, node: Node | None, path: str) -> bool:
        if node is None:
            return False
        said = node.text.strip().lower() if isinstance(node, Text) else ""
        if said not in ("yes", "true", "no", "false"):
            self.find(node.place, path, "is neither yes nor no")
        return said in ("yes", "true")

    def _separator(self, node: Node | None) -> str:
        if node is None:
            return SEPARATOR
        said = node.text.strip() if isinstance(node, Text) else ""
        if len(said) != 1 or said.isalnum() or said in "().-'\"":
            self.find(node.place, "list_separator", "is one sign that no answer holds", 'for example "|" or ";"')
        return said

    def _form(self, node: Mapping, path: str) -> re.Pattern[str] | None:
        """The form that every cell of the column has, so that zeros that were lost show."""
        digits, pattern = node.get("digits"), node.get("pattern")
        if digits is not None and pattern is not None:
            self.find(pattern.place, f"{path}.pattern", "is next to a digit", "keep one of the two")
        elif digits is not None:
            said = self._text(digits, f"{path}.digits")
            if re.fullmatch(r"[1-9][0-9]?", said):
                return mask("9" * int(said))
            self.find(digits.place, f"{path}.digits", "is how many digits there are", "for example digits: 7")
        elif pattern is not None and (said := self._text(pattern, f"{path}.pattern")):
            return mask(said)
        return None

    def _date(self, node: Node | None, path: str) -> DatePattern | None:
        if node is None:
            return None
        said = self._text(node, path)
        made = date_pattern(said) if said else None
        if isinstance(made, str):
            self.find(node.place, path, made, "write it as MM/DD/YYYY, D.M.YYYY, DD-MMM-YYYY …")
            return None
        return made
