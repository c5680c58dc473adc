"""The whole report: sections in order, every gap visible and counted, the state and the record of what made it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reportgen import __version__, template_files
from reportgen.reading.readers import read_text
from reportgen.reports.compose import EPOCH, Options, compose
from reportgen.reports.load_labels import load_labels
from reportgen.reports.model import Heading, Notice, Report, State, Tone
from tests.support.gaps import gaps_printed
from tests.support.labs import protocol_lab
from tests.support.toy import BUILT_IN, Templates, assessments_of, source_of, toy_case, toy_report, valid_case

FORM = """\
- {id: kind, kind: choice, title: Kind, status: core, choices: [{id: a}, {id: b}], source: {book: p}}
- {id: micro, kind: text, title: Micro, lines: true, chapter: microscopic, source: {book: p}}
- {id: gross, kind: text, title: Gross, lines: true, chapter: gross, source: {book: p}}
- id: stains
  kind: panel
  title: Stains
  chapter: stains
  source: {book: p}
  stains: [{id: S1}]
  results: [{id: positive}, {id: pending, pending: true}]
"""
FULL: dict[str, Any] = {"kind": "a", "micro": "Micro.", "gross": "Gross.", "stains": {"S1": "positive"}}
HEADER: dict[str, Any] = {"reported": "2026-01-05", "clinical_history": "A history."}


@pytest.fixture(autouse=True)
def _toy(templates: Templates) -> None:
    templates.load(FORM)


def titles(report: Report) -> list[str]:
    return [section.id for section in report.sections]


def gap_notice(report: Report) -> str:
    return next((notice.text for notice in report.notices if notice.tone is Tone.gap), "")


def test_sections_stand_in_order_and_empty_ones_are_left_out() -> None:
    assert titles(toy_report(FULL, **HEADER)) == [
        "diagnosis", "synoptic", "stains", "microscopic", "gross", "history", "signature",
    ]  # fmt: skip
    assert titles(toy_report({"kind": "a"})) == ["diagnosis", "synoptic", "signature"]
    assert "coding" not in titles(toy_report(FULL, options=Options(coding=True)))  # no clause of it is coded


def test_parts_are_headed_by_their_site_where_there_are_several() -> None:
    report = toy_report({**FULL, "site": "left arm"}, {**FULL, "site": "leg", "micro": None})
    headings = {
        section.id: [block.text for block in section.blocks if isinstance(block, Heading)]
        for section in report.sections
    }
    assert headings["microscopic"] == ["A. Left arm"]
    assert headings["gross"] == ["A. Left arm", "B. Leg"]
    assert "Heading" not in str(toy_report(FULL).sections)


def test_a_draft_says_so_and_what_is_open_is_counted_and_named() -> None:
    report = toy_report(FULL)
    assert report.state is State.draft
    assert report.notices[0].tone is Tone.draft
    assert gap_notice(report) == ""
    assert gaps_printed(report) == ()
    assert gap_notice(toy_report({**FULL, "kind": None})) == "1 item is open: Kind."
    report = toy_report({**FULL, "kind": None, "stains": {"S1": "pending"}}, submitted_by=None, laboratory=None)
    assert gap_notice(report) == "4 items are open: Laboratory name and address not entered; Submitted by; Kind; S1."
    assert len(gaps_printed(report)) == 4


def test_what_is_open_is_named_with_its_part() -> None:
    assert gap_notice(toy_report(FULL, {**FULL, "kind": None})) == "1 item is open: B. Kind."


@pytest.mark.parametrize("key", ["mrn", "birth_date", "sex"])
def test_every_open_entry_of_the_header_is_a_gap(key: str) -> None:
    patient = {"name": "N", "mrn": "1", "birth_date": "1950-01-01", "sex": "female"}
    report = toy_report(FULL, patient={**patient, key: None})
    assert len(gaps_printed(report)) == 1
    assert [pair.path for pair in report.identification.pairs if pair.gap] == [f"patient.{key}"]


def test_a_required_element_that_no_clause_waits_for_is_a_gap_all_the_same(templates: Templates) -> None:
    templates.load("- {id: quiet, kind: text, title: Quiet, status: core, chapter: none, source: {book: p}}\n")
    assert "Quiet" in " ".join(gaps_printed(toy_report()))


def test_furniture_and_metadata_carry_state_patient_and_record() -> None:
    report = toy_report(FULL, **HEADER)
    made = toy_case(FULL, **HEADER)
    furniture, metadata = report.furniture, report.metadata
    assert furniture.state_mark == "DRAFT – not signed out"
    assert furniture.patient == ("N", "MRN 1", "S1")
    record = " ".join(furniture.record)
    assert made.fingerprint()[:12] in record
    assert made.parts[0].protocol.hash[:12] in record
    assert f"reportgen {__version__}" in record
    assert "makes no diagnosis" in record
    assert "(DRAFT – not signed out)" in metadata.title
    assert metadata.author == ""
    assert metadata.keywords[0] == "draft"


def test_finalized_it_names_who_and_when_and_is_no_draft() -> None:
    options = Options(finalized_by="Dr. B. Example", finalized_at="2026-01-06T10:00")
    report = toy_report(FULL, options=options)
    assert report.state is State.finalized
    assert report.furniture.state_mark == ""
    assert not [notice for notice in report.notices if notice.tone is Tone.draft]
    assert "Prepared for sign-out by Dr. B. Example, 2026-01-06T10:00." in list(report.reading_order())
    assert "DRAFT" not in " ".join(report.reading_order())
    assert report.metadata.author == "Dr. B. Example"


@pytest.mark.parametrize(
    ("header", "stamp"),
    [
        ({"reported": "2026-01-05"}, datetime(2026, 1, 5, tzinfo=UTC)),
        ({}, datetime(2026, 1, 2, tzinfo=UTC)),
        ({"received": None}, datetime(2026, 1, 1, tzinfo=UTC)),
        ({"received": None, "collected": None}, EPOCH),
    ],
)
def test_the_stamp_is_the_case_s_own_date_and_never_the_clock(header: dict[str, Any], stamp: datetime) -> None:
    assert toy_report(FULL, **header).metadata.stamp == stamp
    given = datetime(2030, 1, 1, tzinfo=UTC)
    assert toy_report(FULL, options=Options(stamp=given), **header).metadata.stamp == given
    assert toy_report(FULL, options=Options(stamp=datetime(1970, 1, 1, tzinfo=UTC))).metadata.stamp == EPOCH


def test_the_pathologist_s_words_and_acknowledgements_are_recorded(templates: Templates) -> None:
    stop = "{id: S, title: Stop of all, source: {book: p}, levels: [{level: stop, when: kind == 'a', say: s}]}"
    templates.load(FORM, extra=f"advisories: [{stop}]\n")
    report = toy_report({**FULL, "override": {"diagnosis": "Mine"}, "acknowledge": {"S": "this is the reason"}})
    text = " ".join(report.reading_order())
    assert "Diagnosis worded by the pathologist." in text
    assert "Acknowledged by the pathologist: Stop of all: this is the reason." in text
    own = {**FULL, "override": {"diagnosis": "Mine"}}
    text = " ".join(toy_report(own, {**own, "acknowledge": {"S": "this is the reason"}}).reading_order())
    assert "Diagnosis of part A; Diagnosis of part B worded by the pathologist." in text
    assert "Acknowledged by the pathologist: Stop of all (part B): this is the reason." in text


def test_the_letterhead_is_the_laboratory_s_or_a_gap() -> None:
    full = {"name": "Lab", "address": "Street\nTown", "telephone": "1", "clia": "2"}
    letterhead = toy_report(FULL, laboratory=full).letterhead
    assert (letterhead.name, letterhead.lines, letterhead.gap) == ("Lab", ("Street", "Town", "Tel. 1 · CLIA 2"), False)
    assert toy_report(FULL, laboratory=None).letterhead.gap


def test_composing_twice_gives_the_same_report() -> None:
    made = toy_case(FULL, **HEADER)
    one, two = (compose(made, assessments_of(made), load_labels()) for _ in range(2))
    assert one == two


# ---------------------------------------------------------------------- the same entries in another order or other file

SAMPLES = sorted((BUILT_IN.parent / "samples").glob("*.yaml"))


def report_of(data: object) -> Report:
    made = valid_case(source_of(data))
    assert made is not None
    return compose(made, assessments_of(made), load_labels())


def reordered(value: Any, order: Callable[[list[str]], list[str]]) -> Any:
    match value:
        case dict():
            return {key: reordered(value[key], order) for key in order(list(value))}
        case list():
            return [reordered(item, order) for item in value]
    return value


@pytest.fixture(name="shipped")
def fixture_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template_files, "folder", lambda: BUILT_IN)


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_order_of_keys_does_not_change_a_word(path: Any) -> None:
    data = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    words = list(report_of(data).reading_order())
    for order in (sorted, lambda keys: sorted(keys, reverse=True), lambda keys: keys[::-1]):
        assert list(report_of(reordered(data, order)).reading_order()) == words


# --------------------------------------------------------------- law 1 and law 2, over any part of a whole case's data

SHAVE = yaml.load((BUILT_IN.parent / "samples" / "shave-biopsy.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)


def thinned(value: dict[str, Any], keep: Callable[[], bool]) -> dict[str, Any]:
    """Whole elements taken out, in groups one by one; an answer keeps its details."""
    groups = {
        key: thinned(item, keep) for key, item in value.items() if key in ("margins", "atypia", "stains", "gross")
    }
    return {key: groups.get(key, item) for key, item in value.items() if key == "label" or keep()}


@st.composite
def some_of_the_sample(draw: st.DrawFn) -> dict[str, Any]:
    part = thinned(SHAVE["parts"][0], lambda: draw(st.integers(0, 5)) > 0)
    return {**SHAVE, "parts": [part]}


def test_every_sentence_leans_on_answers_that_were_entered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template_files, "folder", lambda: BUILT_IN)
    seen = [0, 0]

    @given(some_of_the_sample())
    def check(data: dict[str, Any]) -> None:
        made = valid_case(read_text(json.dumps(data), name="c.json", format="json"))
        if made is None:
            return
        report = compose(made, assessments_of(made), load_labels())
        entered = {f"parts.A.{path}" for path in made.parts[0].answers} | {f"case.{path}" for path in made.header}
        entered |= {"parts.A.received_as", "parts.A.stains"}
        for sentence in report.sentences():
            paths = {used.path for used in sentence.answers}
            if sentence.gap:
                seen[1] += 1
                assert "[PENDING" in sentence.text
            elif sentence.clause:
                seen[0] += 1
                assert paths, sentence
                assert paths <= entered, sentence
                assert sentence.source
        for pair in report.pairs():
            known = pair.path in made.header or any(f"{path}.".startswith(f"{pair.path}.") for path in entered)
            assert pair.gap or pair.text == "Not applicable" or known
        assert bool(gaps_printed(report)) == bool(gap_notice(report))

    check()
    assert min(seen) > 0


def test_the_title_is_that_of_all_protocols_or_of_the_labels(templates: Templates) -> None:
    templates.write(extra="report_title: Gland report\n")
    templates.write(extra="report_title: Gland report\n", id="two")
    templates.write(id="three")
    assert toy_report({}).title == toy_report({}).metadata.title.partition(" S1")[0] == "Gland report"
    assert toy_report({}, {"protocol": "two"}).title == "Gland report"
    assert toy_report({}, {"protocol": "three"}).title == load_labels(None).report_title


def test_what_a_macro_answered_is_told_for_each_part(templates: Templates) -> None:
    templates.load(FORM, extra="macros: [{id: ka, title: Ka, answers: {kind: a}, source: {book: p}}]\n")
    told = "Answered with the macro ka: Kind."
    report = toy_report({**FULL, "kind": "", "macro": "ka"})
    assert told in [notice.text for notice in report.sections[-1].blocks if isinstance(notice, Notice)]
    assert told in report.metadata.keywords
    assert "Answered with" not in str(toy_report({**FULL, "macro": "ka"}))
    both = str(toy_report({**FULL, "kind": "", "macro": "ka"}, FULL))
    assert "Answered with the macro ka of part A: Kind." in both
    assert "of part B" not in both


def test_what_a_profile_answered_is_told_once_with_the_parts(templates: Templates, tmp_path: Path) -> None:
    convention = (
        "- {id: edition, kind: choice, title: Edition, by_convention: true, source: {book: p}, choices: [{id: e}]}\n"
    )
    templates.load(FORM + convention)
    own = protocol_lab(tmp_path, "elements: {edition: {usual: e}}\n", "toy")
    told = "Answered by the laboratory's profile Example Laboratory: Edition"
    report = toy_report(FULL, own=own)
    assert f"{told}." in [notice.text for notice in report.sections[-1].blocks if isinstance(notice, Notice)]
    assert f"{told}." in report.metadata.keywords
    assert "Answered by" not in str(toy_report({**FULL, "edition": "e"}, own=own))
    assert "Answered by" not in str(toy_report(FULL))
    assert f"{told} of part A; Edition of part B." in str(toy_report(FULL, FULL, own=own))
    assert f"{told} of part B." in str(toy_report({**FULL, "edition": "e"}, FULL, own=own))
