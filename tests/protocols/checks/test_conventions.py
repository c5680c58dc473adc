"""A profile gives usual answers to what a convention decides, and to nothing else; each refusal names its line."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from reportgen.findings import Finding
from reportgen.laboratory.read import load_laboratory
from reportgen.protocols.load import load_protocol
from tests.support.labs import HEAD, bring, protocol_lab, refused, write_lab
from tests.support.toy import Templates, said, toy_protocol

FORM = """\
- {id: system, kind: choice, title: System, by_convention: true, other: false, source: {book: p},
    choices: [{id: first}, {id: second}, {id: own, fill_in: true}, {id: none}]}
- {id: many, kind: choice, multiple: true, title: Many, by_convention: true, source: {book: p},
    choices: [{id: m}, {id: n}, {id: no, exclusive: true}]}
- {id: kind, kind: choice, title: Kind, source: {book: p}, choices: [{id: wart}, {id: tag}]}
- {id: size, kind: quantity, title: Size, unit: mm, source: {book: p}}
- {id: words, kind: text, title: Words, source: {book: p}}
- {id: margins, kind: group, title: Margins, source: {book: p}, elements: [{id: deep, kind: choice, title: Deep, choices: [{id: clear}]}]}
- {id: stains, kind: panel, title: Stains, source: {book: p}, stains: [{id: SMA}], results: [{id: positive}, {id: negative}]}
"""  # noqa: E501

CLAUSE = "- {id: a, when: site is answered, say: It., source: {book: p}}\n"


@pytest.fixture
def toy(templates: Templates) -> Templates:
    templates.write(FORM)
    return templates


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ("sytem: {usual: first}", "T402", "is not an id of this protocol"),
        ("system: {usual: frist}", "T407", '"frist" is not an answer of it'),
        ("system: {usual: [first, second]}", "T438", "takes one answer, and is given several"),
        ("system: {usual: own}", "T438", '"own" is an answer with which something is entered'),
        ("system: {usual: }", "T401", "usual takes an answer of its list"),
        ("system: {usual: {first: yes}}", "T401", "usual takes an answer of its list"),
        ("many: {usual: [m, no]}", "T438", '"no" excludes all other answers, and is given with others'),
        ("many: {usual: other}", "T407", '"other" is not an answer of it'),
        ("kind: {usual: wart}", "T438", "may be a finding: the protocol does not let a profile answer it"),
        ("margins.deep: {usual: clear}", "T438", "may be a finding: the protocol does not let a profile answer it"),
        ("margins: {usual: clear}", "T401", "a profile cannot change usual of this group"),
        ("stains: {usual: negative}", "T401", "a profile cannot change usual of this stain panel"),
        ("stains.SMA: {usual: negative}", "T401", "a profile cannot change usual of this stain"),
        ("size: {usual: 3 mm}", "T438", "has no list of answers, so it has no usual one"),
        ("words: {usual: benign}", "T438", "has no list of answers, so it has no usual one"),
        ("kind: {by_convention: true}", "T401", "a profile cannot change by_convention of this element"),
    ],
)
def test_what_a_profile_may_not_answer_is_refused(change: str, code: str, message: str, tmp_path: Path) -> None:
    found = refused(lambda: load_protocol("toy", protocol_lab(tmp_path, f"elements:\n  {change}\n", "toy")))
    assert [(each.code, each.message) for each in found] == [(code, message)]
    assert_told(found[0], line=7)


def assert_told(found: Finding, line: int) -> None:
    assert str(found.place).rpartition("/")[2].partition(":")[0] == "lab.yaml"
    assert found.place.line == line
    assert found.step


@pytest.mark.usefixtures("toy")
def test_its_answers_are_known_with_the_profile_and_the_line(tmp_path: Path) -> None:
    laboratory = protocol_lab(tmp_path, "elements: {many: {usual: [m, n]}, system: {usual: first}}\n", "toy")
    usual = load_protocol("toy", laboratory).usual
    assert {path: (each.in_words, each.profile, each.place.line) for path, each in usual.items()} == {
        "system": ("first", "Example Laboratory", 6),
        "many": ("m, n", "Example Laboratory", 6),
    }
    assert list(usual) == ["system", "many"]  # in the order of the form
    assert load_protocol("toy").usual == {}


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("", {"system": ("first", "Parent")}),
        ("system: {usual: second}", {"system": ("second", "Child")}),
        ("system: {usual: []}", {}),
        ("system: {title: Other}", {"system": ("first", "Parent")}),
    ],
)
def test_a_profile_above_inherits_changes_or_takes_back(
    change: str, found: dict[str, tuple[str, str]], tmp_path: Path
) -> None:
    head = HEAD.replace("Example Laboratory", "Parent")
    write_lab(tmp_path / "parent", "protocols: {toy: {elements: {system: {usual: first}}}}\n", head=head)
    own = f"protocols: {{toy: {{elements: {{{change}}}}}}}\n" if change else ""
    head = HEAD.replace("Example Laboratory", "Child") + "extends: ../parent\n"
    made = load_protocol("toy", load_laboratory(write_lab(tmp_path / "child", own, head=head)))
    assert {path: (each.in_words, each.profile) for path, each in made.usual.items()} == found


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize("more", ["by_convention: true", "by_convention: true, usual: [clear]"])
def test_a_profile_cannot_bring_a_finding_as_a_convention(more: str, tmp_path: Path) -> None:
    item = f"{{id: own, kind: choice, title: Own, {more}, source: {{laboratory: p}}, choices: [{{id: clear}}]}}"
    for change in (
        f"sections.main: {{append: [{item}]}}",
        f"margins: {{append: [{item}]}}",
        f"kind: {{append: [{{id: third, followups: [{item}]}}]}}",
    ):
        found = refused(
            lambda text=change: load_protocol("toy", protocol_lab(tmp_path, f"elements: {{{text}}}\n", "toy"))
        )
        assert {each.code for each in found} == {"T438"}


def test_a_profile_cannot_answer_what_it_adds_to_the_head_of_a_case(tmp_path: Path) -> None:
    item = "{id: own, kind: choice, title: Own, MORE, chapter: none, source: {laboratory: p}, choices: [{id: a}]}"
    for more in ("by_convention: true", "usual: [a]"):
        text = f"case: {{elements: {{sections.sign_out: {{append: [{item.replace('MORE', more)}]}}}}}}\n"
        folder = write_lab(tmp_path / more[:5], text)
        assert [each.code for each in refused(lambda at=folder: load_protocol("bcc", load_laboratory(at)))] == ["T438"]


def test_a_protocol_gives_no_usual_answer_itself(templates: Templates, tmp_path: Path) -> None:
    own = FORM.replace("title: System,", "title: System, usual: [first],")
    found = templates.refused(own)
    assert [(each.code, each.message) for each in found] == [("T438", "has a usual answer in the protocol itself")]
    assert str(found[0].place).startswith(templates.line("id: system"))
    brought = write_lab(tmp_path)
    bring(
        brought,
        "mine",
        toy_protocol(own, id="mine"),
        said(CLAUSE),
    )
    assert {each.code for each in refused(lambda: load_protocol("mine", load_laboratory(brought)))} == {"T438"}


@pytest.mark.parametrize(
    ("form", "extra", "message"),
    [
        (
            "- {id: system, kind: choice, title: System, by_convention: true, source: {book: p}, choices: [{id: a}]}",
            "criteria: [{id: c, title: C, met: fine, unmet: \"system == 'other'\", source: {book: p}}]\n"
            "facts: [{id: fine, when: \"system == 'a'\"}]\n",
            "is called a convention, but a criterion rests on it",
        ),
        (
            "- {id: kind, kind: choice, title: Kind, source: {book: p}, choices: [{id: a}],\n"
            "    followups: [{id: system, kind: choice, title: System, by_convention: true, choices: [{id: a}]}]}",
            "",
            "is called a convention, but is a detail of another answer or of an entry",
        ),
        (
            "- {id: rows, kind: group, repeats: true, title: Rows, source: {book: p},\n"
            "    elements: [{id: system, kind: choice, title: System, by_convention: true, choices: [{id: a}]}]}",
            "",
            "is called a convention, but is a detail of another answer or of an entry",
        ),
    ],
)
def test_a_protocol_calls_no_finding_and_no_detail_a_convention(
    form: str, extra: str, message: str, templates: Templates
) -> None:
    found = templates.refused(dedent(form), extra=extra)
    assert [(each.code, each.message) for each in found] == [("T438", message)]
    assert templates.load(dedent(form).replace("by_convention: true, ", ""), extra=extra).usual == {}
