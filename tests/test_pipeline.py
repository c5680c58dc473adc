"""The public API: load, check, compose, render and write, as a program of a laboratory would use them."""

from __future__ import annotations

import dataclasses
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

import reportgen
from reportgen import Finding, FindingsError, formats
from reportgen.findings import Severity
from reportgen.pipeline import Settings, check, compose, load, render, write
from reportgen.reading.readers import read_text
from reportgen.reports.model import State
from tests.cli.program import CHECKOUT, SAMPLES, edited, files_below, sample
from tests.support.labs import worded_lab

ALL = tuple(formats.names())


def codes(error: FindingsError) -> set[str]:
    return {finding.code for finding in error.findings}


# ------------------------------------------------------------------ the names


def test_the_public_names_are_there_and_no_other() -> None:
    for name in reportgen.__all__:
        assert getattr(reportgen, name) is not None
    assert reportgen.Finding is Finding
    with pytest.raises(AttributeError, match="has no attribute 'rendr'"):
        reportgen.rendr  # noqa: B018 - looking it up is the test


# ------------------------------------------------------------------ step by step


def test_load_gives_texts_with_places() -> None:
    source = load(sample("shave-biopsy"))
    accession = source.place_of("accession")
    assert (accession.line, accession.column) == (3, 1)
    assert accession.file == str(sample("shave-biopsy"))
    with pytest.raises(FindingsError) as caught:
        load(SAMPLES / "none.yaml")
    assert codes(caught.value) == {"E009"}


@pytest.mark.parametrize("name", sorted(path.stem for path in SAMPLES.glob("*.yaml")))
def test_check_takes_a_source_a_path_or_a_name(name: str) -> None:
    by_path = check(sample(name))
    assert by_path.findings == check(str(sample(name))).findings
    assert by_path.findings == check(load(sample(name))).findings
    assert bool(by_path.errors) == (name == "q2-metastatic")
    assert by_path.case is not None
    assert len(by_path.assessments) == len(by_path.case.parts)


def test_a_refused_case_has_findings_and_nothing_else(tmp_path: Path) -> None:
    case = edited(tmp_path / "case.yaml", ("growth: infiltrative", "growth: x"), ("Nodule of the shoulder.", "tbd"))
    checked = check(case)
    assert checked.case is None
    assert checked.assessments == ()
    assert [finding.code for finding in checked.findings] == ["W302", "E103"]
    assert [finding.severity for finding in checked.errors] == [Severity.error]
    with pytest.raises(FindingsError) as caught:
        compose(case)
    assert codes(caught.value) == {"W302", "E103"}


def test_compose_gives_a_draft() -> None:
    report = compose(sample("shave-biopsy"))
    assert report.state is State.draft
    assert report.furniture.state_mark
    assert [section.id for section in report.sections][:3] == ["diagnosis", "comment", "synoptic"]


def test_a_case_in_memory_is_rendered_as_one_on_disk() -> None:
    text = sample("shave-biopsy").read_text(encoding="utf-8")
    report = compose(read_text(text, name="memory"))
    assert list(report.reading_order()) == list(compose(sample("shave-biopsy")).reading_order())


def test_render_gives_bytes_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rendered = render(sample("three-parts"), Settings(formats=ALL))
    assert tuple(rendered.documents) == ALL
    assert all(len(data) > 1000 for data in rendered.documents.values())
    assert rendered.checked.findings == check(sample("three-parts")).findings
    assert list(files_below(tmp_path)) == []


def test_render_of_the_same_case_gives_the_same_bytes() -> None:
    chosen = Settings(formats=ALL)
    assert render(sample("re-excision"), chosen).documents == render(sample("re-excision"), chosen).documents


def test_write_gives_the_paths_in_order(tmp_path: Path) -> None:
    rendered = render(sample("punch-clear"), Settings(formats=("html", "txt")))
    cases = [(tmp_path / "a.b", rendered), (tmp_path / "deep" / "two", rendered)]
    written = write(cases)
    assert [str(path.relative_to(tmp_path)) for path in written] == [
        "a.b.html",
        "a.b.txt",
        "deep/two.html",
        "deep/two.txt",
    ]
    assert written[1].read_bytes() == rendered.documents["txt"]
    with pytest.raises(FindingsError) as caught:
        write(cases)
    assert codes(caught.value) == {"E501"}
    assert write(cases, overwrite=True) == written


def test_the_steps_are_logged_by_their_seven_words(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "reportgen")
    write([(tmp_path / "case", render(sample("punch-clear"), Settings(formats=("txt",))))])
    said = " ".join(record.getMessage() for record in caplog.records)
    words = ["1 read", "2 resolve", "3 validate", "4 assess", "5 compose", "6 lay out", "7 write"]
    assert [said.index(word) for word in words] == sorted(said.index(word) for word in words)
    for page in ("README.md", "docs/architecture.md"):
        text = (CHECKOUT / page).read_text(encoding="utf-8")
        assert all(f"| {word[0]} | {word[2:]} |" in text for word in words), page


# ------------------------------------------------------------------ settings


def test_settings_are_frozen_and_draft_is_the_default() -> None:
    chosen = Settings()
    assert (chosen.strict, chosen.finalized_by, chosen.coding, chosen.formats) == (False, "", False, ("docx", "pdf"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        chosen.strict = True  # type: ignore[misc]


def test_the_stamp_is_the_cases_own_date_or_source_date_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert compose(sample("shave-biopsy")).metadata.stamp == datetime(2026, 11, 17, tzinfo=UTC)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    assert compose(sample("shave-biopsy")).metadata.stamp == datetime(2027, 1, 15, 8, tzinfo=UTC)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "9" * 30)
    with pytest.raises(FindingsError) as caught:
        compose(sample("shave-biopsy"))
    assert codes(caught.value) == {"E107"}


def test_a_laboratory_changes_words_by_id(tmp_path: Path) -> None:
    own = worded_lab(tmp_path, {"comment.recommendation.re_excision": {"say": "Please re-excise."}})
    ours = compose(sample("shave-biopsy"), Settings(laboratory=own))
    built_in = compose(sample("shave-biopsy"))
    changed = [
        (mine.text, theirs.text)
        for mine, theirs in zip(ours.sentences(), built_in.sentences(), strict=True)
        if mine.text != theirs.text
    ]
    assert [mine for mine, _ in changed] == ["Please re-excise."]
    assert f"profile Example Laboratory 1.0 ({own.hash[:12]})" in ours.furniture.record[0]
    misspelt = worded_lab(tmp_path, {"comment.recommendation.re_exision": {"say": "x"}})
    with pytest.raises(FindingsError) as caught:
        compose(sample("shave-biopsy"), Settings(laboratory=misspelt))
    (finding,) = [finding for finding in caught.value.findings if finding.code == "T402"]
    assert "comment.recommendation.re_excision" in finding.step
