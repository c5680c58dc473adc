"""Definitions that lean on themselves, by whatever way: they could never be worked out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress

from reportgen.language.compiler import Condition
from reportgen.language.sentences import WordTemplate, compile_words
from reportgen.language.syntax import ExpressionError
from reportgen.protocols.compiled import Compiled, CompiledForm, condition


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
        path: _names([*slot.applies, slot.element.required_when]) | frozenset(filter(None, [slot.parent]))
        for path, slot in form.slots.items()
    }
    raw |= {fact.id: _names([fact.when]) for fact in form.form.facts}
    if isinstance(form, Compiled):
        raw |= {f"criteria.{each.id}": _names([each.met, each.unmet]) for each in form.protocol.criteria}
        for term in form.terms.values():
            said = _names((clause.say for clause in term.clauses), compile_words)
            raw[term.id] = _names(clause.when for clause in term.clauses) | said
    return {name: frozenset(each for on in names for each in _known(on, form, raw)) for name, names in raw.items()}


def _known(name: str, form: CompiledForm, raw: dict[str, frozenset[str]]) -> Iterable[str]:
    """The definitions behind a name: `procedure` for `procedure.noun`, every criterion for `criteria.met`."""
    if name in raw:
        return (name,)
    if name.startswith("criteria."):
        return (each for each in raw if each.startswith("criteria."))
    special = form.special_of(name)
    return (special[0].path,) if special else ()


def _names(texts: Iterable[str], compiled: Callable[[str], Condition | WordTemplate] = condition) -> frozenset[str]:
    """The names in conditions, or in words; a text that cannot be read is a finding of its own."""
    found: set[str] = set()
    for text in filter(None, texts):
        with suppress(ExpressionError):
            found |= compiled(text).names
    return frozenset(found)
