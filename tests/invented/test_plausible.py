"""Plausible cases: in order and whole for every built-in protocol, the same for the same seed, and refused by place."""

from __future__ import annotations

from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from reportgen.invented.plausible import plausible_cases
from reportgen.laboratory.read import load_laboratory
from reportgen.pipeline import check, compose
from reportgen.protocols.load import load_protocol, protocol_ids
from reportgen.reading.source import source_of
from tests.support.labs import bring, refused, write_lab
from tests.support.toy import WORDING, toy_protocol

DAY = date(2026, 1, 5)
FREE_TEXT = "W306"


def drawn(protocol: str, count: int, seed: int = 1) -> list[dict[str, Any]]:
    return list(plausible_cases(protocol, count, seed, prefix="P26-", first=DAY))


@pytest.mark.parametrize("id", protocol_ids())
def test_every_built_in_protocol_has_cases_that_ask_for_nothing_more(id: str) -> None:
    words = load_protocol(id).prose.words
    for case in drawn(id, 12):
        checked = check(source_of(case))
        assert [each.as_line() for each in checked.findings if each.refuses or each.code == FREE_TEXT] == []
        assert case["purpose"] == "test data"
        (part,) = case["parts"]
        pending = "pending" in part.get("stains", {}).values()
        assert [each.text for each in compose(source_of(case)).sentences() if each.gap and not pending] == []
        if words.topography_of == "site" and "topography" in part:
            assert part["site"] != "invented site"


def test_a_case_depends_on_the_seed_and_its_number_alone() -> None:
    assert drawn("bcc", 3) == drawn("bcc", 9)[:3]
    assert drawn("bcc", 3, seed=2) != drawn("bcc", 3)


OWN = """\
source: ours
cases:
  - name: one
    age: 60..50
    sex: [female]
    answers: {site: [arm, leg], note: ["", x 3..1.5 y], kind: []}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A profile that brings a protocol with plausible cases."""
    write_lab(tmp_path / "lab")
    bring(
        tmp_path / "lab",
        "own",
        toy_protocol("- {id: note, kind: text, title: Note, source: {book: p}}", id="own"),
        WORDING,
    )
    (tmp_path / "lab/protocols/own/plausible.yaml").write_text(OWN, encoding="utf-8")
    return tmp_path / "lab"


def of_own(folder: Path, count: int = 40) -> list[dict[str, Any]]:
    made = plausible_cases("own", count, 1, prefix="P26-", first=DAY, laboratory=load_laboratory(folder))
    return list(islice(made, count))


def test_a_protocol_of_a_laboratory_has_its_own(own: Path) -> None:
    parts = [case["parts"][0] for case in of_own(own)]
    assert {part["site"] for part in parts} == {"arm", "leg"}
    notes = {part["note"] for part in parts if "note" in part}
    assert all(1.5 <= float(note.split()[1]) <= 3 for note in notes)
    assert len(notes) > 5
    assert any("note" not in part for part in parts)
    ages = {2026 - int(case["patient"]["birth_date"][:4]) for case in of_own(own)}
    assert 50 <= min(ages) < max(ages) <= 61


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        (None, "T402", "own"),
        (OWN.replace("sex:", "sexes:"), "T401", "cases › one › sexes"),
        (OWN.replace("60..50", "old"), "T401", "cases › one › age"),
        (OWN.replace("answers: {", "places: nowhere\n    answers: {"), "T402", "nowhere"),
        (OWN.replace("kind: []", "kynd: x"), "T401", "one › parts.A.kynd"),
        ("source: ours\ncases: []\n", "T401", "cases"),
    ],
    ids=["no file", "unknown key", "age", "places", "refused answer", "no case"],
)
def test_what_cannot_be_drawn_is_refused_with_its_place(text: str | None, code: str, path: str, own: Path) -> None:
    file = own / "protocols/own/plausible.yaml"
    file.unlink() if text is None else file.write_text(text, encoding="utf-8")
    (finding,) = refused(lambda: of_own(own))
    assert (finding.code, finding.path) == (code, path)
    assert "plausible.yaml" in str(finding.place) or "places.yaml" in str(finding.place)
