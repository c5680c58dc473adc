"""Walk a filled form: every key known, every answer typed, every misfit found in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reportgen.cases.model import Answer, Chosen, Counted, Measured, Undetermined, Value
from reportgen.cases.typing import Entered, Misfit, typed, typed_alone
from reportgen.findings import Finding, Place, did_you_mean, one_of
from reportgen.protocols.compiled import CompiledForm
from reportgen.protocols.elements import (
    ChoiceElement,
    CountElement,
    ElementBase,
    NoteElement,
    QuantityElement,
    Status,
    TextElement,
)
from reportgen.protocols.slots import Slot
from reportgen.reading.characters import mixed_script_word
from reportgen.reading.mojibake import misread_letters
from reportgen.reading.nothing import nothing_in
from reportgen.reading.source import Doubt, Items, Mapping, Node, Text, is_empty

OWN_KEYS = ("result", "count", "reason", "text", "per")
"""The keys of an answer with details that are no details."""

_BESIDE = ("text", "reason", "per")  # what may accompany an answer
_NO_DETAILS = ("", "", "")
_RECURRING = (ChoiceElement, QuantityElement, CountElement)  # their answers recur in case after case
_NAMES = 200  # an element that takes no more characters takes a name or a number, which may be one letter


class Walk:
    """One pass over one form; collects answers and findings, whose paths begin with `prefix` (`parts.A.`)."""

    def __init__(self, form: CompiledForm, prefix: str = "") -> None:
        self.form = form
        self.prefix = prefix
        self.answers: dict[str, Answer] = {}
        self.findings: list[Finding] = []

    def find(
        self,
        code: str,
        place: Place,
        path: str,
        message: str,
        hint: str = "",
        value: str = "",
        others: tuple[str, ...] = (),
    ) -> None:
        """Add a finding about an element."""
        self.findings.append(Finding(code, place, self.prefix + path, message, hint, value, others))

    def mapping(self, node: Mapping, above: str, shown: str, ignore: Iterable[str] = ()) -> None:
        """Read the entries of one level; `above` is the slot path, `shown` the same with numbers of repeats."""
        known = self.form.children.get(above, {})
        start = f"{shown}." if shown else ""
        first: dict[str, str] = {}
        for entry in node:
            if entry.key in ignore:
                continue
            slot = known.get(entry.key)
            if slot is None:
                hint = did_you_mean(entry.key, {**known, **dict.fromkeys(ignore)}, otherwise=one_of(known))
                self.find("E101", entry.place, start + entry.key, "is not known here", hint)
                continue
            name = start + slot.element.id
            if slot.path in first:
                twin = (self.prefix + name,)
                self.find(
                    "E203", entry.place, start + entry.key, f'was entered already, as "{first[slot.path]}"', others=twin
                )
            else:
                first[slot.path] = entry.key
                self.entry(slot, entry.value, entry.place, name)

    def entry(self, slot: Slot, node: Node, key: Place, path: str) -> None:
        """Read what was entered for one element."""
        if is_empty(node):
            return
        if slot.repeats:
            self._repeated(slot, node, path)
        elif isinstance(slot.element, NoteElement):
            self.find("E101", node.place, path, "is a note, and takes no answer", "remove it")
        elif slot.is_group:
            if isinstance(node, Mapping):
                self.mapping(node, slot.path, path)
            else:
                self.find("E108", node.place, path, "must have entries of its own", one_of(self._below(slot)))
        elif isinstance(node, Mapping):
            self._detailed(slot, node, key, path)
        else:
            self._value(slot, node, None, path)

    def _repeated(self, slot: Slot, node: Node, path: str) -> None:
        if not isinstance(node, Items):
            self.find("E108", node.place, path, "must be a list", "begin each entry with a dash")
            return
        for number, item in enumerate(node.items, start=1):
            if isinstance(item, Mapping):
                self.mapping(item, slot.path, f"{path}.{number}")
            else:
                self.find(
                    "E108", item.place, f"{path}.{number}", "must have entries of its own", one_of(self._below(slot))
                )

    def _detailed(self, slot: Slot, node: Mapping, key: Place, path: str) -> None:
        """An answer with details: `{result: involved, location: …}`."""
        counted = isinstance(slot.element, CountElement)
        main = ("result", "count") if counted else ("result",)
        own = {*main, "reason", "text", *(("per",) if counted else ())}
        given = [value for name in main if (value := node.get(name)) is not None and not is_empty(value)]
        details = Mapping(tuple(entry for entry in node if entry.key not in own), node.place)
        if not given:
            if not self._stand_alone(slot, details):
                self.find("E102", key, path, "has details but no answer", f"add {main[-1]}: …")
        elif len(given) > 1:
            self.find("E203", key, path, "has two answers")
        else:
            self._value(slot, given[0], node, path)
        self.mapping(details, slot.path, path, ignore=own)
        self._belonging(slot, details, path)
        if path not in self.answers and (given or not self._stand_alone(slot, details)):
            self._forget(path)

    def _stand_alone(self, slot: Slot, details: Mapping) -> bool:
        """Whether all that was entered below an element may be there without its answer."""
        known = self.form.children.get(slot.path, {})
        there = [known[entry.key] for entry in details if entry.key in known and not is_empty(entry.value)]
        return bool(there) and all(detail.element.independent for detail in there)

    def _belonging(self, slot: Slot, details: Mapping, path: str) -> None:
        """Refuse a detail that belongs to another answer than the one given."""
        answer = self.answers.get(path)
        if answer is None:
            return
        chosen = {pick.id for pick in answer.value.picks} if isinstance(answer.value, Chosen) else set[str]()
        for entry in details:
            detail = self.form.children.get(slot.path, {}).get(entry.key)
            if detail is None or is_empty(entry.value) or detail.element.independent:
                continue
            undetermined = isinstance(answer.value, Undetermined) and detail.under != ()
            if undetermined or (detail.under and chosen.isdisjoint(detail.under)):
                self._forget(f"{path}.{detail.element.id}")
                wanted = " or ".join(f'"{word}"' for word in detail.under)
                message = f"goes with {wanted}, not with the answer in {self.prefix}{path} ({answer.place})"
                self.find("E204", entry.place, f"{path}.{entry.key}", message)

    def _forget(self, path: str) -> None:
        """Leave out an answer that was refused, with all that hangs below it: one finding is enough."""
        for known in [each for each in self.answers if each == path or each.startswith(f"{path}.")]:
            del self.answers[known]

    def _value(self, slot: Slot, node: Node, beside: Mapping | None, path: str) -> None:
        element, place = slot.element, node.place
        if isinstance(node, Text):
            entered: tuple[Entered, ...] = (Entered(node.text),)
            if node.doubts:
                self.findings += misread(node, self.prefix + path, element)
        else:
            entered = tuple(self._listed(node, path))
        if not entered:
            return
        if isinstance(node, Items) and not getattr(element, "multiple", False):
            self.find("E108", place, path, "takes one value, not a list", "remove the brackets or the dash")
            return
        details = [self._beside(beside, name, path) for name in _BESIDE] if beside else _NO_DETAILS
        value: Value | Misfit
        try:
            if isinstance(node, Text) and isinstance(element, _RECURRING) and not any(details):
                value = typed_alone(self.form, slot.path, node.text)
            else:
                value = typed(element, entered, *details)
        except Misfit as misfit:
            value = misfit
        prose = element.status is Status.core and isinstance(element, TextElement) and element.maximum > _NAMES
        allowed = isinstance(value, Measured | Counted) or (
            isinstance(value, Chosen) and not any(pick.text for pick in value.picks)
        )
        for each in entered:
            self.findings += doubts(each.text, place, self.prefix + path, prose=prose, allowed=allowed)
        if isinstance(value, Misfit):
            self.find(value.code, place, path, value.message, value.hint, "; ".join(each.text for each in entered))
        else:
            self.answers[path] = Answer(path, slot.path, value, place)

    def _listed(self, node: Node, path: str) -> Iterator[Entered]:
        """The answers of a list (or the only one); each may be `{result: other, text: …}`."""
        for item in node.items if isinstance(node, Items) else (node,):
            if isinstance(item, Text) and not is_empty(item):
                self.findings += misread(item, self.prefix + path)
                yield Entered(item.text)
            elif isinstance(item, Mapping) and isinstance(result := item.get("result"), Text):
                yield Entered(result.text, self._beside(item, "text", path))
                for entry in item:
                    if entry.key not in ("result", "text"):
                        self.find("E101", entry.place, f"{path}.{entry.key}", "is not known here")
            elif not is_empty(item):
                self.find("E108", item.place, path, "must be a list of answers")

    def _beside(self, beside: Mapping | None, name: str, path: str) -> str:
        if beside is None:
            return ""
        node = beside.get(name)
        if node is None or is_empty(node):
            return ""
        if not isinstance(node, Text):
            self.find("E108", node.place, f"{path}.{name}", "must be a text")
            return ""
        self.findings += doubts(node.text, node.place, f"{self.prefix}{path}.{name}")
        self.findings += misread(node, f"{self.prefix}{path}.{name}")
        return " ".join(node.text.split())

    def _below(self, slot: Slot) -> list[str]:
        return list(self.form.children.get(slot.path, {}))


def misread(node: Text, path: str, element: ElementBase | None = None, *, lines: bool = False) -> Iterator[Finding]:
    """What the file's grammar may have taken from a text.

    `element` is what it answers, or None for words that belong to no element; `lines` tells that its line breaks are
    printed.
    """
    text = element if isinstance(element, TextElement) else None
    lines = lines or bool(text and text.lines)
    if text or element is None:
        yield from _other_kind(node, path, identifier=bool(text and text.identifier))
    if Doubt.cut in node.doubts:
        message = "is followed by a comment, which is not read as part of it"
        yield Finding("W311", node.place, path, message, value=node.text)
    if lines and Doubt.joined in node.doubts:
        message = "runs over several lines, which YAML joins into one"
        hint = 'begin with "|" and put each line under it; with ">" they are one text'
        yield Finding("E116", node.place, path, message, hint)
    if lines and Doubt.folded in node.doubts:
        message = "has lines in the file that YAML joins into one"
        yield Finding("W311", node.place, path, message, 'begin with "|" to keep the lines', value=node.text)


def _other_kind(node: Text, path: str, *, identifier: bool) -> Iterator[Finding]:
    """A number or a truth of JSON where a text is asked for: `1.10` and `007` are no longer what was typed."""
    if Doubt.logical in node.doubts:
        yield Finding("E022", node.place, path, "is true or false, where a text is expected", value=node.text)
    elif Doubt.number in node.doubts and (identifier or not node.text.isdigit()):
        yield Finding("E022", node.place, path, "is a number, where a text is expected", value=node.text)


def doubts(text: str, place: Place, path: str, *, prose: bool = False, allowed: bool = False) -> list[Finding]:
    """Warnings about a text that may not be what was meant.

    `prose` is as in `nothing_in`. An `allowed` text is a number, or an answer of a list, which may be "none".
    """
    found = []
    if not text.isascii() and mixed_script_word(text):
        found.append(
            Finding("W301", place, path, "has a word that mixes look-alike letters of two scripts", value=text)
        )
    if misread_letters(text):
        message = "has letters that look like those of another encoding"
        found.append(Finding("W310", place, path, message, value=text))
    if not allowed and nothing_in(text, prose=prose):
        found.append(Finding("W302", place, path, "is or holds a placeholder", value=text))
    return found
