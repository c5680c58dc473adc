"""The desk: cases opened, changed entry by entry, saved at once, taken back, finalized. It knows no page."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import RLock
from typing import NamedTuple

from reportgen.cases.validate import is_reason
from reportgen.clock import today
from reportgen.findings import FindingsError, refuse
from reportgen.laboratory.model import Laboratory
from reportgen.pipeline import Settings, render
from reportgen.reading.characters import normal
from reportgen.reading.readers import read_content
from reportgen.reading.source import plain
from reportgen.web.document import Data, Document
from reportgen.web.evaluation import Evaluation, document, evaluate, revision_of, written
from reportgen.web.finalized import Fixed, Ledger
from reportgen.web.folder import CaseFolder, ConflictError
from reportgen.web.worklist import WorkList

_REMEMBERED = 256  # evaluated states
_KEPT = ("docx", "pdf", "html")  # what is kept of a finalized case
_STEPS = 50  # changes of one case that can be taken back
_PAGES = 50  # pages of one case whose last request is remembered
Change = Callable[[Document], tuple[str, ...]]


class Sender(NamedTuple):
    """A page that sends entries: its name, and the number of this request of it, which only grows."""

    page: str
    number: int


class Step(NamedTuple):
    """One change: what the file held before, the revision that it became, and the page that made it ("" for others)."""

    before: bytes
    after: str
    page: str


class FixedError(Exception):
    """The case is finalized, and must be reopened before anything is changed."""


class NoStepError(Exception):
    """There is no change to take back."""


class Saved(NamedTuple):
    """A change that was saved: the case as it is now, and the paths of details that were removed with an answer."""

    evaluation: Evaluation
    removed: tuple[str, ...] = ()


class Desk:
    """One case folder at work, with the profile of a laboratory.

    A method that takes the `revision` that a page showed raises `ConflictError` where the file holds another state, and
    `FixedError` where it would change a case that is finalized.
    """

    def __init__(self, root: Path, laboratory: Laboratory | None, pdf_engine: str = "auto") -> None:
        self.folder = CaseFolder(root)
        self.ledger = Ledger(self.folder.root)
        self.laboratory = laboratory
        self._settings = Settings(laboratory=laboratory, pdf_engine=pdf_engine)
        self._lock = RLock()
        self._evaluated: OrderedDict[tuple[str, str, date], Evaluation] = OrderedDict()
        self._steps: dict[str, list[Step]] = {}  # the changes of each case, the last at the end
        self._heard: dict[str, dict[str, int]] = {}  # case → page → its last request that was dealt with
        self.list = WorkList(self.folder, self.ledger, self._look)

    def evaluation(self, name: str) -> Evaluation:
        """The case as its file says now."""
        return self._among(name, self._evaluate(name, self.folder.read(name)))

    def fixed(self, name: str) -> Fixed | None:
        """The finalization in force: None for a case that may be changed."""
        return self.ledger.in_force(name)

    def create(self, accession: str, protocol: str) -> str:
        """Make a case of one empty part; returns the name of its file. Raises `FindingsError`."""
        text = " ".join(accession.split())
        if not text:
            raise refuse("E102", "is missing", path="accession")
        if twin := self.list.with_accession(text):
            raise refuse("E501", "exists already", twin, hint="open it, or choose another accession")
        data: Data = {"protocol": protocol, "accession": text, "parts": [{"label": "A"}]}
        return self.folder.create(text, self._content(data, "case.yaml", b""))

    def change(self, name: str, revision: str, change: Change, sender: Sender | None = None) -> Saved:
        """Change a case and save it.

        Args:
            name: the file.
            revision: the state that the page showed.
            change: what to change; returns the paths of what was removed with it.
            sender: the page. It need not wait for an answer: its own changes since `revision` are no conflict while
                nobody else has made one, but a request that arrives behind a later one of the same page is.

        Raises:
            FindingsError: where no case file can hold the entry; nothing was saved.
        """
        with self._lock:
            before = self.folder.read(name)
            now = revision_of(before)
            if not self._follows(name, now, revision, sender):
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
            is_own = bool(steps) and steps[-1].after == now  # written here: there is nothing of its look to keep
            keep = not is_own and before != _head(before, name) + written(evaluation.data, name)
            with self.list.writing():
                self.folder.replace(name, content, now, keep=keep)
            steps.append(Step(before, revision_of(content), sender.page if sender else ""))
            del steps[:-_STEPS]
            return Saved(self._among(name, self._evaluate(name, content)), removed)

    def _follows(self, name: str, now: str, revision: str, sender: Sender | None) -> bool:
        """Whether a change of what a page showed as `revision` may be made to what the file holds `now`."""
        if sender is not None:
            heard = self._heard.setdefault(name, {})
            if heard.get(sender.page, 0) > sender.number:
                return False
            heard[sender.page] = sender.number
            if len(heard) > _PAGES:
                del heard[next(iter(heard))]
        return self._is_own(name, now, revision, sender.page if sender else "")

    def _is_own(self, name: str, now: str, revision: str, page: str) -> bool:
        """Whether `now` is `revision`, or a page alone made of it what it is; "" for no page."""
        for step in reversed(self._steps.get(name, [])):
            if now == revision or not page or step.after != now or step.page != page:
                break
            now = revision_of(step.before)
        return now == revision

    def is_unchanged(self, name: str, revision: str, page: str) -> bool:
        """Whether nobody has changed what a page showed as `revision`, but that page itself: an answer may get lost."""
        now = self.evaluation(name).revision
        with self._lock:
            return self._is_own(name, now, revision, page)

    def has_heard(self, name: str, sender: Sender) -> bool:
        """Whether a request of a page has been dealt with, or a later one of the same page."""
        with self._lock:
            return self._heard.get(name, {}).get(sender.page, -1) >= sender.number

    def undo(self, name: str, revision: str) -> Saved:
        """Take the last change back; raises `NoStepError` where there is none, as after a restart of the desk."""
        with self._lock:
            if self.fixed(name):
                raise FixedError
            if revision_of(self.folder.read(name)) != revision:
                raise ConflictError
            if not self.can_undo(name, revision):
                raise NoStepError
            steps = self._steps[name]
            before = steps[-1].before
            with self.list.writing():
                self.folder.replace(name, before, revision, keep=False)
            steps.pop()
            if steps and steps[-1].after != revision_of(before):
                steps.clear()
            return Saved(self._among(name, self._evaluate(name, before)))

    def can_undo(self, name: str, revision: str) -> bool:
        """Whether the last change of this state can be taken back."""
        steps = self._steps.get(name, [])
        return bool(steps) and steps[-1].after == revision

    def documents(self, name: str, formats: tuple[str, ...], revision: str = "") -> dict[str, bytes]:
        """The documents of a case by format, as `reportgen render` makes them of its file; "" is any revision.

        A case that is finalized gives the documents that were kept, as long as its file says what was finalized; only
        formats that were not kept are made anew. Raises `FindingsError` where no document can be made.
        """
        content = self.folder.read(name)
        if revision and revision_of(content) != revision:
            raise ConflictError
        fixed, settings = self.fixed(name), self._settings
        made: dict[str, bytes] = {}
        if fixed and fixed.is_of(revision_of(content)):
            kept = self.ledger.kept(fixed)
            made = {format: kept[format].read_bytes() for format in formats if format in kept}
            settings = replace(settings, finalized_by=fixed.by, finalized_at=fixed.at)
        if missing := tuple(format for format in formats if format not in made):
            made |= render(read_content(content, name), replace(settings, formats=missing)).documents
        return made

    def finalize(self, name: str, revision: str, by: str, at: str, reasons: Mapping[str, str] | None = None) -> Fixed:
        """Make the finalized documents, and keep them.

        Args:
            name: the file.
            revision: the state that the page showed.
            by: who finalizes it.
            at: when, as an ISO time.
            reasons: why the report stays as it is, for each warning by its path (`parts.A.acknowledge.A9`); they are
                written into the case file.

        Raises:
            FindingsError: for what is open, and for a warning without a reason; nothing was saved then.
        """
        with self._lock:
            content = answered = self.folder.read(name)
            if revision_of(content) != revision:
                raise ConflictError
            if self.fixed(name):
                raise FixedError
            by = _name_of_who(by, "finalizes")
            self.list.refresh()
            settings = replace(self._settings, formats=_KEPT, finalized_by=by, finalized_at=at, today=today())
            evaluation = self._among(name, self._evaluate(name, content))
            acknowledge = _acknowledging(evaluation, reasons or {})
            if evaluation.in_order and evaluation.unsettled:
                raise FindingsError(evaluation.unsettled)
            if evaluation.data is not None:
                made = document(evaluation.data, self.laboratory)
                acknowledge(made)
                if made.data != evaluation.data:
                    answered = self._content(made.data, name, content)
            documents = render(read_content(answered, name), settings).documents  # before anything is saved
            if answered != content:
                self.change(name, revision, acknowledge)
            return self.ledger.finalize(name, answered, documents, by, at)

    def reopen(self, name: str, by: str, at: str) -> None:
        """Open a finalized case for changes; what was finalized stays. Raises `ConflictError` where it is open."""
        with self._lock:
            if not self.fixed(name):
                raise ConflictError
            self.ledger.reopen(name, _name_of_who(by, "reopens"), at)

    def _among(self, name: str, evaluation: Evaluation) -> Evaluation:
        """An evaluation with what the case has in common with another of the folder and may not have."""
        found = self.list.twins_of(name, evaluation)
        return replace(evaluation, findings=(*evaluation.findings, *found)) if found else evaluation

    def _look(self, name: str, content: bytes) -> Evaluation:
        """An evaluation for the work list, which is not kept and not laid out."""
        known = self._evaluated.get(_state(name, content))
        return known or evaluate(content, name, self.laboratory, drawn=False)

    def _evaluate(self, name: str, content: bytes) -> Evaluation:
        key = _state(name, content)
        known = self._evaluated.get(key) or evaluate(content, name, self.laboratory)
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


def _state(name: str, content: bytes) -> tuple[str, str, date]:
    """What an evaluation depends on: a date may lie in the future today, and no longer tomorrow."""
    return name, revision_of(content), today()


def _name_of_who(by: str, does: str) -> str:
    """A name in one line; raises `FindingsError` where there is none."""
    if name := " ".join(by.split()):
        return name
    raise refuse("E303", "needs a name", path="name", hint=f"enter the name of the person who {does} it")


def _acknowledging(evaluation: Evaluation, given: Mapping[str, str]) -> Change:
    """The change that enters reasons for warnings not acknowledged yet; raises E305 for one that says too little."""
    reasons = {}
    for label, each in evaluation.holding:
        path = f"parts.{label}.acknowledge.{each.id}"
        reason = " ".join(given.get(path, "").split())
        if evaluation.complete and not is_reason(reason):
            raise refuse("E305", f"part {label}, {each.title}: the reason says too little")
        if reason:
            reasons[path] = reason

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
