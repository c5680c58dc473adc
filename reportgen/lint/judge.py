"""The rules of the synoptic format, each as a statement that a report keeps or breaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reportgen.findings import Finding, Place
from reportgen.lint.entries import Entry, Kind, entries
from reportgen.lint.read import read_rows
from reportgen.lint.required import Required
from reportgen.lint.rows import Row

_SYNOPSIS = re.compile(r"synop|checklist|cancer (?:case )?summary|case summary|data elements", re.IGNORECASE)
_SECTION = re.compile(
    r"(?:final |clinical |pathologic )*(?:diagnos[ie]s|comments?|notes?|microscop\w*|gross|macroscop\w*"
    r"|histor\w*|information|data|immuno\w*|special stains?|ancillary|addend\w*|amend\w*|signature|signed|electronic\w*"
    r"|attest\w*|coding|codes|intraoperative|frozen|references?|disclaimer|report)\b",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"patient|name|mrn|medical record|accession|case (?:no|number|id)|date|birth|dob|age|sex|gender|collected|received"
    r"|reported|submitt\w+|physician|clinician|pathologist|surgeon|copies|phone|fax|account|page",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"[_*.?…\s\[\]()]*")


@dataclass
class Section:
    """A stretch of a report under one heading, or before the first."""

    title: str
    entries: list[Entry] = field(default_factory=list)

    @property
    def pairs(self) -> list[Entry]:
        """Its pairs, without those that identify the patient and the case."""
        return list(filter(is_pair, self.entries))


def is_pair(entry: Entry) -> bool:
    """Whether an entry is a pair of the synopsis: one that identifies the patient or the case is not."""
    return entry.kind is Kind.pair and not _HEAD.match(entry.label)


def lint(path: Path, needed: Sequence[Required] = ()) -> list[Finding]:
    """What of the synoptic format a report breaks, in its order; `needed` are the pairs that it must have.

    Raises:
        FindingsError: as `read_rows`, for a file that cannot be read as a report.
    """
    return judged(read_rows(path), str(path), needed)


def judged(rows: Iterable[Row], name: str, needed: Sequence[Required] = ()) -> list[Finding]:
    """What of the synoptic format the rows of a report break; findings call the report `name`."""
    every = entries(rows, lambda text: any(each.names.fullmatch(text) for each in needed))
    sections = list(_sections(every))
    synopsis = _synopsis(sections, needed)
    if not any(section.pairs for section in synopsis):
        none = Finding("L701", Place(name), "", "has no synopsis: no row has an element and its response")
        return [none, *filter(None, (_in_prose(each, every) for each in needed))]
    found = [finding for section in synopsis for finding in _form(section)]
    found += [*_apart(sections, synopsis, needed), *_absent(every, synopsis, needed, name)]
    order = {entry.place: at for at, entry in reversed(list(enumerate(every)))}
    return sorted(found, key=lambda each: order[each.place])


def _sections(every: list[Entry]) -> Iterator[Section]:
    """The report by its headings; one that heads pairs within a synopsis does not end it."""
    section = Section("")
    for at, entry in enumerate(every):
        if entry.kind is Kind.heading and not _is_inside(section, entry, every[at + 1 : at + 2]):
            yield section
            section = Section(entry.text)
        else:
            section.entries.append(entry)
    yield section


def _is_inside(section: Section, heading: Entry, below: list[Entry]) -> bool:
    heads_pairs = any(each.kind is Kind.pair for each in below)
    named = _SECTION.match(heading.text) or _SYNOPSIS.search(heading.text)
    return bool(_SYNOPSIS.search(section.title)) and heads_pairs and not named


def _synopsis(sections: list[Section], needed: Sequence[Required]) -> list[Section]:
    """The sections that are the synopsis: by their headings, by the elements that they answer, or by their pairs."""
    titled = [section for section in sections if _SYNOPSIS.search(section.title)]
    if any(section.pairs for section in titled):
        return titled
    most = max(sections, key=lambda section: (_answered(section.pairs, needed), len(section.pairs)))
    return [most]


def _answered(pairs: list[Entry], needed: Sequence[Required]) -> int:
    """How many of the required elements have a pair."""
    return sum(any(each.is_label(pair.label) for pair in pairs) for each in needed)


def _form(section: Section) -> Iterator[Finding]:
    """L702 for two pairs on a line, L703 for a pair without a response, L704 for prose between pairs."""
    begun = interrupted = False  # whether the part has a pair, and prose behind it
    crowded = set[Place]()
    for entry in section.entries:
        if entry.kind in (Kind.part, Kind.heading):
            begun = interrupted = False
        elif entry.kind is Kind.prose:
            interrupted = begun
        elif is_pair(entry):
            if interrupted:
                yield _finding("L704", entry, "a pair comes behind prose, apart from the pairs before it")
            if entry.crowded and entry.place not in crowded:
                yield _finding("L702", entry, "two pairs are on one line")
                crowded.add(entry.place)
            if entry.label and _NOTHING.fullmatch(entry.text):
                yield _finding("L703", entry, "a label has no response")
            begun, interrupted = True, False


def _apart(sections: list[Section], synopsis: list[Section], needed: Sequence[Required]) -> Iterator[Finding]:
    """L704 for a required pair that is in another section, and not in the synopsis."""
    inside = [pair.label for section in synopsis for pair in section.pairs]
    for each in needed:
        if not any(map(each.is_label, inside)):
            others = (pair for section in sections if section not in synopsis for pair in section.pairs)
            if pair := next((pair for pair in others if each.is_label(pair.label)), None):
                yield Finding("L704", pair.place, each.path, f'"{each.name}" is apart from the other pairs')


def _absent(every: list[Entry], synopsis: list[Section], needed: Sequence[Required], name: str) -> Iterator[Finding]:
    """L705 and L706 for required elements without a pair: named in prose alone, or not at all."""
    labels = [entry.label for entry in every if entry.kind is Kind.pair]
    blocks = _blocks(synopsis, needed)
    for block in blocks:
        own = [pair.label for pair in block]
        for each in needed:
            is_anywhere = any(map(each.is_label, labels))
            if not any(map(each.is_label, own)) and (len(blocks) > 1 or not is_anywhere):
                message = f'the synopsis that begins here has no pair for "{each.name}"'
                missing = Finding("L706", block[0].place, each.path, message)
                yield (None if is_anywhere else _in_prose(each, every)) or missing


def _in_prose(each: Required, every: list[Entry]) -> Finding | None:
    """L705 where an element is named in prose."""
    prose = (entry for entry in every if entry.kind is Kind.prose and each.names.search(entry.text))
    if entry := next(prose, None):
        return _finding("L705", entry, f'"{each.name}" is in a sentence and has no pair', each.path)
    return None


def _blocks(synopsis: list[Section], needed: Sequence[Required]) -> list[list[Entry]]:
    """The pairs of each part that answer at least half of what is required; where none do, those of the fullest."""
    counted = [(_answered(block, needed), block) for section in synopsis for block in _by_part(section)]
    full = [block for number, block in counted if 2 * number >= len(needed)]
    return full or [max(counted, key=lambda each: each[0])[1]]


def _by_part(section: Section) -> Iterator[list[Entry]]:
    block: list[Entry] = []
    for entry in section.entries:
        if entry.kind is Kind.part and block:
            yield block
            block = []
        elif is_pair(entry):
            block.append(entry)
    if block:
        yield block


def _finding(code: str, entry: Entry, message: str, path: str = "") -> Finding:
    return Finding(code, entry.place, path, message, value=entry.label)
