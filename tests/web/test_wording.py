"""What the desk says is said in the words of its pages: no option, no line of a file, no id of an element."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reportgen.findings import CATALOGUE, Finding, Place
from reportgen.protocols.load import load_header, load_protocol, protocol_ids
from reportgen.web.evaluation import document
from reportgen.web.wording import title, titles, words
from tests.cli.program import SAMPLES
from tests.web.asgi import Visitor, visitor

FORMS = [load_header(), *(load_protocol(id, None) for id in protocol_ids())]
IDS = {slot.element.id for form in FORMS for slot in form.slots.values() if "_" in slot.element.id}
PATHS = {path for form in FORMS for path in form.slots if "." in path}
SAID = re.compile(r"(?<![\w./-])[A-Za-z]\w*(?:[._]\w+)+")
PROGRAM = re.compile(r"(?<!\S)--[a-z]|\(line \d+\)|\.ya?ml:\d|show-values|override\.|result:|\{\{")
ENTRIES = [
    ("accession", "1.23E+11"), ("patient.birth_date", "16.11.2026"), ("patient.birth_date", "2031-01-01"),
    ("collected", "2026-12-24"), ("received", "2019-02-30"), ("clinical_history", "x" * 20_001),
    ("clinical_history", "TBD"), ("clinical_history", "Patient m\u0435lanoma"), ("patient.name", "Test, Patient"),
    ("parts.A.site", "right thigh"), ("parts.A.received_as", "y" * 401), ("parts.A.received_as", "right thigh"),
    ("parts.A.mitoses", "-3"), ("parts.A.mitoses", "many"), ("parts.A.mitoses", "5 per acre"),
    ("parts.A.mitoses.field_number", "900"), ("parts.A.mitoses.objective", "40 ×"), ("parts.A.size", "8 furlongs"),
    ("parts.A.microscopic", "No necrosis. Necrosis is present. Margins are clear; the left side."),
    ("parts.A.override.comment", "y" * 20_001), ("parts.A.override.diagnosis", "TODO"),
    ("parts.A.gross.description", "\u2642 male"), ("parts.A.margins.deep", "sideways"),
]  # fmt: skip


def shown(page: str) -> str:
    """What a page shows and says, without its addresses and names of fields."""
    page = re.sub(r"<(style|script)[^>]*>.*?</\1>", " ", page, flags=re.DOTALL)
    said = re.findall(r'(?:title|aria-label|placeholder)="([^"]*)"', page)
    state = re.findall(r'data-state="([^"]*)"', page)
    words = [each for one in state for each in re.findall(r': "((?:[^"\\]|\\.)*)"', html.unescape(one))]
    return html.unescape(" ".join([re.sub(r"<[^>]*>", " ", page), *said, *words]))


def is_clean(page: str) -> None:
    said = shown(page)
    assert not PROGRAM.search(said), PROGRAM.search(said)
    for each in SAID.findall(said):
        assert each not in IDS | PATHS, each
        assert not each.startswith("parts."), each


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return visitor(tmp_path_factory.mktemp("desk") / "cases", "unfinished", "shave-biopsy", "q2-metastatic")


@pytest.mark.parametrize("name", ["unfinished", "shave-biopsy"])
def test_no_answer_to_an_entry_speaks_of_the_file(made: Visitor, name: str) -> None:
    case = made.case(f"{name}.yaml")
    for path, value in ENTRIES:
        sent = {"path": path, "value": value, "revision": made.revision(f"{name}.yaml")}
        if path.endswith("margins.deep"):
            sent = {**sent, "answer": value}
        answer = made.post(f"{case}/entries", **sent)
        assert answer.status in (200, 422), path
        is_clean(answer.text)
    for address in (case, f"{case}/finalize", f"{case}/report", f"{case}/report.pdf", f"{case}/report.docx"):
        answer = made.get(address)
        assert answer.status in (200, 422)
        is_clean(answer.text)
    is_clean(made.post(f"{case}/finalize", name="X", revision=made.revision(f"{name}.yaml")).text)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_no_page_of_a_sample_does(path: Path, tmp_path: Path) -> None:
    made = visitor(tmp_path / "cases", path.stem)
    is_clean(made.get(made.case(path.name)).text)


def test_an_objective_shows_its_sign_once(made: Visitor) -> None:
    name = "q2-metastatic.yaml"
    data = yaml.safe_load((made.folder / name).read_text(encoding="utf-8"))
    for value in ("40 ×", "40×", "40 x", "40"):
        data["parts"][0]["mitoses"] = {"count": 3, "per": "10 HPF", "field_number": "22 mm", "objective": value}
        (made.folder / name).write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
        page = made.get(made.case(name)).text
        field = re.search(
            r'id="i:parts\.A\.mitoses\.objective"[^>]* value="([^"]*)"[^>]*>\s*<span class="unit">([^<]*)', page
        )
        assert field
        assert "".join(field.groups()) in ("40×", "40 x")


def test_titles_stand_for_paths() -> None:
    data = yaml.safe_load((SAMPLES / "three-parts.yaml").read_text(encoding="utf-8"))
    known = titles(document(data, None))
    assert title("clinical_history", known) == "Clinical history"
    assert title("parts.A.site", known) == "Part A, Anatomic site"
    assert title("parts.A.site", known, "parts.A.procedure") == "Anatomic site"
    assert title("parts.A", known) == "Part A"
    assert title("parts.A.nonsense.x", known) == "Part A, “nonsense.x”"
    assert title("nonsense", known) == "“nonsense”"
    finding = Finding("E206", Place("a.yaml", 3, 1), "collected", "lies before patient.birth_date (a.yaml:2:3)")
    assert words(finding, known).startswith("Lies before Date of birth: ")
    finding = Finding("E205", Place(), "parts.A.site", "given parts.B.site (x y.yaml:2:3), clinical_history", "use --x")
    assert words(finding, known) == "Given Part B, Anatomic site, Clinical history."
    assert words(Finding("W314", Place(), "accession", "is also in b.yaml", "ask"), known) == "Is also in b.yaml: ask."


@given(st.sampled_from(sorted(CATALOGUE)), st.text(max_size=30), st.text(max_size=20), st.text(max_size=20))
def test_any_finding_has_words(code: str, message: str, hint: str, path: str) -> None:
    said = words(Finding(code, Place("a.yaml", 1, 1), path, message, hint), {"a.b": "A"})
    assert said.endswith(".")
    assert title(path, {})
