"""What a profile adds to the head of every case: asked, printed and named in conditions like what is built in."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from reportgen.cases.validate import validate
from reportgen.laboratory.model import Laboratory
from reportgen.pipeline import Settings, compose
from reportgen.protocols.load import load_each, load_header, load_protocol
from tests.acceptance.support import open_names
from tests.support.labs import lab, refused
from tests.support.toy import Templates, codes, source_of, toy_data

COPY = "{id: copy, kind: text, title: Copy to, chapter: signature, source: {laboratory: x}}"
NOTE = "{id: said, kind: note, title: Note, text: TEXT, print: true, chapter: signature, source: {laboratory: x}}"
BILLING = """\
id: billing
kind: choice
title: Billing
status: core
other: false
source: {laboratory: x}
choices: [{id: insurance}, {id: self-pay}]
"""


def adding(folder: Path, elements: str, more: str = "") -> Laboratory:
    return lab(folder, f"case:\n  elements:\n{indent(elements, '    ')}\n{more}")


@pytest.fixture
def own(templates: Templates, tmp_path: Path) -> Laboratory:
    """A profile whose cases name a copy and how they are billed, for the toy protocol."""
    templates.write("")
    added = f"sections.sign_out: {{append: [{COPY}], order: [copy]}}\n"
    added += f"sections.identification:\n  append:\n    -\n{indent(BILLING, '      ')}"
    return adding(tmp_path / "lab", added)


def printed(own: Laboratory, **header: str) -> list[str]:
    report = compose(source_of(toy_data(**header)), Settings(laboratory=own))
    people = next(section for section in report.sections if section.id == "signature")
    pairs = [*report.identification.pairs, *(pair for block in people.blocks for pair in getattr(block, "pairs", ()))]
    return [f"{pair.label}: {pair.text}" for pair in pairs]


def test_it_is_asked_and_printed_where_its_chapter_says(own: Laboratory) -> None:
    said = printed(own, billing="self-pay", copy="Dr. Copy", attending="Dr. A")
    assert said.index("Copy to: Dr. Copy") < said.index("Attending pathologist: Dr. A")
    assert "Billing: self-pay" in said
    assert load_header(own).hash != load_header().hash
    assert "billing" not in load_header().slots


def test_what_is_required_and_missing_is_open(own: Laboratory) -> None:
    assert open_names(compose(source_of(toy_data(copy="Dr. Copy")), Settings(laboratory=own))) == ["Billing"]


def test_without_the_profile_it_is_not_known(own: Laboratory) -> None:
    assert codes(validate(source_of(toy_data(copy="Dr. Copy"))).findings) == [("E101", "copy")]
    assert codes(validate(source_of(toy_data(billing="gratis")), own).findings) == [("E103", "billing")]


def test_conditions_can_name_it(templates: Templates, tmp_path: Path) -> None:
    templates.write("")
    clause = "{id: paid, when: case.billing == 'insurance', say: Paid by the insurance., source: {laboratory: x}}"
    more = f"protocols: {{toy: {{wording: {{diagnosis.headline: {{append: [{clause}], order: [paid]}}}}}}}}"
    added = f"sections.identification:\n  append:\n    -\n{indent(BILLING, '      ')}"
    made = adding(tmp_path, added, more)
    said = [
        each.text for each in compose(source_of(toy_data(billing="insurance")), Settings(laboratory=made)).sentences()
    ]
    assert "Paid by the insurance." in said


def test_a_case_head_that_is_not_changed_is_the_built_in_one(templates: Templates, tmp_path: Path) -> None:
    assert load_header(lab(tmp_path, "labels: {page: Sheet}")).hash == load_header().hash


@pytest.mark.parametrize(
    ("elements", "code", "path"),
    [
        ("sections.signout: {append: []}", "T402", "elements.sections.signout"),
        ("patient.mrn: {status: optional}", "T412", "patient.mrn"),
        ("purpose: {append: [{id: teaching}]}", "T401", "elements.purpose"),
        ("patient.sex: {answers: {female: male}}", "T401", "elements.patient.sex"),
        ("sections.identification: {remove: [accession]}", "T401", "elements.sections.identification"),
        ("collected: {label: Received}", "T412", "collected"),
        (f"sections.sign_out: {{append: [{COPY}, {COPY}]}}", "T404", "copy"),
        (f"sections.sign_out: {{append: [{COPY.replace('signature', 'gross')}]}}", "T401", "copy"),
        (f"sections.sign_out: {{append: [{COPY.replace('id: copy', 'id: parts')}]}}", "T404", "parts"),
        (f"sections.sign_out: {{append: [{COPY.replace('kind: text', 'kind: txt')}]}}", "T401", ""),
        (f"sections.sign_out: {{append: [{COPY.replace('Copy to', 'Electronically signed by')}]}}", "T428", "copy"),
        (f"sections.sign_out: {{append: [{COPY.replace('Copy to', 'No residual tumor')}]}}", "T426", "copy"),
        (f"sections.sign_out: {{append: [{NOTE.replace('TEXT', 'No carcinoma is present.')}]}}", "T417", "said"),
        (f"sections.sign_out: {{append: [{NOTE.replace('TEXT', 'Signed by Dr. A.')}]}}", "T428", "said"),
    ],
)
def test_what_the_head_of_a_case_must_keep(elements: str, code: str, path: str, tmp_path: Path) -> None:
    found = refused(lambda: load_header(adding(tmp_path, elements)))
    assert code in {each.code for each in found}
    assert not path or path in {each.path for each in found}
    assert {each.place.file for each in found} == {str(tmp_path / "lab.yaml")}


def test_only_elements_of_it_are_changed(tmp_path: Path) -> None:
    (finding,) = refused(lambda: load_header(lab(tmp_path, "case: {wording: {header: {title: x}}}")))
    assert (finding.code, finding.path) == ("T402", "wording")


def test_a_name_of_the_head_is_none_of_a_part(templates: Templates, tmp_path: Path) -> None:
    templates.write("- {id: copy, kind: text, title: Copy, source: {book: p}}\n")
    made = adding(tmp_path, f"sections.sign_out: {{append: [{COPY}]}}")
    assert codes(refused(lambda: load_protocol("toy", made))) == [("T404", "case.copy")]


def test_profiles_on_one_another_add_to_the_same_head(own: Laboratory, tmp_path: Path) -> None:
    high = adding(
        tmp_path / "high", "copy: {title: Copies}\nsections.sign_out: {order: [resident]}", "extends: ../lab\n"
    )
    assert load_header(high).slots["copy"].element.title == "Copies"
    ids = [path for path, slot in load_header(high).slots.items() if slot.section == "sign_out" and "." not in path]
    assert ids[:2] == ["resident", "copy"]


def test_a_source_named_like_that_of_profiles_is_refused(templates: Templates, tmp_path: Path) -> None:
    templates.write("")
    file = templates.folder / "protocols/toy/protocol.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("sources: {book", "sources: {laboratory: {title: Ours}, book")
    )
    assert not [made for _, made in load_each() if isinstance(made, Exception)]
    (finding,) = refused(lambda: load_protocol("toy", lab(tmp_path)))
    assert (finding.code, finding.path) == ("T404", "sources.laboratory")
