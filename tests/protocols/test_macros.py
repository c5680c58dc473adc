"""A protocol with macros asks for one, in front of everything else; a profile adds its own and takes others away."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.protocols.elements import ChoiceElement
from reportgen.protocols.load import load_protocol
from reportgen.protocols.macros import MACRO, asks_macro
from tests.support.labs import protocol_lab, refused
from tests.support.toy import Templates, said, toy_findings

KIND = "- {id: kind, kind: choice, title: Kind, source: {book: p}, choices: [{id: wart}, {id: tag}]}\n"
MACROS = """\
macros:
  - {id: w, title: Wart, key: k, answers: {kind: wart}, source: {book: p}}
  - {id: t, title: Tag, answers: {kind: tag}, source: {book: p}}
"""


def test_the_question_is_the_first_one(templates: Templates) -> None:
    made = templates.load(KIND, extra=MACROS)
    slot = next(iter(made.slots.values()))
    assert asks_macro(slot)
    assert isinstance(slot.element, ChoiceElement)
    assert [(each.id, each.title, each.key) for each in slot.element.choices] == [
        ("w", "w: Wart", "k"),
        ("t", "t: Tag", None),
    ]
    assert [macro.in_words for macro in made.protocol.macros] == ["kind: wart", "kind: tag"]


def test_a_protocol_without_macros_asks_for_none(templates: Templates) -> None:
    assert MACRO not in templates.load(KIND).slots
    assert [(each.code, each.path) for each in toy_findings({MACRO: "w"})] == [("E101", "parts.A.macro")]


def test_a_protocol_may_have_a_question_of_that_name_if_it_has_no_macros(templates: Templates) -> None:
    own = KIND.replace("id: kind", "id: macro")
    assert not asks_macro(templates.load(own).slots[MACRO])
    assert toy_findings({MACRO: "wart"}) == ()
    assert [each.code for each in templates.refused(own, extra=MACROS)] == ["T404"]


def test_a_profile_adds_macros_and_takes_others_away(tmp_path: Path) -> None:
    changes = "macros: {append: [{id: ours, title: Ours, answers: {type: verruca}}], remove: [sk]}\n"
    made = load_protocol("seborrheic", protocol_lab(tmp_path, changes, "seborrheic"))
    ids = [macro.id for macro in made.protocol.macros]
    assert ids[-1] == "ours"
    assert "sk" not in ids
    assert made.protocol.macros[-1].source == {"laboratory": "Example Laboratory 1.0"}


def test_a_profile_gives_macros_to_a_protocol_that_has_none(tmp_path: Path) -> None:
    changes = "macros: {append: [{id: nodular, title: Nodular, answers: {subtype: [nodular, superficial]}}]}\n"
    made = load_protocol("bcc", protocol_lab(tmp_path, changes, "bcc"))
    assert [macro.given for macro in made.protocol.macros] == [{"subtype": ("nodular", "superficial")}]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ("macros: {append: [{id: ours, title: Ours, answers: {type: wart}}]}", "T407"),
        ("macros: {append: [{id: ours, title: Ours, answers: {kind: wart}}]}", "T402"),
        ("macros: {append: [{id: ours, title: Ours, answers: {}}]}", "T401"),
        ("macros: {append: [{id: sk, title: Ours, answers: {type: verruca}}]}", "T404"),
        ("macros: {remove: [nope]}", "T402"),
        ("macros: {sk: {title: Other}}", "T402"),
    ],
)
def test_a_wrong_macro_of_a_profile_is_told_at_its_line(tmp_path: Path, changes: str, code: str) -> None:
    found = refused(lambda: load_protocol("seborrheic", protocol_lab(tmp_path, f"{changes}\n", "seborrheic")))
    assert code in {each.code for each in found}
    assert {str(each.place).rpartition("/")[2].partition(":")[0] for each in found} == {"lab.yaml"}
    assert {each.place.line for each in found} == {6}


def test_no_condition_and_no_sentence_asks_for_the_macro(templates: Templates) -> None:
    asked = "- {id: one, when: macro == 'w', say: It is a wart., source: {book: p}}\n"
    printed = "- {id: one, when: kind is answered, say: 'Macro {{ macro }}.', source: {book: p}}\n"
    for clauses in (asked, printed):
        found = templates.refused(KIND, extra=MACROS, wording=said(clauses))
        assert ("T402", "uses macro, which is not defined") in [(each.code, each.message) for each in found]
