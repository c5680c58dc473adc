"""Drop-one: a required element that is left out says nothing, and is missed visibly.

From complete cases each required element is taken out in turn. Nothing may then be said that the complete report does
not say; the gap must stand at its place, in the notice on page 1 and in the list of what is missing, in every format.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import pytest

from reportgen import check, compose
from reportgen.pipeline import Settings, render
from reportgen.protocols.elements import Status
from reportgen.protocols.load import load_protocol
from reportgen.reports.model import Pair, Report, Table
from tests.acceptance.laws import violations
from tests.acceptance.support import Data, base, changed, entered, open_names, source
from tests.formats.readback import read, squeeze

NOT_ENTERED = "[NOT ENTERED]"
CASES = ("full-biopsy", "full-excision", "full-re-excision", "full-clear", "full-margins")
# What one of these cases enters though it need not: sizes and distances of a biopsy, the prior case of an excision.
FREE = {
    "full-biopsy": {"size", "deep_tissue", "margins.deep.distance", "margins.peripheral.distance"},
    "full-excision": {"prior.accession", "prior.diagnosis", "prior.date"},
}
CORE_STAINS = ("stains.SMA", "stains.desmin", "stains.caldesmon")


# What the domain page requires (§3): always, or under its condition.
REQUIRED = {
    *("procedure", "procedure.counts_as", "site", "laterality", "residual", "procedure_site"),
    *("prior.accession", "prior.diagnosis", "prior.date", "size", "epicenter", "growth", "fascicles"),
    *("subcutis", "subcutis.depth", "deep_tissue", "atypia.grade", "atypia.features", "pleomorphism"),
    *("mitoses", "necrosis", "perineural", "margins.deep", "margins.deep.distance", "margins.deep.part"),
    *(
        "margins.peripheral",
        "margins.peripheral.distance",
        "margins.peripheral.part",
        "stains",
        "metastasis",
        "metastasis.site",
    ),
}


def demanded() -> list[str]:
    """The paths of the elements that the protocol can require of an answer."""
    return [
        path
        for path, slot in load_protocol("aismn").slots.items()
        if slot.element.status is not Status.optional and not slot.is_group and not slot.panel and not slot.repeated
    ]


def drops() -> Iterator[tuple[str, str]]:
    """Each complete case with each required element that it enters."""
    for case in CASES:
        there = entered(base(case))
        for path in demanded():
            if f"parts.A.{path}" in there and path not in FREE.get(case, ()):
                yield case, path
        if "parts.A.stains" in there:
            yield case, "stains"


def without(case: str, path: str) -> Data:
    """The case without the element; a stain panel loses those of which one is needed, and keeps the rest."""
    data = base(case)
    there = entered(data)
    lost = [each for each in CORE_STAINS if f"parts.A.{each}" in there] if path == "stains" else [path]
    if path == "metastasis" and "parts.A.acknowledge.A5" in there:
        lost.append("acknowledge")  # what is not raised cannot be acknowledged
    return changed(data, dict.fromkeys(lost))


@lru_cache(maxsize=8)
def complete(case: str) -> Report:
    """The report of a complete case."""
    return compose(source(base(case)))


def _cells(report: Report) -> set[tuple[str, ...]]:
    tables = [block for block in report.blocks() if isinstance(block, Table)]
    return {(row[0].text, row[1].text) for table in tables for row in table.rows}


def _pairs(report: Report) -> set[tuple[str, str]]:
    return {(pair.path, pair.text) for pair in report.pairs() if not pair.gap}


def _gap(report: Report, path: str) -> Pair:
    found = [pair for pair in report.pairs() if pair.path == path and pair.gap]
    assert len(found) == 1, f"{path} shows {len(found)} gaps"
    assert found[0].text == NOT_ENTERED
    return found[0]


@pytest.mark.parametrize("case", CASES)
def test_the_complete_cases_are_complete(case: str) -> None:
    assert open_names(complete(case)) == []
    assert [sentence.text for sentence in complete(case).sentences() if sentence.gap] == []
    assert [pair.label for pair in complete(case).pairs() if pair.gap] == []


def test_every_element_that_can_be_required_is_dropped_somewhere() -> None:
    assert {path for _, path in drops()} == {*demanded(), "stains"} == REQUIRED
    assert len(list(drops())) > 60


@pytest.mark.parametrize(("case", "path"), list(drops()))
def test_what_is_left_out_turns_no_other_sentence_into_a_claim(case: str, path: str) -> None:
    data = without(case, path)
    full, reduced = complete(case), compose(source(data))
    known = {sentence.text for sentence in full.sentences()}
    assert [each.text for each in reduced.sentences() if not each.gap and each.text not in known] == []
    assert _pairs(reduced) - _pairs(full) == set()
    assert _cells(reduced) - _cells(full) == set()
    assert violations(reduced, data) == []


@pytest.mark.parametrize(("case", "path"), list(drops()))
def test_what_is_left_out_is_missed_visibly(case: str, path: str) -> None:
    read_in = source(without(case, path))
    report = compose(read_in)
    (name,) = open_names(report)  # what waits for it is its echo
    assert name.endswith(_gap(report, f"parts.A.{path}").label)
    missing = check(read_in).assessments[0].completeness.missing
    assert [item.slot for item in missing if not item.pending] == [path]


@pytest.mark.parametrize(("case", "path"), list(drops()))
@pytest.mark.parametrize("name", ["html", "txt"])
def test_the_gap_stands_in_the_document(case: str, path: str, name: str) -> None:
    _gap_stands_in(case, path, name)


@pytest.mark.parametrize(
    ("case", "path"), [("full-biopsy", "necrosis"), ("full-excision", "margins.deep"), ("full-re-excision", "stains")]
)
@pytest.mark.parametrize("name", ["docx", "pdf"])
def test_the_gap_stands_in_word_and_pdf(case: str, path: str, name: str) -> None:
    _gap_stands_in(case, path, name)


def _gap_stands_in(case: str, path: str, name: str) -> None:
    rendered = render(source(without(case, path)), Settings(formats=(name,)))
    back = read(name, rendered.documents[name], rendered.report)
    label = squeeze(_gap(rendered.report, f"parts.A.{path}").label)
    if name == "pdf":
        assert label + squeeze(NOT_ENTERED) in back.body
    else:
        assert (label, squeeze(NOT_ENTERED)) in back.pairs
    for notice in rendered.report.notices:
        assert squeeze(notice.text) in back.body
    assert [squeeze(each.text) for each in rendered.report.sentences() if squeeze(each.text) not in back.body] == []


@pytest.mark.parametrize(
    "path", ["patient.mrn", "patient.birth_date", "patient.sex", "collected", "received", "submitted_by"]
)
def test_the_head_shows_what_was_left_out(path: str) -> None:
    report = compose(source(changed(base("full-biopsy"), {f"case.{path}": None})))
    gap = _gap(report, path)
    assert gap.label in open_names(report)


@pytest.mark.parametrize("path", ["accession", "patient.name"])
def test_a_case_without_accession_or_name_is_refused(path: str) -> None:
    checked = check(source(changed(base("full-biopsy"), {f"case.{path}": None})))
    assert [(each.code, each.path) for each in checked.errors] == [("E102", path)]


def test_a_further_stain_without_a_name_shows_a_gap() -> None:
    _shows_a_gap_in_its_row("name")


def test_a_further_stain_without_a_result_shows_a_gap() -> None:
    _shows_a_gap_in_its_row("result")


def _shows_a_gap_in_its_row(lost: str) -> None:
    data = base("full-biopsy")
    del data["parts"][0]["stains"]["other"][0][lost]
    report = compose(source(data))
    tables = [block for block in report.blocks() if isinstance(block, Table)]
    (row,) = [row for table in tables for row in table.rows if any(cell.gap for cell in row)]
    assert NOT_ENTERED in [cell.text for cell in row]
    assert len(open_names(report)) == 1


@pytest.mark.parametrize("lost", ["id", "contents"])
def test_a_block_without_name_or_contents_shows_a_gap(lost: str) -> None:
    data = base("full-biopsy")
    del data["parts"][0]["gross"]["blocks"][0][lost]
    report = compose(source(data))
    (pair,) = [pair for pair in report.pairs() if pair.gap]
    assert NOT_ENTERED in pair.label + pair.text
    (name,) = open_names(report)
    assert name.startswith(f"{pair.label}: ")


def test_two_gaps_of_one_name_are_two_open_items() -> None:
    changes = {"margins.deep": "uninvolved", "margins.peripheral": "uninvolved"}
    report = compose(source(changed(base("full-excision"), changes)))
    gaps = [pair.path for pair in report.pairs() if pair.gap]
    assert gaps == ["parts.A.margins.deep.distance", "parts.A.margins.peripheral.distance"]
    assert sum("istance" in name for name in open_names(report)) == 2
