"""What no font can print is told before work begins: by check, by a dry run, by all-or-nothing and at the desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.findings import Severity
from reportgen.formats.unprintable import NO_PDF, refusing, unprintable
from reportgen.pipeline import Settings, check
from reportgen.reading.readers import read_content
from reportgen.web.evaluation import evaluate
from tests.cli.program import invoke

CASE = """\
protocol: general
accession: T26-1
patient: {{name: "{name}", mrn: "1", birth_date: 1980-01-01, sex: female}}
collected: 2026-11-01
received: 2026-11-02
submitted_by: Dr. X
laboratory: {{name: Lab}}
parts:
- {{label: A, site: "{site}", laterality: left, procedure: biopsy, diagnosis: Nevus}}
"""
TABLE = (
    "accession,label,patient.name,patient.mrn,patient.birth_date,patient.sex,collected,received,submitted_by,site,"
    "laterality,procedure,diagnosis\n"
)
ROW = "T26-{n},A,{name},00000{n},1980-01-02,female,2026-11-01,2026-11-02,Dr. X,arm,left,biopsy,Nevus\n"
MIXED = TABLE + "".join(ROW.format(n=n, name=name) for n, name in enumerate(("Ida", "王小明", "𒀀𒁀", "محمد"), start=1))


def source(name: str = "Ida", site: str = "arm") -> bytes:
    return CASE.format(name=name, site=site).encode()


def test_each_character_is_told_once_with_its_place_and_script_and_without_the_name() -> None:
    found = unprintable(read_content(source("𒀀 Ida 王", "𒀀 𓀀"), "case.yaml"), None)
    assert [(each.code, each.path, each.message) for each in found] == [
        ("W315", "patient.name", "no font has U+12000 (Cuneiform)"),
        ("W315", "parts.A.site", "no font has U+13000 (Egyptian)"),
    ]
    assert str(found[0].place).startswith("case.yaml:3:")
    assert all("𒀀" not in each.as_line(show_values=True) for each in found)
    assert "layout: regular, bold" in found[0].as_line()


@pytest.mark.parametrize("name", ["Ida", "王小明", "محمد", "Ọ̀ṣun", "علی\u200cرضا"])
def test_nothing_is_told_of_what_can_be_printed(name: str) -> None:
    assert unprintable(read_content(source(name), "case.yaml"), None) == ()


def test_who_asks_for_no_pdf_is_told_nothing() -> None:
    case = read_content(source("𒀀"), "case.yaml")
    assert [each.code for each in check(case).findings] == ["W315"]
    assert check(case, Settings(formats=("docx", "html", "txt"))).findings == ()


def test_for_a_pdf_it_refuses() -> None:
    (found,) = refusing(unprintable(read_content(source("𒀀"), "case.yaml"), None))
    assert (found.code, found.severity) == ("E503", Severity.error)


def test_check_warns_and_render_names_the_same(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_bytes(source("𒀀"))
    checked = invoke("check", case)
    assert checked.code == 0
    assert "W315 patient.name: no font has U+12000 (Cuneiform)" in checked.out
    assert "in order, 1 warning" in checked.out
    rendered = invoke("render", case, "-o", tmp_path)
    assert rendered.code == 1
    assert "E503 patient.name: no font has U+12000 (Cuneiform)" in rendered.err
    assert invoke("render", case, "-o", tmp_path, "-f", "docx,html,txt").code == 0


def test_a_dry_run_counts_it_as_refused_and_all_or_nothing_makes_nothing(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(MIXED, encoding="utf-8")
    dry = invoke("batch", table, "-o", tmp_path / "out", "--dry-run", "--protocol", "general")
    assert dry.code == 1
    assert "3 in order, 1 refused" in dry.both
    assert "E503" in dry.both
    out = tmp_path / "out"
    whole = invoke("batch", table, "-o", out, "--all-or-nothing", "--protocol", "general")
    assert whole.code == 1
    assert not list(out.glob("**/*.pdf"))
    assert not list(out.glob("**/*.docx"))


def test_the_desk_tells_it_before_finalizing() -> None:
    told = evaluate(source("𒀀"), "case.yaml", None)
    assert NO_PDF in [each.code for each in told.findings]
    assert told.in_order
    assert not told.complete
    assert evaluate(source("王小明"), "case.yaml", None).findings == ()
