"""Definitions that lean on themselves, by whatever way: they could never be worked out."""

from __future__ import annotations

from collections.abc import Iterable

from reportgen.language.sentences import compile_words
from reportgen.language.syntax import ExpressionError
from reportgen.protocols.compiled import Compiled, CompiledForm, condition
from reportgen.protocols.slots import Slot


def circular(form: CompiledForm) -> frozenset[str]:
    """The elements (by path), facts, terms (by id) and criteria (`criteria.<id>`) that lean on themselves."""
    leans = _leans_on(form)
    return frozenset(name for name in leans if name in _reached(name, leans))


def _reached(start: str, leans: dict[str, frozenset[str]]) -> set[str]:
    seen: set[str] = set()
    todo = [start]
    while todo:
        new = leans[todo.pop()] - seen
        seen |= new
        todo += new
    return seen


def _leans_on(form: CompiledForm) -> dict[str, frozenset[str]]:
    """Each name → the names that its value is worked out from."""
    raw = {
        path: _names([*slot.applies, slot.element.required_when]) | _above(slot) for path, slot in form.slots.items()
    }
    raw |= {fact.id: _names([fact.when]) for fact in form.form.facts}
    if isinstance(form, Compiled):
        raw |= {f"criteria.{each.id}": _names([each.met, each.unmet]) for each in form.protocol.criteria}
        for term in form.terms.values():
            raw[term.id] = _names(clause.when for clause in term.clauses).union(
                *(_printed(clause.say) for clause in term.clauses)
            )
    return {name: frozenset(each for on in names for each in _known(on, form, raw)) for name, names in raw.items()}


def _above(slot: Slot) -> frozenset[str]:
    return frozenset({slot.parent}) if slot.parent else frozenset()


def _known(name: str, form: CompiledForm, raw: dict[str, frozenset[str]]) -> Iterable[str]:
    """The definitions behind a name: `procedure` for `procedure.noun`, every criterion for `criteria.met`."""
    if name in raw:
        return (name,)
    if name.startswith("criteria."):
        return (each for each in raw if each.startswith("criteria."))
    special = form.special_of(name)
    return (special[0].path,) if special else ()


def _names(conditions: Iterable[str]) -> frozenset[str]:
    return frozenset[str]().union(*(_touched(text) for text in conditions if text))


def _touched(text: str) -> frozenset[str]:
    try:
        return condition(text).names
    except ExpressionError:
        return frozenset()  # a finding of its own


def _printed(text: str) -> frozenset[str]:
    try:
        return compile_words(text).names
    except ExpressionError:
        return frozenset()
