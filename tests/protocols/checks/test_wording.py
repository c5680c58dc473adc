"""Words rest on answers: what is printed is declared, what is denied was answered so."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.protocols.checks.wording import check_answers
from reportgen.protocols.elements import ChoiceElement
from reportgen.protocols.load import load_protocol
from tests.support.labs import protocol_lab, refused
from tests.support.toy import Templates, codes, said

FORM = """\
- {id: kind, kind: choice, title: Kind, status: core, choices: [{id: a, props: {noun: n, big: "yes"}}, {id: none found}], source: {book: p}}
- {id: depth, kind: text, title: Depth, status: core, source: {book: p}}
- {id: many, kind: choice, multiple: true, title: Many, status: core, choices: [{id: m}, {id: n}], source: {book: p}}
"""  # noqa: E501
EXTRA = """\
facts: [{id: small, when: kind == 'a'}, {id: deep, when: depth is answered}]
criteria:
  - {id: one, title: One, met: kind == 'a', unmet: kind == 'none found', source: {book: p}}
"""


def clause(when: str, say: str, uses: str = "") -> str:
    return f'- {{id: one, when: "{when}", say: "{say}", uses: [{uses}], source: {{book: p}}}}\n'


def load(templates: Templates, when: str, say: str, uses: str = "") -> list[tuple[str, str]]:
    try:
        templates.load(FORM, extra=EXTRA, wording=said(clause(when, say, uses)))
    except Exception as error:
        return codes(getattr(error, "findings", ()))
    return []


@pytest.mark.parametrize(
    ("when", "say", "uses"),
    [
        ("kind == 'a'", "{{ kind }}", ""),
        ("kind == 'a'", "{{ kind.noun }}", ""),
        ("kind.big", "{{ kind }}", ""),
        ("small", "{{ kind }}", ""),
        ("criteria.met", "{{ kind }}", ""),
        ("criteria.unmet", "{{ criteria.unmet_titles|listing }}", ""),
        ("kind == 'a'", "{{ depth }}", "depth"),
        ("kind == 'a'", "{{ case.patient.name }}", ""),
        ("deep and kind == 'a'", "{{ depth }} {{ kind }}", ""),
    ],
)
def test_what_is_printed_is_touched_or_declared(when: str, say: str, uses: str, templates: Templates) -> None:
    assert load(templates, when, say, uses) == []


@pytest.mark.parametrize(
    ("when", "say", "uses", "code"),
    [
        ("kind == 'a'", "{{ depth }}", "", "T409"),
        ("small", "{{ depth }} {{ kind }}", "", "T409"),
        ("depth is answered", "{{ criteria.unknown_titles|listing }}", "", "T409"),
        ("kind == 'a'", "Words.", "dpeth", "T402"),
    ],
)  # fmt: skip
def test_what_is_neither_is_refused(when: str, say: str, uses: str, code: str, templates: Templates) -> None:
    assert (code, "comment.remark.one") in load(templates, when, say, uses)


@pytest.mark.parametrize(
    "when",
    [
        "kind != 'a'",
        "not (kind == 'a')",
        "kind not in ['a']",
        "not small",
        "not ('m' in many)",
        "depth is answered and kind != 'a'",
        "not (kind == 'a' and depth is answered)",
        "not criteria.met",
    ],
)
def test_a_denial_does_not_hang_on_what_is_merely_not_so(when: str, templates: Templates) -> None:
    words = ["No tumor.", "Tumor is NOT seen.", "Margins are free.", "Without atypia."]
    for say in words:
        assert ("T417", "comment.remark.one") in load(templates, when, say), (when, say)
    assert {code for code, _ in load(templates, when, "Tumor is noted.")} <= {"T427"}


@pytest.mark.parametrize(
    "when",
    ["kind == 'none found'", "kind in ['none found']",
     "kind == 'none found' and not ('m' in many) and many is answered",
     "not (kind != 'none found')", "criteria.unmet"],
)  # fmt: skip
def test_a_denial_may_rest_on_the_answer_that_says_so(when: str, templates: Templates) -> None:
    assert load(templates, when, "No tumor.") == []


def test_two_answers_never_read_alike_and_none_as_another() -> None:
    def wrong(*choices: dict[str, str]) -> list[str]:
        data = {"id": "x", "title": "X", "kind": "choice", "other": False, "choices": choices}
        return [message for _, message in check_answers(ChoiceElement.model_validate(data))]

    assert wrong({"id": "present", "label": "seen"}, {"id": "absent", "label": "not seen"}) == []
    assert wrong({"id": "present", "label": "seen"}, {"id": "absent", "label": "Seen "})
    assert wrong({"id": "present", "label": "absent"}, {"id": "absent", "label": "gone"})


def test_a_required_element_of_a_profile_is_used_for_something(tmp_path: Path) -> None:
    new = "{id: idle, kind: text, title: Idle, status: core, chapter: none, source: {laboratory: x}}"
    changes = f"elements: {{sections.further: {{append: [{new}]}}}}"
    (finding,) = refused(lambda: load_protocol("aismn", protocol_lab(tmp_path, changes)))
    assert (finding.code, finding.path) == ("T418", "idle")
    clause = "{id: i, when: idle is answered, say: '{{ idle }}'}"
    used = f"{changes}\nwording: {{comment: {{append: [{{id: i, title: I, clauses: [{clause}]}}]}}}}"
    assert "idle" in load_protocol("aismn", protocol_lab(tmp_path, used)).slots
