"""No built-in sentence rests on a number that is only about right: what a limit decides takes no "~"."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from reportgen.cases.typing import Entered, Misfit, typed
from reportgen.protocols.compiled import Compiled, condition
from reportgen.protocols.elements import CountElement, QuantityElement
from reportgen.protocols.load import load_protocol, protocol_ids

# The line of a margin prints its distance, with its "~"; only remarks, and a line on request, compare it.
DISTANCES = ("margins.deep.distance", "margins.peripheral.distance")


def compared(made: Compiled, texts: Iterable[str]) -> set[str]:
    """The paths that conditions compare with a number, also by way of facts and criteria."""
    found: set[str] = set()
    read: set[str] = set()
    waiting = list(texts)
    while waiting:
        text = condition(waiting.pop())
        found |= {path for path, _ in text.bounds}
        for name in text.names - read:
            read.add(name)
            if name in made.facts:
                waiting.append(made.facts[name])
            elif name.startswith("criteria."):
                waiting += [when for each in made.protocol.criteria for when in (each.met, each.unmet)]
    return found


@pytest.mark.parametrize("id", protocol_ids())
def test_what_decides_about_a_sentence_takes_no_about(id: str) -> None:
    made = load_protocol(id)
    texts = [
        *(clause.when for each in made.statements().values() for clause in each.clauses),
        *(clause.when for each in made.terms.values() for clause in each.clauses),
        *(code.when for code in made.protocol.codes if code.when),
        *(when for each in made.protocol.criteria for when in (each.met, each.unmet)),
    ]
    elements = {path: slot.element for path, slot in made.slots.items()}
    loose = [
        path
        for path in compared(made, texts) - set(DISTANCES)
        if isinstance(element := elements.get(path), QuantityElement | CountElement) and element.about
    ]
    assert loose == []


@pytest.mark.parametrize("id", protocol_ids())
def test_mitoses_are_counted_in_every_protocol(id: str) -> None:
    element = {path: slot.element for path, slot in load_protocol(id).slots.items()}.get("mitoses")
    if not isinstance(element, CountElement):
        pytest.skip("counts no mitoses")
    per = element.per[0]
    with pytest.raises(Misfit, match="takes no"):
        typed(element, (Entered(f"~5 per {per}"),), "", "", "")
    assert typed(element, (Entered(f"<5 per {per}"),), "", "", "")
