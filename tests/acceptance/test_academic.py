"""A report with all that an academic department asks for; and that none of it is said where it was not entered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reportgen import formats
from reportgen.findings import Severity
from reportgen.formats.layout import load_layout
from reportgen.laboratory.read import load_laboratory
from reportgen.pipeline import Settings, compose
from reportgen.profiles.check import check
from reportgen.protocols.load import load_protocol
from reportgen.reports.model import Notice, Pair, Pairs, Paragraph, Report, Table
from tests.acceptance.support import HERE, SAMPLES, Data, base, changed, source

OWN = load_laboratory(HERE / "academic")
SETTINGS = Settings(laboratory=OWN)
HEAD: dict[str, Any] = {
    "case.prior_slides": "S26-01410, 3 slides",
    "case.specimens": [{"letter": "A", "description": "excision arm"}],
    "case.resident": "Dr. Robin Sample",
    "case.attending": "Dr. Jane Roe",
    "case.consultation": "Dr. Kim Example has seen the slides and concurs.",
    "case.notified": {
        "result": "Dr. Benedict Example", "finding": "involvement of the subcutis", "by": "Dr. Jane Roe",
        "date": "2026-10-08", "time": "14:30",
    },
    "case.copies_to": "Dr. Carol Example",
}  # fmt: skip
GROSS = {"gross.fixative": "formalin", "gross.labeled_with": ["patient name", "birth date"]}
STAINS = {"SMA": "positive", "desmin": "positive", "S100": "negative", "SOX10": "negative"}


def report(data: Data, **settings: Any) -> Report:
    return compose(source(data), replace(SETTINGS, **settings))


def lines(made: Report, id: str) -> list[str]:
    blocks = [block for section in made.sections if section.id == id for block in section.blocks]
    return [
        block.text if isinstance(block, Notice) else " ".join(each.text for each in block.sentences)
        for block in blocks
        if isinstance(block, Notice | Paragraph)
    ]


def pairs(made: Report, id: str) -> dict[str, str]:
    found: list[Pair] = []
    for section in made.sections:
        for block in section.blocks:
            found += block.pairs if section.id == id and isinstance(block, Pairs) else ()
    return {pair.label: pair.text for pair in found}


def comment(part: dict[str, Any]) -> list[str]:
    made = report(changed(base("q1-excision"), part))
    return [each.text for each in made.sentences() if each.clause.startswith(("comment.immuno", "comment.stains_to"))]


def test_the_profile_is_in_order() -> None:
    assert [finding.as_line() for finding in check(OWN) if finding.severity is Severity.error] == []


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (
            {"stains": STAINS, "stain_controls": "appropriate"},
            ["The cells are positive for SMA and desmin and negative for S100 and SOX10; controls are appropriate."],
        ),
        ({"stains": STAINS}, ["The cells are positive for SMA and desmin and negative for S100 and SOX10."]),
        (
            {"stains": {"SMA": "positive"}, "stain_controls": "not appropriate"},
            ["The cells are positive for SMA; controls are not appropriate."],
        ),
        (
            {"stains": {"SMA": "positive"}, "stain_controls": {"result": "other", "text": "only internal ones"}},
            ["The cells are positive for SMA; controls: only internal ones."],
        ),
        (
            {
                "stains": {
                    "SMA": "focally positive", "caldesmon": "equivocal", "ERG": "pending", "p63": "not performed",
                    "Ki-67": "negative", "other": [{"name": "STAT6", "result": "negative"}],
                }
            },
            [
                "The cells are focally positive for SMA, negative for Ki-67 and STAT6 and equivocal for caldesmon.",
                "Pending: ERG.",
            ],
        ),
        ({"stains": {"SMA": "pending"}, "stain_controls": "appropriate"}, ["Pending: SMA."]),
        ({"stains": {"SMA": "not performed"}, "stain_controls": "appropriate"}, []),
    ],
)  # fmt: skip
def test_the_stains_in_a_sentence(part: dict[str, Any], said: list[str]) -> None:
    assert comment(part) == said


def test_every_clause_on_request_was_tried_above() -> None:
    wording = load_protocol("aismn").protocol.wording
    asked = {f"{each.id}.{clause.id}" for each in wording.comment if each.on_request for clause in each.clauses}
    assert asked == {
        "immunohistochemistry.with_controls", "immunohistochemistry.other_controls", "immunohistochemistry.results",
        "stains_to_come.pending",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"fixative": "formalin"}, "Received in formalin."),
        ({"fixative": "fresh"}, "Received fresh."),
        ({"fixative": {"result": "other", "text": "Michel medium"}}, "Received in Michel medium."),
        ({"labeled_with": "patient name"}, "Received labeled with the patient's name."),
        (
            {"fixative": "saline", "labeled_with": ["patient name", {"result": "other", "text": '"left arm"'}]},
            'Received in saline, labeled with the patient\'s name and "left arm".',
        ),
        ({}, ""),
    ],
)
@pytest.mark.parametrize("protocol", ["aismn", "general"])
def test_the_gross_description_opens_as_far_as_entered(part: dict[str, Any], said: str, protocol: str) -> None:
    if protocol == "aismn":
        made = report(changed(base("q1-excision"), {f"gross.{key}": value for key, value in part.items()}))
        rest = ["An ellipse of skin with subcutis."]
    else:
        made, rest = report(changed(base("general"), {**part, "gross": "A shave."})), ["A shave."]
    assert lines(made, "gross") == [*filter(None, [said]), *rest]


def test_people_and_messages_are_told_as_entered() -> None:
    made = report(changed(base("q1-excision"), {**HEAD, "gross.examined_by": "Dr. Robin Sample"}))
    assert pairs(made, "history") == {
        "Prior slides reviewed": "S26-01410, 3 slides", "Specimen A": "received as: excision arm",
    }  # fmt: skip
    assert pairs(made, "signature") == {
        "Resident": "Dr. Robin Sample",
        "Attending pathologist": "Dr. Jane Roe",
        "Internal consultation": "Dr. Kim Example has seen the slides and concurs.",
        "Unexpected result told to": "Dr. Benedict Example",
        "Result": "involvement of the subcutis",
        "Told by": "Dr. Jane Roe",
        "Told on": "2026-10-08",
        "Told at": "14:30",
        "Copies to": "Dr. Carol Example",
    }
    assert pairs(made, "gross")["Gross examination by"] == "Dr. Robin Sample"


def test_a_notification_without_its_day_is_an_open_item() -> None:
    made = report(changed(base("q1-excision"), {"case.notified": {"result": "Dr. Example", "by": "Dr. Jane Roe"}}))
    assert pairs(made, "signature") == {
        "Unexpected result told to": "Dr. Example", "Told by": "Dr. Jane Roe", "Told on": "[NOT ENTERED]",
    }  # fmt: skip
    assert [item.name for item in made.open] == ["Told on"]


def test_codes_follow_procedure_and_stains_and_are_withheld_with_the_diagnosis() -> None:
    icd = "ICD-O-3 8897/1; ICD-11 2F9C & XH1EN1; C44.6 skin of upper limb and shoulder"
    excision = changed(base("q1-excision"), {"stains": STAINS})
    own = "ICD-10-CM D48.5; CPT 88307; CPT 88342; CPT 88341 × 3"
    assert lines(report(excision), "coding") == [icd, own]
    one = changed(excision, {"stains": {"SMA": "positive", "S100": "pending", "p63": "not performed"}})
    assert lines(report(one), "coding") == []  # the comment names the entity only so far
    few = changed(excision, {"stains": {"SMA": "positive", "p63": "not performed"}})
    assert lines(report(few), "coding") == [icd, "ICD-10-CM D48.5; CPT 88307; CPT 88342"]
    assert lines(report(changed(excision, {"epicenter": "deeper"})), "coding") == []
    assert lines(compose(source(excision), Settings(coding=True)), "coding") == [icd]


def test_a_short_synopsis_hides_no_gap_and_drops_no_answer() -> None:
    full = compose(source(base("shave-biopsy")), Settings())
    data = base("shave-biopsy")
    short = report(data)
    text = " ".join(sentence.text for sentence in short.sentences())
    kept = pairs(short, "synoptic")
    assert 0 < len(kept) < len(pairs(full, "synoptic"))
    for label, answer in pairs(full, "synoptic").items():
        assert kept.get(label) == answer or answer.casefold() in text.casefold(), label
    for key in ("necrosis", "mitoses", "perineural", "site", "margins"):
        part = {name: value for name, value in data["parts"][0].items() if name != key}
        less = {**data, "parts": [part]}
        ours, theirs = report(less), compose(source(less), Settings())
        assert [item.name for item in ours.open] == [item.name for item in theirs.open]
        gaps = [[pair.label for pair in each.pairs() if pair.gap] for each in (ours, theirs)]
        assert gaps[0] == gaps[1] != []


def test_the_samples_say_what_they_said_without_a_profile() -> None:
    names = sorted(file.stem for file in SAMPLES.glob("*.yaml"))
    for name in (each for each in names if each != "q2-metastatic"):  # a stop refuses that one
        made = compose(source(base(name)), Settings())
        assert [
            each for each in made.sentences() if each.clause.startswith(("comment.immuno", "comment.stains_to"))
        ] == []
        assert not any("terms." in each.clause for each in made.sentences())


def test_four_formats_say_the_same_and_only_a_final_report_attests() -> None:
    data = changed(base("q1-excision"), {**HEAD, **GROSS, "stains": STAINS, "stain_controls": "appropriate"})
    draft = report(data)
    final = report(data, finalized_by="Jane Roe", finalized_at="2026-10-09T10:00")
    attested = "I, Jane Roe, MD, PhD, have personally reviewed"
    assert not any(each.startswith("I, ") for each in lines(draft, "signature"))
    assert lines(final, "signature")[0].startswith(attested)
    assert lines(final, "signature")[1].startswith("Prepared for sign-out by Jane Roe")
    for made in (draft, final):
        assert any(isinstance(block, Table) for block in made.blocks())
        assert lines(made, "stains")[-1].endswith("(version of 2026-03-01)")
        for name in formats.names():
            formats.render(made, name, load_layout(laboratory=OWN))  # each is read back and compared with the report
