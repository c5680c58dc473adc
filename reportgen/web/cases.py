"""One case: its page, what is entered on it, and what leaves it."""

from __future__ import annotations

from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response

from reportgen import files
from reportgen.cases.model import ESSENTIAL
from reportgen.cases.validate import REASON_WORDS
from reportgen.findings import FindingsError
from reportgen.formats.registry import FORMATS
from reportgen.protocols.elements import GroupElement, TextElement
from reportgen.web import unreadable, views
from reportgen.web.choosing import protocols
from reportgen.web.desk import Change, Desk, Saved, Sender
from reportgen.web.document import Address, Document, UnknownPathError
from reportgen.web.entries import Control, Entry, entry
from reportgen.web.evaluation import Evaluation, document
from reportgen.web.fields import Drawing
from reportgen.web.folder import ConflictError, NoSuchCaseError
from reportgen.web.pages import fill, framed, page
from reportgen.web.requests import fields, form, go, now, number, one, query
from reportgen.web.states import states
from reportgen.web.tabs import listed
from reportgen.web.tidying import Changed, Form, NotTakenError, one_line, tidied

_MANY = 200  # parts of one case


class CasePages:
    """The answers about one case."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def show(self, request: Request) -> Response:
        """The page of a case; where its file cannot be read, what is wrong with it."""
        self.desk.list.refresh()
        name = self._name(request)
        try:
            evaluation = self.desk.evaluation(name)
        except FindingsError as error:
            return page("problem.html", unreadable.of_file(name, error.findings))
        data = evaluation.data
        parts = data.get("parts") if data else None
        if data is None or not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
            return page("problem.html", unreadable.of_file(name, evaluation.findings, self.desk.folder.read(name)))
        return page("case.html", views.case(self.desk, name, evaluation))

    def enter(self, request: Request) -> Response:
        """Save one entry, and answer with what it changed."""
        sent = form(request)
        path = one(sent, "path")
        changed: Changed = {}

        def change(made: Document) -> tuple[str, ...]:
            entry, tidied = _entry(made.address(path), sent)
            changed.update(tidied)
            return made.put(path, entry)

        name, saved = self._save(request, sent, change)
        made = self._document(saved.evaluation)
        values = views.beside(self.desk, name, saved.evaluation, made, states(saved.evaluation, made))
        return page("beside.html", {**values, "removed": saved.removed, "tidied": views.tidied(path, changed)})

    def leave(self, request: Request) -> Response:
        """Save what a page still held when it was left, each entry by itself; nobody reads the answer."""
        sent = form(request)
        entries, last = sent.get("entry", []), number(sent, "number")
        for left, text in zip(reversed(range(len(entries))), entries, strict=True):
            held = fields(text.encode())
            if last >= 0:
                sent["number"] = [str(max(last - left, 0))]  # the last number is heard with the last entry

            def change(made: Document, held: Form = held) -> tuple[str, ...]:
                path = one(held, "path")
                return made.put(path, _entry(made.address(path), held)[0])

            with suppress(FindingsError, NotTakenError, UnknownPathError):
                self._save(request, sent, change)
        return Response(status_code=204)

    def undo(self, request: Request) -> Response:
        """Take the last entry back; the page is loaded again."""
        self.desk.undo(self._name(request), one(form(request), "revision"))
        return _load_again(request)

    def row(self, request: Request) -> Response:
        """An empty entry of a repeated group, for the form to grow by."""
        asked = query(request)
        path, place = one(asked, "path"), number(asked, "number")
        _, evaluation = self._open(request)
        made = self._document(evaluation)
        address = made.address(path)
        slot = address.slot
        if slot is None or not slot.repeats or place < 0:
            raise UnknownPathError(path)
        drawing = Drawing(address.form, made, states(evaluation, made), path.removesuffix(slot.path))
        return page("row.html", {"fields": drawing.row(slot.path, place), "number": place, "path": path})

    def rows(self, request: Request) -> Response:
        """Take an entry of a repeated group away; the page is loaded again."""
        sent = form(request)

        def change(made: Document) -> tuple[str, ...]:
            made.remove_row(one(sent, "path"), number(sent, "number"))
            return ()

        self._save(request, sent, change)
        return _load_again(request)

    def parts(self, request: Request) -> Response:
        """Add, duplicate, move or remove a part; the page is loaded again."""
        sent = form(request)
        do, place = one(sent, "do"), number(sent, "part") - 1
        known = {each["id"] for each in protocols(self.desk.laboratory)}

        def change(made: Document) -> tuple[str, ...]:
            if do == "add" and one(sent, "protocol") in known and len(made.parts) < _MANY:
                made.add_part(one(sent, "protocol"))
            elif not 0 <= place < len(made.parts):
                raise UnknownPathError(one(sent, "part"))
            elif do == "duplicate" and len(made.parts) < _MANY:
                made.duplicate_part(place)
            elif do in ("up", "down"):
                made.move_part(place, place + (1 if do == "down" else -1))
            elif do == "remove":
                made.remove_part(place)
            else:
                raise UnknownPathError(do)
            return ()

        self._save(request, sent, change)
        return _load_again(request)

    def why(self, request: Request) -> Response:
        """Why a sentence is in the report on the screen."""
        sent = form(request)
        _, evaluation = self._open(request)
        values = views.why(evaluation, self._document(evaluation), one(sent, "clause"), one(sent, "text"))
        return page("why.html", values)

    def watch(self, request: Request) -> Response:
        """Nothing while the file is what the page shows; else a remark that it was changed elsewhere.

        A page names itself. If it follows one that was left, it names that one and its last request instead, and is
        answered with 202 until that request has been dealt with.
        """
        name, asked = self._name(request), query(request)
        left = _sender(asked)
        if left and not self.desk.has_heard(name, left):
            return Response(status_code=202)
        if self.desk.is_unchanged(name, request.path_params["revision"], "" if left else one(asked, "page")):
            return Response(status_code=204)
        return page("conflict.html", {})

    def report(self, request: Request) -> Response:
        """The report as it is now, for the frame beside the form."""
        name, evaluation = self._open(request)
        fixed = self.desk.fixed(name)
        if fixed and fixed.is_of(evaluation.revision):
            return self._finalized_report(name)
        if not evaluation.report:
            return framed(fill("noreport.html", {"elsewhere": views.refused(evaluation.errors, self.case_of(request))}))
        return framed(evaluation.html, notice(evaluation), marks=True)

    def download(self, request: Request) -> Response:
        """A document of the case, as `reportgen render` makes it."""
        format = request.path_params["format"]
        if format not in FORMATS:
            raise NoSuchCaseError
        name = self._name(request)
        data = self.desk.documents(name, (format,), one(query(request), "revision"))[format]
        return _attached(data, format, name)

    def print(self, request: Request) -> Response:
        """The report for the printer: the HTML document, which is refused like every other."""
        return framed(
            self.desk.documents(self._name(request), ("html",), one(query(request), "revision"))["html"].decode()
        )

    def finalize(self, request: Request) -> Response:
        """What would be fixed; posted, with a name, it is fixed."""
        name, evaluation = self._open(request)
        if evaluation.data is None:
            raise ConflictError
        if request.method != "POST":
            if one(query(request), "revision") not in ("", evaluation.revision):
                raise ConflictError
            return page("finalize.html", {**views.case(self.desk, name, evaluation), "words": REASON_WORDS})
        sent = form(request)
        at = now().isoformat(timespec="minutes")
        reasons = {key.removeprefix("reason."): one_line(one(sent, key)) for key in sent if key.startswith("reason.")}
        self.desk.finalize(name, one(sent, "revision"), one_line(one(sent, "name")), at, reasons)
        return _load_again(request)

    def reopen(self, request: Request) -> Response:
        """Open a finalized case for changes."""
        name = self._name(request)
        self.desk.reopen(name, one_line(one(form(request), "name")), now().isoformat(timespec="minutes"))
        return _load_again(request)

    def finalized(self, request: Request) -> Response:
        """A document that was finalized, as it was kept."""
        name = self._name(request)
        fixed, format = self.desk.fixed(name), request.path_params["format"]
        kept = self.desk.ledger.kept(fixed) if fixed else {}
        if format not in FORMATS or format not in kept:
            raise NoSuchCaseError
        return _attached(kept[format].read_bytes(), format, name)

    # --- inside

    def _finalized_report(self, name: str) -> Response:
        """The report as it was finalized; a page of its own where an earlier version kept none to look at."""
        try:
            return framed(self.desk.documents(name, ("html",))["html"].decode(), marks=True)
        except FindingsError:
            return framed(fill("keptreport.html", {}))

    def _name(self, request: Request) -> str:
        return self.desk.folder.name_of(request.path_params["id"])

    def _open(self, request: Request) -> tuple[str, Evaluation]:
        name = self._name(request)
        return name, self.desk.evaluation(name)

    def case_of(self, request: Request) -> Document | None:
        """The case that a request is about, so that refusals can use its titles; None without one."""
        try:
            return self._document(self._open(request)[1])
        except (KeyError, NoSuchCaseError, ConflictError, FindingsError):  # the desk's other pages are about none
            return None

    def _document(self, evaluation: Evaluation) -> Document:
        if evaluation.data is None:
            raise ConflictError
        return document(evaluation.data, self.desk.laboratory)

    def _save(self, request: Request, sent: Form, change: Change) -> tuple[str, Saved]:
        name = self._name(request)
        return name, self.desk.change(name, one(sent, "revision"), change, _sender(sent))


def _load_again(request: Request) -> Response:
    return go(f"/cases/{request.path_params['id']}")


def _sender(sent: Form) -> Sender | None:
    """The page that sends; None where it does not count its requests."""
    page, count = one(sent, "page"), number(sent, "number")
    return Sender(page, count) if page and count >= 0 else None


def _entry(address: Address, sent: Form) -> tuple[Entry, Changed]:
    """What was entered, as the entry that the case file holds, and what was tidied in it."""
    element = address.slot.element if address.slot else None
    if element is None:
        sent, changed = tidied(sent, lines=address.path.steps[0] == "override")
        return one(sent, "value").strip() or None, changed
    sent, changed = tidied(sent, lines=isinstance(element, TextElement) and element.lines)
    if isinstance(element, GroupElement):
        raise UnknownPathError(str(address.path))
    answers = tuple(each for each in sent.get("answer", []) if each)
    control = Control(
        answers=tuple(each for each in answers if each != element.undetermined),
        texts={name.removeprefix("text."): each[0] for name, each in sent.items() if name.startswith("text.")},
        undetermined=element.undetermined in answers,
        reason=one(sent, "reason"),
        value=one(sent, "value"),
        sign=one(sent, "sign"),
        unit=one(sent, "unit"),
    )
    return entry(element, control), changed


def notice(evaluation: Evaluation) -> str:
    """What is said above a report that is not in order; "" for one that could be printed as it is."""
    said = []
    if left_out := len(evaluation.left_out):
        said.append(f"{left_out} {'entry is' if left_out == 1 else 'entries are'} not in order and left out here")
    missing = {item.slot for item in evaluation.header.missing}
    if absent := [name for path, name in ESSENTIAL.items() if path in missing]:
        said.append(f"{listed(absent)} {'is' if len(absent) == 1 else 'are'} not entered")
    if stops := [f"“{advisory.title}” of part {label}" for label, advisory in evaluation.stopped]:
        noun, verb = ("stop", "is") if len(stops) == 1 else ("stops", "are")
        said.append(f"the {noun} {listed(stops)} {verb} not acknowledged")
    return f"Not a report yet: {'; '.join(said)}." if said else ""


def _attached(data: bytes, format: str, name: str) -> Response:
    stem = name.rpartition(".")[0]
    headers = {"content-disposition": f'attachment; filename="{files.safe_name(stem, stem)}.{format}"'}
    return Response(data, media_type=FORMATS[format].media_type, headers=headers)
