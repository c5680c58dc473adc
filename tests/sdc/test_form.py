"""What is read of a form, in whatever package and spelling it comes, and that nothing of it is passed over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportgen.sdc.form import base_id
from reportgen.sdc.model import Form, Kind
from tests.sdc.forms import (
    ANSWERS,
    NAMESPACE,
    SKIN_PUNCH,
    answer,
    asked,
    choice,
    filled,
    form,
    note,
    read,
    report,
    section,
    tag,
)
from tests.support.labs import refused

SMALL = form(section("1", "LESION", asked("2", "Size")))
INNER = re.sub(r' xmlns="[^"]*"', "", SMALL)
NAMED = f'xmlns="{NAMESPACE}"'
WRAPPED = {
    "alone": SMALL,
    "without a namespace": INNER,
    "demographic": INNER.replace("FormDesign", "DemogFormDesign"),
    "in a package": f"<SDCPackage {NAMED}><Admin/><XMLPackage>{INNER}</XMLPackage></SDCPackage>",
    "retrieved": f"<RetrieveFormPackage><SDCPackage {NAMED}>{INNER}</SDCPackage></RetrieveFormPackage>",
    "a package in a package": f"<SDCPackage {NAMED}><SDCPackage>{INNER}</SDCPackage></SDCPackage>",
    "submitted": f'<SDCSubmissionPackage {NAMED} pkgDateTimeStamp="2026">{INNER}</SDCSubmissionPackage>',
    "in an envelope": f'<s:Envelope xmlns:s="urn:s"><s:Body>{SMALL}</s:Body></s:Envelope>',
    "behind a prefix": re.sub(r"(</?)", r"\1s:", INNER).replace(" ID", f' xmlns:s="{NAMESPACE}" ID', 1),
    "in small letters": INNER.replace("formTitle", "formtitle").replace("Section", "section").replace(" ID=", " id="),
}  # fmt: skip


@pytest.mark.parametrize("how", WRAPPED)
def test_a_form_is_found_in_every_package_and_spelling(how: str, tmp_path: Path) -> None:
    made = read(tmp_path, WRAPPED[how])
    assert (made.id, made.title, made.version) == ("F1", "Small form", "1")
    assert [(item.kind, item.id, item.title) for item in made.items()] == [
        (Kind.section, "1", "LESION"),
        (Kind.question, "2", "Size"),
    ]
    assert made.losses == ()


def test_one_of_several_forms_is_named(tmp_path: Path) -> None:
    demographic = (
        INNER.replace("FormDesign", "DemogFormDesign").replace('"F1"', '"D1"').replace("<string", '<string val="x"')
    )
    both = f"<SDCPackage>{demographic}{INNER}</SDCPackage>"
    first = read(tmp_path, both)
    assert first.id == "F1"
    assert [(loss.id, loss.what, loss.outcome) for loss in first.losses] == [
        ("D1", "another form of the file, with answers", "not read; name it with --form D1")
    ]
    other = read(tmp_path, both, "D1")
    assert (other.id, [loss.what for loss in other.losses]) == ("D1", ["another form of the file"])
    (missing,) = refused(lambda: read(tmp_path, both, "F2"))
    assert (missing.code, missing.message, missing.hint) == ("E024", "holds no form F2", "it holds F1, D1")


def told(made: Form) -> list[tuple[str, str]]:
    return [(loss.id, loss.what) for loss in made.losses]


def test_what_is_not_understood_is_listed_by_the_id_of_the_form(tmp_path: Path) -> None:
    rule, odd = tag("OnEvent", eventName="x"), tag("Extension")
    more = tag("Property", propName="altText", val="other words") + odd
    listed = answer("4", "yes", more=rule, selectionActivatesItems="Q9", surprise="1")
    question = choice("3", "Edge", listed, more=more)
    behind = tag("Rules") + tag("Novelty")
    made = read(tmp_path, form(question, tag("ButtonAction", ID="5"), behind=behind, colour="red", order="1"))
    assert told(made) == [
        ("F1", "attribute: colour"), ("F1", "rule: rules"), ("F1", "element: novelty"),
        ("3", "element: extension"), ("3", "property: altText"),
        ("4", "rule: selectionactivatesitems"), ("4", "attribute: surprise"), ("4", "rule: onevent"),
        ("5", "button"),
    ]  # fmt: skip
    assert all(loss.lost and loss.place.line > 0 for loss in made.losses)


TYPES = {"string", "decimal", "integer", "int", "date", "boolean"}
NAMES = sorted(set(re.findall(r"<(\w+)", SKIN_PUNCH)) - {"FormDesign", *TYPES})
ATTRIBUTES = (
    "selectionDeselectsSiblings",
    "omitWhenSelected",
    "showInReport",
    "maxCard",
    "readOnly",
    "responseRequired",
)


@pytest.mark.parametrize("name", NAMES)
def test_an_element_under_another_name_is_listed(name: str, tmp_path: Path) -> None:
    made = read(tmp_path, re.sub(rf"(</?){name}\b", r"\1Unheard", SKIN_PUNCH))
    assert "element: unheard" in [loss.what for loss in made.losses]


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_an_attribute_under_another_name_is_listed(name: str, tmp_path: Path) -> None:
    made = read(tmp_path, SKIN_PUNCH.replace(f" {name}=", " unheard="))
    assert "attribute: unheard" in [loss.what for loss in made.losses]


@pytest.mark.parametrize(
    ("how", "words"),
    [("", "Edge (Note A)"), (report("Edge"), "Edge"), (report("]Edge "), "Edge"), (report("{No Text}"), ""),
     (report(""), "Edge (Note A)"), ("attribute", "Edge")],
)  # fmt: skip
def test_the_words_of_the_report(how: str, words: str, tmp_path: Path) -> None:
    question = asked("1", "Edge (Note A)", more="" if how == "attribute" else how)
    if how == "attribute":
        question = question.replace("<Question", '<Question reportText="]Edge"')
    (item,) = read(tmp_path, form(question)).items()
    assert item.words == words


OPTIONAL = {"3": 'minCard="0"', "4": 'visible="false"'}


def test_what_is_required(tmp_path: Path) -> None:
    may, hidden = (asked(id, "May").replace("<Question", f"<Question {how}") for id, how in OPTIONAL.items())
    inside = asked("2", "Must"), may, hidden
    needed = {item.id: item.needed for item in read(tmp_path, form(section("1", "S", *inside))).items()}
    assert needed == {"1": True, "2": True, "3": False, "4": False}
    optional = read(tmp_path, form(section("1", "S", *inside, minCard=0)))
    assert not any(item.needed for item in optional.items())
    assert told(optional) == [("4", "hidden until a rule shows it")]


def test_remarks_and_codes_are_kept(tmp_path: Path) -> None:
    coded = tag(
        "CodedValue",
        tag("Code", val="8000/3")
        + tag("CodeText", val="Tumor")
        + tag("CodeSystem", tag("CodeSystemName", val="ICD-O-3")),
    )
    help = tag("Property", propName="instruction", val="Look twice.")
    listed = [note("9", "Benign"), answer("2", "a", more=coded), note("8", "The end")]
    (item,) = read(
        tmp_path, form(choice("1", "Type", *listed, more=help + tag("CodedValue", tag("Code", val="1"))))
    ).items()
    assert (item.help, item.answers[0].help) == (("Look twice.", "The end"), ("Benign",))
    assert item.answers[0].codes == (("ICD-O-3", "8000/3", "Tumor"),)
    assert item.codes == ()


def test_further_entries_of_a_filled_form_are_one_question(tmp_path: Path) -> None:
    def entry(suffix: str) -> str:
        return section(f"5{suffix}", "FOCUS", asked(f"6{suffix}", "Place"), maxCard=0)

    (first,) = [item for item in read(tmp_path, form(entry(""), entry("__1"), entry("__2"))).items() if item.repeats]
    assert [each.id for each in first.further] == ["5__1", "5__2"]
    twins = section("5", "A", asked("6", "Q")) + section("5", "A", asked("6", "Q"))
    assert [item.id for item in read(tmp_path, form(twins)).items()] == ["5", "6", "5", "6"]
    assert (base_id("6__12"), base_id("6..1"), base_id("6.100004300")) == ("6", "6", "6.100004300")


def test_an_injected_form_that_is_written_out_is_read(tmp_path: Path) -> None:
    made = read(tmp_path, form(tag("InjectForm", INNER, ID="7"), tag("InjectForm", asked("8", "Q"), ID="9")))
    assert [item.id for item in made.items()] == ["1", "2", "8"]
    assert told(made) == [("7", "injected form"), ("9", "injected form")]


def test_a_filled_form_holds_its_answers(tmp_path: Path) -> None:
    items = {item.id: item for item in read(tmp_path, filled(SKIN_PUNCH, ANSWERS)).items()}
    assert [each.id for each in items["31"].answers if each.selected] == ["32", "33"]
    values = {id: item.response.value for id, item in items.items() if item.response and item.response.value}
    assert values == {id: value for id, value in ANSWERS.items() if value is not True and "." not in id}
