"""Whether what a sentence denies or affirms of an element rests on the answer of that very element.

A sentence names an element by the words of its title, label, aliases or id. What the condition holds an element to is
read from the condition itself, through facts and criteria; what it merely does not say holds an element to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from reportgen.laboratory.meanings import Meanings, Side
from reportgen.language.conditions import TURNED, Reading
from reportgen.language.syntax import COMPARISONS, Tree, read_words
from reportgen.protocols.checks.reachability import Search
from reportgen.protocols.compiled import AT_LEAST, Compiled, condition
from reportgen.protocols.elements import ChoiceElement, CountElement, GroupElement, QuantityElement, TextElement
from reportgen.protocols.model import Clause
from reportgen.protocols.slots import Slot
from reportgen.units import Interval

OWN_WORDS = "laboratory"  # the source of clauses that a profile wrote
_PIECE = re.compile(r"[^\W_]+")
_SENTENCES = re.compile(r"[.;!?](?:\s|$)|\n")
_COMMAS = re.compile(r",\s")
_FINITE = frozenset({"is", "are", "was", "were", "has", "have", "shows", "show", "there"})
_NUMBER, _LOW = "#", "#0"  # stand for numbers that an element is compared with; the second for none, or at most some
_NO_ANSWERS = frozenset[str]()
_ONE = Interval.exactly(Decimal(1))

AnswersHeldTo = dict[str, frozenset[str]]
"""Element → the answers that a condition holds it to."""


class Unfounded(NamedTuple):
    """A claim of a clause: the element it names ("" for none), and whether it denies."""

    element: str
    denies: bool


class Claims:
    """Finds what the clauses of a protocol say of elements without resting on their answers."""

    def __init__(self, made: Compiled, meanings: Meanings) -> None:
        self.made = made
        self.meanings = meanings
        self.names = {path: set(_names(slot, made, meanings)) for path, slot in made.slots.items() if _asks(slot)}

    def unfounded(self, clause: Clause) -> list[Unfounded]:
        """The claims of a clause that rest on no answer, each once."""
        if clause.gap and OWN_WORDS not in clause.source:
            return []  # asks the pathologist for words, and says so
        held = held_by(self.made, condition(clause.when).tree)
        return list(dict.fromkeys(self._unfounded(clause, held)))

    def _unfounded(self, clause: Clause, held: AnswersHeldTo) -> Iterator[Unfounded]:
        for sentence in _SENTENCES.split(self._text(clause.say)):
            said = " ".join(_COMMAS.split(self._without_advice(sentence)))
            side = self.meanings.side(said)
            if side is Side.neither or side is Side.not_looked_at:
                continue
            denies = side is not Side.affirms
            named = self._named(said, denies=denies)
            for path in named:
                if not self._rests(path, held, denies=denies):
                    yield Unfounded(path, denies)
            if not named and denies and OWN_WORDS in clause.source and not self._any_denied(held):
                yield Unfounded("", denies)

    def _text(self, say: str) -> str:
        """The words of a clause, with all that a term may put in its place."""
        pieces: list[str] = []
        for words, tree in read_words(say):
            term = self.made.terms.get(_root(tree)) if tree else None
            inner = " ".join(each.say for each in term.clauses if "{{" not in each.say) if term else " "
            pieces += [words, " ".join(word for word in inner.split() if not self.meanings.denies(word))]
        return "".join(pieces)

    def _without_advice(self, sentence: str) -> str:
        """The sentence without what it recommends: that is no finding."""
        kept = []
        for piece in _COMMAS.split(sentence):
            words = piece.split()
            at = next((n for n, word in enumerate(words) if word.casefold() in self.meanings.advice), len(words))
            behind = {word.casefold() for word in words[at:]}
            kept.append(" ".join(words[:at]) if _FINITE.isdisjoint(behind) else piece)
        return ", ".join(kept)

    def _named(self, said: str, *, denies: bool) -> list[str]:
        """The elements that a text names, without those that others name more closely."""
        words = {_singular(word) for word in _pieces(said)}
        matched = {path: set().union(*(name for name in names if name <= words)) for path, names in self.names.items()}
        found = {path: match for path, match in matched.items() if match}
        if not denies:  # "margins are involved" may be said of one of them
            found = {path: match for path, match in found.items() if _own_name(self.made.slots[path]) <= words}
        return [path for path, match in found.items() if not any(match < other for other in found.values())]

    def _rests(self, path: str, held: AnswersHeldTo, *, denies: bool) -> bool:
        answers = held.get(path, _NO_ANSWERS)
        element = self.made.slots[path].element
        if path in held and not answers:
            return True  # a condition that contradicts itself is a finding of its own
        if not isinstance(element, ChoiceElement):
            return answers == {_LOW} or not denies
        if not denies:
            return bool(answers) and all(self.meanings.side(each) is not Side.denies for each in answers)
        allowed = (Side.denies, Side.not_looked_at)
        able = any(self.meanings.side(choice.id) in allowed for choice in element.choices)
        return bool(answers) and (not able or all(self.meanings.side(each) in allowed for each in answers))

    def _any_denied(self, held: AnswersHeldTo) -> bool:
        return any(
            answers and all(self.meanings.side(each) in (Side.denies, Side.not_looked_at) for each in answers)
            for path, answers in held.items()
            if path in self.made.slots
        )


def held_by(made: Compiled, tree: Tree, seen: frozenset[str] = frozenset()) -> AnswersHeldTo:
    """The elements that a condition, where it is true, holds to some of their answers."""
    match tree:
        case ("and", left, right):
            one, two = held_by(made, left, seen), held_by(made, right, seen)
            return {**one, **two, **{path: one[path] & two[path] for path in one.keys() & two.keys()}}
        case ("or", left, right):
            one, two = held_by(made, left, seen), held_by(made, right, seen)
            return {path: one[path] | two[path] for path in one.keys() & two.keys()}
        case ("at_least", needed, members):
            held = [held_by(made, each, seen) for each in members]
            spoken = {path: [each[path] for each in held if path in each] for each in held for path in each}
            others = len(members) - needed  # so many members may fail
            return {path: _NO_ANSWERS.union(*sets) for path, sets in spoken.items() if len(sets) > others}
        case ("any" | "all" as kind, ("name", group), inner):
            held_there = held_by(made, inner, seen)
            return {path: each for path, each in held_there.items() if kind == "all" or not _is_in(made, path, group)}
        case ("not", ("not", inner)):
            return held_by(made, inner, seen)
        case ("not", ("!=" | "not in" as sign, left, right)):
            return held_by(made, (TURNED[sign], left, right), seen)
        case ("name", path) if path in made.facts and path not in seen:
            return held_by(made, condition(made.facts[path]).tree, seen | {path})
        case ("name", path) if special := made.special_of(path):
            slot, prop = special
            element = slot.element
            if prop == AT_LEAST:
                return {slot.path: frozenset({_NUMBER})}
            choices = element.choices if isinstance(element, ChoiceElement) else ()
            return {slot.path: frozenset(each.id for each in choices if each.props.get(prop) == "yes")}
        case ("==", ("name", path), ("word", word)) | ("in", ("word", word), ("name", path)):
            return _compared(made, path, frozenset({word}), seen)
        case ("in", ("name", path), ("list", words)):
            return _compared(made, path, frozenset(words), seen)
        case ("<" | "<=" | "==" as sign, ("+" | "total" | "largest", members), ("number", other)):
            low = sign != "==" or other == 0
            return {each[1]: frozenset({_LOW}) for each in members if low and each[0] == "name"}
        case ("==" | "<" | "<=" | ">" | ">=" as sign, ("name", path), ("number" | "name", other)):
            return {path: frozenset({_LOW if sign in ("<", "<=") or (sign == "==" and other == 0) else _NUMBER})}
    return {}


def _is_in(made: Compiled, path: str, group: str) -> bool:
    """Whether an element is in the entries of a group: then what one of them holds it to, another need not."""
    slot = made.slots.get(path)
    return slot is not None and slot.repeated == group


def _compared(made: Compiled, path: str, words: frozenset[str], seen: frozenset[str]) -> AnswersHeldTo:
    name = path.removeprefix("criteria.")
    if name == path or name not in made.criteria or path in seen:
        return {path: words}
    texts = [made.criteria[name][("met", "unmet").index(word)] for word in words if word in ("met", "unmet")]
    if len(texts) != 1 or len(words) != 1:
        return {}
    return held_by(made, condition(texts[0]).tree, seen | {path})


def held_by_negation_alone(made: Compiled, clause: Clause, earlier: list[str]) -> Iterator[tuple[str, str]]:
    """Element and open answer wherever a clause would speak of an element answered so, for want of other answers.

    An open answer is one in other words, or one that cannot be determined or is still to come. `earlier` are the
    conditions of the clauses that speak first.
    """
    for path in denied_only(made, clause.when):
        slot = made.slots.get(path)
        if slot is None or not isinstance(slot.element, ChoiceElement):
            continue
        for name, reading in open_readings(slot):
            group, inside = slot.repeated, path.removeprefix(slot.repeated)
            entry = {group: Reading(_ONE, frozenset({group})), f"{group}.1{inside}": reading}
            if Search(made, earlier, clause.when).found(entry if group else {path: reading}):
                yield path, name
                break


def open_readings(slot: Slot) -> Iterator[tuple[str, Reading]]:
    """Each answer of a list that leaves open what is the case, with how conditions read it."""
    element, used = slot.element, frozenset({slot.path})
    assert isinstance(element, ChoiceElement)  # noqa: S101 - asked of choices only
    for choice in element.choices:
        if isinstance(choice.asks, TextElement) or choice.pending or choice.id == "other":
            value = frozenset({choice.id}) if element.multiple else choice.id
            yield choice.id, Reading(value, used)
    if element.undetermined:
        yield element.undetermined, Reading(None, used, words=element.undetermined)


def denied_only(made: Compiled, when: str) -> list[str]:
    """The elements that a condition touches under a negation and nowhere else, sorted."""
    for_it, against = set[str](), set[str]()
    for name, negated in _touched(made, condition(when).tree):
        (against if negated else for_it).add(name)
    return sorted(against - for_it)


def _touched(
    made: Compiled, tree: Tree, *, negated: bool = False, seen: frozenset[str] = frozenset()
) -> Iterator[tuple[str, bool]]:
    """Every element behind a condition, through facts, and whether it is touched under a negation."""
    match tree:
        case ("and" | "or", left, right):
            yield from _touched(made, left, negated=negated, seen=seen)
            yield from _touched(made, right, negated=negated, seen=seen)
        case ("name", path) if path in made.facts and path not in seen:
            yield from _touched(made, condition(made.facts[path]).tree, negated=negated, seen=seen | {path})
        case ("name", path):
            special = made.special_of(path)
            yield (special[0].path if special and path not in made.slots else path), negated
        case ("not", inner):
            yield from _touched(made, inner, negated=not negated, seen=seen)
        case ("at_least", _, members):
            for each in members:
                yield from _touched(made, each, negated=negated, seen=seen)
        case ("+" | "total" | "largest" | "smallest", members):
            for each in members:
                yield from _touched(made, each, negated=negated, seen=seen)
        case ("any" | "all", _, inner):
            yield from _touched(made, inner, negated=negated, seen=seen)
        case ("count", _, inner):
            yield from _touched(made, inner, negated=negated, seen=seen) if inner else ()
        case (
            ("<" | "<=", ("count", _, _) as few, _)
            | (">" | ">=", _, ("count", _, _) as few)
            | ("==", ("count", _, _) as few, ("number", 0))
        ):
            yield from _touched(made, few, negated=not negated, seen=seen)
        case ("is", subject, "answered" | "applicable", *_):
            yield from _touched(made, subject, negated=negated, seen=seen)
        case ("is", *_):
            return  # looks for a word in a text
        case (kind, left, right) if kind in COMPARISONS:
            turned = negated is not (kind in ("!=", "not in"))
            yield from _touched(made, left, negated=turned, seen=seen)
            yield from _touched(made, right, negated=turned, seen=seen)


def _asks(slot: Slot) -> bool:
    """Whether sentences may name an element: follow-ups have names that many share (Extent, Distance)."""
    if slot.parent or slot.repeated or slot.judges or slot.element.independent:
        return False
    return isinstance(slot.element, ChoiceElement | CountElement | QuantityElement)


def _names(slot: Slot, made: Compiled, meanings: Meanings) -> Iterator[frozenset[str]]:
    """Sets of words by any of which a text names an element: its own names, and those of its group."""
    element = slot.element
    group = made.slots.get(slot.path.rpartition(".")[0])
    several = isinstance(element, ChoiceElement) and element.multiple
    texts = [element.title, element.name, element.id, *element.aliases]
    if group and isinstance(group.element, GroupElement) and not several:
        texts += [group.element.title, group.element.name, group.element.id, *group.element.aliases]
    for text in texts:
        for part in re.split(r"\bor\b|/", re.sub(r"\{\{.*?\}\}", " ", text)):
            words = frozenset(_singular(word) for word in _pieces(part) if word not in meanings.light)
            if words:
                yield words


def _own_name(slot: Slot) -> frozenset[str]:
    return frozenset(_singular(word) for word in _pieces(slot.element.id))


def _pieces(text: str) -> list[str]:
    return [word.casefold() for word in _PIECE.findall(text)]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "is", "us")) else word


def _root(tree: Tree) -> str:
    while tree[0] == "filter":
        tree = tree[1]
    return str(tree[1]) if tree[0] == "name" else ""
