"""What cannot be true together: the protocol's own list, dates out of order, and answers to what does not apply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise

from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.model import Answer, Dated, Part, Period, Written
from reportgen.cases.part_labels import label_key
from reportgen.findings import Finding, Place
from reportgen.protocols.elements import TextElement
from reportgen.protocols.slots import bare_name

_OLDEST = 120
_ELSEWHERE = timedelta(days=1)  # it may be tomorrow where the case comes from
_FURTHER = ".other.name"  # of a panel: the name of a stain that it does not list
_ORDER = ("patient.birth_date", "collected", "received", "reported")


def out_of_order(header: Mapping[str, Answer]) -> Iterator[Finding]:
    """Dates of the case that cannot follow each other, on whatever day of a year or month they lie."""
    for (earlier, first), (later, second) in pairwise(_dates(header).items()):
        if second.last < first.first:
            message = f"lies before {earlier} ({header[earlier].place})"
            yield Finding("E206", header[later].place, later, message, others=(earlier,))


def impossible(header: Mapping[str, Answer], today: date | None) -> Iterator[Finding]:
    """Dates that lie in the future of the run, and births that no one alive has (E210)."""
    dates = _dates(header)
    for path, each in dates.items():
        if today is not None and each.first > today + _ELSEWHERE:
            hint = "correct the date, or the clock of this machine"
            yield Finding("E210", header[path].place, path, "lies in the future", hint)
    birth, then = dates.get(_ORDER[0]), next((dates[path].first for path in _ORDER[1:] if path in dates), today)
    if birth and then and then.year - birth.last.year > _OLDEST:
        yield Finding("E210", header[_ORDER[0]].place, _ORDER[0], f"would make the patient older than {_OLDEST} years")


def _dates(header: Mapping[str, Answer]) -> dict[str, Dated | Period]:
    """The dates that are known, in the order that they must have."""
    values = {path: header[path].value for path in _ORDER if path in header}
    return {path: value for path, value in values.items() if isinstance(value, Dated | Period)}


def not_applicable(scope: AnswerScope, prefix: str) -> Iterator[Finding]:
    """Answers to elements that do not apply, each naming what rules it out."""
    for path, answer in scope.answers.items():
        outcome = scope.applicable(answer.slot)
        if outcome.truth is not False or _above_is_ruled_out(scope, answer.slot):
            continue
        reasons = [name for name in sorted(outcome.used) if name in scope.answers and name != path]
        named = ", ".join(f"{prefix}{name} ({scope.answers[name].place})" for name in reasons)
        hint = "remove it" if not named else "remove it or correct what rules it out"
        because = f"does not apply, given {named}" if named else "does not apply to this case"
        yield Finding("E205", answer.place, prefix + path, because, hint)


def _above_is_ruled_out(scope: AnswerScope, path: str) -> bool:
    """Whether an answered element above it is ruled out too: then that one is reported, once."""
    parent = scope.form.slots[path].parent
    return bool(parent) and parent in scope.answers and scope.applicable(parent).truth is False


def hidden_stains(scope: AnswerScope, prefix: str) -> Iterator[Finding]:
    """Stains of the panel that were entered among the further ones, where no advisory would look for them."""
    for path, answer in scope.answers.items():
        if not answer.slot.endswith(_FURTHER) or not isinstance(answer.value, Written):
            continue
        panel, name = answer.slot.removesuffix(_FURTHER), bare_name(answer.value.text)
        for stain, names in scope.form.stain_names.get(panel, ()):
            if name in names:
                message = "is a stain of the panel"
                yield Finding("E203", answer.place, prefix + path, message, f"enter it as {panel}: {{{stain}: …}}")


def contradictions(given: AnswerScope, prefix: str) -> Iterator[Finding]:
    """The protocol's contradictions that hold for these answers, naming every entry concerned.

    They are judged on what was answered, also where a missing answer leaves open whether that was to be asked.
    """
    scope = given.as_answered()
    for contradiction in scope.form.form.contradictions:
        if scope.truth(contradiction.when).truth is not True:
            continue
        entered = list(_entered(scope, contradiction.elements, prefix))
        path, place = entered[0] if entered else (prefix + contradiction.elements[0], Place())
        named = ", ".join(f"{path} ({place})" for path, place in entered[1:])
        message = f"{contradiction.say}; see also {named}" if named else contradiction.say
        yield Finding("E201", place, path, message, others=tuple(path for path, _ in entered[1:]))


def _entered(scope: AnswerScope, paths: Iterable[str], prefix: str) -> Iterator[tuple[str, Place]]:
    """Path and place of what was entered, of the part or of the case's header."""
    for path in paths:
        in_header = path.removeprefix("case.") if path.startswith("case.") else ""
        answer = scope.header_answers.get(in_header) if in_header else scope.answers.get(path)
        if answer:
            yield in_header or prefix + answer.path, answer.place


def other_parts(part: Part, keys: frozenset[str]) -> Iterator[Finding]:
    """Answers that name another part of the case, where there is no such part or it is this one.

    `keys` are those of the labels of all parts, as `label_key` gives them.
    """
    for path, answer in part.answers.items():
        element = part.protocol.slots[answer.slot].element
        if isinstance(element, TextElement) and element.part and isinstance(answer.value, Written):
            full, named = part.prefix + path, answer.value.text
            if label_key(named) == label_key(part.label):
                yield Finding("E215", answer.place, full, "refers to the part itself")
            elif label_key(named) not in keys:
                yield Finding("E215", answer.place, full, "refers to a part that this case does not have")
