"""The check of a profile: the samples are in order; everything that is wrong is told in one pass."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from reportgen import formats
from reportgen.findings import Severity
from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.read import load_laboratory
from reportgen.profiles.check import check
from reportgen.protocols.checks import unsettled
from reportgen.protocols.load import load_protocol
from reportgen.reports.model import Report, State
from tests.acceptance.support import CHECKOUT
from tests.formats.word_templates import good, word_lab
from tests.support.labs import bring, lab, write_lab
from tests.support.toy import WORDING, toy_protocol

PROFILES = CHECKOUT / "samples" / "profiles"


@pytest.mark.parametrize("name", ["university", "dermatopathology"])
def test_the_sample_profiles_are_in_order_and_accepted(name: str) -> None:
    found = check(load_laboratory(PROFILES / name))
    assert [finding for finding in found if finding.severity is Severity.error] == []
    assert {finding.code for finding in found} <= {"W304"}


def test_a_sample_profile_is_used_and_checked_without_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unsettled, "is_installed", lambda: False)
    monkeypatch.setattr("reportgen.profiles.check._tried", lambda _: ())  # pages do not depend on the solver
    laboratory = load_laboratory(PROFILES / "dermatopathology")
    found = check(laboratory)
    assert not any(finding.refuses for finding in found)
    told = [finding for finding in found if finding.code == "W320"]
    assert told
    assert all("pip install" in finding.hint for finding in told)
    assert all(finding.place.file.endswith("lab.yaml") for finding in told)


def test_a_profile_that_changes_nothing_has_no_findings(tmp_path: Path) -> None:
    assert check(lab(tmp_path)) == []


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = """\
    labels: {draft_mark: Fine}
    design: {colors: {ink: ffffff}}
    layout: {css: lab.css}
    letterhead: {name: 病, address: x}
    protocols:
      aismn: {wording: {comment.necrosis.presnt: {say: x}}}
      general: {elements: {sight: {label: y}}}
      mystery: {}
    waivers: [{protocol: nobody, id: x, reason: read elsewhere, by: Dr. Example}]
    """
    found = check(lab(tmp_path, text, lab_css="p { display: none }"))
    assert [finding.code for finding in found if finding.code != "T402"] == ["T413", "T412", "T413", "T419"]
    assert len([finding for finding in found if finding.code == "T402"]) == 4
    assert all(finding.place.file for finding in found)


def test_each_format_is_tried_and_one_that_follows_a_file_of_the_profile_with_more_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[tuple[str, Report]] = []
    monkeypatch.setattr(formats, "render", lambda report, name, _: tried.append((name, report)))
    assert check(lab(tmp_path / "plain")) == []
    assert Counter(name for name, _ in tried) == dict.fromkeys(formats.names(), 2 * 4)  # of two protocols
    tried.clear()
    assert check(lab(tmp_path / "styled", "layout: {css: lab.css}\n", lab_css="h2 { margin: 4pt }")) == []
    assert Counter(name for name, _ in tried) == dict.fromkeys(formats.names(), 2 * 4) | {"html": 2 * (4 + 2)}
    pages = [report for name, report in tried if name == "html"]
    assert {report.state for report in pages} == set(State)
    assert any(section.id == "coding" for report in pages for section in report.sections)
    tried.clear()
    check(word_lab(tmp_path / "word", good()))
    assert Counter(name for name, _ in tried) == dict.fromkeys(formats.names(), 2 * 4) | {"docx": 2 * (4 + 2)}


def test_what_falls_silent_is_a_warning(tmp_path: Path) -> None:
    text = "protocols: {aismn: {wording: {comment: {remove: [mitoses]}}}}"
    (finding,) = check(lab(tmp_path, text))
    assert (finding.code, finding.severity) == ("W304", Severity.warning)
    assert finding.place.line == 4


# ------------------------------------------------------------------------------- protocols that the profile brings


def bringing(folder: Path, protocol: str, wording: str = WORDING) -> Laboratory:
    write_lab(folder)
    bring(folder, "own", protocol, wording)
    return load_laboratory(folder)


def test_a_protocol_of_the_profile_is_checked_with_it(tmp_path: Path) -> None:
    assert check(bringing(tmp_path, toy_protocol(id="own"))) == []
    found = check(bringing(tmp_path, toy_protocol(id="own"), WORDING.replace("site is", "sight is")))
    assert {(each.code, each.place.file) for each in found} == {("T402", str(tmp_path / "protocols/own/wording.yaml"))}
    found = check(bringing(tmp_path, "id: [\n"))
    assert {(each.code, each.place.file) for each in found} == {("E006", str(tmp_path / "protocols/own/protocol.yaml"))}


def test_its_words_can_be_printed(tmp_path: Path) -> None:
    found = check(bringing(tmp_path, toy_protocol(id="own"), WORDING.replace("Toy diagnosis", "Toy 𒀀")))
    assert [(each.code, each.path, each.place.line) for each in found] == [("T419", "protocols.own", 9)]


def test_a_protocol_with_the_name_of_a_built_in_one_can_be_used_and_is_told(tmp_path: Path) -> None:
    title = load_protocol("general").protocol.title
    found = check(bringing(tmp_path, toy_protocol(id="own", title=title.lower())))
    assert [(each.code, each.message) for each in found] == [("W357", "has the title of the protocol general")]


def test_a_profile_may_name_it_wherever_it_names_a_protocol(tmp_path: Path) -> None:
    write_lab(tmp_path, "codes: [{protocol: own, system: CPT, code: '88305'}]\nprotocols: {own: {}}\n")
    bring(tmp_path, "own", toy_protocol(id="own"), WORDING)
    assert check(load_laboratory(tmp_path)) == []


DEEP = (
    "- {id: deep, kind: choice, title: Deep, other: false, choices: [{id: clear}, {id: involved}], source: {book: p3}}"
)
SILENT = """\
comment:
  - id: margin
    title: Margin
    clauses: [{id: clear, when: deep == 'clear', say: The margin is clear., source: {book: p4}}]
"""


def test_a_statement_of_it_that_can_say_nothing_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = bringing(tmp_path, toy_protocol(DEEP, id="own"), WORDING + SILENT)
    (finding,) = check(own)
    assert (finding.code, finding.path) == ("W356", "protocols.own.comment.margin")
    assert finding.message == "can say nothing, given deep: involved"
    assert str(finding.place).startswith(f"{tmp_path}/protocols/own/wording.yaml:11:")
    quiet = "    quiet: [{when: deep == 'involved', why: the synopsis says so}]\n    clauses:"
    assert (
        check(bringing(tmp_path, toy_protocol(DEEP, id="own"), WORDING + SILENT.replace("    clauses:", quiet))) == []
    )
    monkeypatch.setattr("reportgen.profiles.check.is_installed", lambda: False)
    (unknown,) = check(own)
    assert (unknown.code, "pip install" in unknown.hint) == ("W320", True)
