"""The protocols that a part can have, and the words by which one of many is found."""

from __future__ import annotations

from collections import Counter

from reportgen.findings import FindingsError
from reportgen.laboratory.model import Laboratory
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.elements import ChoiceElement
from reportgen.protocols.load import load_each
from reportgen.web.pages import Values

_FEW = 8  # protocols are seen at a glance: none of them needs to be searched for


def protocols(laboratory: Laboratory | None) -> tuple[dict[str, str], ...]:
    """Every protocol by its id and title; the id is added to a title that two of them have."""
    titles = {
        id: f"{id} (not in order)" if isinstance(made, FindingsError) else made.protocol.title
        for id, made in load_each(laboratory)
    }
    times = Counter(title.casefold() for title in titles.values())
    return tuple(
        {"id": id, "title": f"{title} ({id})" if times[title.casefold()] > 1 else title} for id, title in titles.items()
    )


def to_choose(laboratory: Laboratory | None) -> Values:
    """Every protocol with the words that it is found by, and whether there are so many that one is searched for."""
    offered = protocols(laboratory)
    if len(offered) <= _FEW:
        return {"protocols": offered, "many": False}
    made = {id: each for id, each in load_each(laboratory) if not isinstance(each, FindingsError)}
    times = Counter(word for each in made.values() for word in _words(each))
    return {"many": True, "protocols": tuple(each | _found_by(made.get(each["id"]), times) for each in offered)}


def _found_by(made: Compiled | None, times: Counter[str]) -> Values:
    """The macros of a protocol, and those of its other words that no other protocol has."""
    if made is None:  # it is not in order
        return {"macros": (), "more": ""}
    macros = tuple({"id": each.id, "title": each.title} for each in made.protocol.macros)
    return {"macros": macros, "more": "; ".join(word for word in _words(made) if times[word] == 1)}


def _words(made: Compiled) -> dict[str, None]:
    """The summary of a protocol and the words of its answers, each once."""
    choices = (slot.element.choices for slot in made.slots.values() if isinstance(slot.element, ChoiceElement))
    return dict.fromkeys([made.protocol.summary, *(choice.words for each in choices for choice in each)])
