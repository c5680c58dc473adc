"""The names of a protocol in logic: what `protocols.scope.NameScope` is for one case, for all cases at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reportgen.language.syntax import read_condition
from reportgen.protocols.compiled import (
    AT_LEAST,
    CONTAINER,
    PENDING,
    PENDING_RESULTS,
    REQUIRED_RESULTS,
    THIRD,
    Compiled,
    CompiledForm,
    has_prop,
)
from reportgen.protocols.elements import Choice, ChoiceElement, PanelElement, Status
from reportgen.protocols.proof.answers import (
    answered,
    chosen,
    in_three,
    looked_at,
    minimum,
    third,
    undetermined,
    with_text,
)
from reportgen.protocols.proof.conditions import of_tree
from reportgen.protocols.proof.formula import FALSE, TRUE, Formula, all_of, any_of, is_, no, number
from reportgen.protocols.proof.header import age
from reportgen.protocols.proof.numbers import Span
from reportgen.protocols.proof.readings import LogicReading, Outcome, Text, of_outcome, outcome
from reportgen.protocols.scope import RECEIVED_AS
from reportgen.protocols.slots import Slot

HEADER = "case."
_YES_NO = {"yes": True, "no": False}
_ALWAYS = Outcome(TRUE, FALSE)
_NEVER = Outcome(FALSE, TRUE)


class LogicScope:
    """Resolves names for every case of a protocol.

    Attributes:
        made: the protocol.
        head: the form of the case's header.
        texts: the own words that conditions look into, by path.
        presuming: whether an element applies while a missing answer leaves that open.
    """

    def __init__(self, made: Compiled, head: CompiledForm, texts: dict[str, Text], *, presuming: bool = False) -> None:
        self.made = made
        self.head = head
        self.texts = texts
        self.presuming = presuming
        self._readings: dict[str, LogicReading] = {}
        self._applicable: dict[str, Outcome] = {}
        self._truths: dict[str, Outcome] = {}

    def truth(self, text: str) -> Outcome:
        """The outcome of a condition."""
        if text not in self._truths:
            self._truths[text] = of_tree(read_condition(text), self)
        return self._truths[text]

    def reading(self, path: str) -> LogicReading:
        """The reading of a dotted path; an empty one for a name that the protocol does not have."""
        if path not in self._readings:
            self._readings[path] = self._read(path)
        return self._readings[path]

    def applicable(self, path: str) -> Outcome:
        """Where the element at a path applies."""
        slot = self.made.slots.get(path)
        if slot is None:
            return _NEVER
        if slot.like not in self._applicable:
            self._applicable[slot.like] = self._applies(self.made.slots[slot.like])
        return self._applicable[slot.like]

    def text(self, path: str) -> Text:
        """The own words at a path."""
        return self.texts.setdefault(path, Text(path))

    def _applies(self, slot: Slot) -> Outcome:
        asked = [self._under_parent(slot), *(self.truth(text) for text in slot.applies)]
        true, false = all_of(*(each.true for each in asked)), any_of(*(each.false for each in asked))
        open, elsewhere = any_of(*(each.open for each in asked)), any_of(*(each.elsewhere for each in asked))
        result = outcome(true, false, open, elsewhere)
        unanswered = all_of(result.unknown, no(result.open))  # what nothing answered makes apply does not
        if self.presuming:
            return Outcome(any_of(true, result.open), any_of(false, unanswered))
        return outcome(true, any_of(false, unanswered), result.open, result.elsewhere)

    def _under_parent(self, slot: Slot) -> Outcome:
        if not slot.parent or self.made.slots[slot.parent].repeated:
            return _ALWAYS
        read, above = self.reading(slot.parent), self.made.slots[slot.parent].element
        choices = above.choices if isinstance(above, ChoiceElement) else ()
        vague = {each.id: read.worded[each.id] for each in choices if each.id in read.worded}
        refused = any_of(*(where for word, where in read.worded.items() if word not in vague))
        there = any_of(read.there, *vague.values())
        known = {**vague, **read.ids, **(read.members or {})}
        chosen_above = any_of(*(known[word] for word in slot.under if word in known)) if slot.under else TRUE
        return outcome(
            all_of(there, chosen_above), any_of(refused, all_of(there, no(chosen_above))), read.open, read.elsewhere
        )  # fmt: skip

    def _read(self, path: str) -> LogicReading:
        slot = self.made.slots.get(path)
        if slot is not None:
            return self._of_slot(slot)
        if path in self.made.facts:
            return of_outcome(self.truth(self.made.facts[path]))
        if path.startswith(HEADER):
            return self._of_header(path.removeprefix(HEADER))
        if path.startswith("override."):
            return LogicReading(is_(path), ids={"worded": is_(path)})
        if path in CONTAINER:
            other = is_(path)
            return LogicReading(TRUE, true=other, false=no(other))
        if path == RECEIVED_AS:
            return LogicReading(answered(path), text=self.text(path))
        if path.startswith("criteria."):
            return self._criterion(path.removeprefix("criteria."))
        found = self.made.special_of(path)
        return self._detail(*found) if found else LogicReading()

    def _of_slot(self, slot: Slot) -> LogicReading:
        there = answered(slot.path)
        if slot.is_group:
            read = LogicReading(open=self._awaited(slot))
        else:
            read = looked_at(slot.path, slot.element, self.text(slot.path))
        missing = all_of(no(there), self._awaited(slot))
        read = read if slot.is_group else _waiting(read, missing)
        return read.where(self.applicable(slot.path))

    def _awaited(self, slot: Slot) -> Formula:
        """Where an element that applies, and was left open, must still be answered."""
        if slot.required_stain:
            return no(any_of(*(answered(each.path) for each in self.made.panels[slot.panel])))
        if slot.element.status is Status.core:
            return TRUE
        if slot.element.status is Status.conditional:
            required = self.truth(slot.element.required_when or "true")
            return any_of(required.true, required.open)
        return FALSE

    def _of_header(self, name: str) -> LogicReading:
        if name == "age":
            return age(self.head)
        slot = self.head.slots.get(name)
        path = HEADER + name
        return looked_at(path, slot.element, self.text(path), in_header=True) if slot else LogicReading()

    def criterion(self, name: str) -> tuple[Outcome, Outcome]:
        """The outcomes of a criterion's `met` and `unmet` conditions."""
        met, unmet = self.made.criteria[name]
        return self.truth(met), self.truth(unmet)

    def _criterion(self, name: str) -> LogicReading:
        if name in self.made.criteria:
            met, unmet = self.criterion(name)
            is_unmet = all_of(no(met.true), unmet.true)
            neither = no(any_of(met.true, unmet.true))
            open = all_of(neither, any_of(met.open, unmet.open))
            elsewhere = all_of(neither, any_of(met.elsewhere, unmet.elsewhere))
            ids = {"met": met.true, "unmet": is_unmet, "unknown": all_of(neither, no(any_of(open, elsewhere)))}
            return LogicReading(any_of(*ids.values()), open=open, elsewhere=elsewhere, ids=ids)
        states = [self.criterion(each) for each in self.made.criteria]
        any_unmet = any_of(*(unmet.true for _, unmet in states))
        all_met = all_of(*(met.true for met, _ in states))
        there = any_of(any_unmet, all_met)
        open = all_of(no(there), any_of(*(all_of(no(met.true), any_of(met.open, unmet.open)) for met, unmet in states)))
        elsewhere = all_of(
            no(there), any_of(*(all_of(no(met.true), any_of(met.elsewhere, unmet.elsewhere)) for met, unmet in states))
        )
        unmet_now, met_now = any_unmet, all_of(there, no(any_unmet))
        yes, other = (unmet_now, met_now) if name == "unmet" else (met_now, unmet_now)
        return LogicReading(there, open=open, elsewhere=elsewhere, true=yes, false=other)

    def _detail(self, slot: Slot, name: str) -> LogicReading:
        read = self.reading(slot.path)
        if has_prop(slot, name):
            return _prop(slot, name, read)
        if isinstance(slot.element, PanelElement):
            return self._of_panel(slot, name)
        element, path = slot.element, f"{slot.path}.{name}"
        if name == "reason":
            there = all_of(read.said, undetermined(slot.path)) if element.undetermined else FALSE
        elif name == "text":
            own = element.choices if isinstance(element, ChoiceElement) else ()
            there = all_of(read.said, any_of(*(with_text(slot.path, each) for each in own)))
        elif name == AT_LEAST:
            least = minimum(slot.path)
            known = LogicReading(read.there, true=all_of(read.there, least), false=all_of(read.there, no(least)))
            return _unless_said(known, read)
        elif name == THIRD:
            there, value = all_of(read.there, in_three(slot.path)), number(third(slot.path))
            return _unless_said(LogicReading(there, spans=(Span(there, value, value),)), read)
        return _unless_said(LogicReading(there, text=self.text(path)), read)

    def _of_panel(self, panel: Slot, name: str) -> LogicReading:
        results = panel.element.results if isinstance(panel.element, PanelElement) else ()
        if name == PENDING:
            pending = any_of(*self.to_come(panel))
            return LogicReading(TRUE, true=pending, false=no(pending))
        if name == REQUIRED_RESULTS:
            there = any_of(*(answered(each.path) for each in self.made.panels[panel.path]))
        else:
            wanted = [each for each in results if _is_listed(each, pending=name == PENDING_RESULTS)]
            there = any_of(*(has for each in wanted for has in self._having(panel, each)))
        return LogicReading(there, text=self.text(f"{panel.path}.{name}"))

    def _having(self, panel: Slot, result: Choice) -> Iterator[Formula]:
        """Where a stain, listed or added by name, has a result."""
        yield from (
            chosen(path, result.id)
            for path, slot in self.made.slots.items()
            if slot.panel == panel.path and slot.is_named_stain
        )
        if isinstance(panel.element, PanelElement) and panel.element.other:
            yield further(panel.path, result.id)

    def to_come(self, panel: Slot) -> Iterator[Formula]:
        """Where an answer inside a panel is one that is still to come."""
        for path, slot in self.made.slots.items():
            if slot.panel == panel.path and isinstance(slot.element, ChoiceElement) and not slot.repeated:
                yield from (chosen(path, each.id) for each in slot.element.choices if each.pending)
        if isinstance(panel.element, PanelElement) and panel.element.other:
            yield from (further(panel.path, each.id) for each in panel.element.results if each.pending)


def further(panel: str, result: str) -> Formula:
    """Whether a stain that a panel does not list was added, with this result."""
    return is_(f"{panel}.other = {result}")


def _is_listed(result: Choice, *, pending: bool) -> bool:
    return result.pending if pending else not result.pending and result.props.get("told") == "yes"


def _waiting(read: LogicReading, missing: Formula) -> LogicReading:
    return replace(read, open=any_of(read.open, missing))


def _unless_said(detail: LogicReading, above: LogicReading) -> LogicReading:
    """A detail of an answer, which waits where the answer itself does."""
    silent = no(above.said)
    return replace(detail, open=all_of(silent, above.open), elsewhere=all_of(silent, above.elsewhere))


def _prop(slot: Slot, name: str, read: LogicReading) -> LogicReading:
    """A prop of the answer given, also of one that settles nothing."""
    if not isinstance(slot.element, ChoiceElement) or slot.element.multiple:
        return LogicReading(open=read.open, elsewhere=all_of(no(read.in_words), read.elsewhere))
    where = {**{word: each for word, each in read.worded.items() if slot.element.choice(word)}, **read.ids}
    by_value: dict[str, Formula] = {}
    for choice in slot.element.choices:
        if name in choice.props and choice.id in where:
            value = choice.props[name]
            by_value[value] = any_of(by_value.get(value, FALSE), where[choice.id])
    ids = {value: each for value, each in by_value.items() if value not in _YES_NO}
    silent = no(read.in_words)
    return LogicReading(
        any_of(*by_value.values()), open=all_of(silent, read.open), elsewhere=all_of(silent, read.elsewhere),
        ids=ids, true=by_value.get("yes", FALSE), false=by_value.get("no", FALSE),
    )  # fmt: skip
