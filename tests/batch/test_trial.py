"""The trial before the first document: a profile that fails on every page refuses the batch, and a dry run says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen import template_files
from reportgen.batch.model import BatchRequest, BatchResult, CaseState, Event
from reportgen.batch.run import run
from reportgen.findings import FindingsError
from reportgen.pipeline import Settings
from tests.batch.tables import rows, write
from tests.cli.program import run as run_program
from tests.support.labs import lab, write_lab

STANDARD = (template_files.folder() / "layouts/standard/report.html").read_text(encoding="utf-8")
FIRST = "{% if furniture.patient[2] == 'B26-00001' %}{{ nothing.like.this }}{% endif %}"


def request(folder: Path, words: str, cases: int = 3, *, dry: bool = True) -> BatchRequest:
    """A batch with a profile whose page has these words of the template language at its end."""
    page = STANDARD.replace("</main>", f"{words}</main>")
    own = lab(folder / "lab", "layout: {html: report.html}\n", report_html=page)
    table = write(folder / "t.csv", rows(cases))
    return BatchRequest(table, folder / "out", Settings(("html",), laboratory=own), dry_run=dry)


def worked(request: BatchRequest) -> tuple[BatchResult, list[Event]]:
    heard: list[Event] = []
    return run(request, heard.append), heard


@pytest.mark.parametrize("dry", [True, False])
def test_a_layout_that_fails_on_every_page_is_told_once_and_before_the_first_document(
    tmp_path: Path, *, dry: bool
) -> None:
    with pytest.raises(FindingsError) as caught:
        worked(request(tmp_path, "{{ nothing.like.this }}", 6, dry=dry))
    assert [finding.code for finding in caught.value.findings] == ["T408"]
    assert not list(tmp_path.glob("out/*.html"))


@pytest.mark.usefixtures("hurried")
def test_a_layout_that_never_ends_is_found_by_a_dry_run(tmp_path: Path) -> None:
    loops = "{% for a in sections %}" * 14 + "{% endfor %}" * 14
    with pytest.raises(FindingsError, match="T415"):
        worked(request(tmp_path, loops, 1))


def test_a_layout_that_fails_on_one_page_costs_that_case_alone(tmp_path: Path) -> None:
    outcome, heard = worked(request(tmp_path, FIRST))
    assert outcome.counts == {**dict.fromkeys(CaseState, 0), CaseState.refused: 1, CaseState.waiting: 2}
    assert [found.code for event in heard for found in event.findings] == ["T408"]
    outcome, heard = worked(request(tmp_path, FIRST, dry=False))
    assert outcome.counts == {**dict.fromkeys(CaseState, 0), CaseState.failed: 1, CaseState.rendered: 2}
    assert [found.code for event in heard for found in event.findings] == ["T408"]
    (would,) = (event for event in worked(request(tmp_path, "", 2))[1] if event.kind == "would")
    assert would.data["cases"] == 2


def test_a_batch_with_a_style_of_the_laboratory_leaves_no_fonts_among_the_temporary_files(tmp_path: Path) -> None:
    own = write_lab(tmp_path / "lab", "layout: {css: lab.css}\n", lab_css="p { color: #333 }")
    table = write(tmp_path / "t.csv", rows(2))
    (tmp_path / "temporary").mkdir()
    done = run_program(
        *("batch", table, "-o", tmp_path / "out", "--format", "pdf", "--lab", own),
        env={"TMPDIR": str(tmp_path / "temporary")},
    )
    assert done.code == 0, done.both
    assert len(list(tmp_path.glob("out/*.pdf"))) == 2
    assert not list((tmp_path / "temporary").iterdir())
