"""What is asked of terms, criteria, advisories, contradictions, elements and labels."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations

from reportgen.proofs.logic import Logic
from reportgen.proofs.questions import Look, Question
from reportgen.proofs.tried import Tried
from reportgen.protocols.proof.answers import answered
from reportgen.protocols.proof.formula import FALSE, all_of, any_of, no
from reportgen.reports.licence import Unlicensed
from reportgen.reports.print_plan import Printing, print_plan


def judgements(logic: Logic) -> Iterator[Question]:
    """All questions about what a protocol says outside its statements."""
    yield from _terms(logic)
    yield from _criteria(logic)
    yield from _advisories(logic)
    yield from _contradictions(logic)
    yield from _elements(logic)
    yield from _labels(logic)


def _terms(logic: Logic) -> Iterator[Question]:
    for id, term in logic.made.terms.items():
        for clause, where in zip(term.clauses, logic.speech.term(id).by, strict=True):
            yield Question(
                "T406", f"terms.{id}.{clause.id}", where, _puts(id, clause.id), "can never be put in", wanted=True
            )


def _puts(term: str, clause: str) -> Look:
    def shows(tried: Tried) -> bool:
        try:
            return tried.licence.term(term).clause.id == clause
        except Unlicensed:
            return False

    return shows


def _criteria(logic: Logic) -> Iterator[Question]:
    for id, texts in logic.made.criteria.items():
        met, unmet = (logic.plain.truth(text) for text in texts)
        yield Question(
            "T442", f"criteria.{id}", all_of(met.true, unmet.true), _all_true(*texts), "can be met and unmet at once",
            "let its two conditions exclude each other", about=logic.behind(*texts),
        )  # fmt: skip
        for state, text, where in (("met", texts[0], met.true), ("unmet", texts[1], unmet.true)):
            yield Question("T406", f"criteria.{id}", where, _all_true(text), f"can never be {state}", wanted=True)


def _all_true(*texts: str) -> Look:
    return lambda tried: all(tried.scope.truth(text).truth is True for text in texts)


def _advisories(logic: Logic) -> Iterator[Question]:
    for advisory in logic.made.protocol.advisories:
        before = FALSE
        for number, remark in enumerate(advisory.levels):
            here = logic.cases.as_answered(remark.when)
            yield Question(
                "T406", advisory.id, all_of(here, no(before)), _raises(advisory.id, remark.say),
                f"can never be raised as {remark.level.value} (level {number + 1})", wanted=True,
            )  # fmt: skip
            before = any_of(before, here)


def _raises(id: str, say: str) -> Look:
    return lambda tried: any(each.id == id and each.say == say and each.certain for each in tried.raised)


def _contradictions(logic: Logic) -> Iterator[Question]:
    for id, where in logic.contradictions.items():
        yield Question("T406", id, where, lambda _: False, "can never hold", wanted=True, refused=id)


def _elements(logic: Logic) -> Iterator[Question]:
    for slot in logic.cases.asked:
        if slot.like == slot.path and (slot.applies or slot.parent):
            where = all_of(answered(slot.path), logic.plain.applicable(slot.path).true)
            yield Question(
                "T406", slot.path, where,
                partial(_is_asked, slot.path), "can never be asked", wanted=True,
            )  # fmt: skip


def _is_asked(path: str, tried: Tried) -> bool:
    return tried.scope.applicable(path).truth is True


def _labels(logic: Logic) -> Iterator[Question]:
    """Two answers that the synopsis can print under one label, below the same element and under the same heading."""
    alike: dict[tuple[str, str, tuple[str, ...], str], list[str]] = {}
    for chapter, lines in print_plan(logic.made).lines.items():
        for line in lines:
            if line.printing is Printing.pair and not line.slot.judges:  # its "yes" is not printed
                key = chapter, line.slot.parent, line.slot.headings, line.name.casefold()
                alike.setdefault(key, []).append(line.path)
    for one, two in (pair for paths in alike.values() for pair in combinations(paths, 2)):
        asked = (all_of(answered(path), logic.plain.applicable(path).true) for path in (one, two))
        yield Question(
            "T443", two, all_of(*asked), _printed_alike(one, two),
            f"would be printed under the label of {one}", about=frozenset({one, two}),
        )  # fmt: skip


def _printed_alike(one: str, two: str) -> Look:
    def shows(tried: Tried) -> bool:
        prefix = tried.part.prefix
        labels = {pair.path.removeprefix(prefix): pair.label for pair in tried.report.pairs()}
        return one in labels and two in labels and labels[one].casefold() == labels[two].casefold()

    return shows
