"""What a control of the form holds, as an entry of a case file; and an entry as what a control shows.

An entry is the value of one key: nothing, a text, a list of answers, or a mapping of the answer (`result`, or
`count`) with what belongs to it (`text`, `reason`, `per`). Details are no part of it; `document` keeps them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reportgen.cases.entries import OWN_KEYS
from reportgen.cases.typing import without_words
from reportgen.protocols.elements import (
    ChoiceElement,
    CountElement,
    DateElement,
    ElementBase,
    QuantityElement,
    TextElement,
)
from reportgen.protocols.slots import Slot

Entry = str | list[Any] | dict[str, Any] | None
_SIGNED = re.compile(r"\s*(<=|>=|[<>~≤≥])?\s*(.*)", re.DOTALL)
_SIGNS = {"<=": "≤", ">=": "≥"}
_NUMBERS = re.compile(r"([0-9](?:[0-9.,\sx×]*[0-9.,x×])?)\s*((?:per\b|/|[^\s0-9.,x×]).*)?")


@dataclass(frozen=True)
class Control:
    """What one control holds: what it shows of an entry, and what it sends."""

    answers: tuple[str, ...] = ()  # the ids of the answers picked
    texts: Mapping[str, str] = field(default_factory=dict)  # the words of fill-ins by answer
    undetermined: bool = False  # whether it is answered with "cannot be determined"
    reason: str = ""  # why
    value: str = ""  # what was typed; for a list of answers, what is not an answer of it
    sign: str = ""  # the comparator before it
    unit: str = ""  # the unit, or what it is counted per


def entry(element: ElementBase, sent: Control) -> Entry:
    """The entry that a control sends; None where nothing was entered. Validation finds what is wrong with it."""
    if sent.undetermined:
        reason = _line(sent.reason)
        return {"result": element.undetermined, "reason": reason} if reason else element.undetermined
    if isinstance(element, ChoiceElement):
        return _chosen(element, sent)
    if isinstance(element, TextElement) and element.lines:
        return sent.value.replace("\r\n", "\n").strip() or None
    value = _line(sent.value)
    if not value or isinstance(element, TextElement | DateElement):
        return value or None
    least = sent.sign if isinstance(element, QuantityElement) and sent.sign == element.at_least else ""
    value = value if value[0] in "<>~≤≥" or least else sent.sign + value
    if isinstance(element, CountElement):
        basis = sent.unit or (element.per[0] if len(element.per) == 1 else "")
        return {"count": value, "per": basis} if basis and _is_bare(value) else value
    if isinstance(element, QuantityElement):
        unit = sent.unit or (element.unit if len(distinct_units(element)) == 1 else "")
        return f"{least} {value} {unit}".strip() if unit and _is_bare(value) else f"{least} {value}".lstrip()
    return value


def distinct_units(element: QuantityElement) -> tuple[str, ...]:
    """The units to choose from: one that measures the same as the element's own is another spelling of it."""
    return tuple(filter(None, (element.unit, *(unit for unit, factor in element.units.items() if factor != 1))))


def _line(text: str) -> str:
    return " ".join(text.split())


def _chosen(element: ChoiceElement, sent: Control) -> Entry:
    picked: list[Entry] = []
    for answer in sent.answers:
        choice = element.choice(answer)
        words = _line(sent.texts.get(answer, "")) if choice and choice.asks else ""
        asked = choice.asks if choice else None
        if words and isinstance(asked, QuantityElement) and _is_bare(words) and len(distinct_units(asked)) == 1:
            words = f"{words} {asked.unit}"
        picked.append({"result": answer, "text": words} if words else answer)
    if not picked:
        return None
    return picked if element.multiple else picked[0]


def shown(element: ElementBase, node: object) -> Control:
    """What the control of `element` shows for a value of the file, whatever that is; the way back of `entry`."""
    parts = dict(node) if isinstance(node, dict) else {"result": node}
    counted = isinstance(element, CountElement)
    texts = [*_texts(parts.get("result")), *(_texts(parts.get("count")) if counted else ())]
    reason, beside = _text(parts.get("reason")), _text(parts.get("text"))
    if len(texts) == 1 and (found := _undetermined(element, texts[0][0])) is not None:
        return Control(undetermined=True, reason=_joined(*dict.fromkeys((_line(found), _line(reason)))))
    if isinstance(element, ChoiceElement):
        return _picked(element, texts, beside, reason)
    typed = _joined(*(text for text, _ in texts), reason, beside)  # what does not belong is seen
    if isinstance(element, TextElement | DateElement):
        return Control(value=typed)
    typed = _line(typed)
    return _number(element, typed, _line(_text(parts.get("per"))) if counted else "")


def _number(element: ElementBase, typed: str, per: str) -> Control:
    """A number with its comparator and unit apart, where both are what the control offers; else as it was typed."""
    least, typed = without_words(element, typed) if isinstance(element, QuantityElement) else ("", typed)
    if least:
        found = _number(element.model_copy(update={"at_least": ""}), typed, per)
        return Control(value=f"{least} {typed}") if found.sign else replace(found, sign=least)
    sign, rest = _signed(typed)
    if isinstance(element, QuantityElement) and element.unit:
        bare = rest.removesuffix(element.unit).rstrip()  # `×` is a unit, and is also written between two numbers
        if bare != rest and bare.replace(".", "").replace(",", "").isdecimal():
            return Control(value=bare, sign=sign, unit=element.unit)
    numbers = _NUMBERS.fullmatch(rest)
    written = ((numbers[2] or "") if numbers else "").strip()
    if isinstance(element, CountElement):
        basis = re.fullmatch(r"(?:per\b|/)\s*(.*)", written)
        unit = basis[1].replace("mm2", "mm²") if basis else ""
        beside = per.replace("mm2", "mm²")
        if written and not basis:
            return Control(value=f"{typed} per {per}" if per else typed)
        if beside and unit not in ("", beside):
            return Control(value=f"{typed} per {per}")  # it says two things: neither is dropped
        unit, offered = unit or beside, element.per
    else:
        unit = written
        offered = distinct_units(element) if isinstance(element, QuantityElement) else ()
    if numbers and numbers[1][-1] not in "x×" and unit and unit in offered:
        return Control(value=numbers[1], sign=sign, unit=unit)
    return Control(value=f"{typed} per {per}" if per and typed and not written else typed)


def _picked(element: ChoiceElement, texts: list[tuple[str, str]], beside: str, reason: str) -> Control:
    """The answers that the list knows, with the words of their own; the rest as it was typed.

    Of several answers to an element that takes one, none is picked: a page would show the last as the answer.
    """
    if len(texts) > 1 and not element.multiple:
        return Control(value=_joined(*(each for pair in texts for each in pair), beside, reason))
    answers: list[str] = []
    words: dict[str, str] = {}
    unknown: list[str] = []
    open_ones: list[str] = []
    for text, own in texts:
        choice = element.choice_as_typed(_line(text))
        if choice is None:
            unknown += (text, own)
            continue
        answers.append(choice.id)
        if choice.asks:
            words[choice.id] = own
            open_ones += () if own else (choice.id,)
        else:
            unknown.append(own)
    if beside and len(open_ones) == 1:
        words[open_ones[0]] = beside
    else:
        unknown.append(beside)
    # a reason belongs to what cannot be determined
    return Control(answers=tuple(answers), texts=words, value=_joined(*unknown, reason))


def _joined(*texts: str) -> str:
    return "; ".join(filter(None, texts))


def _texts(main: object) -> Iterator[tuple[str, str]]:
    """Each answer of an entry with the words beside it."""
    for item in main if isinstance(main, list) else [main]:
        if isinstance(item, dict):
            yield _text(item.get("result")), _text(item.get("text"))
        elif _text(item).strip():
            yield _text(item), ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _undetermined(element: ElementBase, text: str) -> str | None:
    """The reason in `cannot be determined (why)`, "" without one; None where the text is another answer."""
    if not element.undetermined:
        return None
    found = re.fullmatch(rf"{re.escape(element.undetermined)}\s*(?:\((.*)\))?", _line(text), re.IGNORECASE)
    return (found[1] or "") if found else None


def _signed(text: str) -> tuple[str, str]:
    """The comparator that a text begins with, and the rest."""
    found = _SIGNED.fullmatch(text)
    return (_SIGNS.get(found[1], found[1] or ""), found[2]) if found else ("", text)


def _is_bare(text: str) -> bool:
    """Whether a text is a number without a unit, to which one may be added; `about 5` and `20 x` stay as typed."""
    numbers = _NUMBERS.fullmatch(_signed(text)[1])
    return bool(numbers and not numbers[2] and numbers[1][-1] not in "x×")


def own_keys(element: ElementBase) -> frozenset[str]:
    """The keys that belong to the answer itself, and not to its details."""
    return frozenset(OWN_KEYS) - (set() if isinstance(element, CountElement) else {"count", "per"})


def main_key(element: ElementBase) -> str:
    """The key of the answer itself, where it has details."""
    return "count" if isinstance(element, CountElement) else "result"


def fits(slot: Slot, detail: Slot | None, entry: Entry) -> bool:
    """Whether a detail of an element belongs to an answer too; an unknown one stays, for validation to refuse."""
    if detail is not None and detail.element.independent:
        return True
    now = shown(slot.element, entry)
    return entry is not None and (
        detail is None or (not now.undetermined and (not detail.under or not set(now.answers).isdisjoint(detail.under)))
    )


def with_details(element: ElementBase, entry: Entry, details: dict[str, Any]) -> Entry:
    """An entry with the details that stay beside it."""
    if not details or entry is None:
        return dict(details) or entry
    return {**(entry if isinstance(entry, dict) else {main_key(element): entry}), **details}
