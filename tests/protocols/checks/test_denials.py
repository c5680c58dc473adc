"""What a sentence says of an element rests on the answer of that element."""

from __future__ import annotations

import pytest

from reportgen.language.syntax import read_condition
from reportgen.protocols.checks.denials import held_by
from tests.support.toy import Templates, codes, said

FORM = """\
- {id: necrosis, kind: choice, title: Necrosis, status: core, undetermined: cannot be determined, choices: [{id: not identified}, {id: present}], source: {book: p}}
- {id: ulcer, kind: choice, title: Ulceration, label: Epidermal ulceration, status: core, choices: [{id: not identified}, {id: present}], source: {book: p}}
- {id: subtype, kind: choice, title: Subtype, status: core, choices: [{id: nodular}, {id: micronodular}, {id: infiltrating}], source: {book: p}}
- {id: mitoses, kind: count, title: Mitotic count, aliases: [mitoses], status: core, source: {book: p}}
- id: margins
  kind: group
  title: Margins
  source: {book: p}
  elements:
    - {id: deep, kind: choice, title: Deep margin, status: core, undetermined: cannot be assessed, choices: [{id: involved}, {id: uninvolved}]}
    - {id: side, kind: choice, title: Peripheral margin, status: core, choices: [{id: involved}, {id: uninvolved}]}
"""  # noqa: E501
EXTRA = "facts: [{id: high_risk, when: \"subtype in ['micronodular', 'infiltrating']\"}, {id: low, when: subtype == 'nodular'}]\n"  # noqa: E501
BOTH = "margins.deep == 'uninvolved' and margins.side == 'uninvolved'"


def found(templates: Templates, when: str, say: str) -> set[str]:
    clause = f'- {{id: one, when: "{when}", say: "{say}", source: {{book: p}}}}\n'
    try:
        templates.load(FORM, extra=EXTRA, wording=said(clause))
    except Exception as error:
        return {code for code, _ in codes(getattr(error, "findings", ()))}
    return set()


@pytest.mark.parametrize(
    ("when", "say"),
    [
        ("necrosis == 'not identified'", "Necrosis is not identified."),
        ("necrosis in ['not identified', 'cannot be determined']", "Necrosis is not seen."),
        ("necrosis == 'present'", "Necrosis is present."),
        (BOTH, "Margins are free."),
        ("margins.deep == 'uninvolved'", "The deep margin is free."),
        ("necrosis == 'present'", "Re-excision with clear margins is advised."),
        ("necrosis == 'present'", "We recommend re-excision with clear margins, to remove the lesion."),
        ("mitoses == 0", "No mitoses are seen."),
        ("low", "The growth pattern is nodular."),
        ("not (necrosis != 'not identified')", "There is no necrosis."),
    ],
)
def test_what_rests_on_its_answer_is_in_order(when: str, say: str, templates: Templates) -> None:
    expected = {"T417"} if "advised" in say else set()  # what stands before the advice is no advice
    assert found(templates, when, say) == expected


@pytest.mark.parametrize(
    ("when", "say"),
    [
        ("mitoses is answered", "Necrosis is absent."),
        ("mitoses is answered", "There is a lack of necrosis."),
        ("mitoses > 0", "No mitoses are seen."),
        ("necrosis is answered", "Necrosis is absent."),
        ("necrosis == 'present'", "Necrosis is unseen."),
        ("necrosis == 'not identified'", "Necrosis and ulceration are absent."),
        ("necrosis == 'not identified'", "Epidermal ulceration is not present."),
        ("margins.deep == 'uninvolved'", "Margins are tumour-free."),
        ("margins.deep == 'uninvolved' or margins.side == 'uninvolved'", "Margins are free."),
        ("margins.side == 'uninvolved'", "The deep margin is uninvolved."),
        ("necrosis == 'not identified'", "Necrosis is present."),
        ("mitoses is answered", "Necrosis is present."),
        ("mitoses is answered", "Necrosis is absent, we recommend follow-up."),
        ("mitoses is answered", "We recommend follow-up, as necrosis is absent."),
    ],
)
def test_what_does_not_is_refused(when: str, say: str, templates: Templates) -> None:
    assert found(templates, when, say) == {"T417"}


@pytest.mark.parametrize(
    "when", ["not high_risk", "subtype != 'infiltrating'", "subtype not in ['micronodular', 'infiltrating']"]
)
def test_a_clause_that_holds_by_negation_alone_is_found(when: str, templates: Templates) -> None:
    assert found(templates, when, "The growth pattern is of low risk.") == {"T427"}


@pytest.mark.parametrize("when", ["subtype not in ['infiltrating', 'other']", "low and not high_risk"])
def test_one_that_no_open_answer_makes_true_is_in_order(when: str, templates: Templates) -> None:
    assert found(templates, when, "The growth pattern is of low risk.") == set()


def test_what_a_condition_holds_an_element_to(templates: Templates) -> None:
    made = templates.load(FORM, extra=EXTRA)

    def held(text: str) -> dict[str, frozenset[str]]:
        return held_by(made, read_condition(text))

    assert held("low") == {"subtype": frozenset({"nodular"})}
    assert held("high_risk and subtype == 'infiltrating'") == {"subtype": frozenset({"infiltrating"})}
    assert held("low or high_risk") == {"subtype": frozenset({"nodular", "micronodular", "infiltrating"})}
    assert held("low or mitoses > 1") == {}
    assert held("necrosis != 'present'") == {}
    assert held("not (necrosis == 'present')") == {}
