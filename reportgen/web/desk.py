"""The desk: cases opened, changed entry by entry, saved at once, taken back, finalised. It knows no page."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from threading import RLock

from reportgen.cases.twins import Filed, filed, twins
from reportgen.cases.validate import is_reason
from reportgen.clock import today
from reportgen.findings import Finding, FindingsError, Place, refuse
from reportgen.laboratory.model import Laboratory
from reportgen.pipeline import Settings, render
from reportgen.reading.characters import normal
from reportgen.reading.files import read_content
from reportgen.reading.source import plain
from reportgen.web.document import Data, Document
from reportgen.web.evaluation import Evaluation, document, evaluate, revision_of, written
from reportgen.web.finalised import Fixed, Ledger
from reportgen.web.folder import CaseFolder, ConflictError, NoSuchCaseError

_REMEMBERED = 256  # evaluated states
_KEPT = ("docx", "pdf", "html")  # what is kept of a finalised case
_STEPS = 50  # changes of one case that can be taken back
Change = Callable[[Document], tuple[str, ...]]


class Status(StrEnum):
    """How far a case is, for the work list."""

    refused = "not in order"
    stopped = "stopped"
    draft = "draft"
    complete = "complete"
    finalised = "finalised"
    changed = "changed since finalised"


class FixedError(Exception):
    """The case is finalised, and must be reopened before anything is changed."""


@dataclass(frozen=True)
class Line:
    """One case of the work list; the texts are empty where they cannot be read.

    `twins` is what it has in common with another case of the folder and may not have.
    """

    id: str
    name: str
    status: Status
    accession: str = ""
    patient: str = ""
    titles: tuple[str, ...] = ()
    open: int = 0
    warnings: int = 0
    changed: float = 0.0
    filed: Filed | None = None
    twins: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Saved:
    """A change that was saved: the case as it is now, and the paths of details that left with an answer."""

    evaluation: Evaluation
    removed: tuple[str, ...] = ()


class Desk:
    """One case folder at work.

    Args:
        root: the folder.
        laboratory: the profile to work with.
        pdf_engine: what draws PDFs: `auto`, `weasyprint` or `typst`.
    """

    def __init__(self, root: Path, laboratory: Laboratory | None, pdf_engine: str = "auto") -> None:
        self.folder = CaseFolder(root)
        self.ledger = Ledger(self.folder.root)
        self.laboratory = laboratory
        self._settings = Settings(laboratory=laboratory, pdf_engine=pdf_engine)
        self._lock = RLock()
        self._evaluated: OrderedDict[tuple[str, str], Evaluation] = OrderedDict()
        self._steps: dict[str, list[tuple[bytes, str]]] = {}  # what a case was before a change, and what it became
        self._lines: dict[str, tuple[tuple[int, ...], Line]] = {}

    def evaluation(self, name: str) -> Evaluation:
        """The case as its file says now."""
        return self._among(name, self._evaluate(name, self.folder.read(name)))

    def fixed(self, name: str) -> Fixed | None:
        """The finalisation in force: None for a case that may be changed."""
        fixed = self.ledger.last(name)
        return None if fixed is None or fixed.reopened else fixed

    def is_as_finalised(self, fixed: Fixed, evaluation: Evaluation) -> bool:
        """Whether the case file still says what was finalised."""
        return fixed.digest.startswith(evaluation.revision)

    def create(self, accession: str, protocol: str) -> str:
        """Make a case of one empty part; returns the name of its file. Raises `FindingsError`."""
        text = " ".join(accession.split())
        if not text:
            raise refuse("E102", "is missing", path="accession")
        data: Data = {"protocol": protocol, "accession": text, "parts": [{"label": "A"}]}
        return self.folder.create(text, self._content(data, "case.yaml", b""))

    def change(self, name: str, revision: str, change: Change) -> Saved:
        """Change a case and save it.

        Args:
            name: the file.
            revision: the state that the page showed.
            change: what to change; returns the paths of what left with it.

        Raises:
            ConflictError: where the file holds another state.
            FixedError: where the case is finalised.
            FindingsError: where the entry cannot stand in a case file at all; nothing was saved.
        """
        with self._lock:
            before = self.folder.read(name)
            if revision_of(before) != revision:
                raise ConflictError
            if self.fixed(name):
                raise FixedError
            evaluation = self._evaluate(name, before)
            if evaluation.data is None:
                raise FindingsError(evaluation.findings)
            made = document(evaluation.data, self.laboratory)
            removed = change(made)
            if made.data == evaluation.data:
                return Saved(self._among(name, evaluation))
            content = self._content(made.data, name, before)
            steps = self._steps.setdefault(name, [])
            is_own = bool(steps) and steps[-1][1] == revision  # written here: there is nothing of its look to keep
            keep = not is_own and before != _head(before, name) + written(evaluation.data, name)
            self.folder.replace(name, content, revision, keep=keep)
            steps.append((before, revision_of(content)))
            del steps[:-_STEPS]
            return Saved(self._among(name, self._evaluate(name, content)), removed)

    def undo(self, name: str, revision: str) -> Saved:
        """Take the last change back; raises as `change`, and `ConflictError` where there is none to take back."""
        with self._lock:
            if self.fixed(name):
                raise FixedError
            steps = self._steps.get(name, [])
            if not steps or steps[-1][1] != revision:
                raise ConflictError
            before, _ = steps[-1]
            self.folder.replace(name, before, revision, keep=False)
            steps.pop()
            if steps and steps[-1][1] != revision_of(before):
                steps.clear()
            return Saved(self._among(name, self._evaluate(name, before)))

    def can_undo(self, name: str, revision: str) -> bool:
        """Whether the last change of this state can be taken back."""
        steps = self._steps.get(name, [])
        return bool(steps) and steps[-1][1] == revision

    def documents(self, name: str, formats: tuple[str, ...]) -> dict[str, bytes]:
        """The documents of a case, as `reportgen render` makes them of its file; raises `FindingsError`.

        A case that is finalised gives the documents that were kept, while its file says what was finalised; only
        what was not kept is made anew.
        """
        content = self.folder.read(name)
        fixed = self.fixed(name)
        if not fixed or not fixed.digest.startswith(revision_of(content)):
            return render(read_content(content, name), replace(self._settings, formats=formats)).documents
        kept = self.ledger.kept(fixed)
        made = {format: kept[format].read_bytes() for format in formats if format in kept}
        missing = tuple(format for format in formats if format not in made)
        if missing:
            settings = replace(self._settings, formats=missing, finalised_by=fixed.by, finalised_at=fixed.at)
            made |= render(read_content(content, name), settings).documents
        return made

    def finalise(self, name: str, revision: str, by: str, at: str, reasons: Mapping[str, str] | None = None) -> Fixed:
        """Make the finalised documents, and keep them.

        Args:
            name: the file.
            revision: the state that the page showed.
            by: who finalises it.
            at: when, as an ISO time.
            reasons: why the report stays as it is, for each warning by its path (`parts.A.acknowledge.A9`); they are
                written into the case file.

        Raises:
            ConflictError: where the file holds another state.
            FixedError: where the case is finalised already.
            FindingsError: for what is open, and for a warning without a reason; nothing was saved then.
        """
        with self._lock:
            content = self.folder.read(name)
            if revision_of(content) != revision:
                raise ConflictError
            if self.fixed(name):
                raise FixedError
            if not by.strip():
                raise refuse("E303", "needs a name", path="name", hint="enter the name of who finalises it")
            settings = replace(self._settings, formats=_KEPT, finalised_by=by, finalised_at=at, today=today())
            evaluation = self._among(name, self._evaluate(name, content))
            answers = _reasons(evaluation, reasons or {})
            if evaluation.in_order and evaluation.unsettled:
                raise FindingsError(evaluation.unsettled)
            if answers and evaluation.data is not None:
                made = document(evaluation.data, self.laboratory)
                acknowledge = _acknowledging(answers)
                acknowledge(made)
                answered = self._content(made.data, name, content)
                documents = render(read_content(answered, name), settings).documents  # before anything is saved
                self.change(name, revision, acknowledge)
                content = self.folder.read(name)
            else:
                documents = render(read_content(content, name), settings).documents
            return self.ledger.finalise(name, content, documents, " ".join(by.split()), at)

    def reopen(self, name: str, by: str, at: str) -> None:
        """Open a finalised case for changes; what was finalised stays. Raises `ConflictError` where it is open."""
        with self._lock:
            if not self.fixed(name):
                raise ConflictError
            if not by.strip():
                raise refuse("E303", "needs a name", path="name", hint="enter the name of who reopens it")
            self.ledger.reopen(name, " ".join(by.split()), at)
            self._lines.pop(name, None)

    def lines(self, words: str = "") -> list[Line]:
        """The work list, last changed first; with `words`, the cases whose accession, patient or file has them all."""
        wanted = words.casefold().split()
        lines = self._all_lines()
        found = _twins(lines)
        kept = [
            _with_twins(line, found.get(line.name, ()))
            for line in lines
            if all(word in f"{line.accession} {line.patient} {line.name}".casefold() for word in wanted)
        ]
        return sorted(map(self._with_state, kept), key=lambda line: (-line.changed, line.name))

    def _all_lines(self) -> list[Line]:
        lines = []
        for name, stamp in self.folder.stamps():
            known = self._lines.get(name)
            try:
                line = known[1] if known and known[0] == stamp else self._line(name)
            except NoSuchCaseError:  # taken away while the list was made
                continue
            self._lines[name] = (stamp, line)
            lines.append(line)
        return lines

    def _among(self, name: str, evaluation: Evaluation) -> Evaluation:
        """An evaluation with what the case has in common with another of the folder and may not have."""
        found = _twins(self._all_lines()).get(name, ())
        return replace(evaluation, findings=(*evaluation.findings, *found)) if found else evaluation

    def _line(self, name: str) -> Line:
        id, changed = self.folder.id_of(name), self.folder.changed_at(name)
        try:
            content = self.folder.read(name)
            key = (name, revision_of(content))
            evaluation = self._evaluated.get(key) or evaluate(content, name, self.laboratory)
        except FindingsError:
            return Line(id, name, Status.refused, changed=changed)
        case = evaluation.checked.case if evaluation.checked else None
        if case is None:
            return Line(id, name, Status.refused, changed=changed)
        status = Status.complete if evaluation.complete else Status.draft if evaluation.in_order else Status.refused
        if status is Status.refused and len(evaluation.stopped) == len(evaluation.errors):
            status = Status.stopped
        head = {item.slot for item in evaluation.header.missing}
        accession = "" if "accession" in head else case.written("accession")
        patient = "" if "patient.name" in head else case.written("patient.name")
        titles = tuple(part.protocol.protocol.title for part in case.parts)
        essential = {"accession", "patient.name"} & head and {each.path for each in evaluation.errors} <= head
        status = Status.draft if essential else status
        return Line(
            id,
            name,
            status,
            accession,
            patient,
            titles,
            len(evaluation.missing()),
            evaluation.warnings,
            changed,
            _by_file(filed(case)),
        )

    def _with_state(self, line: Line) -> Line:
        try:
            fixed = self.fixed(line.name)
            if fixed is None:
                return line
            same = revision_of(self.folder.read(line.name)) == fixed.digest[:24]
        except FindingsError:
            same = False
        status = Status.finalised if same else Status.changed
        return replace(line, status=status)

    def _evaluate(self, name: str, content: bytes) -> Evaluation:
        key = (name, revision_of(content))
        with self._lock:
            known = self._evaluated.get(key)
        if known is None:
            known = evaluate(content, name, self.laboratory)
        with self._lock:
            self._evaluated[key] = known
            self._evaluated.move_to_end(key)
            while len(self._evaluated) > _REMEMBERED:
                self._evaluated.popitem(last=False)
        return known

    def _content(self, data: Data, name: str, before: bytes) -> bytes:
        """The content of a case file; raises `FindingsError` where reading it would not give the same again."""
        content = _head(before, name) + written(data, name)
        if plain(read_content(content, name)) != _normal(data):
            raise refuse("E502", "cannot be written so that it is read the same again", name)
        return content


def _with_twins(line: Line, found: tuple[Finding, ...]) -> Line:
    """A line with what was found; a case that cannot be finalised for it is not complete."""
    status = Status.draft if found and line.status is Status.complete else line.status
    return replace(line, twins=found, status=status)


def _by_file(one: Filed) -> Filed:
    """The same with places that are files alone: a page tells no lines."""
    person = one.person._replace(place=Place(one.person.place.file))
    return one._replace(place=Place(one.place.file), person=person)


def _twins(lines: Iterable[Line]) -> dict[str, tuple[Finding, ...]]:
    """What two cases of the folder have in common and may not have, by file."""
    return twins({line.name: line.filed for line in lines if line.filed})


def _reasons(evaluation: Evaluation, given: Mapping[str, str]) -> dict[str, str]:
    """The reasons for warnings that nobody acknowledged yet; raises `FindingsError` for one that says too little."""
    found = {}
    for label, each in evaluation.holding:
        path = f"parts.{label}.acknowledge.{each.id}"
        found[path] = " ".join(given.get(path, "").split())
        if evaluation.complete and not is_reason(found[path]):
            raise refuse("E305", f"part {label}, {each.title}: the reason says too little")
    return {path: reason for path, reason in found.items() if reason}


def _acknowledging(reasons: Mapping[str, str]) -> Change:
    def change(made: Document) -> tuple[str, ...]:
        return tuple(gone for path, reason in reasons.items() for gone in made.put(path, reason))

    return change


def _head(content: bytes, name: str) -> bytes:
    """The comments that a YAML file begins with."""
    if name.lower().endswith(".json"):
        return b""
    lines = content.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    number = next((n for n, line in enumerate(lines) if not line.startswith(b"#")), len(lines))
    return b"".join(lines[:number])


def _normal(data: object) -> object:
    """Data as reading gives it back: texts brought to their normal form."""
    if isinstance(data, dict):
        return {key: _normal(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_normal(item) for item in data]
    return normal(data) if isinstance(data, str) else data
