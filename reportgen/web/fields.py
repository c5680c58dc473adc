"""A protocol as the fields of a form: what is asked, how it is answered, which key picks which answer.

Nothing here knows a protocol: the form offers what the elements of the protocol define.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from reportgen.cases.validate import overridable
from reportgen.protocols.compiled import Compiled, CompiledForm
from reportgen.protocols.elements import (
    Choice,
    ChoiceElement,
    CountElement,
    DateElement,
    ElementBase,
    GroupElement,
    NoteElement,
    PanelElement,
    QuantityElement,
    TextElement,
)
from reportgen.protocols.keys import answers
from reportgen.protocols.macros import asks_macro
from reportgen.protocols.slots import Slot
from reportgen.protocols.starter import answers_in_words
from reportgen.web.document import Document
from reportgen.web.entries import Control, distinct_units, shown
from reportgen.web.states import States, is_filled

Field = dict[str, Any]
SIGNS = ("<", "≤", ">", "≥", "~")
_BETWEEN = "|"  # between the answers that a follow-up belongs to; no answer has it
_DIGITS = "123456789"


class Drawing:
    """The fields of one form of a case: its head, or one part, whose paths begin with a prefix."""

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
                "hidden": f"{self.prefix}#{section.id}" in self.states.hidden,
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
        """The field of one element; `above` is the path of the repeated entry it is in."""
        element = slot.element
        path = f"{above}.{element.id}" if above else slot.path
        full = self.prefix + path
        node = self.document.get(full)
        sources = self.form.form.sources
        field = _blank(full, element.title, element.help) | {
            "source": "; ".join(f"{sources[key].title}: {at}" for key, at in element.source.items() if key in sources),
            "hidden": full in self.states.hidden,
            "under": "" if element.independent else _BETWEEN.join(slot.under),
            "follows": bool(slot.parent) and not element.independent,
            "by_word": asks_macro(slot),
        }
        if isinstance(element, NoteElement):
            return field | {"kind": "note", "value": element.text}
        if isinstance(element, PanelElement):
            return field | self._panel(slot, element)
        if isinstance(element, GroupElement) and element.repeats:
            count = len(node) if isinstance(node, list) else 0
            rows = tuple({"number": n, "fields": self.row(path, n)} for n in range(1, count + 2))
            return field | {"kind": "rows", "rows": rows}
        if isinstance(element, GroupElement):
            inside = path if above else ""
            return field | {
                "kind": "group",
                "below": tuple(self._field(each, inside) for each in self._below(slot.path)),
            }
        found = self._shown(element, full, node)
        below = tuple(self._follow_up(each, path, found, above) for each in self._below(slot.path))
        return field | self._control(element, found) | {"below": below}

    def _shown(self, element: ElementBase, path: str, node: object) -> Control:
        """What a control shows: what was entered, or what was given where nothing was."""
        given = self.states.given.get(path)
        if given is None:
            return shown(element, node)
        several = isinstance(element, ChoiceElement) and element.multiple
        return shown(element, list(given) if several else given[0])

    def _follow_up(self, slot: Slot, path: str, found: Control, above: str) -> Field:
        """A follow-up; inside a repeated entry, what is in that entry alone decides whether it is shown."""
        field = self._field(slot, path if above else "")
        if above and not slot.element.independent:
            asked = bool(found.answers or found.value) and (not slot.under or set(slot.under) & set(found.answers))
            field["hidden"] = not asked and not is_filled(self.document.get(field["path"]))
        return field

    def _panel(self, slot: Slot, element: PanelElement) -> Field:
        below = [self._field(each) for each in self._below(slot.path)]
        return {
            "kind": "panel",
            "stains": tuple(each for each in below if each["kind"] != "rows"),
            "legend": tuple({"words": choice.title or choice.words} for choice in element.results),
            "columns": tuple(detail.title for detail in element.details),
            "further": next((each for each in below if each["kind"] == "rows"), ""),
        }

    def _control(self, element: ElementBase, found: Control) -> Field:
        choices = element.choices if isinstance(element, ChoiceElement) else ()
        told = answers(element, self.form.form.answer_keys) if isinstance(element, ChoiceElement) else ()
        keys = shown_keys(answer.key for answer in told)
        units: tuple[str, ...] = ()
        signs: tuple[str, ...] = SIGNS
        if isinstance(element, QuantityElement):
            units = distinct_units(element)
            taken = (sign for sign in SIGNS if (element.about if sign == "~" else element.bounds))
            signs = (*taken, *filter(None, (element.at_least,)))
        elif isinstance(element, CountElement):
            units = element.per
            signs = tuple(sign for sign in SIGNS if element.about or sign != "~")
        return {
            "kind": _kind(element),
            "multiple": isinstance(element, ChoiceElement) and element.multiple,
            "choices": tuple(
                {
                    "id": choice.id, "words": answer.words, "key": key, "on": choice.id in found.answers,
                    "fill": bool(choice.asks), "text": found.texts.get(choice.id, ""), "help": choice.help,
                    "exclusive": choice.exclusive, "hint": _hint(choice),
                }
                for choice, answer, key in zip(choices, told, keys, strict=False)
            ),
            "undetermined": element.undetermined,
            "undetermined_key": keys[-1] if element.undetermined and choices else "",
            "undetermined_on": found.undetermined,
            "reason": found.reason,
            "value": found.value,
            "sign": found.sign,
            "signs": tuple({"id": sign, "on": found.sign == sign} for sign in signs),
            "units": tuple({"id": unit, "on": unit == found.unit} for unit in units),
            "one_unit": units[0] if len(units) == 1 else "",
            "own_unit": not found.unit and found.value[-1:].isalpha(),
            "forms": " or ".join(element.forms) if isinstance(element, DateElement) else "",
        }  # fmt: skip


def own_words(protocol: Compiled, document: Document, prefix: str) -> tuple[Field, ...]:
    """The fields for words of the pathologist's own, with what was entered."""
    titles = {each.id: each.title for each in protocol.statements().values()}
    return tuple(
        _words(document, f"{prefix}override.{name}", titles.get(name, f"The whole {name}"), "lines")
        for name in overridable(protocol)
    )


def received_as(document: Document, prefix: str) -> Field:
    """The field for the label on the container."""
    help = "the label on the container, word for word"
    return _words(document, f"{prefix}received_as", "Received as", "text", help)


def _words(document: Document, path: str, title: str, kind: str, help: str = "") -> Field:
    """A field for words that belong to no element."""
    value = document.get(path)
    return _blank(path, title, help) | {"kind": kind, "value": value if isinstance(value, str) else ""}


def _blank(path: str, title: str, help: str) -> Field:
    """What every field has."""
    return {
        "path": path, "title": title, "help": help, "source": "", "hidden": False, "under": "", "follows": False,
        "by_word": False, "undetermined": "", "below": (), "rows": (), "stains": (),
    }  # fmt: skip


def _hint(choice: Choice) -> str:
    """What is entered with an answer, in words."""
    return (
        "in your words"
        if isinstance(choice.asks, TextElement)
        else answers_in_words(choice.asks)
        if choice.asks
        else ""
    )


def _kind(element: ElementBase) -> str:
    if isinstance(element, ChoiceElement):
        return "choice"
    if isinstance(element, QuantityElement | CountElement):
        return "number"
    if isinstance(element, DateElement):
        return "date"
    return "lines" if isinstance(element, TextElement) and element.lines else "text"


def shown_keys(given: Iterable[str | None]) -> tuple[str, ...]:
    """A key for each answer of a list, all different; "" for an answer without a key.

    The author of the protocol set the given ones: "" where no key may pick the answer, None where nothing is set. Such
    an answer gets the first digit that the list does not use.
    """
    listed = tuple(given)
    free = iter([digit for digit in _DIGITS if digit not in listed])
    return tuple(next(free, "") if key is None else key for key in listed)
