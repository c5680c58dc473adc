"""Numbers are asked for in a way that a case can answer, and a minimum is never taken for the measurement."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.cases.model import Measured
from reportgen.cases.typing import Entered, typed
from reportgen.protocols.elements import QuantityElement
from reportgen.units import Interval, read_quantity
from tests.support.toy import Templates, said, toy_case, toy_findings, toy_report

DEEP = "- {id: deep, kind: quantity, title: Depth, unit: mm, status: core, at_least: at least, source: {book: p}}\n"


MEASURED = QuantityElement(kind="quantity", id="it", title="It", unit="mm", rounded=1)


def number(fields: str, kind: str = "quantity") -> str:
    return f"- {{id: it, kind: {kind}, title: It, source: {{book: p}}, {fields}}}\n"


@pytest.mark.parametrize(
    ("element", "message"),
    [
        (number("unit: none, units: {mm: 1}"), "are given for a number without a unit"),
        (number("unit: mm, minimum: 5, maximum: 4"), "is greater than the maximum"),
        (number("minimum: 5, maximum: 4", "count"), "is greater than the maximum"),
        (number("unit: mm, dimensions: 3, at_least: at least"), "cannot be said of several dimensions"),
        (number("unit: mm, at_least: not, undetermined: not known"), "begins the words of undetermined"),
    ],
)
def test_a_number_that_no_case_could_answer_is_refused(element: str, message: str, templates: Templates) -> None:
    found = templates.refused(element)
    assert [(each.code, each.path, each.message) for each in found] == [("T401", "it", message)]


@pytest.mark.parametrize(
    "fields",
    ["unit: ''", "unit: mm, decimals: 7", "unit: mm, at_least: '<'", "unit: mm, decimals: -1", "unit: mm, rounded: 7"],
)
def test_a_number_of_the_wrong_shape_is_refused(fields: str, templates: Templates) -> None:
    assert [each.code for each in templates.refused(number(fields))] == ["T401"]


def answered(**answers: Any) -> str:
    """What is printed of `it`, or the code of what is found."""
    if found := toy_findings(answers):
        return found[0].code
    return next(pair.text for pair in toy_report(answers).pairs() if pair.path == "parts.A.it")


def test_a_number_without_a_unit(templates: Templates) -> None:
    templates.load(number("unit: none"))
    assert [answered(it=text) for text in ("1.5", "<2", "1.5 mm", "1,5", "x")] == ["1.5", "<2", "E105", "E106", "E106"]


@pytest.mark.parametrize(
    ("decimals", "text", "expected"),
    [
        ("0", "3 mm", "3 mm"), ("0", "3.0 mm", "3.0 mm"), ("0", "3.5 mm", "E104"), ("0", "0.3 cm", "0.3 cm (= 3 mm)"),
        ("0", "0.35 cm", "E104"), ("1", "0.75 mm", "E104"), ("1", "0.8 mm", "0.8 mm"),
        ("1", "0.08 cm", "0.08 cm (= 0.8 mm)"), ("2", "0.755 mm", "E104"),
    ],
)  # fmt: skip
def test_a_number_has_no_more_decimals_than_are_asked_for(
    decimals: str, text: str, expected: str, templates: Templates
) -> None:
    templates.load(number(f"unit: mm, units: {{cm: 10}}, decimals: {decimals}"))
    assert answered(it=text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.749 mm", "0.749 mm (rounded to 0.7 mm)"), ("0.75 mm", "0.75 mm (rounded to 0.8 mm)"), ("0.8 mm", "0.8 mm"),
        ("0.80 mm", "0.80 mm"), ("1 mm", "1 mm"), ("99.96 mm", "99.96 mm (rounded to 100.0 mm)"),
        ("~0.75 mm", "~0.75 mm (rounded to ~0.8 mm)"), ("<0.75 mm", "<0.75 mm"), (">=0.75 mm", "≥0.75 mm"),
        ("at least 0.75 mm", "at least 0.75 mm (rounded to 0.8 mm)"),
        ("0.08 cm", "0.08 cm (= 0.8 mm)"), ("0.0749 cm", "0.0749 cm (= 0.749 mm) (rounded to 0.7 mm)"),
    ],
)  # fmt: skip
def test_a_number_is_printed_rounded_half_up_beside_what_was_entered(
    text: str, expected: str, templates: Templates
) -> None:
    templates.load(number("unit: mm, units: {cm: 10}, rounded: 1, at_least: at least"))
    assert answered(it=text) == expected


def test_sentences_print_the_rounded_number_too(templates: Templates) -> None:
    clause = '- {id: deep, when: deep > 0, say: "Depth {{ deep }}.", source: {book: p}}\n'
    templates.load(DEEP.replace("core,", "core, rounded: 1,"), wording=said(clause))
    (sentence,) = [each for each in toy_report({"deep": "2.05 mm"}).sentences() if each.clause == "comment.remark.deep"]
    assert sentence.text == "Depth 2.05 mm (rounded to 2.1 mm)."


@given(st.decimals(min_value="0.001", max_value="99", places=3))
def test_what_is_rounded_is_compared_as_entered(number: Decimal) -> None:
    tenths = (int(number * 1000) + 50) // 100
    rounded = typed(MEASURED, (Entered(f"{number} mm"),), "", "", "")
    assert isinstance(rounded, Measured)
    assert rounded.quantity.numbers == (number,)
    assert rounded.rounded == ("" if number * 10 == tenths else f"{tenths // 10}.{tenths % 10} mm")


@pytest.mark.parametrize(
    ("fields", "answers"),
    [
        ("", {"~1 mm": "~1 mm", "<1 mm": "<1 mm"}),
        ("about: false, ", {"~1 mm": "E106", "<1 mm": "<1 mm", "1 mm": "1 mm"}),
        ("bounds: false, ", {"~1 mm": "~1 mm", "<1 mm": "E106"}),
        ("about: false, bounds: false, ", {"~1 mm": "E106", ">1 mm": "E106", "1 mm": "1 mm"}),
    ],
)
def test_a_number_may_take_no_comparator(fields: str, answers: dict[str, str], templates: Templates) -> None:
    templates.load(number(f"{fields}unit: mm"))
    assert {text: answered(it=text) for text in answers} == answers


@pytest.mark.parametrize(("fields", "about"), [("", "~4"), ("about: false, ", "E106")])
def test_a_count_may_refuse_about(fields: str, about: str, templates: Templates) -> None:
    templates.load(number(f"{fields}maximum: 9", "count"))
    assert {text: answered(it=text) for text in ("~4", "<4", "4")} == {"~4": about, "<4": "<4", "4": "4"}


def test_a_count_has_a_minimum(templates: Templates) -> None:
    templates.load(number("minimum: 2", "count"))
    assert [answered(it=text) for text in ("1", "2")] == ["E104", "2"]


def test_a_minimum_is_a_state_of_the_measurement(templates: Templates) -> None:
    clauses = """\
    - {id: least, when: deep.at_least and deep >= 2, say: "At least pT2.", source: {book: p}}
    - {id: exact, when: deep >= 2, say: "pT2.", source: {book: p}}
    - {id: less, when: deep < 2, say: "Depth {{ deep }}.", source: {book: p}}
    """
    templates.load(DEEP, wording=said(clauses))

    def comment(text: str) -> str:
        return " ".join(
            each.text for each in toy_report({"deep": text}).sentences() if each.clause.startswith("comment")
        )

    assert comment("At  least 2.0 mm") == "At least pT2."
    assert comment("2.0 mm") == "pT2."
    assert comment("at least 1.9 mm") == "Depth at least 1.9 mm."
    codes = [
        toy_findings({"deep": text})[0].code for text in ("at least <2 mm", "at least", "at least 2", "at most 2 mm")
    ]
    assert codes == ["E106", "E106", "E105", "E106"]
    assert toy_case({"deep": "2 mm"}).fingerprint() != toy_case({"deep": "at least 2 mm"}).fingerprint()


@pytest.mark.parametrize("when", ["deep >= 2", "thick", "not (deep < 2)"])
def test_a_clause_that_takes_a_minimum_for_the_measurement_is_refused(when: str, templates: Templates) -> None:
    clause = f"- {{id: exact, when: {when}, say: pT2., uses: [deep], source: {{book: p}}}}\n"
    facts = "facts: [{id: thick, when: deep >= 2}]\n"
    found = templates.refused(DEEP, wording=said(clause), extra=facts)
    assert [(each.code, each.path) for each in found] == [("T436", "comment.remark.exact")]
    printed = clause.replace("pT2.", '"pT2 ({{ deep }})."')
    templates.load(DEEP, wording=said(printed), extra=facts)


@given(st.decimals(min_value="0", max_value="99", places=6), st.decimals(min_value="0", max_value="99", places=6))
def test_decimals_are_compared_exactly(number: Any, bound: Any) -> None:
    read = read_quantity(f"{number} cm")
    assert read is not None
    other = Interval(bound * 10, bound * 10)
    assert read.interval(Decimal(10)).compare(">=", other) is (number >= bound)
