"""summary.html: counts, completeness, advisories, gaps and speed on one page that needs nothing beside it."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import html

from tests.batch.tables import rows, write
from tests.batch.test_run import batch


def page(folder: Path) -> html.HtmlElement:
    return html.fromstring((folder / "summary.html").read_bytes())


def words(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def row_of(element: html.HtmlElement, heading: str) -> str:
    (found,) = [row for row in element.iter("tr") if row[0].tag == "th" and words(row[0]) == heading]
    return words(found)


def test_what_it_tells(tmp_path: Path) -> None:
    table = rows(12)
    table[1]["necrosis"] = "presnt"
    table[2]["perineural"] = ""
    table[3]["patient.name"] = ""
    assert batch(write(tmp_path / "table.csv", table), tmp_path / "out").code == 1
    told = page(tmp_path / "out")
    assert [words(item) for item in told.iter("li")] == ["12 cases", "2 refused", "10 rendered"]
    assert row_of(told, "E103") == 'E103 parts.A.necrosis: is not an answer (did you mean "present"?) 1 1'
    assert row_of(told, "E102").endswith("1 1")
    assert row_of(told, "Procedure") == "Procedure 10 of 10 0 0"
    answered = sum(bool(row.get("perineural")) for row in table[:1] + table[2:3] + table[4:])
    assert f" {answered} of " in row_of(told, "Perineural invasion")
    assert re.search(r"[0-9]+ required answers are pending or not entered", words(told))
    assert row_of(told, "A3").startswith("A3 Mitotic count note")
    assert "10 reports in " in words(told)
    assert len(list(told.iter("rect"))) >= 1


def test_it_needs_nothing_beside_it_and_says_who_it_is_for(tmp_path: Path) -> None:
    assert batch(write(tmp_path / "a & <b>.csv", rows(2)), tmp_path / "out").code == 0
    text = (tmp_path / "out" / "summary.html").read_text(encoding="utf-8")
    assert set(re.findall(r'href="([^"]*)"', text)) <= {"B26-00001.txt", "B26-00002.txt"}
    assert not re.search(r"src=|url\(|@import|<script|<link", text)
    assert "style=" not in text  # a page that shows it in a frame may forbid styles of elements
    assert "Batch of a &amp; &lt;b&gt;.csv" in text
    assert "must be reviewed and signed out" in text
    assert "@media print" in text
    assert "prefers-color-scheme: dark" in text


def test_a_run_that_keeps_everything_says_so(tmp_path: Path) -> None:
    table = write(tmp_path / "table.csv", rows(2))
    assert batch(table, tmp_path / "out").code == 0
    assert batch(table, tmp_path / "out").code == 0
    told = page(tmp_path / "out")
    assert [words(item) for item in told.iter("li")] == ["2 cases", "0 rendered", "2 kept"]
    assert "Nothing had to be rendered." in words(told)
