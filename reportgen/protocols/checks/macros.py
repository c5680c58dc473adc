"""Macros: what one may answer, and whether its answers go together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from reportgen.findings import did_you_mean, one_of
from reportgen.protocols.checks.reachability import supposing
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.elements import ChoiceElement
from reportgen.protocols.macros import MACRO
from reportgen.protocols.model import Macro
from reportgen.protocols.slots import Slot
from reportgen.reading.source import NodePath


class WrongMacro(NamedTuple):
    """What is wrong with a macro: the code, the macro, the place in the file, the message and the next step."""

    code: str
    macro: str
    path: NodePath
    message: str
    hint: str


def wrong_macros(made: Compiled) -> Iterator[WrongMacro]:
    """Everything that is wrong with the macros of a protocol; answers are held together only where each is in order."""
    for index, macro in enumerate(made.protocol.macros):
        path: NodePath = ("macros", index, "answers")
        found = [
            WrongMacro(code, macro.id, (*path, name), message, hint)
            for name, answers in macro.given.items()
            for code, message, hint in _wrong_answer(made, name, answers)
        ]
        yield from found or (WrongMacro("T437", macro.id, (*path, *at), *said) for at, *said in _together(made, macro))


def _wrong_answer(made: Compiled, name: str, answers: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    slot = made.slots.get(name)
    if slot is None or name == MACRO:
        known = [path for path in made.slots if path != MACRO]
        hint = did_you_mean(name, known, otherwise="name an element by its path, as in `margins.deep`")
        yield "T402", f"answers {name}, which is not an element", hint
        return
    element = slot.element
    if not isinstance(element, ChoiceElement) or slot.panel or slot.repeated or slot.judges:
        hint = "leave it out: numbers, texts, stains and entries of lists are always entered"
        yield "T437", f"answers {name}, which a macro may not answer", hint
        return
    if len(answers) > 1 and not element.multiple:
        yield "T437", f"gives {name} several answers", "give it one"
    for answer in answers:
        choice = element.choice(answer)
        if choice is None:
            ids = [each.id for each in element.choices]
            yield "T407", f'"{answer}" is not an answer of {name}', did_you_mean(answer, ids, otherwise=one_of(ids))
        elif choice.asks:
            yield "T437", f'gives {name} the answer "{answer}", with which something is entered', "leave it out"
        elif choice.exclusive and len(answers) > 1:
            yield "T437", f'gives {name} more than "{answer}", which excludes all others', "give it one of them"


def _together(made: Compiled, macro: Macro) -> Iterator[tuple[NodePath, str, str]]:
    """Answers that cannot be given beside the others of the same macro."""
    scope = supposing(made, macro.given)
    for name in macro.given:
        slot: Slot = made.slots[name]
        above = made.slots.get(slot.parent) if slot.parent else None
        if above and not slot.element.independent and above.path not in macro.given:
            yield (name,), f"answers {name}, but not {above.path} above it", f"answer {above.path} too"
        elif scope.applicable(name).truth is False:
            yield (name,), f"answers {name}, which does not apply beside its other answers", "leave one of them out"
    for each in made.protocol.contradictions:
        if scope.truth(each.when).truth is True:
            yield (), f"gives answers that contradict each other: {each.say}", "leave one of them out"
