"""A protocol as the fields of a form: what is asked, how it is answered, which key picks which answer.

Nothing here knows any protocol: what the form offers is what the protocol's elements say of themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reportgen.cases.validate import overridable
from reportgen.protocols.compiled import Compiled, CompiledForm
from reportgen.protocols.elements import (
    ChoiceElement,
    CountElement,
    DateElement,
    ElementBase,
    GroupElement,
    PanelElement,
    QuantityElement,
    SourceRef,
    TextElement,
)
from reportgen.protocols.keys import answers
from reportgen.protocols.slots import Slot
from reportgen.web.document import Document
from reportgen.web.entries import Shown, distinct_units, shown
from reportgen.web.keys import shown_keys
from reportgen.web.states import States, is_filled

Field = dict[str, Any]
SIGNS = ("<", "≤", ">", "≥", "~")
_BETWEEN = "|"  # between the answers that a follow-up belongs to; no answer has it


class Drawing:
    """The fields of one form of a case: its head, or one part.

    Args:
        form: the form.
        document: the case.
        states: the state of its fields.
        prefix: what the paths of this form begin with.
    """

    def __init__(self, form: CompiledForm, document: Document, states: States, prefix: str) -> None:
        self.form = form
        self.document = document
        self.states = states
        self.prefix = prefix

    def sections(self) -> tuple[Field, ...]:
        """The sections with their fields, in the order of the protocol."""
        return tuple(
            {
                "path": f"{self.prefix}#{section.id}",
                "title": section.title,
                "hidden": _yes(f"{self.prefix}#{section.id}" in self.states.hidden),
                "fields": tuple(self._field(slot) for slot in self._below("") if slot.section == section.id),
            }
            for section in self.form.form.sections
        )

    def row(self, path: str, number: int) -> tuple[Field, ...]:
        """The fields of one entry of a repeated group, numbers from 1."""
        slot = self.form.slots[path]
        return tuple(self._field(each, f"{path}.{number}") for each in self._below(slot.path))

    def _below(self, path: str) -> Iterator[Slot]:
        """The elements directly below a path, without their other names."""
        return (slot for key, slot in self.form.children.get(path, {}).items() if key == slot.element.id)

    def _field(self, slot: Slot, above: str = "") -> Field:
        """The field of one element; `above` is the path of the repeated entry it stands in."""
        element = slot.element
        path = f"{above}.{element.id}" if above else slot.path
        full = self.prefix + path
        node = self.document.get(full)
        field: Field = {
            "path": full,
            "id": element.id,
            "title": element.title,
            "help": element.help,
            "source": self._source(element.source),
            "hidden": _yes(full in self.states.hidden),
            "under": _BETWEEN.join(slot.under),
            "follows": _yes(bool(slot.parent)),
            "rows": (),
            "stains": (),
        }
        if isinstance(element, PanelElement):
            return {**field, **self._panel(slot, element, node)}
        if isinstance(element, GroupElement):
            return {**field, **self._group(slot, element, node, path, above)}
        found = shown(element, node)
        below = tuple(self._in_row(each, path, found, above) for each in self._below(slot.path))
        return {**field, **self._control(element, found), "below": below}

    def _in_row(self, slot: Slot, path: str, found: Shown, above: str) -> Field:
        """A follow-up; inside a repeated entry it is shown by what stands in that entry alone."""
        field = self._field(slot, path if above else "")
        if above:
            asked = bool(found.answers or found.value) and (not slot.under or set(slot.under) & set(found.answers))
            field["hidden"] = _yes(not asked and not is_filled(self.document.get(field["path"])))
        return field

    def _group(self, slot: Slot, element: GroupElement, node: object, path: str, above: str) -> Field:
        if not element.repeats:
            inside = path if above else ""
            return {"kind": "group", "below": tuple(self._field(each, inside) for each in self._below(slot.path))}
        count = len(node) if isinstance(node, list) else 0
        rows = tuple({"number": n, "fields": self.row(path, n)} for n in range(1, count + 2))
        return {"kind": "rows", "rows": rows, "below": ()}

    def _panel(self, slot: Slot, element: PanelElement, node: object) -> Field:
        below = [self._field(each) for each in self._below(slot.path)]
        further = next((each for each in below if each["kind"] == "rows"), "")
        stains = tuple(each for each in below if each["kind"] != "rows")
        legend = tuple({"words": choice.title or choice.words} for choice in element.results)
        return {
            "kind": "panel",
            "stains": stains,
            "legend": legend,
            "columns": tuple(detail.title for detail in element.details),
            "further": further,
            "below": (),
        }

    def _control(self, element: ElementBase, found: Shown) -> Field:
        choices = element.choices if isinstance(element, ChoiceElement) else ()
        told = answers(element, self.form.form.answer_keys) if isinstance(element, ChoiceElement) else ()
        keys = shown_keys(answer.key for answer in told)
        units: tuple[str, ...] = ()
        if isinstance(element, QuantityElement):
            units = distinct_units(element)
        elif isinstance(element, CountElement):
            units = element.per
        return {
            "kind": _kind(element),
            "multiple": _yes(isinstance(element, ChoiceElement) and element.multiple),
            "choices": tuple(
                {
                    "id": choice.id, "words": answer.words, "key": key, "on": _yes(choice.id in found.answers),
                    "fill": _yes(choice.fill_in), "text": found.texts.get(choice.id, ""), "help": choice.help,
                    "exclusive": _yes(choice.exclusive),
                }
                for choice, answer, key in zip(choices, told, keys, strict=False)
            ),
            "undetermined": element.undetermined,
            "undetermined_key": keys[-1] if element.undetermined and choices else "",
            "undetermined_on": _yes(found.undetermined),
            "reason": found.reason,
            "value": found.value,
            "sign": found.sign,
            "signs": tuple({"id": sign, "on": _yes(found.sign == sign)} for sign in SIGNS),
            "units": tuple({"id": unit, "on": _yes(unit == found.unit)} for unit in units),
            "one_unit": units[0] if len(units) == 1 else "",
            "own_unit": _yes(not found.unit and found.value[-1:].isalpha()),
            "dimensions": element.dimensions if isinstance(element, QuantityElement) else 1,
            "forms": " or ".join(element.forms) if isinstance(element, DateElement) else "",
        }  # fmt: skip

    def _source(self, source: SourceRef) -> str:
        sources = self.form.form.sources
        return "; ".join(f"{sources[key].title}: {heading}" for key, heading in source.items() if key in sources)


def own_words(protocol: Compiled, document: Document, prefix: str) -> tuple[Field, ...]:
    """The places where the pathologist may put words of their own, with what stands there."""
    titles = {each.id: each.title for each in protocol.statements().values()}
    fields = []
    for name in overridable(protocol):
        path = f"{prefix}override.{name}"
        value = document.get(path)
        title = titles.get(name, f"The whole {name}")
        fields.append(_text(path, title, value, lines=True))
    return tuple(fields)


def received_as(document: Document, prefix: str) -> Field:
    """The field for the label on the container."""
    path = f"{prefix}received_as"
    return _text(path, "Received as", document.get(path), help="the label on the container, word for word")


def _text(path: str, title: str, value: object, *, lines: bool = False, help: str = "") -> Field:
    """A field for words that belong to no element."""
    return {
        "path": path, "id": path, "title": title, "help": help, "source": "", "hidden": "", "under": "", "follows": "",
        "kind": "lines" if lines else "text", "value": value if isinstance(value, str) else "",
        "undetermined": "", "below": (), "rows": (), "stains": (),
    }  # fmt: skip


def _kind(element: ElementBase) -> str:
    if isinstance(element, ChoiceElement):
        return "choice"
    if isinstance(element, QuantityElement | CountElement):
        return "number"
    if isinstance(element, DateElement):
        return "date"
    return "lines" if isinstance(element, TextElement) and element.lines else "text"


def _yes(is_so: object) -> str:
    """A truth as templates take it: they print no booleans."""
    return "yes" if is_so else ""
