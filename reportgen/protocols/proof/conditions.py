"""Conditions in logic: the same three values as `language.conditions`, for all cases at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from reportgen.language.conditions import OTHER, TURNED, UNNAMED, compared, row_of
from reportgen.language.syntax import COMPARISONS, NUMBERS, Tree
from reportgen.protocols.proof.formula import FALSE, TRUE, Formula, all_of, any_of, at_least_of, is_, no
from reportgen.protocols.proof.numbers import Spans, against, between
from reportgen.protocols.proof.readings import LogicReading, Outcome, outcome


class Names(Protocol):
    """Where a condition gets its names from."""

    def reading(self, path: str) -> LogicReading:
        """The reading of a dotted path."""

    def applicable(self, path: str) -> Outcome:
        """Where the element at a path applies."""


def of_tree(tree: Tree, names: Names) -> Outcome:
    """The outcome of a condition."""
    kind = str(tree[0])
    if kind in COMPARISONS:
        plain = TURNED.get(kind, kind)
        result = _comparison(plain, tree[1], tree[2], names)
        return result if plain == kind else result.negated
    match tree:
        case ("and" | "or", _, _):
            return _several([of_tree(each, names) for each in row_of(tree, kind)], decisive=kind == "or")
        case ("at_least", needed, members):
            return _counted(needed, [of_tree(each, names) for each in members])
        case ("any" | "all", _, _):
            return _left_open(tree)
        case ("not", ("at_least", needed, members)):
            return of_tree(("at_least", len(members) - needed + 1, tuple(("not", each) for each in members)), names)
        case ("not", inner):
            return of_tree(inner, names).negated
        case ("truth", truth):
            return Outcome(TRUE, FALSE) if truth else Outcome(FALSE, TRUE)
        case ("name", path):
            read = names.reading(path)
            return outcome(read.true, read.false, read.open, read.elsewhere)
        case ("is", ("name", path), test, argument):
            return _test(path, test, argument, names)
    raise AssertionError(f"a {kind} is no condition")


def _several(parts: list[Outcome], *, decisive: bool) -> Outcome:
    """A row of `and` or of `or`; what of a row of `and` is not known and waits for nothing waits for nothing at all."""
    if decisive:
        true, false = any_of(*(each.true for each in parts)), all_of(*(each.false for each in parts))
        hopeless = FALSE
    else:
        true, false = all_of(*(each.true for each in parts)), any_of(*(each.false for each in parts))
        hopeless = any_of(*(all_of(each.unknown, no(each.waits)) for each in parts))
    waiting = (any_of(*(each.open for each in parts)), any_of(*(each.elsewhere for each in parts)))
    return outcome(true, false, *(all_of(each, no(hopeless)) for each in waiting))


def _counted(needed: int, parts: list[Outcome]) -> Outcome:
    """Whether so many of some conditions hold; it waits only for what can still make it true."""
    can = at_least_of(needed, [any_of(each.true, each.waits) for each in parts])
    return outcome(
        at_least_of(needed, [each.true for each in parts]),
        at_least_of(len(parts) - needed + 1, [each.false for each in parts]),
        *(all_of(can, any_of(*each)) for each in zip(*((each.open, each.elsewhere) for each in parts), strict=True)),
    )


def _left_open(tree: Tree) -> Outcome:
    """What is not modeled: entries of repeated groups, and numbers that are put together. Anything may come of it."""
    known, true, open, elsewhere = (is_(f"left open, {part}: {tree}") for part in ("known", "true", "waits", "words"))
    return outcome(all_of(known, true), all_of(known, no(true)), open, elsewhere)


def _test(path: str, test: str, argument: Tree | None, names: Names) -> Outcome:
    if test == "applicable":
        return names.applicable(path)
    read = names.reading(path)
    if test == "answered":
        return outcome(read.said, FALSE, read.open, read.elsewhere)
    if test == "unproven":
        open_ended = all_of(no(read.there), any_of(read.open, read.elsewhere))
        proven = read.true
        return outcome(all_of(no(open_ended), no(proven)), all_of(no(open_ended), proven), read.open, read.elsewhere)
    assert argument is not None  # noqa: S101 - `naming` has one
    if argument[0] == "name":
        return _pair(read, "naming", names.reading(argument[1]))
    named = any_of(*(_naming(read, word) for word in _words(argument)))
    return outcome(all_of(read.there, named), all_of(read.there, no(named)), read.open, read.elsewhere)


def _naming(read: LogicReading, word: str) -> Formula:
    """Where a value names a word: a text as it may, any other word as it does."""
    if read.text is not None:
        return read.text.names(word)
    return any_of(*(where for id, where in read.ids.items() if compared(id, "naming", word)))


def _words(tree: Tree) -> tuple[str, ...]:
    return tuple(tree[1]) if tree[0] == "list" else (str(tree[1]),)


def _comparison(operator: str, left: Tree, right: Tree, names: Names) -> Outcome:
    if left[0] in NUMBERS or right[0] in NUMBERS:
        return _left_open((operator, left, right))
    if left[0] == "name" and right[0] == "name":
        one, two = names.reading(left[1]), names.reading(right[1])
        return _within(one, two) if operator == "in" else _pair(one, operator, two)
    if left[0] != "name":
        return _constant_first(operator, left, names.reading(right[1]))
    read = names.reading(left[1])
    if right[0] == "number":
        true, false = against(read.spans, operator, right[1])
        return outcome(true, false, read.open, read.elsewhere)
    words = _words(right)
    said = any_of(*(read.worded[word] for word in words if word in read.worded))
    equal = any_of(*(_equals(read, word) for word in words if word not in read.worded))
    return outcome(
        any_of(said, all_of(read.there, equal)), all_of(read.there, no(equal)), read.open, read.elsewhere
    )  # fmt: skip


def _constant_first(operator: str, left: Tree, read: LogicReading) -> Outcome:
    """A word or a number before a name."""
    if operator == "in":
        members = read.members or {}
        inside = any_of(*(members[word] for word in _words(left) if word in members))
        outside = all_of(read.there, no(inside), no(_vague(members)))
        return (
            outcome(all_of(read.there, inside), outside, read.open, read.elsewhere)
            if members
            else Outcome(FALSE, FALSE)
        )
    if left[0] == "number":
        mirrored = {">": "<", "<": ">", ">=": "<=", "<=": ">="}.get(operator, operator)
        true, false = against(read.spans, mirrored, left[1])
        return outcome(true, false, read.open, read.elsewhere)
    equal = any_of(*(_equals(read, word) for word in _words(left)))  # own words are not looked at on this side
    return outcome(all_of(read.there, equal), all_of(read.there, no(equal)), read.open, read.elsewhere)


def _equals(read: LogicReading, word: str) -> Formula:
    return read.text.equals(word) if read.text is not None else read.ids.get(word, FALSE)


def _within(one: LogicReading, two: LogicReading) -> Outcome:
    """Whether one answer is among those of another element."""
    members = two.members or {}
    said = any_of(*(all_of(where, members.get(word, FALSE)) for word, where in one.worded.items()))
    inside = any_of(*(all_of(_equals(one, word), where) for word, where in members.items()))
    both, vague = all_of(one.there, two.there), _vague(members)
    return outcome(
        all_of(two.there, any_of(said, all_of(one.there, inside))),
        all_of(both, no(inside), no(vague)),
        _unless(any_of(both), one.open, two.open),
        _unless(any_of(both), one.elsewhere, two.elsewhere),
    )


def _vague(members: Mapping[str, Formula]) -> Formula:
    """Where an answer of several may mean one of the others: one in other words, or one that was added to the list."""
    return any_of(*(members[word] for word in (OTHER, UNNAMED) if word in members))


def _unless(settled: Formula, *waiting: Formula) -> Formula:
    """Waiting, except where both sides have a value and the comparison is open all the same."""
    return all_of(no(settled), any_of(*waiting))


def _pair(one: LogicReading, operator: str, two: LogicReading) -> Outcome:
    """Two names compared with each other."""
    both = all_of(one.there, two.there)
    if operator == "naming":
        true = any_of(*_namings(one, two))
        no_words = no(two.in_words)  # no text names what was answered in other words, nor waits for it
        return outcome(
            all_of(both, true), all_of(both, no(true)),
            all_of(no_words, any_of(one.open, two.open)), all_of(no_words, any_of(one.elsewhere, two.elsewhere)),
        )  # fmt: skip
    if one.spans or two.spans:
        true, false = between(_spans(one), operator, _spans(two))
    elif one.day is not None and two.day is not None:
        true, false = _days(one, operator, two)
    else:
        equal = any_of(*_equalities(one, two))
        said = any_of(*(all_of(where, two.there, _equals(two, word)) for word, where in one.worded.items() if word))
        true, false = any_of(said, all_of(both, equal)), all_of(both, no(equal))
    waiting = (any_of(one.open, two.open), any_of(one.elsewhere, two.elsewhere))
    return outcome(true, false, *(_unless(both, each) for each in waiting))


def _spans(read: LogicReading) -> Spans:
    return tuple(each._replace(when=all_of(read.there, each.when)) for each in read.spans)


def _days(one: LogicReading, operator: str, two: LogicReading) -> tuple[Formula, Formula]:
    assert one.day is not None and two.day is not None  # noqa: S101, PT018 - asked of dates
    between = one.day.minus(two.day)
    later, not_before = between.above(0), between.at_least(0)
    holds = {
        "<": no(not_before), "<=": no(later), ">": later, ">=": not_before, "==": all_of(not_before, no(later))
    }[operator]  # fmt: skip
    both = all_of(one.there, two.there)
    return all_of(both, holds), all_of(both, no(holds))


def _equalities(one: LogicReading, two: LogicReading) -> Iterator[Formula]:
    if one.text is not None and two.text is not None:
        yield is_(f"{one.text.path} is the words of {two.text.path}")
    for word in {**one.ids, **two.ids}:
        yield all_of(_equals(one, word), _equals(two, word))


def _namings(one: LogicReading, two: LogicReading) -> Iterator[Formula]:
    if two.text is not None:
        yield one.text.names_text(two.text) if one.text is not None else is_(f"unknown naming of {two.text.path}")
    for word, where in two.ids.items():
        yield all_of(where, _naming(one, word))
