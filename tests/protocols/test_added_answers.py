"""Answers that a laboratory adds to a question: conditions that do not know them leave open what they mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.cases.validate import validate
from reportgen.findings import FindingsError
from reportgen.invented.cases import cases
from reportgen.laboratory.model import Laboratory
from reportgen.protocols.checks.reachability import unspoken_clauses
from reportgen.protocols.load import load_protocol
from tests.support.labs import protocol_lab
from tests.support.toy import Templates, assessments_of, codes, said, scope_of, source_of, toy_data, toy_report

FORM = """
- {id: site_of, kind: choice, title: Growth, status: core, undetermined: cannot say, choices: [{id: a, props: {bad: "yes"}}, {id: b, props: {bad: "no"}}], source: {book: p}}
- {id: many, kind: choice, multiple: true, title: Many, choices: [{id: m}, {id: n}], source: {book: p}}
- {id: only, kind: choice, title: Only, status: conditional, applies_when: site_of == 'a', choices: [{id: x}, {id: y}], source: {book: p}}
- {id: words, kind: text, title: Words, source: {book: p}}
"""  # noqa: E501
EXTRA = """
facts: [{id: bad, when: site_of.bad}]
criteria:
  - {id: c, title: C, met: site_of == 'a', unmet: site_of == 'b', source: {book: p}}
advisories:
  - id: A1
    title: One
    source: {book: p}
    levels: [{level: warning, when: site_of == 'a', say: Look again.}]
unjudged: {id: U, title: Not judged, say: "{{ advisory }} {{ answers }}", in_other_words: own, source: {book: p}}
"""
WORDS = said("""
- {id: is_a, when: site_of == 'a', say: It is a., source: {book: p}}
- {id: is_b, when: site_of == 'b', say: It is b., source: {book: p}}
- {id: rest, when: site_of == 'other' or site_of == 'cannot say', say: It is open., source: {book: p}}
""")
LAB = """
elements:
  site_of: {append: [{id: c, title: See}, {id: d, label: dee, props: {bad: "yes"}}]}
  many: {append: [{id: o}]}
wording:
  comment.remark:
    append: [{id: is_c, when: site_of == 'c', say: "Growth is {{ site_of }}."}]
    order: [is_c]
"""


@pytest.fixture(scope="module", name="own")
def fixture_own(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("own")
    with Templates.at(folder / "templates") as templates:
        templates.load(FORM, extra=EXTRA, wording=WORDS)
        yield protocol_lab(folder / "lab", LAB, "toy")


def comment(own: Laboratory, **part: Any) -> list[str]:
    report = toy_report(part, own=own)
    blocks = [block for section in report.sections if section.id == "comment" for block in section.blocks]
    return [sentence.text for block in blocks for sentence in getattr(block, "sentences", ())]


def test_what_does_not_know_an_added_answer_is_held_back(own: Laboratory) -> None:
    assert comment(own, site_of="a") == ["It is a."]
    assert comment(own, site_of="c") == ["Growth is c."]
    assert comment(own, site_of="d") == ["[PENDING: Remark – answered in other words: Growth]"]
    pairs = {pair.label: pair.text for pair in toy_report({"site_of": "d"}, own=own).pairs()}
    assert pairs["Growth"] == "dee"


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("site_of == 'd'", True),
        ("site_of == 'c'", None),
        ("site_of in ['a', 'd']", True),
        ("site_of == 'a'", None),
        ("site_of != 'a'", None),
        ("not (site_of in ['a', 'b'])", None),
        ("site_of == 'other'", None),
        ("site_of is answered", True),
        ("site_of.bad", True),
        ("bad", True),
        ("criteria.c == 'unknown'", None),
        ("criteria.met or criteria.unmet", None),
        ("only is applicable", False),
        ("'m' in many", True),
        ("'n' in many", None),
        ("'n' not in many", None),
        ("'o' in many", True),
        ("at_least(1, site_of == 'a', site_of == 'b')", None),
    ],
)
def test_an_added_answer_is_known_by_its_own_name_alone(own: Laboratory, text: str, truth: bool | None) -> None:
    case = validate(source_of(toy_data({"site_of": "d", "many": ["m", "o"]})), own).case
    assert case
    assert scope_of(case).truth(text).truth is truth


atoms = st.tuples(st.sampled_from(("==", "!=")), st.sampled_from(("'a'", "'b'"))).map(" ".join).map("site_of {}".format)
conditions = st.recursive(
    atoms | st.sampled_from(("site_of in ['a', 'b']", "'m' in many", "'n' not in many", "criteria.c == 'met'")),
    lambda inner: (
        inner.map("not ({})".format)
        | st.tuples(inner, st.sampled_from((" and ", " or ")), inner).map("".join).map("({})".format)
        | st.lists(inner, min_size=2, max_size=3, unique=True).map(lambda each: f"at_least(2, {', '.join(each)})")
    ),
    max_leaves=5,
)


@given(conditions, st.sampled_from(("c", "d")), st.sampled_from((["m"], ["m", "n"], [])))
def test_what_does_not_name_an_added_answer_takes_it_for_one_in_other_words(
    own: Laboratory, text: str, added: str, several: list[str]
) -> None:
    def truth(site_of: Any, many: list[Any]) -> bool | None:
        case = validate(source_of(toy_data({"site_of": site_of, "many": many})), own).case
        assert case
        return scope_of(case).truth(text).truth

    other = {"result": "other", "text": "words"}
    assert truth(added, [*several, "o"]) is truth(other, [*several, other])


def test_an_advisory_that_does_not_know_an_added_answer_is_not_judged(own: Laboratory) -> None:
    case = validate(source_of(toy_data({"site_of": "d"})), own).case
    assert case
    (assessment,) = assessments_of(case)
    assert [each.id for each in assessment.advisories] == ["U"]
    assert "Growth (dee)" in assessment.advisories[0].say


def test_the_checks_and_invented_cases_know_it(own: Laboratory) -> None:
    made = load_protocol("toy", own)
    assert list(unspoken_clauses(made)) == []
    picked = {str(data["parts"][0].get("site_of")) for data in cases("toy", 60, 1, laboratory=own)}
    assert {"c", "d"} <= picked


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ("elements: {words: {append: [{id: c}]}}", ("T401", "elements.words")),
        ("elements: {site_of: {append: [{title: c}]}}", ("T401", "elements.site_of")),
        ("elements: {site_of: {append: [{id: a}]}}", ("T404", "site_of = a")),
        ("elements: {site_of: {append: [{id: c, label: b}]}}", ("T412", "site_of")),
        ("elements: {site_of: {append: c}}", ("T401", "elements.site_of")),
    ],
)
def test_an_answer_that_cannot_be_added_is_refused(tmp_path: Path, changes: str, found: tuple[str, str]) -> None:
    with Templates.at(tmp_path / "templates") as templates:
        templates.load(FORM, extra=EXTRA, wording=WORDS)
        own = protocol_lab(tmp_path / "lab", changes, "toy")
        with pytest.raises(FindingsError) as caught:
            load_protocol("toy", own)
    assert found in codes(caught.value.findings)
    assert caught.value.findings[0].place.line
    assert caught.value.findings[0].place.file.endswith("lab.yaml")


def test_an_answer_cannot_be_added_unseen(tmp_path: Path) -> None:
    """A sentence that would speak of an added answer, for want of the others, is refused as for "other"."""
    with Templates.at(tmp_path / "templates") as templates:
        templates.load(FORM, extra=EXTRA, wording=WORDS)
        changes = """
        elements: {site_of: {append: [{id: c}]}}
        wording: {comment.remark: {append: [{id: n, when: site_of != 'a', say: It is not there.}], order: [n]}}
        """
        with pytest.raises(FindingsError) as caught:
            load_protocol("toy", protocol_lab(tmp_path / "lab", changes, "toy"))
    assert {each.code for each in caught.value.findings} <= {"T417", "T427"}
