"""A proposed mapping: certain by the very words or left to the laboratory; no answer is made up, no text is copied."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.findings import FindingsError
from reportgen.tables.bind_headings import bind
from reportgen.tables.headings import headings
from reportgen.tables.propose import Match, Proposer, propose
from tests.support.tables import mapping, place, table
from tests.support.toy import Templates

ELEMENTS = """\
- {id: kind, kind: choice, title: Kind of thing, label: Kind, aliases: [sort-of], undetermined: cannot say,
   choices: [{id: a}, {id: b}], source: {book: p}, followups: [{id: extent, kind: quantity, title: Extent, unit: "%"}]}
- {id: many, kind: choice, multiple: true, title: Many, choices: [{id: m}, {id: n}], source: {book: p}}
- {id: size, kind: quantity, title: Tumor size, unit: mm, units: {cm: 10}, source: {book: p}}
- {id: number, kind: count, title: Number, per: [10 HPF], source: {book: p}}
- {id: margins, kind: group, title: Margins, source: {book: p}, elements: [{id: deep, kind: choice, title: Deep edge, choices: [{id: x}]}]}
- {id: one, kind: text, title: Twin, source: {book: p}}
- {id: two, kind: text, title: Twin, source: {book: p}}
"""  # noqa: E501


@pytest.fixture
def proposer(templates: Templates) -> Proposer:
    templates.write(ELEMENTS)
    return Proposer(headings("toy"))


def certain(path: str, how: str, unit: str = "") -> Match:
    return Match((path,), how, certain=True, unit=unit)


@pytest.mark.parametrize(
    ("heading", "match"),
    [
        ("kind", certain("kind", "the path itself")),
        ("stains", Match()),
        ("KIND  of thing", certain("kind", "its title")),
        ("Kind", certain("kind", "its path")),
        ("Sort of", certain("kind", "another name of it")),
        ("Deep-Margins", certain("margins.deep", "its name with the one above")),
        ("Margins: deep edge", certain("margins.deep", "its title")),
        ("Kind Extent", certain("kind.extent", "its path")),
        ("Extent", Match()),
        ("Twin", Match(("one", "two"), "several have this name")),
        ("Tumor size (cm)", certain("size", "its title", "cm")),
        ("Tumor size [mm]", certain("size", "its title", "mm")),
        ("Tumor size (gross)", Match(("size",), "its title")),
        ("Tumour size", Match(("size",), "like a name of it")),
        ("DOB", certain("patient.birth_date", "a usual name of it")),
        ("Accession No.", certain("accession", "a usual name of it")),
        ("Billing code", Match()),
    ],
)
def test_a_heading_is_certain_by_its_words_alone(proposer: Proposer, heading: str, match: Match) -> None:
    assert proposer.match(heading) == match
    assert proposer.known(heading) == bool(match.paths)


def test_what_a_template_fills_in_is_no_part_of_a_name() -> None:
    assert _BUILT_IN.match("Deep") == certain("margins.deep", "its label")
    assert _BUILT_IN.match("S-100") == certain("stains.S100", "its title")


def proposed(proposer: Proposer, *rows: dict[str, str], protocol: str = "toy") -> str:
    header, made = table(rows)
    return propose(proposer, header, made, protocol)


def test_a_proposal_is_a_mapping_of_what_is_certain(proposer: Proposer) -> None:
    text = proposed(proposer, {"Ward": "", "Accession": "S1", "Kind": "POS", "Tumour size": "4", "Bill: 1": "x"})
    made = mapping(text)
    assert made.protocol
    assert made.protocol.text == "toy"
    assert [(each.heading, each.path) for each in made.columns.values()] == [
        ("Accession", "accession"),
        ("Kind", "kind"),
    ]
    assert not any(each.words for each in made.columns.values())
    assert made.ignore == frozenset()
    assert "\n  Kind: kind  # certain: its path\n" in text
    assert "\n  # Tumour size: size  # doubtful: like a name of it\n" in text
    assert '\n# unmapped:\n#   - Ward\n#   - "Bill: 1"\n' in text


def test_a_table_with_unmapped_headings_stays_refused(proposer: Proposer) -> None:
    header, made = table([{"Accession": "S1", "Kind": "a", "Bill": "x", "Tumour size": "4 mm"}])
    text = propose(proposer, header, made, "toy")
    with pytest.raises(FindingsError) as caught:
        bind(header, place, mapping(text), "")
    assert [(each.code, each.place.cell) for each in caught.value.findings] == [("E113", "C1"), ("E113", "D1")]
    decided = text.replace("ignore: []", "ignore: [Bill]").replace("  # Tumour size: size", "  Tumour size: size")
    bind(header, place, mapping(decided), "")


def test_words_are_listed_with_a_question_mark_and_never_with_an_answer(proposer: Proposer) -> None:
    rows: list[dict[str, str]] = [
        {"Kind": word, "Many": word} for word in ("POS", "a", "B", "cannot say (x)", "", "POS")
    ]
    text = proposed(proposer, *rows, {"Many": "m|NEW|n", "Kind": "m|n"})
    assert "\n  #   POS: ?\n" in text
    assert '\n  #   "m|n": ?\n' in text
    assert "\n  #   NEW: ?\n" in text
    assert text.count(": ?") == 7
    of_kind = text.partition("  Kind: kind")[2].partition("  Many: many")[0]
    assert [line.strip(" #") for line in of_kind.splitlines() if line.endswith(": ?")] == ["POS: ?", '"m|n": ?']


def test_texts_are_never_copied(proposer: Proposer) -> None:
    rows = [{"patient.name": "Doe, Jane", "accession": "S1", "site": "arm", "DOB": "1/2/1950", "Tumour size": "ZZ",
             "Tumor size": "QQ", "kind.text": "WW", "Twin": "VV"}]  # fmt: skip
    text = proposed(proposer, *rows)
    assert not any(value in text for row in rows for value in row.values() if len(value) > 1)


def test_too_many_words_or_long_ones_are_texts(proposer: Proposer) -> None:
    assert "W12" not in proposed(proposer, *({"Kind": f"W{number}"} for number in range(13)))
    assert "W11" in proposed(proposer, *({"Kind": f"W{number}"} for number in range(12)))
    text = proposed(proposer, {"Kind": "long " * 10}, {"Kind": "c"})
    assert "long long" not in text
    assert "not listed" in text


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"Tumor size": "4"}, "unit: ?"),
        ({"Tumor size": "<4 x 2.5"}, "unit: ?"),
        ({"Tumor size": "4 mm"}, ""),
        ({"Tumor size (cm)": "4"}, ""),
        ({"Number": "4"}, "per: ?"),
        ({"Number": "4 per 10 HPF"}, ""),
        ({"Collected": "1/2/2026"}, "date: ?"),
        ({"Collected": "2026-01-02"}, ""),
    ],
)
def test_what_the_mapping_still_has_to_say_is_said(proposer: Proposer, row: dict[str, str], said: str) -> None:
    text = proposed(proposer, row)
    assert said in text
    assert ("?" in text) == bool(said)


def test_two_headings_of_one_path_are_both_doubtful(proposer: Proposer) -> None:
    text = proposed(proposer, {"Kind": "", "Kind of thing": "", "accession": ""})
    assert text.count("as of another column") == 2
    assert [each.path for each in mapping(text).columns.values()] == ["accession"]


def test_without_a_protocol_the_line_is_left_open(proposer: Proposer) -> None:
    text = proposed(proposer, {"accession": "S1"}, protocol="")
    assert "\n# protocol: ?" in text
    assert mapping(text).protocol is None


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(header=st.lists(_TEXT, max_size=6), word=_TEXT)
def test_no_heading_or_word_can_break_out_of_its_line(header: list[str], word: str) -> None:
    with_words: list[Any] = table([dict.fromkeys(["Laterality", *header], word)])[1]
    headings_ = list(dict.fromkeys(["Laterality", *header]))
    text = propose(_BUILT_IN, headings_, with_words, "aismn")
    made = mapping(text)
    assert all(_BUILT_IN.headings.known(column.path) for column in made.columns.values())
    assert not any(column.words for column in made.columns.values())
    assert made.ignore == frozenset()


_BUILT_IN = Proposer(headings("aismn"))
