"""Which required elements are open."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.assessment.model import Completeness, Missing
from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.model import Answer, Chosen, Undetermined
from reportgen.protocols.elements import Status
from reportgen.protocols.slots import Slot


def completeness(scope: AnswerScope) -> Completeness:
    """Count what this form requires of these answers and list what is open, in the order of the form.

    An element that may become required is not counted until that is known: what it waits for is counted.
    """
    answers, required, begun = scope.answers, 0, set(scope.entries.values())
    missing: list[Missing] = []
    for slot in scope.form.needed:
        if slot.path in answers or slot.path in begun or _is_answered_panel(scope, slot):
            required += 1
        elif is_required(scope, slot):
            required += 1
            missing.append(Missing(slot.path, slot.element.plain_name))
    to_come = [path for path, answer in answers.items() if answer.is_to_come]
    if to_come:
        slots = scope.form.slots
        missing += [Missing(path, slots[path].element.plain_name, pending=True) for path in to_come if path in slots]
        order = list(slots)
        missing.sort(key=lambda item: order.index(item.slot))
    in_groups = list(_in_repeated_groups(scope, to_come)) if scope.entries else []
    return Completeness(required + len(in_groups), (*missing, *in_groups))


def is_required(scope: AnswerScope, slot: Slot) -> bool:
    """Whether an element without an answer must have one."""
    if scope.applicable(slot.path).truth is not True:
        return False
    if slot.path in scope.form.panels:
        return slot.element.status is Status.core and scope.panel_is_open(slot)
    if slot.panel or (slot.is_group and not slot.repeats):
        return False
    return slot.path in scope.awaited(slot) and slot.path not in scope.entries.values()


def _is_answered_panel(scope: AnswerScope, slot: Slot) -> bool:
    """Whether this is a stain panel that must have, and has, one of the stains it needs."""
    if slot.element.status is not Status.core or not scope.form.panels.get(slot.path):
        return False
    return scope.applicable(slot.path).truth is True and not scope.panel_is_open(slot)


def _in_repeated_groups(scope: AnswerScope, to_come: list[str]) -> Iterator[Missing]:
    """Required elements that some entry of a repeated group lacks, and answers in it that are still to come."""
    for path in to_come:
        if path not in scope.form.slots:
            yield Missing(path, scope.form.slots[scope.answers[path].slot].element.plain_name, pending=True)
    for row, group in scope.entries.items():
        for slot in scope.form.inside(group):
            if is_required_in(scope, slot, row):
                yield Missing(row + slot.path.removeprefix(group), slot.element.plain_name)


def is_required_in(scope: AnswerScope, slot: Slot, row: str) -> bool:
    """Whether one entry of a repeated group (`gross.blocks.2`) lacks an answer that it must have."""
    here = row + slot.path.removeprefix(slot.repeated)
    if slot.is_group or here in scope.answers or scope.applicable(slot.path).truth is not True:
        return False
    if slot.parent and scope.form.slots[slot.parent].repeated:
        parent = scope.answers.get(row + slot.parent.removeprefix(slot.repeated))
        if parent is None or not _asks_for(parent, slot):
            return False
    conditional = slot.element.status is Status.conditional
    return slot.element.status is Status.core or (
        conditional and scope.truth(slot.element.required_when or "true").truth is True
    )


def _asks_for(parent: Answer, slot: Slot) -> bool:
    """Whether the answer that a follow-up hangs below is one of those that it belongs to."""
    if isinstance(parent.value, Undetermined):
        return False
    chosen = {pick.id for pick in parent.value.picks} if isinstance(parent.value, Chosen) else set[str]()
    return not slot.under or not chosen.isdisjoint(slot.under)
