"""A protocol without wording prints its title, the synopsis and the pathologist's own diagnosis, and says nothing."""

from __future__ import annotations

import shutil

import pytest

from reportgen.protocols.compiled import Compiled
from reportgen.protocols.load import load_protocol
from reportgen.protocols.own_diagnosis import OWN_DIAGNOSIS
from reportgen.reports.model import Report
from tests.support.toy import BUILT_IN, SITE, WORDING, Templates, codes, toy_findings, toy_report


@pytest.fixture(name="form")
def fixture_form(templates: Templates) -> Templates:
    shutil.copy(BUILT_IN / OWN_DIAGNOSIS, templates.folder / OWN_DIAGNOSIS)
    templates.write(section="heading: Specimen\n")
    return templates


def load(form: Templates, wording: str | None) -> Compiled:
    path = form.folder / "protocols" / "toy" / "wording.yaml"
    path.unlink() if wording is None else path.write_text(wording, encoding="utf-8")
    return load_protocol("toy")


def lines(report: Report) -> list[str]:
    section = next(each for each in report.sections if each.id == "diagnosis")
    return [text for block in section.blocks for sentence in block.sentences for text in [sentence.text]]  # type: ignore[union-attr]


def test_a_form_alone_is_a_protocol(form: Templates) -> None:
    load(form, None)
    report = toy_report({"received_as": "left arm"})
    assert lines(report) == ["Toy:", "[PENDING: Diagnosis – word the diagnosis yourself]", '(received as "left arm")']
    assert [item.state for item in report.open] == ["to be worded"]
    assert "comment" not in [section.id for section in report.sections]
    assert [pair.label for pair in report.pairs()][-1] == "Site"
    worded = toy_report({"override": {"diagnosis": "Adenoma\nNo atypia"}})
    assert lines(worded) == ["Toy:", "Adenoma", "No atypia"]
    assert not worded.open
    assert codes(toy_findings({"override": {"comment": "words"}})) == [("E101", "parts.A.override.comment")]


def test_wording_keeps_what_it_says_itself(form: Templates) -> None:
    header, diagnosis = WORDING.split("diagnosis:\n")
    assert lines(_report(form, header)) == ["Arm:", "[PENDING: Diagnosis – word the diagnosis yourself]"]
    assert lines(_report(form, "diagnosis:\n" + diagnosis)) == ["Toy:", "Toy diagnosis"]


def _report(form: Templates, wording: str) -> Report:
    load(form, wording)
    return toy_report({})


def test_the_title_is_words_and_no_template(form: Templates) -> None:
    path = form.folder / "protocols" / "toy" / "protocol.yaml"
    text = path.read_text(encoding="utf-8").replace("title: Toy\n", 'title: "Toy <1 & {2}"\n')
    path.write_text(text, encoding="utf-8")
    load(form, None)
    assert SITE in text.replace("      - {id: site", "- {id: site")
    assert lines(toy_report({}))[0] == "Toy <1 & {2}:"
