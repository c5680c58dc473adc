"""A mapping proposed for a table by its headings: what is certain is written, what is doubtful is a comment.

The laboratory decides: a heading that is not certain stays unmapped, so that the table is refused until someone has
looked at it; a word that the protocol does not know is listed with a question mark and never with an answer.
"""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from reportgen.protocols.compiled import CompiledForm
from reportgen.protocols.elements import ChoiceElement, CountElement, DateElement, QuantityElement
from reportgen.protocols.slots import Slot
from reportgen.tables.case_to_rows import SEPARATOR
from reportgen.tables.cells import is_answer
from reportgen.tables.headings import HeadingRole, Headings, Target
from reportgen.tables.mapping import squeezed
from reportgen.tables.table import Row

_MOST_WORDS, _LONGEST_WORD = 12, 40
_NEAR = 0.85
_BARE = re.compile(r"[<>=≤≥~]*\s*[0-9]+(?:\.[0-9]+)?(?:\s*[x×]\s*[0-9]+(?:\.[0-9]+)?)*")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_IN_BRACKETS = re.compile(r"(.*\S)\s*[(\[](.+)[)\]]")
_USUAL = {
    "accession": "accession no|acc no|acc|accession number|accession #|case|case no|case number|case id",
    "patient.name": "patient name|name of patient|patient legal name",
    "patient.mrn": "mrn|medical record no|patient id",
    "patient.birth_date": "dob|birth date|birthdate|pt dob|patient dob",
    "patient.sex": "patient sex|gender|legal sex",
    "collected": "collection date|date collected|coll date",
    "received": "received date|date received",
    "submitted_by": "submitting physician|submitting clinician|referring physician|authorizing provider",
    "label": "part|part label|specimen|specimen label",
    "protocol": "template",
    "received_as": "specimen description|container label|specimen source",
}  # what exports call the head of a case


@dataclass(frozen=True, slots=True)
class Match:
    """What a heading may stand for; certain where it is one path, and by its very words."""

    paths: tuple[str, ...] = ()
    how: str = ""
    certain: bool = False
    unit: str = ""


@dataclass
class _Seen:
    """What the cells of a column hold, as far as it matters for a mapping."""

    unknown: dict[str, None] = field(default_factory=dict)
    many: bool = False
    bare: bool = False
    other_days: bool = False


class Proposer:
    """Matches headings to the paths of a header and its protocols."""

    def __init__(self, headings: Headings) -> None:
        self.headings = headings
        self.names: dict[str, dict[str, str]] = {}  # folded name → path → what kind of name it is
        for form, target in headings.columns():
            for name, how in _names(form, target):
                self.names.setdefault(_folded(name), {}).setdefault(target.path, how)
        for path, usual in _USUAL.items():
            for name in usual.split("|"):
                self.names.setdefault(_folded(name), {}).setdefault(path, "a usual name of it")

    def match(self, heading: str) -> Match:
        """What a heading stands for, or may."""
        if self.headings.known(heading):
            return Match((heading,), "the path itself", certain=True)
        if found := self.names.get(_folded(heading)):
            how = next(iter(found.values())) if len(found) == 1 else "several have this name"
            return Match(tuple(found), how, certain=len(found) == 1)
        return self._with_unit(heading) or self._near(heading)

    def _with_unit(self, heading: str) -> Match | None:
        """`Size (cm)`: a heading that ends with a unit of its element."""
        parts = _IN_BRACKETS.fullmatch(heading)
        found = self.names.get(_folded(parts[1])) if parts else None
        if not parts or not found or len(found) != 1:
            return None
        path, how = next(iter(found.items()))
        takes = any(
            isinstance(target.element, QuantityElement) and target.element.factor(parts[2]) is not None
            for target in self.headings.targets(path).values()
        )
        return Match((path,), how, certain=takes, unit=parts[2] if takes else "")

    def _near(self, heading: str) -> Match:
        near = difflib.get_close_matches(_folded(heading), self.names, n=2, cutoff=_NEAR)
        paths = dict.fromkeys(path for name in near for path in self.names[name])
        return Match(tuple(paths), "like a name of it" if paths else "")

    def known(self, heading: str) -> bool:
        """Whether a heading says anything, so that a row of such is the heading of a table."""
        return bool(self.match(squeezed(heading)).paths)


def propose(proposer: Proposer, header: Sequence[str], rows: Iterable[Row], protocol: str = "") -> str:
    """The text of a mapping for a table; of its rows nothing is kept but words for the answers of lists.

    The protocol is that of rows that name none; "" leaves it open.
    """
    headings = [squeezed(heading) for heading in header]
    matches = [proposer.match(heading) if heading else Match() for heading in headings]
    _only_once(matches)
    targets = [_target(proposer, match) for match in matches]
    seen = _look(rows, targets)
    lines = [
        "# Proposed by the headings alone: check every line. What is uncertain is commented out with #;",
        "# a table with unmapped headings is refused until each of them is mapped, or listed under ignore.",
        f"protocol: {protocol}" if protocol else "# protocol: ?  # for rows that name none",
        "columns:",
    ]
    for heading, match, target, cells in zip(headings, matches, targets, seen, strict=True):
        if heading and match.paths:
            lines += _line(heading, match)
            lines += _remarks(match, target, cells)
    lines.append("# unmapped:")
    lines += [f"#   - {_quoted(heading)}" for heading, match in zip(headings, matches, strict=True) if not match.paths]
    lines.append("ignore: []")
    return "\n".join(lines) + "\n"


def _only_once(matches: list[Match]) -> None:
    """Two headings for one path are both doubtful."""
    certain = [match.paths for match in matches if match.certain]
    for index, match in enumerate(matches):
        if match.certain and certain.count(match.paths) > 1:
            matches[index] = Match(match.paths, f"{match.how}, as of another column")


def _target(proposer: Proposer, match: Match) -> Target | None:
    """What the cells of a column answer, where that is certain."""
    targets = proposer.headings.targets(match.paths[0]) if match.certain else {}
    return next(iter(targets.values()), None)


def _line(heading: str, match: Match) -> Iterator[str]:
    path = f"{{to: {match.paths[0]}, unit: {_quoted(match.unit)}}}" if match.unit else match.paths[0]
    if match.certain:
        yield f"  {_quoted(heading)}: {path}  # certain: {match.how}"
    else:
        yield from (f"  # {_quoted(heading)}: {each}  # doubtful: {match.how}" for each in match.paths)


def _remarks(match: Match, target: Target | None, seen: _Seen) -> Iterator[str]:
    """What the mapping still has to say about the cells of a column."""
    element = target.element if target else None
    if seen.many:
        yield f"  #   more than {_MOST_WORDS} different words that are not answers: not listed"
    elif seen.unknown:
        yield f"  #   words that are not answers; write {{to: {match.paths[0]}, values: {{WORD: ANSWER, …}}}} for:"
        yield from (f"  #   {_quoted(word)}: ?" for word in seen.unknown)
    if seen.bare and isinstance(element, QuantityElement) and element.unit and not match.unit:
        yield f"  #   numbers without a unit; write {{to: {match.paths[0]}, unit: ?}}"
    if seen.bare and isinstance(element, CountElement) and element.per:
        yield f"  #   counts that do not say per what; write {{to: {match.paths[0]}, per: ?}}"
    if seen.other_days:
        yield f"  #   days not written YYYY-MM-DD; write {{to: {match.paths[0]}, date: ?}}"


def _look(rows: Iterable[Row], targets: Sequence[Target | None]) -> list[_Seen]:
    """What the cells hold; texts, which may be of a patient, are not even looked at."""
    seen = [_Seen() for _ in targets]
    asked = [(index, target) for index, target in enumerate(targets) if target and target.role is HeadingRole.answer]
    for row in rows:
        for index, target in asked:
            text = squeezed(row.cells[index]) if index < len(row.cells) else ""
            if text and not seen[index].many:
                _note(seen[index], target, text)
    return seen


def _note(seen: _Seen, target: Target, text: str) -> None:
    element = target.element
    if isinstance(element, ChoiceElement):
        whole = not element.multiple or is_answer(element, text)
        for word in [text] if whole else filter(None, map(str.strip, text.split(SEPARATOR))):
            if not is_answer(element, word):
                seen.unknown[word] = None
                seen.many |= len(seen.unknown) > _MOST_WORDS or len(word) > _LONGEST_WORD
    elif isinstance(element, QuantityElement | CountElement):
        seen.bare |= bool(_BARE.fullmatch(text))
    elif isinstance(element, DateElement):
        seen.other_days |= not (_ISO.fullmatch(text) or is_answer(element, text))


def _names(form: CompiledForm, target: Target) -> Iterator[tuple[str, str]]:
    """The names by which a heading may mean an element; a detail is only meant with what it is a detail of."""
    yield target.path, "its path"
    slot = form.slots.get(target.path)
    if slot is None or target.role is not HeadingRole.answer:
        return
    above = form.slots.get(slot.path.rpartition(".")[0])
    yield from ((name, how) for name, how in _own_names(slot) if not (slot.parent or slot.element.independent))
    if above is not None:
        yield f"{target.steps[-1]} {above.element.id}", "its name with the one above"
        for name, how in _own_names(slot):
            yield f"{above.element.id} {name}", how
            yield f"{above.element.name} {name}", how


def _own_names(slot: Slot) -> Iterator[tuple[str, str]]:
    yield slot.element.title, "its title"
    yield re.sub(r"\{\{.*?\}\}", "", slot.element.name), "its label"
    yield from ((alias, "another name of it") for alias in slot.element.aliases)


def _folded(text: str) -> str:
    """Letters and digits alone: capitals, accents, spaces and punctuation tell no headings apart."""
    return "".join(char for char in unicodedata.normalize("NFKD", text).casefold() if char.isalnum())


def _quoted(text: str) -> str:
    """A word as YAML takes it; nothing in it can end its line."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9_./()-]*(?: [A-Za-z0-9_./()-]+)*", text)
    return text if plain else json.dumps("".join(char for char in text if char.isprintable()), ensure_ascii=False)
