"""A batch with a laboratory's profile: one template that runs away costs its own case and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen import template_files
from tests.acceptance.support import CHECKOUT
from tests.batch.tables import rows, tree, write
from tests.batch.test_run import batch, results, statuses
from tests.cli.program import invoke
from tests.support.labs import write_lab

STANDARD = (template_files.folder() / "layouts/standard/report.html").read_text(encoding="utf-8")
LOOPS = "{% for a in sections %}" * 14 + "{% endfor %}" * 14
RUNAWAY = "{% if furniture.patient[2] == 'B26-00002' %}" + LOOPS + "{% endif %}"


@pytest.mark.usefixtures("hurried")
def test_a_layout_that_runs_away_in_one_case_fails_that_case_alone(tmp_path: Path) -> None:
    page = STANDARD.replace("</main>", f"{RUNAWAY}</main>")
    own = write_lab(tmp_path / "lab", "layout: {html: report.html}\n", report_html=page)
    table, folder = write(tmp_path / "t.csv", rows(4)), tmp_path / "out"
    done = invoke("batch", table, "-o", folder, "-f", "html", "--lab", own, "-j", "2")
    assert done.code == 1
    assert statuses(tmp_path / "out") == {
        "B26-00001": "rendered", "B26-00002": "failed", "B26-00003": "rendered", "B26-00004": "rendered",
    }  # fmt: skip
    (failed,) = [line for line in results(tmp_path / "out") if line["status"] == "failed"]
    assert "T415" in failed["findings"]


def test_a_profile_that_is_not_in_order_refuses_the_batch_before_its_first_document(tmp_path: Path) -> None:
    own = write_lab(tmp_path / "lab", "protocols: {aismn: {wording: {comment.nothing.x: {say: y}}}}\n")
    done = batch(write(tmp_path / "t.csv", rows(2)), tmp_path / "out", "--lab", own)
    assert done.code == 1
    assert "T402" in done.out + done.err
    assert not list(tmp_path.glob("out/*.txt"))


def test_any_number_of_workers_gives_the_same_documents_in_the_laboratory_s_template(tmp_path: Path) -> None:
    own, table = CHECKOUT / "samples/profiles/dermatopathology", write(tmp_path / "t.csv", rows(4))
    for jobs in ("1", "2"):
        done = batch(table, tmp_path / jobs, "--lab", own, "-j", jobs, formats="docx,html")
        assert done.code == 0, done.err
    made = [{name: data for name, data in tree(tmp_path / jobs).items() if name.endswith((".docx", ".html"))}
            for jobs in ("1", "2")]  # fmt: skip
    assert made[0] == made[1]
    assert len(made[0]) == 8


def test_a_journal_of_another_profile_is_not_gone_on_with_unseen(tmp_path: Path) -> None:
    own, table = write_lab(tmp_path / "lab", "labels: {report_title: One}\n"), write(tmp_path / "t.csv", rows(2))
    assert batch(table, tmp_path / "out", "--lab", own).code == 0
    first = tree(tmp_path / "out")
    assert batch(table, tmp_path / "out", "--lab", "none").code == 0
    second = tree(tmp_path / "out")
    documents = [name for name in first if name.endswith(".txt")]
    assert documents
    assert all(first[name] != second[name] for name in documents)
