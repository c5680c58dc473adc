"""Every element of a form at its place: groups, follow-ups and stain panels unfolded into one ordered table.

The elements made here are put together from validated ones, so they are not validated again (it takes long).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from reportgen.protocols.elements import (
    Chapter,
    Choice,
    ChoiceElement,
    Element,
    ElementBase,
    GroupElement,
    Judged,
    NoteElement,
    PanelElement,
    Stain,
    Status,
    TextElement,
)
from reportgen.protocols.model import Form

_YES, _NO = "yes", "no"
_GROUPS = (GroupElement, PanelElement, NoteElement)


class Slot(NamedTuple):
    """One element at its place.

    Attributes:
        path: dotted path from the part (`margins.deep.distance`).
        element: the element; a stain of a panel is a choice element.
        applies: conditions (its own, its section's, its groups') that must all hold.
        parent: path of the element it follows up, or "".
        under: the answers of the parent it belongs to; empty: any.
        repeated: path of the repeating group that contains it, or "".
        panel: path of the stain panel that contains it, or "".
        required_stain: whether it is one of those of which a panel needs at least one.
        section: id of its section.
        depth: how far it hangs below its section (0, 1, 2 …).
        judges: whether it asks if another element applies, in the judgement of the pathologist.
        judged: whether it is such another element, or inside one.
        headings: the headings that the report prints above it, the outer ones first.
        like: path of the first element that applies under the same conditions, and so applies whenever this one does.
    """

    path: str
    element: ElementBase
    section: str
    applies: tuple[str, ...] = ()
    parent: str = ""
    under: tuple[str, ...] = ()
    repeated: str = ""
    panel: str = ""
    required_stain: bool = False
    depth: int = 0
    judges: bool = False
    judged: bool = False
    headings: tuple[str, ...] = ()
    like: str = ""

    @property
    def is_group(self) -> bool:
        """Whether it takes no answer of its own: it holds other elements, or is a note."""
        return isinstance(self.element, _GROUPS)

    @property
    def repeats(self) -> bool:
        """Whether it is a group of which there may be several entries, counted from 1."""
        return isinstance(self.element, GroupElement) and self.element.repeats

    @property
    def is_named_stain(self) -> bool:
        """Whether it is a stain that a panel lists, and takes a result."""
        return bool(self.panel) and not (self.parent or self.repeated or self.is_group)


def unfold(form: Form) -> dict[str, Slot]:
    """Path → slot for every element of the form, in the order of the file (twin paths: the first stays)."""
    table: dict[str, Slot] = {}
    first: dict[tuple[object, ...], str] = {}
    for section in form.sections:
        applies = (section.applies_when,) if section.applies_when else ()
        element = GroupElement.model_construct(id="top", title=section.title, elements=())
        top = Slot("", element, section.id, applies, headings=tuple(filter(None, (section.heading,))))
        for each in section.elements:
            for slot in _slots(each, top._replace(element=each)):
                if slot.path not in table:
                    like = first.setdefault((slot.parent, slot.under, slot.applies), slot.path)
                    table[slot.path] = slot._replace(like=like)
    return table


def keys_below(slots: dict[str, Slot]) -> dict[str, dict[str, Slot]]:
    """Path ("" for the top) → the keys, aliases included, that a case file may use below it."""
    table: dict[str, dict[str, Slot]] = {}
    for path, slot in slots.items():
        below = table.setdefault(path.rpartition(".")[0], {})
        below |= dict.fromkeys((slot.element.id, *slot.element.aliases), slot)
    return table


def required_stains(slots: dict[str, Slot]) -> dict[str, tuple[Slot, ...]]:
    """Path of each stain panel → the stains of which it needs at least one."""
    needed = [slot for slot in slots.values() if slot.required_stain]
    panels = (path for path, slot in slots.items() if isinstance(slot.element, PanelElement))
    return {path: tuple(slot for slot in needed if slot.panel == path) for path in panels}


def stain_names(slots: dict[str, Slot]) -> dict[str, tuple[tuple[str, frozenset[str]], ...]]:
    """Path of each stain panel → the id of each of its stains, with its bare names."""
    panels = [(path, slot.element) for path, slot in slots.items() if isinstance(slot.element, PanelElement)]
    return {
        path: tuple((each.id, frozenset(map(bare_name, each.names))) for each in panel.stains) for path, panel in panels
    }


def bare_name(name: str) -> str:
    """The letters and digits of a name, in small letters: the same for all its spellings."""
    return re.sub(r"[\W_]", "", name).casefold()


def _slots(element: ElementBase, above: Slot) -> Iterator[Slot]:
    """The slot of `element` under `above` (whose `element` it replaces), and of all below it."""
    path = f"{above.path}.{element.id}" if above.path else element.id
    applies = above.applies + ((element.applies_when,) if element.applies_when else ())
    slot = above._replace(path=path, element=element, applies=applies)
    if isinstance(element, GroupElement) and element.heading:
        slot = slot._replace(headings=(*slot.headings, element.heading))
    if element.judged and not above.repeated:
        asked = judge_of(path)
        yield slot._replace(path=asked, element=_question(element, element.judged), judges=True)
        slot = slot._replace(judged=True, applies=(*applies, f"{_named(asked)} == '{_YES}'"))
    slot = slot._replace(element=_once_judged(element)) if slot.judged else slot
    yield slot
    if isinstance(element, GroupElement):
        inside = slot._replace(repeated=path if element.repeats else slot.repeated)
        for child in element.elements:
            yield from _slots(child, inside)
    elif isinstance(element, PanelElement):
        yield from _stains(element, slot._replace(panel=path))
    yield from _followups(element, slot)


def judge_of(path: str) -> str:
    """The path of the question whether the element at a path applies."""
    return f"{path}_applies"


def _question(element: ElementBase, judged: Judged) -> ChoiceElement:
    """The yes/no question whether an element applies; "no" is printed under the name of the element."""
    optional = element.status is Status.optional
    return ChoiceElement(
        kind="choice",
        id=judge_of(element.id),
        title=judged.title,
        label=element.name,
        status=Status.optional if optional else Status.core,
        choices=(Choice.model_validate({"id": _YES, "omit": "true"}), Choice(id=_NO, label=judged.no)),
        other=False,
        source=element.source,
        chapter=element.chapter,
        independent=element.independent,
    )


def _once_judged(element: ElementBase) -> ElementBase:
    """The element, which is required only where it was judged to apply."""
    needed = element.status is Status.core and not isinstance(element, PanelElement)
    return element.model_copy(update={"status": Status.conditional}) if needed else element


def _named(path: str) -> str:
    """A path as conditions write it."""
    first, *steps = path.split(".")
    return first + "".join(f"['{step}']" for step in steps)


def _followups(element: ElementBase, slot: Slot) -> Iterator[Slot]:
    below = slot._replace(parent=slot.path, depth=slot.depth + 1, required_stain=False)
    beside = slot._replace(depth=slot.depth + 1, required_stain=False)
    for followup in element.followups:
        yield from _slots(followup, beside if followup.independent else below._replace(under=followup.under))
    if isinstance(element, ChoiceElement):
        for choice in element.choices:
            for followup in choice.followups:
                yield from _slots(followup, below._replace(under=(choice.id,)))


def _stains(panel: PanelElement, slot: Slot) -> Iterator[Slot]:
    for stain in panel.stains:
        yield from _slots(_as_choice(stain, panel), slot._replace(required_stain=stain.core))
    if panel.other:
        name = TextElement.model_construct(kind="text", id="name", title=panel.other, status=Status.core, maximum=60)
        result = ChoiceElement.model_construct(
            kind="choice",
            id="result",
            title="Result",
            status=Status.core,
            choices=panel.results,
            other=False,
            chapter=Chapter.stains,
        )
        details: tuple[Element, ...] = tuple(detail.model_copy(update={"under": ()}) for detail in panel.details)
        other = GroupElement.model_construct(
            kind="group", id="other", title=panel.other, elements=(name, result, *details), repeats=True
        )
        yield from _slots(other, slot)


def _as_choice(stain: Stain, panel: PanelElement) -> ChoiceElement:
    return ChoiceElement.model_construct(
        kind="choice",
        id=stain.id,
        title=stain.title or stain.id,
        choices=panel.results,
        other=False,
        followups=panel.details,
        aliases=stain.aliases,
        codes=stain.codes,
        foreign_id=stain.foreign_id,
        source=stain.source or panel.source,
        chapter=Chapter.stains,
    )
