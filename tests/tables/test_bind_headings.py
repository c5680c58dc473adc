"""Headings bound to paths: what means nothing, or one thing twice, is refused with all that is wrong at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn, cast

import pytest

from reportgen.cases.validate import validate
from reportgen.findings import Finding, FindingsError
from reportgen.reading.source import Mapping, plain
from reportgen.tables import headings
from reportgen.tables.bind_headings import bind, known_heading
from reportgen.tables.mapping import Columns
from tests.support.tables import bound, mapping, place, table
from tests.support.toy import WORDING, Templates, toy_protocol, valid_case

ELEMENTS = """\
- {id: kind, kind: choice, title: Kind, aliases: [sort], undetermined: cannot say, choices: [{id: a}, {id: b}], source: {book: p},
   followups: [{id: of_a, kind: text, title: Of a, under: [a]}]}
- {id: many, kind: choice, multiple: true, title: Many, choices: [{id: m}, {id: n}], source: {book: p}}
- {id: size, kind: quantity, title: Size, unit: mm, units: {cm: 10}, source: {book: p},
   followups: [{id: at, kind: text, title: At}]}
- {id: number, kind: count, title: Number, per: [10 HPF], source: {book: p}}
- {id: rows, kind: group, repeats: true, title: Rows, source: {book: p}, elements: [{id: one, kind: text, title: One}]}
"""  # noqa: E501
HEAD = {
    "accession": "S1", "patient.name": "N", "patient.mrn": "01", "patient.birth_date": "1950-01-01",
    "patient.sex": "female", "collected": "2026-01-01", "received": "2026-01-02", "submitted_by": "Dr",
    "laboratory.name": "Lab", "site": "arm",
}  # fmt: skip


@pytest.fixture(autouse=True)
def written(templates: Templates) -> Templates:
    templates.write(ELEMENTS)
    return templates


def cased(*rows: dict[str, str], text: str = "", protocol: str = "toy") -> tuple[Mapping, list[Finding]]:
    """The source of rows with the usual head, and all that is found: by the table and by validation."""
    header, made = table({**HEAD, **row} for row in rows)
    source, findings = bound(header, text, protocol).case(made)
    return source, [*findings, *validate(source).findings]


def part(source: Mapping, number: int = 0) -> Any:
    """What the source says of one part, without its site."""
    made = cast(Any, plain(source))["parts"][number]
    return {key: value for key, value in made.items() if key not in ("site", "protocol")}


# ------------------------------------------------------------------ headings and mappings


def refused(header: list[str], text: str = "", protocol: str = "toy") -> list[tuple[str, str, str, str]]:
    """Code, address, path and next step of all that keeps a table from being bound."""
    with pytest.raises(FindingsError) as caught:
        bound(header, text, protocol)
    return [(each.code, str(each.place), each.path, each.step) for each in caught.value.findings]


def test_headings_that_mean_nothing_are_all_named() -> None:
    assert refused(["accession", "kid", "", "Billing", "sort"]) == [
        ("E113", "t.csv:B1", "", 'did you mean "kind"?'),
        ("E013", "t.csv:C1", "", "give every column its own heading"),
        ("E113", "t.csv:D1", "", "map it, or list it under ignore"),
    ]


def test_a_heading_is_a_value_and_not_printed_unasked() -> None:
    with pytest.raises(FindingsError) as caught:
        bound(["accession", "Doe, Jane"])
    assert "Doe" not in str(caught.value)
    assert caught.value.findings[0].value == "Doe, Jane"


@pytest.mark.parametrize("twin", ["kind", "sort", "kind.result", "sort.result"])
def test_two_columns_for_one_element_are_refused(twin: str) -> None:
    assert [each[:3] for each in refused(["accession", "kind", twin])] == [("E013", "t.csv:C1", "kind")]


def test_without_a_column_of_accessions_there_is_no_case() -> None:
    assert [each[:3] for each in refused(["kind"])] == [("E102", "t.csv:1", "accession")]
    assert [each[2] for each in refused(["kind"], protocol="")] == ["accession", "protocol"]


def test_an_unknown_protocol_is_refused_at_once() -> None:
    assert refused(["accession"], protocol="tow")[0][0] == "E110"
    assert refused(["accession", "protocol"], protocol="tow")[0][0] == "E110"
    assert [each[:3] for each in refused(["accession"], "protocol: tow")] == [("E110", "map.yaml:1:11", "protocol")]


MAPPINGS: list[tuple[str, list[tuple[str, str]]]] = [
    ("columns: {H: kid}", [("1:14", "columns.H")]),
    ("columns: {H: kind, Missing: size}", [("1:29", "columns.Missing")]),
    ("columns: {H: kind, Missing: {to: size, optional: yes}}", []),
    ("columns: {H: site}", [("1:14", "site")]),
    ("columns: {H: kind, accession: kind}", [("1:14", "kind")]),
    ("columns: {H: {to: kind, values: {P: c}}}", [("1:37", "columns.H.values.P")]),
    ("ignore: [H]\nvalues: {P: nowhere}", [("2:13", "values.P")]),
    ("ignore: [H]\nvalues: {P: a, Q: m, F: female}", []),
    ("ignore: [H]\nconstants: {laboratory.name: Lab, collected: 2026-01-01}", []),
    ("ignore: [H]\nconstants: {patient.sex: female}", [("2:26", "constants.patient.sex")]),
    ("ignore: [H]\nconstants: {accession: S1}", [("2:24", "constants.accession")]),
    ("ignore: [H]\nconstants: {clinical_history: none}", [("2:31", "constants.clinical_history")]),
    ("ignore: [H]\nconstants: {kind: a}", [("2:19", "constants.kind")]),
    ("ignore: [H]\nconstants: {protocol: toy}", [("2:23", "constants.protocol")]),
    ("ignore: [H]\nconstants: {laboratory: Lab}", [("2:25", "constants.laboratory")]),
    ("ignore: [H]\nconstants: {collected: today}", [("2:24", "constants.collected")]),
    ("columns: {H: collected}\nconstants: {collected: 2026-01-01}", [("2:24", "constants.collected")]),
]


@pytest.mark.parametrize(("text", "expected"), MAPPINGS, ids=[text for text, _ in MAPPINGS])
def test_a_mapping_that_cannot_be_followed_is_refused(text: str, expected: list[tuple[str, str]]) -> None:
    header = ["accession", "site", "H"]
    if not expected:
        bound(header, text)
        return
    wrong = [each for each in refused(header, text) if each[0] != "E102"]
    assert [each[:3] for each in wrong] == [("E114", f"map.yaml:{place}", path) for place, path in expected]


def test_an_element_of_the_header_and_of_a_part_cannot_be_told_apart(written: Templates) -> None:
    written.write("- {id: received, kind: date, title: Received, source: {book: p}}\n", id="other")
    assert [each[:3] for each in refused(["accession", "received"], protocol="other")] == [
        ("E113", "t.csv:B1", "received")
    ]
    text = "columns: {R: received}"
    assert [each[:3] for each in refused(["accession", "R"], text, "other")] == [("E114", "map.yaml:1:14", "received")]


def test_a_mapping_is_followed() -> None:
    text = """\
protocol: toy
columns:
  Case: accession
  Name: patient.name
  Kind: {to: kind, values: {POS: a, ND: ""}}
  Size: {to: size, unit: cm}
  N: {to: number, per: 10 HPF}
ignore: [Bill]
constants: {laboratory.name: Lab, laboratory.clia: 00D}
values: {EM: m}
"""
    row = {"Case": "S1", "Name": "N", "Kind": "pos", "Size": "1.2", "N": "4", "Bill": "9", "many": "em|n"}
    header, made = table([row, {**row, "Case": "S2", "Kind": "nd", "Size": "7 mm"}])
    binding = bind(header, place, mapping(text), "")
    source, findings = binding.case(made[:1])
    assert findings == ()
    assert plain(source) == {
        "accession": "S1",
        "patient": {"name": "N"},
        "laboratory": {"name": "Lab", "clia": "00D"},
        "parts": [
            {
                "label": "A",
                "kind": "a",
                "size": "1.2 cm",
                "number": "4 per 10 HPF",
                "many": ["m", "n"],
                "protocol": "toy",
            }
        ],
    }
    assert valid_case(source) is not None
    assert part(binding.case(made[1:])[0]) == {
        "label": "A", "size": "7 mm", "number": "4 per 10 HPF", "many": ["m", "n"],
    }  # fmt: skip


def test_the_words_of_a_column_count_for_labels_protocols_and_accessions() -> None:
    text = (
        "columns:\n  P: {to: protocol, values: {T: toy}}\n  L: {to: label, values: {1: A, 2: B}}\n"
        "  Acc: {to: accession, values: {none: ''}}\n"
    )
    header, made = table([{"Acc": "S1", "P": "t", "L": "2"}, {"Acc": "S1", "P": "T", "L": "1"}, {"Acc": "None"}])
    binding = bind(header, place, mapping(text), "")
    assert [(binding.accession(row), binding.label(row)) for row in made] == [("S1", "B"), ("S1", "A"), ("", "")]
    source, findings = binding.case(made[:2])
    assert findings == ()
    assert [(each["label"], each["protocol"]) for each in cast(Any, plain(source))["parts"]] == [
        ("A", "toy"), ("B", "toy"),
    ]  # fmt: skip


def test_which_headings_are_known() -> None:
    known = known_heading(mapping("columns: {H H: kind}\nignore: [Bill]"), "toy")
    assert [known(each) for each in ("H  H", "Bill", "kind", "site", "accession", "Else", "")] == [True] * 5 + [
        False
    ] * 2
    assert known_heading(Columns(), "")("kind")


def test_no_other_protocol_is_loaded_for_headings_of_the_named_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def load_each(_: object) -> Iterator[NoReturn]:
        yield pytest.fail("loaded every protocol")

    monkeypatch.setattr(headings, "load_each", load_each)
    known = known_heading(Columns(), "toy")
    assert [known(each) for each in ("kind", "site", "accession")] == [True] * 3


@pytest.mark.parametrize(
    ("heading", "hint"),
    [
        ("Test Name", ""),
        ("Patient Nam", 'did you mean "patient.name"?'),
        ("acession", 'did you mean "accession"?'),
        ("Table", ""),
        ("kid", 'did you mean "kind"?'),
    ],
)
def test_a_hint_makes_no_identity_of_a_column_that_is_only_like_it(heading: str, hint: str) -> None:
    found = [
        step
        for code, _, _, step in refused(["accession" if heading != "acession" else "site", heading])
        if code == "E113"
    ]
    assert found == [hint or "map it, or list it under ignore"]


def test_an_alias_of_one_protocol_may_be_the_path_of_another(templates: Templates) -> None:
    folder = templates.folder / "protocols" / "other"
    folder.mkdir()
    other = "- {id: sort, kind: text, title: Sort, source: {book: p}}\n"
    (folder / "protocol.yaml").write_text(toy_protocol(other, id="other", title="Other"), encoding="utf-8")
    (folder / "wording.yaml").write_text(WORDING, encoding="utf-8")
    rows = [{"protocol": "toy", "kind": "a", "sort": ""}, {"accession": "S2", "protocol": "other", "sort": "x"}]
    for row in rows:
        source, findings = cased(row, protocol="")
        assert [each for each in findings if each.refuses] == []
        assert part(source).keys() & {"kind", "sort"} == {"kind" if row["protocol"] == "toy" else "sort"}
    _, findings = cased({"protocol": "toy", "kind": "a", "sort": "b"}, protocol="")
    assert {each.code for each in findings if each.refuses} == {"E203"}
