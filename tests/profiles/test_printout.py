"""A protocol as a document: every question, answer, condition and sentence in words, its hash, and a place to sign."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.laboratory.read import load_laboratory
from reportgen.profiles.documents import rendered
from reportgen.profiles.printout import printout
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.load import load_protocol
from reportgen.reports.load_labels import load_labels
from reportgen.reports.model import Heading, Table
from tests.cli.program import CHECKOUT, invoke
from tests.formats.readback import expected_body, read, squeeze
from tests.support.labs import protocol_lab, write_lab

LABELS = load_labels(None)


def tables(made: Compiled) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The rows of each table, by its heading."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    heading = ""
    for block in printout(made, LABELS).blocks():
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Table):
            found[heading] = tuple(tuple(cell.text for cell in row) for row in block.rows)
    return found


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_lab(tmp_path_factory.mktemp("begun") / "lab")
    assert invoke("new", "protocol", "basal", "--title", "Basal cell tumor", "--lab", folder).code == 0
    return folder


def test_the_document_says_conditions_answers_and_sentences_in_words(lab: Path) -> None:
    said = tables(load_protocol("basal", load_laboratory(lab)))
    assert said["Findings"] == (
        (
            "Example feature",
            "not identified; present; other, in words; cannot be determined (why)",
            "always",
            "own: findings",
        ),
        ("Extent", "focal; diffuse; other, in words", "always, with the answer present", ""),
        ("Size", "a number in mm or cm", "optional", "own: findings"),
        ("Remark", "in words", "optional", "own: findings"),
    )
    assert said["Diagnosis (diagnosis.headline)"] == (
        ('1. Example feature is "present"', "Basal cell tumor", "own: diagnosis"),
        (
            '2. Example feature is "not identified", "cannot be determined" or "other"',
            "A gap, to be worded: the example feature was not found; word the diagnosis yourself",
            "own: diagnosis",
        ),
    )
    assert said["Example feature (comment.feature)"][2][1] == (
        "The example feature cannot be determined (\u2039Example feature: reason\u203a)."
    )
    assert (
        "Unusual size (large)",
        "note if Size is more than 200",
        "The size is unusually large. Make sure that its unit is right.",
    ) in said["Advisories"]


def test_the_decision_table_of_every_statement_has_every_clause() -> None:
    made = load_protocol("aismn")
    said = tables(made)
    statements = list(made.protocol.wording.statements())
    assert len(statements) >= 20
    for name, _, statement in statements:
        rows = said[statement.title if statement.title == name else f"{statement.title} ({name})"]
        assert len(rows) == len(statement.clauses)
        assert all(all(row[:2]) for row in rows)
    for term in made.protocol.wording.terms:
        assert len(said[term.id]) == len(term.clauses)
    assert len(said["Facts"]) == len(made.protocol.facts)
    assert len(said["Criteria"]) == len(made.protocol.criteria)
    questions = [row[0] for section in made.protocol.sections for row in said[section.title]]
    shown = [slot for slot in made.slots.values() if not slot.panel or slot.path == slot.panel]
    assert len(questions) >= len(shown)
    assert len(set(questions)) == len(questions), "two questions of one name"
    margins = {row[0]: row for row in said["Margins"]}
    assert margins["Deep edge or margin: Distance"][2] == (
        "where it applies, with the answer uninvolved, if tumor is true, required if margined is true"
    )


@pytest.mark.parametrize("format", ["docx", "html", "txt"])
def test_every_format_holds_all_of_it(format: str, lab: Path) -> None:
    laboratory = load_laboratory(lab)
    made = load_protocol("basal", laboratory)
    report = printout(made, LABELS)
    back = read(format, rendered(report, format, laboratory), report)
    assert back.body == expected_body(report)
    for words in (made.hash[:12], "Signature", "Date", "basal 0.1", "Comments"):
        assert squeeze(words) in back.body


def test_the_command_writes_the_document(lab: Path, tmp_path: Path) -> None:
    def show(*words: str | Path) -> int:
        return invoke("protocols", "show", "basal", "--lab", lab, *words, cwd=tmp_path).code

    assert show("--format", "docx") == 0
    assert (tmp_path / "basal.docx").read_bytes()[:2] == b"PK"
    assert show("--format", "docx") == 1  # it is there
    assert show("-o", "again.docx") == 0
    assert (tmp_path / "again.docx").read_bytes() == (tmp_path / "basal.docx").read_bytes()
    assert show("--format", "docx", "--overwrite") == 0
    assert show("--format", "doc") == 2
    assert show("--format", "docx", "-o", "a.pdf") == 2
    assert invoke("protocols", "show", "basal", "--lab", lab).out.startswith("Basal cell tumor · protocol basal 0.1")


def test_it_names_the_profile_and_has_its_letterhead() -> None:
    laboratory = load_laboratory(CHECKOUT / "samples" / "profiles" / "dermatopathology")
    report = printout(load_protocol("general", laboratory), load_labels(laboratory))
    assert report.identification.pairs[2].text.startswith(laboratory.spec.name)
    assert report.letterhead.name != "built-in templates"


def test_it_says_what_each_macro_gives() -> None:
    rows = tables(load_protocol("cyst"))["Words for usual answers"]
    assert (
        "ec: Epidermoid cyst",
        "Type of cyst: epidermoid; Rupture: not identified; Atypia of the lining: not identified",
    ) in [row[:2] for row in rows]
    assert "Words for usual answers" not in tables(load_protocol("aismn"))


def test_it_says_what_a_profile_may_answer_and_what_it_does(tmp_path: Path) -> None:
    own = protocol_lab(tmp_path, "elements: {staging.system: {usual: AJCC 8}}\n", "scc")
    asked = [
        row[2]
        for made in (load_protocol("scc"), load_protocol("scc", own))
        for rows in tables(made).values()
        for row in rows
        if row[0].startswith("Staging system") and len(row) > 3
    ]
    assert len(asked) == 2
    assert "a profile may give its usual answer" in asked[0]
    assert "where nothing is entered, the profile Example Laboratory answers: AJCC 8" in asked[1]
