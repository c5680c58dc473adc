"""The keys that pick answers, as the author of a protocol sets them: one letter for a word, and one word for a letter.

Why the author sets them: a key is learned with the fingers. One that means one word in this row and another word in the
next row enters a wrong answer that nobody sees being entered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from reportgen.protocols.elements import ChoiceElement
from reportgen.protocols.slots import Slot


class KeyedAnswer(NamedTuple):
    """One answer of a list, as the form shows it.

    Attributes:
        id: the word of the case file.
        words: the words that the form shows.
        key: the key that its author set; "" where none shall pick it, None where nothing is set.
        named: the word by which the key was set.
    """

    id: str
    words: str
    key: str | None
    named: str


class Clash(NamedTuple):
    """A letter with two meanings in one section: `slot` is where the second is met."""

    slot: Slot
    letter: str
    words: tuple[str, str]


def answers(element: ChoiceElement, keys: Mapping[str, str]) -> tuple[KeyedAnswer, ...]:
    """All answers of a list in its order, "cannot be determined" at its end; `keys` are those of the form."""
    told = [_answer(each.id, each.title or each.words, each.key, keys) for each in element.choices]
    if element.undetermined:
        told.append(_answer(element.undetermined, element.undetermined, None, keys))
    return tuple(told)


def _answer(id: str, words: str, own: str | None, keys: Mapping[str, str]) -> KeyedAnswer:
    if own is not None:
        return KeyedAnswer(id, words, own, id)
    named = id if id in keys else words
    return KeyedAnswer(id, words, keys.get(named), named)


def clashes(slots: Iterable[Slot], keys: Mapping[str, str]) -> Iterator[Clash]:
    """The letters that mean two words in one section, each told once. A digit belongs to its own list alone."""
    meant: dict[tuple[str, str], str] = {}
    told: set[tuple[str, str, str]] = set()
    for slot in slots:
        for answer in answers(slot.element, keys) if isinstance(slot.element, ChoiceElement) else ():
            if not answer.key:
                continue
            scope = slot.path if answer.key.isdigit() else slot.section
            first = meant.setdefault((scope, answer.key), answer.named)
            clash = (scope, answer.key, answer.named)
            if first != answer.named and clash not in told:
                told.add(clash)
                yield Clash(slot, answer.key, (first, answer.named))


def unknown(slots: Iterable[Slot], keys: Mapping[str, str]) -> tuple[str, ...]:
    """The words of `answer_keys` that are no answer of the form."""
    lists = [slot.element for slot in slots if isinstance(slot.element, ChoiceElement)]
    known = {word for element in lists for each in answers(element, {}) for word in (each.id, each.words)}
    return tuple(word for word in keys if word not in known)
