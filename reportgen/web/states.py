"""Which fields of a form are asked now, which are open, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import NamedTuple

from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.element_path import ElementPath
from reportgen.cases.given import PROFILE, Given, filled
from reportgen.cases.model import part_prefix
from reportgen.cases.validate import said_beside
from reportgen.findings import Severity
from reportgen.formats.unprintable import BY_MACHINE, NO_PDF
from reportgen.protocols.compiled import Compiled, CompiledForm
from reportgen.protocols.slots import Slot
from reportgen.reading.source import source_of
from reportgen.reports.open_items import PENDING
from reportgen.web.document import Document
from reportgen.web.evaluation import Evaluation
from reportgen.web.wording import title, titles, unprinted, words

TWIN = "W314"  # two cases of one number: whatever the report says, it may be the other's
_STOP = "E301"


class States(NamedTuple):
    """The state of a form, by the paths of its fields."""

    hidden: frozenset[str]  # sections (`parts.A.#margins`) and fields that do not apply and are empty
    missing: frozenset[str]  # required and open
    pending: frozenset[str]  # answered with "still to come"
    errors: dict[str, str]  # what is wrong, in words
    doubts: dict[str, str]  # what may not be what was meant, in words
    elsewhere: tuple[str, ...]  # what is wrong but is in no field
    given: dict[str, tuple[str, ...]]  # the answers that were given where nothing was entered

    def as_data(self) -> dict[str, object]:
        """The same for the page's script, except `elsewhere`."""
        paths = {"hidden": sorted(self.hidden), "missing": sorted(self.missing), "pending": sorted(self.pending)}
        return {**paths, "errors": self.errors, "doubts": self.doubts, "given": self.given}


def states(evaluation: Evaluation, document: Document) -> States:
    """The state of every field of a case."""
    hidden: set[str] = set()
    known: set[str] = set()
    scopes = _scopes(evaluation)
    doubts: dict[str, list[str]] = {}
    given = {}
    for path, each in given_answers(evaluation, document).items():
        given[path] = each.answers
        doubts[path] = [f"Given by the {each.by.kind} {each.by.name}. What you enter takes its place."]
    for prefix, form in document.forms():
        known |= {prefix + path for path, slot in form.slots.items() if not slot.is_group}
        if isinstance(form, Compiled):
            known |= {prefix + path for path in ("received_as", *said_beside(form))}
        if prefix in scopes:
            hidden |= _hidden(form, scopes[prefix], document, prefix, given)
    names = titles(document)
    missing = evaluation.missing()
    errors: dict[str, list[str]] = {}
    elsewhere = []
    for is_doubt, paths, said in _remarks(evaluation, names):
        fields = list(dict.fromkeys(filter(None, (_field(path, known) for path in paths))))
        for field in fields:
            (doubts if is_doubt else errors).setdefault(field, []).append(said)
        if not fields:
            elsewhere.append(f"{title(paths[0], names)}: {said}" if paths[0] else said)
    return States(
        frozenset(hidden),
        frozenset(item.path for item in missing if item.state != PENDING),
        frozenset(item.path for item in missing if item.state == PENDING),
        {path: " ".join(each) for path, each in errors.items()},
        {path: " ".join(each) for path, each in doubts.items()},
        tuple(elsewhere),
        given,
    )


def given_answers(evaluation: Evaluation, document: Document) -> dict[str, Given]:
    """Path → what a macro or the laboratory's profile answered there, and which of them; of the profile, what holds."""
    found: dict[str, Given] = {}
    scopes = _scopes(evaluation)
    for number, label in enumerate(document.labels):
        form = document.protocol_of(number)
        made = filled(source_of(document.parts[number]), form) if form else None
        if made:
            prefix = part_prefix(label)
            kept = scopes[prefix].answers if prefix in scopes else {}
            found |= {
                prefix + path: each for path, each in made.given.items() if each.by.kind != PROFILE or path in kept
            }
    return found


def _remarks(evaluation: Evaluation, names: Mapping[str, str]) -> Iterator[tuple[bool, tuple[str, ...], str]]:
    """What was found: whether it is only a doubt, the paths it concerns, and its words."""
    for finding in evaluation.findings:
        if finding.code not in (_STOP, NO_PDF, BY_MACHINE):
            is_doubt = finding.severity is Severity.warning and finding.code != TWIN
            yield is_doubt, (finding.path, *finding.others), words(finding, names)
    for one in evaluation.lost:
        yield bool(one.font), (one.path,), unprinted(one)


def _scopes(evaluation: Evaluation) -> dict[str, AnswerScope]:
    """The answers of the head and of each part, by what their paths begin with; none where no report can form."""
    checked = evaluation.checked
    if checked is None or checked.case is None:
        return {}
    case = checked.case
    parts = {part.prefix: scope for part, scope in zip(case.parts, checked.scopes, strict=True)}
    return {"": AnswerScope(case.header_form, case.header), **parts}


def _hidden(form: CompiledForm, scope: AnswerScope, document: Document, prefix: str, given: Container[str]) -> set[str]:
    """The fields and sections to hide: what does not apply, unless it holds something that must be seen."""
    ruled_out = {
        each.id for each in form.form.sections if each.applies_when and scope.truth(each.applies_when).truth is False
    }
    hidden = set()
    filled = dict.fromkeys(ruled_out, False)
    for path, slot in form.slots.items():
        if slot.repeated:
            continue  # judged entry by entry, where it is drawn
        if not _asked(form, scope, slot):
            if is_filled(document.get(prefix + path)) or prefix + path in given:
                filled[slot.section] = True
            else:
                hidden.add(prefix + path)
    hidden |= {f"{prefix}#{section}" for section in ruled_out if not filled[section]}
    return hidden


def _asked(form: CompiledForm, scope: AnswerScope, slot: Slot) -> bool:
    """Whether an element is asked now. What waits only for its section's condition is asked already.

    Why: whether a whole section applies may hang on an answer not given yet; the form must not be empty until then.
    """
    truth = scope.applicable(slot.path).truth
    if truth is not None:
        return truth
    section = next(each for each in form.form.sections if each.id == slot.section)
    own = slot.applies[1:] if section.applies_when else slot.applies
    return not slot.parent and all(scope.truth(text).truth is True for text in own)


def is_filled(node: object) -> bool:
    """Whether an entry holds anything."""
    if isinstance(node, dict):
        return any(map(is_filled, node.values()))
    return any(map(is_filled, node)) if isinstance(node, list) else node not in (None, "")


def _field(path: str, known: set[str]) -> str:
    """The field that a finding's path belongs to; "" where there is none. Numbers of entries stay in the path."""
    return next((str(at) for at in ElementPath.parse(path).line if str(at.bare) in known), "")
