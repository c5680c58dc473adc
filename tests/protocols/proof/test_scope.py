"""Names, conditions and statements in logic say of each case what the program says of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.model import ESSENTIAL, Case, Part
from reportgen.cases.validate import overridable
from reportgen.invented.cases import cases as invented
from reportgen.language.conditions import ConditionResult
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.load import load_header, load_protocol
from reportgen.protocols.proof.admitted import Cases, cases_of
from reportgen.protocols.proof.formula import Fold, Formula, evaluation, no
from reportgen.protocols.proof.readings import Outcome
from reportgen.protocols.proof.statements import Speech
from reportgen.reading.source import source_of
from reportgen.reports.licence import Licence, Spoken
from reportgen.reports.load_labels import load_labels
from tests.support.toy import Templates, said, toy_data, valid_case
from tests.support.values import values_of

FORM = """\
- {id: kind, kind: choice, title: Kind, status: core, undetermined: cannot say, choices: [{id: a, props: {good: "yes", noun: one}}, {id: b, props: {good: "no"}}, {id: v, unclear: true}], followups: [{id: far, kind: quantity, title: Far, unit: mm, status: conditional, required_when: size > 3, under: [a, other]}, {id: free, kind: text, title: Free}], source: {book: p}}
- {id: lot, kind: choice, multiple: true, title: Lot, choices: [{id: k}, {id: m}, {id: l, added: true}], source: {book: p}}
- {id: nodes, kind: choice, title: Nodes, status: core, judged: {title: Nodes sent, "no": none sent}, choices: [{id: k}, {id: m}, {id: l, added: true}], followups: [{id: beside, kind: choice, title: Beside, independent: true, choices: [{id: k}, {id: m}]}], source: {book: p}}
- {id: many, kind: choice, multiple: true, title: M, choices: [{id: m}, {id: n}, {id: none, exclusive: true}], followups: [{id: why, kind: text, title: Why, under: [m]}], source: {book: p}}
- {id: size, kind: quantity, title: Size, status: core, unit: mm, units: {cm: 10}, dimensions: 3, maximum: 100, undetermined: cannot be measured, source: {book: p}}
- {id: wide, kind: quantity, title: Wide, unit: mm, source: {book: p}}
- {id: mitoses, kind: count, title: Count, per: [10 HPF, mm²], followups: [{id: field_area, kind: quantity, title: Area, unit: mm², bounds: false}], source: {book: p}}
- {id: words, kind: text, title: Words, undetermined: not known, source: {book: p}}
- {id: day, kind: date, title: Day, source: {book: p}}
- {id: only, kind: choice, title: Only, status: conditional, applies_when: "kind == 'a' or size > 5", choices: [{id: x}, {id: y}], source: {book: p}}
- {id: more, kind: choice, title: More, status: conditional, applies_when: only == 'x', choices: [{id: x}], source: {book: p}}
- {id: stains, kind: panel, title: S, status: core, other: Further, stains: [{id: S1, core: true}, {id: S2, core: true}, {id: S3}], results: [{id: pos, props: {told: "yes"}}, {id: neg}, {id: due, pending: true}], source: {book: p}}
"""  # noqa: E501
EXTRA = """\
facts:
  - {id: is_a, when: kind == 'a'}
  - {id: big, when: size > 4}
criteria:
  - {id: c, title: C, met: kind == 'a', unmet: kind == 'b', source: {book: p}}
  - {id: d, title: D, met: stains.S1 == 'pos', unmet: stains.S1 == 'neg' and stains.S2 == 'neg', source: {book: p}}
"""
ATOMS = (
    "'k' in lot", "nodes == 'k'", "nodes == 'l'", "nodes is applicable", "nodes_applies == 'no'", "nodes.beside == 'k'",
    "at_least(2, kind == 'a', size > 4, 'm' in many)", "at_least(1, only == 'x', wide < 2, kind == 'b')",
    "kind == 'a'", "kind == 'cannot say'", "kind == 'other'", "kind in ['a', 'v']", "kind is answered", "only == 'x'",
    "only is applicable", "more is applicable", "stains.S1 == 'pos'", "stains.S3 != 'neg'", "stains.pending", "is_a",
    "stains.told_results is answered", "stains.required_results is answered", "stains.pending_results is answered",
    "criteria.c == 'met'", "criteria.d == 'unknown'", "criteria.unmet", "criteria.met", "'m' in many",
    "'n' not in many", "many is answered", "size > 4", "size <= 4", "size == 4", "size == 'cannot be measured'",
    "size > wide", "wide < size", "size.third >= 2", "mitoses > 5", "mitoses <= 20.5", "words is naming('left')",
    "words is naming(['left arm', 'arm'])", "words == 'left arm'", "words == 'not known'", "words is answered",
    "words is naming(kind)", "kind is naming('a')", "words.reason is answered", "kind.text is answered",
    "kind.text is naming('arm')", "kind.good", "kind.noun == 'one'", "day is answered", "day > case.collected",
    "day < case.patient.birth_date", "case.age > 60", "case.age < 1", "case.patient.sex == 'male'",
    "override.diagnosis is answered", "received_as is naming('arm')", "container.other_side", "big is unproven",
    "is_a is unproven", "kind.far > 2", "kind.far is applicable", "kind.free is answered", "many.why is answered",
    "only == more", "words is naming(case.accession)", "true", "case.accession is answered",
)  # fmt: skip
CONDITIONS = st.recursive(
    st.sampled_from(ATOMS) | st.sampled_from(ATOMS).map(lambda one: f"not ({one})"),
    lambda inner: st.tuples(inner, st.sampled_from(("and", "or")), inner).map(lambda both: f"({' '.join(both)})"),
    max_leaves=5,
)
WORDS = st.sampled_from(("left arm", "arm", "leg", "the left arm, S1", "a", "not known (lost)"))
AMOUNTS = st.sampled_from(("1 mm", "3 mm", "4 mm", "4.5 mm", ">3 mm", "<4 mm", ">=5 mm", "<= 4 mm", "~4 mm", "0 mm"))
SIZES = st.sampled_from(("0.4 cm", "3 x 2 x 1 mm", "5 x 4 mm", "6 x 2 x 2 mm", "cannot be measured (cut)"))
COUNTS = st.sampled_from(("5 per 10 HPF", "6 per 10 HPF", ">5 per 10 HPF", "3 per mm²", "20.5 per mm²", "<30 per mm²"))
RESULTS = st.sampled_from(("pos", "neg", "due"))
CHOICES = st.sampled_from(("a", "b", "v", "cannot say (blurred)"))
OTHER = WORDS.map(lambda words: {"result": "other", "text": words})


def details(answers: st.SearchStrategy[Any], **below: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An answer, with or without details."""
    as_mapping = answers.map(lambda one: one if isinstance(one, dict) else {"result": one})
    return answers | st.builds(lambda one, more: {**one, **more}, as_mapping, st.fixed_dictionaries({}, optional=below))


PARTS = st.fixed_dictionaries(
    {},
    optional={
        "kind": details(CHOICES | OTHER, far=AMOUNTS, free=WORDS),
        "lot": st.sampled_from((["k"], ["l"], ["m"], ["k", "l"])),
        "nodes_applies": st.sampled_from(("yes", "no")),
        "nodes": st.sampled_from(("k", "l")) | st.just({"beside": "k"}) | st.just({"result": "l", "beside": "k"}),
        "many": details(st.sampled_from((["m"], ["n"], ["m", "n"], ["none"])), why=WORDS),
        "size": AMOUNTS | SIZES,
        "wide": AMOUNTS,
        "mitoses": details(
            COUNTS,
            field_area=st.sampled_from(("0.1 mm²", "0.2 mm²")),
        ),
        "words": WORDS,
        "day": st.sampled_from(("2025-12-01", "2026-02-02", "1940-01-01")),
        "only": st.sampled_from(("x", "y")) | OTHER,
        "more": st.just("x") | OTHER,
        "stains": st.fixed_dictionaries(
            {}, optional={"S1": RESULTS, "S2": RESULTS, "S3": RESULTS,
                          "other": RESULTS.map(lambda one: [{"name": "Z", "result": one}])},
        ),
        "received_as": WORDS,
        "override": st.just({"diagnosis": "Own words."}),
    },
)  # fmt: skip
HEADS = st.fixed_dictionaries(
    {"patient": st.fixed_dictionaries(
        {"name": st.just("N")},
        optional={"birth_date": st.sampled_from(("1950-02-03", "1966", "1965-12", "2025", "not known (lost)")),
                  "sex": st.sampled_from(("male", "female"))},
    )},
    optional={"collected": st.sampled_from(("2026-01-01", "2026-02-03")), "received": st.just("2026-03-01")},
)  # fmt: skip


class Agreement:
    """Compares what logic says of cases with what the program says."""

    def __init__(self, made: Compiled, conditions: Iterable[str]) -> None:
        self.made = made
        self.cases = cases_of(made, load_header(), tuple(ESSENTIAL), tuple(overridable(made)))
        self.conditions = {text: self.cases.plain.truth(text) for text in conditions}
        self.presumed = {text: self.cases.presumed.truth(text) for text in self.conditions}
        speech = Speech(self.cases.plain)
        self.said = {
            name: (statement, speech.of(statement.clauses)) for name, _, statement in made.protocol.wording.statements()
        }
        self.rules = [*self.cases.rules(), *(no(each) for _, each in self.cases.contradictions())]
        self.rules += self.cases.of_texts()
        self.labels = load_labels()
        self.compared = 0

    def check(self, case: Case) -> None:
        """Compare everything about a case that validation admitted."""
        for part in case.parts:
            self._check(case, part)

    def _check(self, case: Case, part: Part) -> None:
        holds = evaluation(values_of(case, part, self.cases.plain.texts))
        scope = AnswerScope.of_part(part, case.header)
        assert [rule for rule in self.rules if not holds.of(rule)] == []
        for text, outcome in self.conditions.items():
            assert (text, self._of(holds, outcome)) == (text, _of(scope, scope.truth(text)))
        for path in self.made.slots:
            outcome = self.cases.plain.applicable(path)
            assert (path, self._of(holds, outcome)) == (path, _of(scope, scope.applicable(path)))
        answered = scope.as_answered()
        assert holds.of(self.cases.left_open) is (answered is not scope)
        if answered is not scope:
            for text, outcome in self.presumed.items():
                assert (text, self._of(holds, outcome)[:2]) == (text, _of(answered, answered.truth(text))[:2])
        licence = Licence(self.made, scope, self.labels)
        for name, (statement, spoken) in self.said.items():
            result = licence.speak(statement.clauses)
            by = [clause.id for clause, where in zip(statement.clauses, spoken.by, strict=True) if holds.of(where)]
            expected = [result.clause.id] if isinstance(result, Spoken) else []
            assert (name, by, holds.of(spoken.silent)) == (name, expected, result is None)
            self.compared += 1

    def _of(self, holds: Fold[bool], outcome: Outcome) -> tuple[bool, ...]:
        self.compared += 1
        return tuple(map(holds.of, outcome))


def _of(scope: AnswerScope, result: ConditionResult) -> tuple[bool, ...]:
    waiting = result.waiting if result.truth is None else frozenset()
    open_ones = scope.still_open(waiting)
    return result.truth is True, result.truth is False, bool(open_ones), bool(waiting - open_ones)


def every_condition(made: Compiled) -> Iterator[str]:
    """Every condition of a protocol."""
    protocol = made.protocol
    yield from made.facts.values()
    yield from (text for both in made.criteria.values() for text in both)
    yield from (text for slot in made.slots.values() for text in (*slot.applies, slot.element.required_when) if text)
    yield from (level.when for advisory in protocol.advisories for level in advisory.levels)
    yield from (each.when for each in made.form.contradictions)
    yield from (clause.when for _, _, each in protocol.wording.statements() for clause in each.clauses)
    yield from (clause.when for each in protocol.wording.terms for clause in each.clauses)


@pytest.mark.parametrize(("protocol", "count", "least"), [("aismn", 12, 4_000), ("general", 20, 400)])
def test_built_in_protocols_are_the_same_in_logic(protocol: str, count: int, least: int) -> None:
    made = load_protocol(protocol)
    agreement = Agreement(made, every_condition(made))
    for data in invented(protocol, count, seed=4):
        case = valid_case(source_of(data))
        assert case is not None
        agreement.check(case)
    assert agreement.compared > least


@given(texts=st.lists(CONDITIONS, min_size=4, max_size=12), part=PARTS, head=HEADS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_condition_is_the_same_in_logic(
    texts: list[str], part: dict[str, Any], head: dict[str, Any], templates: Templates
) -> None:
    clauses = (
        '- {id: one, when: kind is answered, say: "{{ kind }} {{ kind.far }}", uses: [kind.far], source: {book: p}}'
    )
    made = templates.load(FORM, extra=EXTRA, wording=said(clauses))
    data = toy_data(part)
    case = valid_case(source_of({**{key: data[key] for key in ("accession", "parts")}, **head}))
    event("refused" if case is None else "compared")
    if case is not None:
        Agreement(made, [*texts, *ATOMS]).check(case)


def test_what_validation_refuses_is_refused_in_logic(templates: Templates) -> None:
    """Rules are no weaker than they seem: each of these answers alone breaks one."""
    made = templates.load(FORM, extra=EXTRA)
    cases: Cases = cases_of(made, load_header(), tuple(ESSENTIAL), tuple(overridable(made)))
    rules: list[Formula] = [*cases.rules()]
    fine = {"case.accession ?": 1, "case.patient.name ?": 1}
    broken: list[dict[str, int]] = [
        {"kind ?": 1},
        {"kind ?": 1, "kind = a": 1, "kind = b": 1},
        {"many ?": 1, "many = m": 1, "many = none": 1},
        {"size ?": 1, "size #": 100_000_001},
        {"size ?": 1, "size #": 1, "size # <": 1, "size in three": 1},
        {"only ?": 1, "only = x": 1, "kind ?": 1, "kind = b": 1, "size ?": 1, "size #": 1},
        {"kind.far ?": 1},
        {"kind ?": 1, "kind = b": 1, "kind.far ?": 1},
        {"container.other_side": 1},
        {"case.patient.birth_date ?": 1, "case.patient.birth_date year": 2020, "case.collected ?": 1,
         "case.collected year": 2019},
    ]  # fmt: skip
    assert all(map(evaluation(fine).of, rules))
    for values in broken:
        assert not all(map(evaluation({**fine, **values}).of, rules)), values
