"""What is proven of a protocol: each fault is found, and shown by a case that the program itself confirms."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.findings import FindingsError
from reportgen.pipeline import compose
from reportgen.proofs.prove import Fault, Proof, prove
from reportgen.protocols.proof import solver
from reportgen.reading.source import source_of
from tests.support.toy import WORDING, Templates, said

FORM = """\
- {id: deep, kind: choice, title: Deep margin, status: core, undetermined: cannot be assessed, choices: [{id: involved}, {id: clear}], source: {book: p}}
- {id: size, kind: quantity, title: Size, status: core, unit: mm, source: {book: p}}
- {id: kind, kind: choice, title: Kind, status: core, other: false, choices: [{id: a}, {id: b}, {id: c}], source: {book: p}}
- {id: only, kind: choice, title: Only, status: conditional, applies_when: kind == 'a', choices: [{id: x}], source: {book: p}}
"""  # noqa: E501
RULED_OUT = """\
contradictions:
  - {id: never, when: kind == 'b' and size > 3, say: no b is so large, elements: [kind, size]}
"""


def proven(templates: Templates, clauses: str, *, extra: str = "", more: str = "", form: str = FORM) -> Proof:
    """The proof of a protocol with one statement in the comment."""
    templates.write(form, extra=extra, wording=said(clauses, more=more))
    return prove("toy")


def told(proof: Proof) -> list[tuple[str, str]]:
    """Code and path of each fault, and of what was not decided."""
    findings = [fault.finding for fault in proof.faults] + proof.undecided
    return [(each.code, each.path) for each in findings]


def part_of(fault: Fault) -> dict[str, Any]:
    """The part of the case that shows a fault."""
    assert fault.case is not None
    part: dict[str, Any] = fault.case["parts"][0]
    return part


def printed(fault: Fault) -> list[str]:
    """The clauses that the report of the case prints."""
    assert fault.case is not None
    return [sentence.clause for sentence in compose(source_of(fault.case)).sentences()]


CLEAR = "- {id: clear, when: deep == 'clear', say: Clear., source: {book: p}}\n"
INVOLVED = "- {id: involved, when: deep == 'involved', say: Involved., source: {book: p}}\n"
REST = '- {id: rest, when: deep is answered, say: "{{ deep }}", source: {book: p}}\n'


def test_a_statement_that_always_speaks_is_proven(templates: Templates) -> None:
    proof = proven(templates, CLEAR + INVOLVED + REST)
    assert told(proof) == []
    assert proof.holds
    assert proof.asked >= 8


def test_an_answer_of_which_nothing_is_said_is_shown(templates: Templates) -> None:
    (fault,) = proven(templates, CLEAR + INVOLVED).faults
    assert (fault.finding.code, fault.finding.path) == ("T440", "comment.remark")
    assert str(fault.finding.place).startswith(templates.line("id: remark"))
    assert "given deep: cannot be assessed" in fault.finding.message
    assert part_of(fault)["deep"]["result"] == "cannot be assessed"
    assert not [clause for clause in printed(fault) if clause.startswith("comment.remark")]


QUIET = "quiet: [{when: deep == 'cannot be assessed', why: the synopsis says so}]"


def quiet(entries: str) -> str:
    """The statement with what it keeps quiet about."""
    return said(CLEAR + INVOLVED).replace("    title: Remark\n", f"    title: Remark\n    {entries}\n")


def test_silence_that_is_meant_is_accepted(templates: Templates) -> None:
    templates.write(FORM, wording=quiet(QUIET))
    assert told(prove("toy")) == []


def test_silence_that_never_occurs_is_no_reason(templates: Templates) -> None:
    entries = QUIET.replace("]", ", {when: deep == 'clear', why: it would be}]")
    templates.write(FORM, wording=quiet(entries))
    (fault,) = prove("toy").faults
    assert (fault.finding.code, fault.finding.path, fault.case) == ("T440", "comment.remark.quiet.1", None)


def test_what_a_statement_keeps_quiet_about_is_checked_at_load(templates: Templates) -> None:
    (finding,) = templates.refused(FORM, wording=quiet("quiet: [{when: depp == 'clear', why: it would be}]"))
    assert (finding.code, finding.path, str(finding.place)[:-3]) == ("T402", "comment.remark", templates.line("depp"))


def test_a_clause_that_validation_rules_out_is_found(templates: Templates) -> None:
    """The search at load does not know of contradictions."""
    clauses = (
        "- {id: large, when: kind == 'b' and size > 3, say: Large., source: {book: p}}\n"
        "- {id: rest, when: kind is answered and size is answered, say: Else., source: {book: p}}\n"
    )
    (fault,) = proven(templates, clauses, extra=RULED_OUT).faults
    assert (fault.finding.code, fault.finding.path, fault.case) == ("T406", "comment.remark.large", None)


def test_a_hole_between_two_numbers_is_shown_at_the_number_itself(templates: Templates) -> None:
    clauses = (
        "- {id: small, when: size < 4, say: Small., source: {book: p}}\n"
        "- {id: large, when: size > 4, say: Large., source: {book: p}}\n"
    )
    faults = {fault.finding.code: fault for fault in proven(templates, clauses).faults}
    assert faults.keys() == {"T440", "T442"}
    assert part_of(faults["T442"])["size"] == "4 mm"
    assert "says nothing for some numbers of size" in faults["T442"].finding.message


def test_boundaries_are_exact_to_the_last_digit(templates: Templates) -> None:
    clauses = (
        "- {id: small, when: size < 4.000001, say: Small., source: {book: p}}\n"
        "- {id: large, when: size >= 4.000002, say: Large., source: {book: p}}\n"
    )
    (hole,) = [fault for fault in proven(templates, clauses).faults if fault.finding.code == "T442"]
    assert part_of(hole)["size"] == "4.000001 mm"
    closed = clauses.replace("4.000002", "4.000001")
    assert [code for code, _ in told(proven(templates, closed))] == ["T440"]  # for a number that is not exact


def test_two_clauses_that_meet_in_one_number_are_shown(templates: Templates) -> None:
    clauses = (
        "- {id: small, when: size <= 4, say: Small., source: {book: p}}\n"
        "- {id: large, when: size >= 4, say: Large., source: {book: p}}\n"
        "- {id: rest, when: size is answered, say: Some size., source: {book: p}}\n"
    )
    (fault,) = proven(templates, clauses).faults
    assert (fault.finding.code, fault.finding.path) == ("T442", "comment.remark.large")
    assert part_of(fault)["size"] == "4 mm"


def test_a_criterion_with_a_hole_and_one_that_is_both_are_found(templates: Templates) -> None:
    criteria = """\
    criteria:
      - {id: hole, title: H, met: size < 4, unmet: size > 4, source: {book: p}}
      - {id: both, title: B, met: kind == 'a', unmet: "kind in ['a', 'b']", source: {book: p}}
    """
    clauses = "- {id: rest, when: deep is answered, say: Words., source: {book: p}}\n"
    assert told(proven(templates, clauses, extra=criteria)) == [("T442", "criteria.both"), ("T442", "criteria.hole")]


ADVICE = """\
  - id: first
    title: First
    clauses:
      - {id: one, when: deep == 'involved', say: Re-excision is recommended., source: {book: p}}
      - {id: none, when: deep is answered, say: Nothing further., source: {book: p}}
  - id: second
    title: Second
    clauses:
      - {id: one, when: kind == 'a', say: Follow-up is recommended., source: {book: p}}
      - {id: none, when: kind is answered, say: No follow-up., source: {book: p}}
"""


def test_two_recommendations_in_one_report_are_shown(templates: Templates) -> None:
    templates.write(FORM, wording=WORDING + "comment:\n" + ADVICE)
    (fault,) = prove("toy").faults
    assert (fault.finding.code, fault.finding.path) == ("T441", "comment.first")
    assert {"comment.first", "comment.second"} <= {clause.rpartition(".")[0] for clause in printed(fault)}


def test_two_recommendations_of_different_kinds_may_be_printed(templates: Templates) -> None:
    advice = ADVICE.replace("title: Second\n", "title: Second\n    one_of: follow-up\n")
    templates.write(FORM, wording=WORDING + "comment:\n" + advice)
    assert told(prove("toy")) == []


def test_two_stages_are_shown_where_the_protocol_says_what_they_are(templates: Templates) -> None:
    stages = ADVICE.replace(" is recommended", "").replace("    title:", "    one_of: stage\n    title:")
    templates.write(FORM, wording=WORDING + "comment:\n" + stages)
    (fault,) = prove("toy").faults
    assert "also a stage" in fault.finding.message


def test_two_answers_under_one_label_are_shown(templates: Templates) -> None:
    form = FORM + "- {id: kind2, kind: text, title: Sort, label: Kind, source: {book: p}}\n"
    (fault,) = proven(templates, REST, form=form).faults
    assert (fault.finding.code, fault.finding.path) == ("T443", "kind2")
    assert {"kind", "kind2"} <= part_of(fault).keys()


def test_labels_that_are_never_printed_together_may_be_alike(templates: Templates) -> None:
    one = "- {id: one, kind: text, title: Sort, applies_when: kind == 'a', source: {book: p}}\n"
    two = "- {id: two, kind: text, title: Sort, applies_when: kind == 'b', source: {book: p}}\n"
    assert told(proven(templates, REST, form=FORM + one + two)) == []


def test_labels_under_different_headings_may_be_alike(templates: Templates) -> None:
    inside = "elements: [{id: e, kind: text, title: Kind}]"
    group = f"- {{id: ID, kind: group, title: Group, heading: ID, source: {{book: p}}, {inside}}}\n"
    form = FORM + group.replace("ID", "one") + group.replace("ID", "two")
    assert told(proven(templates, REST, form=form)) == []


def test_what_can_never_be_asked_or_raised_is_found(templates: Templates) -> None:
    form = FORM + "- {id: odd, kind: text, title: Odd, applies_when: kind == 'a' and kind == 'b', source: {book: p}}\n"
    advisories = """\
    advisories:
      - id: A1
        title: One
        source: {book: p}
        levels:
          - {level: warning, when: size > 3, say: Large.}
          - {level: note, when: size > 4, say: Larger.}
    contradictions:
      - {id: odd, when: size > 3 and size < 2, say: odd, elements: [size, kind]}
    """
    assert told(proven(templates, REST, extra=advisories, form=form)) == [
        ("T406", "A1"), ("T406", "odd"), ("T406", "odd"),
    ]  # fmt: skip


@pytest.mark.parametrize("protocol", [pytest.param("aismn", marks=pytest.mark.slow), "general"])
def test_the_built_in_protocols_are_proven(protocol: str) -> None:
    proof = prove(protocol)
    assert [fault.finding.as_line() for fault in proof.faults] == []
    assert proof.undecided == []


def test_a_question_without_an_answer_in_time_is_told(templates: Templates, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_slow(*_: object, **__: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(solver.Solver, "values", too_slow)
    proof = proven(templates, REST)
    assert not proof.holds
    assert {finding.code for finding in proof.undecided} == {"W320"}


def test_a_machine_without_a_solver_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "is_installed", lambda: False)
    with pytest.raises(FindingsError, match="S609") as caught:
        prove("general")
    assert caught.value.environment
    assert "pip install 'synoptic-reportgen[prove]'" in str(caught.value)


MINIMUM = "- {id: deep, kind: quantity, title: Depth, status: core, unit: mm, at_least: at least, source: {book: p}}\n"
RESPONSE = """\
- id: edge
  kind: choice
  title: Edge
  status: core
  other: false
  source: {book: p}
  choices: [{id: at, response: {kind: quantity, unit: mm}}, {id: on, response: {kind: count, required: false}}]
"""


def test_a_measurement_may_be_a_minimum(templates: Templates) -> None:
    exact = '- {id: exact, when: not deep.at_least and deep >= 2, say: "{{ deep }}", source: {book: p}}\n'
    less = '- {id: less, when: deep < 2, say: "{{ deep }}", source: {book: p}}\n'
    least = '- {id: least, when: deep.at_least and deep >= 2, say: "{{ deep }}", source: {book: p}}\n'
    bounds = MINIMUM.replace("unit: mm", "unit: mm, bounds: false")
    assert told(proven(templates, exact + less + least, form=bounds)) == []
    (fault,) = proven(templates, exact + less, form=bounds).faults
    assert fault.finding.code == "T440"
    assert str(part_of(fault)["deep"]).startswith("at least ")


def test_a_response_is_there_where_it_must_be(templates: Templates) -> None:
    clause = '- {id: one, when: edge.text is answered, say: "{{ edge.text }}", source: {book: p}, uses: [edge]}\n'
    (fault,) = proven(templates, clause, form=RESPONSE).faults
    assert fault.finding.code == "T440"
    assert part_of(fault)["edge"] == "on"
    assert printed(fault)
