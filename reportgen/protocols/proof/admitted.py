"""What validation admits: which answers go together in a case that is not refused."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.protocols.compiled import CONTAINER, Compiled, CompiledForm
from reportgen.protocols.elements import ChoiceElement, CountElement, DateElement, PanelElement
from reportgen.protocols.proof.answers import admits, amount, answered, chosen, counted_per, in_tenth, plain_dates
from reportgen.protocols.proof.formula import FALSE, Formula, all_of, any_of, implies, is_, no, number
from reportgen.protocols.proof.header import header_rules
from reportgen.protocols.proof.numbers import STEPS, signs_of
from reportgen.protocols.proof.readings import Text
from reportgen.protocols.proof.scope import HEADER, LogicScope, further
from reportgen.protocols.scope import RECEIVED_AS

OTHER_SIDE, OTHER_REGION = "container.other_side", "container.other_region"


class Cases:
    """Every case of one part that validation admits.

    Attributes:
        plain: the names as sentences read them.
        presumed: the names where an element applies while a missing answer leaves that open.
        needed: the entries of the head without which there is no case.
        own_words: the statements in whose place a case may put words of its own.
        asked: the elements that can be answered once, in order.
    """

    def __init__(
        self, plain: LogicScope, presumed: LogicScope, needed: tuple[str, ...], own_words: tuple[str, ...]
    ) -> None:
        self.plain = plain
        self.presumed = presumed
        self.needed = needed
        self.own_words = own_words
        made = plain.made
        self.asked = [slot for slot in made.slots.values() if not (slot.repeated or slot.is_group)]

    def as_answered(self, text: str) -> Formula:
        """Where a condition is true that is judged on what was answered."""
        return any_of(
            all_of(no(self.left_open), self.plain.truth(text).true),
            all_of(self.left_open, self.presumed.truth(text).true),
        )

    @property
    def left_open(self) -> Formula:
        """Where a missing answer leaves open whether something that was answered was to be asked."""
        return any_of(*(all_of(answered(slot.path), self.plain.applicable(slot.path).unknown) for slot in self.asked))

    def rules(self) -> Iterator[Formula]:
        """What holds of each of these cases, contradictions and own words of texts apart."""
        for slot in self.asked:
            yield admits(slot.path, slot.element)
            yield implies(answered(slot.path), no(self.plain.applicable(slot.path).false))
            if slot.parent:
                above = [chosen(slot.parent, word) for word in slot.under] or [answered(slot.parent)]
                yield implies(answered(slot.path), any_of(*above))
        yield from self._panels()
        yield from header_rules(self.plain.head, self.needed)
        yield from (implies(is_(name), answered(RECEIVED_AS)) for name in CONTAINER)
        inside = [is_(f"override.{name}") for name in self.own_words if name not in ("diagnosis", "comment")]
        yield implies(is_("override.comment"), no(any_of(*inside)))
        if self.own_words:
            yield from (no(is_(f"override.{name}")) for name in ("diagnosis", "comment") if name not in self.own_words)

    def simplified(self) -> Iterator[Formula]:
        """What examples keep to, though validation admits more: usual dates, one field to count in, plain labels."""
        for slot in self.asked:
            if isinstance(slot.element, CountElement) and len(slot.element.per) > 1:
                yield from self._field(slot.path, slot.element.per[0])
            if isinstance(slot.element, DateElement):
                yield plain_dates(slot.path)
        head = self.plain.head.slots.items()
        yield from (plain_dates(HEADER + path) for path, slot in head if isinstance(slot.element, DateElement))

        yield from self._labels()

    def _labels(self) -> Iterator[Formula]:
        """The label of the container names another side than the laterality, or another region than the site."""
        words, slots = self.plain.made.prose.words, self.plain.made.slots
        element = slots[words.laterality].element if words.laterality in slots else None
        sides = [side for side in words.sides if isinstance(element, ChoiceElement) and element.choice(side)]
        yield implies(is_(OTHER_SIDE), any_of(*(chosen(words.laterality, side) for side in sides)))
        regions = answered(words.site) if words.site in slots and words.regions else FALSE
        yield implies(is_(OTHER_REGION), all_of(regions, no(answered(words.topography_of))))

    def _field(self, path: str, first: str) -> Iterator[Formula]:
        """The field of a count that is made per mm²: a tenth of a mm², so that ten of them are one; or not entered."""
        tenth, area = in_tenth(path), f"{path}.field_area"
        if area not in self.plain.made.slots:
            yield no(tenth)
            return
        exact = number(amount(area)).equals(STEPS // 10)
        yield implies(tenth, all_of(answered(area), exact, *(no(sign) for _, sign in signs_of(amount(area)))))
        by_eyepiece = (answered(f"{path}.{name}") for name in ("field_number", "objective"))
        converts = any_of(answered(area), all_of(*by_eyepiece))
        yield implies(all_of(no(counted_per(path, first)), no(tenth)), no(converts))

    def _panels(self) -> Iterator[Formula]:
        """Stains that a panel does not list can be added where it applies."""
        for path, slot in self.plain.made.slots.items():
            if isinstance(slot.element, PanelElement) and slot.element.other:
                added = any_of(*(further(path, each.id) for each in slot.element.results))
                yield implies(added, no(self.plain.applicable(path).false))

    def contradictions(self) -> Iterator[tuple[str, Formula]]:
        """The id of each contradiction, and where it holds: validation refuses such a case."""
        for each in self.plain.made.form.contradictions:
            yield each.id, self.as_answered(each.when)

    def of_texts(self) -> Iterator[Formula]:
        """What holds of the own words that conditions look into; to be asked for when all conditions are known."""
        for path, text in list(self.plain.texts.items()):
            yield text.admits(self.presumed.reading(path).there)


def cases_of(
    made: Compiled, head: CompiledForm, needed: tuple[str, ...] = (), own_words: tuple[str, ...] = ()
) -> Cases:
    """The cases of a protocol; `needed` and `own_words` may be left out where no question turns on them."""
    texts: dict[str, Text] = {}
    plain, presumed = (LogicScope(made, head, texts, presuming=each) for each in (False, True))
    return Cases(plain, presumed, needed, own_words)
