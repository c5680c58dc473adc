"""The pairs that a protocol requires of every synoptic report, and the names under which a report may print them."""

from __future__ import annotations

import re
from typing import NamedTuple

from reportgen.protocols.compiled import Compiled
from reportgen.protocols.elements import Chapter, Status
from reportgen.protocols.slots import Slot

_PLACEHOLDER = re.compile(r"\{\{.*?\}\}")
_WILD = r"\w+"


class Required(NamedTuple):
    """An element that every report of a protocol has a pair for.

    Attributes:
        path: its path in the protocol.
        name: what the protocol calls it.
        names: matches its names as words of a text.
    """

    path: str
    name: str
    names: re.Pattern[str]

    def is_label(self, label: str) -> bool:
        """Whether a label names the element, alone or with words that say more of it: `Tumor size (greatest)`."""
        return self.names.search(label) is not None


def required(made: Compiled) -> tuple[Required, ...]:
    """The core elements of the synopsis, in the order of the form; follow-ups and stains depend on answers."""
    return tuple(
        Required(path, slot.element.plain_name, _names(slot)) for path, slot in made.slots.items() if _is_needed(slot)
    )


def _is_needed(slot: Slot) -> bool:
    element = slot.element
    below = slot.parent or slot.repeated or slot.panel or slot.is_group
    return element.status is Status.core and element.chapter is Chapter.synoptic and not below


def _names(slot: Slot) -> re.Pattern[str]:
    """The title, the label with any word for a word that depends on answers, and the last word of the path."""
    element = slot.element
    known = {element.title, element.name, element.id, *element.aliases}
    patterns = [_WILD.join(map(_words, _PLACEHOLDER.split(each))) for each in sorted(known) if each]
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)


def _words(text: str) -> str:
    """A pattern for a text, in which a space, a hyphen and an underscore are the same."""
    return re.sub(r"(?:\\?[\s_-])+", r"[\\s_-]+", re.escape(text))
