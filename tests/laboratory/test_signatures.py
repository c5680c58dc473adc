"""A protocol that no pathologist has reviewed: its reports say so on page 1 until a laboratory signs it, as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportgen import compose
from reportgen.formats import names, render
from reportgen.formats.layout import load_layout
from reportgen.laboratory.read import load_laboratory
from reportgen.pipeline import Settings
from reportgen.protocols.load import check_mark
from reportgen.reading.source import source_of
from reportgen.reports.load_labels import load_labels
from reportgen.reports.model import Report
from tests.cli.program import invoke
from tests.formats.readback import read, squeeze
from tests.support.labs import bring, refused, write_lab
from tests.support.toy import WORDING, toy_data, toy_protocol

NOTICE = load_labels().not_reviewed.format(names="Gland")
PROTOCOL = toy_protocol(extra="review: needed\n", id="gland", title="Gland")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A working folder with a profile that brings a protocol which waits for its review."""
    bring(write_lab(tmp_path / "lab"), "gland", PROTOCOL, WORDING)
    return tmp_path


def report(place: Path, folder: str = "lab", **settings: str) -> Report:
    laboratory = load_laboratory(place / folder)
    data = toy_data({"site": "arm"}, protocol="gland")
    return compose(source_of(data), Settings(laboratory=laboratory, **settings))  # type: ignore[arg-type]


def notices(made: Report) -> list[str]:
    return [notice.text for notice in made.notices]


def sign(place: Path, by: str = "Dr. Jane Roe", folder: str = "lab") -> None:
    done = invoke("template", "sign", "gland", "--by", by, "--lab", folder, cwd=place)
    assert (done.code, done.out) == (0, f"{folder}/signed.json\n"), done.err


def test_a_draft_and_a_finalized_report_say_so(place: Path) -> None:
    assert NOTICE in notices(report(place))
    assert notices(report(place, finalized_by="Dr. Roe", finalized_at="2026-11-23")) == [NOTICE]
    assert "Not reviewed by a pathologist." in invoke("protocols", "show", "gland", "--lab", "lab", cwd=place).out


def test_it_is_in_every_format(place: Path) -> None:
    made = report(place)
    for name in names():
        assert squeeze(NOTICE) in read(name, render(made, name, load_layout()), made).body, name


def test_a_signature_takes_the_notice_away_for_the_protocol_as_it_was_signed(place: Path) -> None:
    sign(place)
    (signature,) = json.loads((place / "lab/signed.json").read_text(encoding="utf-8"))["protocols"].values()
    assert signature["by"] == "Dr. Jane Roe"
    assert NOTICE not in notices(report(place))
    assert "Not reviewed" not in invoke("protocols", "show", "gland", "--lab", "lab", cwd=place).out
    with (place / "lab/protocols/gland/wording.yaml").open("a", encoding="utf-8") as file:
        file.write("# a change\n")
    assert NOTICE in notices(report(place))
    sign(place, "Dr. John Doe")
    assert NOTICE not in notices(report(place))


def test_a_change_laid_over_the_protocol_brings_the_notice_back(place: Path) -> None:
    sign(place)
    write_lab(place / "above", "extends: ../lab\n")
    assert NOTICE not in notices(report(place, "above"))  # what a profile below signed is signed
    changed = "extends: ../lab\nprotocols: {gland: {wording: {diagnosis.headline.plain: {say: Other words}}}}\n"
    write_lab(place / "above", changed)
    assert NOTICE in notices(report(place, "above"))
    sign(place, folder="above")
    assert NOTICE not in notices(report(place, "above"))


def test_a_signature_keeps_what_was_signed_and_checked_before(place: Path) -> None:
    bring(place / "lab", "other", PROTOCOL.replace("gland", "other"), WORDING)
    assert invoke("template", "accept", "lab", cwd=place).code == 0
    sign(place)
    assert invoke("template", "sign", "other", "--by", "Dr. Doe", "--lab", "lab", cwd=place).code == 0
    assert set(json.loads((place / "lab/signed.json").read_text(encoding="utf-8"))["protocols"]) == {"gland", "other"}
    made = load_laboratory(place / "lab")
    assert check_mark("gland", made) in made.own.checked


@pytest.mark.parametrize("by", ["", " ", "-", "1"])
def test_a_signature_names_a_person(by: str, place: Path) -> None:
    done = invoke("template", "sign", "gland", "--by", by, "--lab", "lab", cwd=place)
    assert (done.code, "T401" in done.err) == (1, True)
    assert not (place / "lab/signed.json").exists()


def test_there_must_be_a_protocol_and_a_profile(place: Path) -> None:
    assert "E110" in invoke("template", "sign", "gladn", "--by", "Dr. Roe", "--lab", "lab", cwd=place).err
    assert "T410" in invoke("template", "sign", "gland", "--by", "Dr. Roe", cwd=place).err


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"protocols": {"gland": {"by": "Dr. Roe", "date": "today", "hash": "0"}}}']
)
def test_a_record_that_was_damaged_is_refused_with_its_place(text: str, tmp_path: Path) -> None:
    folder = write_lab(tmp_path / "lab", signed_json=text)
    findings = refused(lambda: load_laboratory(folder))
    assert all("signed.json" in str(finding.place) for finding in findings)


def test_only_needed_asks_for_a_review(tmp_path: Path) -> None:
    write_lab(tmp_path / "lab")
    bring(tmp_path / "lab", "gland", PROTOCOL.replace("review: needed", "review: soon"), WORDING)
    done = invoke("protocols", "show", "gland", "--lab", tmp_path / "lab")
    assert (done.code, "T401 review: must be 'needed'" in done.err) == (1, True)
