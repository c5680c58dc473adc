"""Which headings there are: the paths of findings, with aliases, and nothing else."""

from __future__ import annotations

import pytest

from reportgen.findings import FindingsError
from reportgen.tables.headings import HeadingRole, Target, columns_of, headings, part_columns
from tests.support.toy import Templates

ELEMENTS = """\
- {id: kind, kind: choice, title: Kind, aliases: [sort], undetermined: cannot say, choices: [{id: a}, {id: b}], source: {book: p},
   followups: [{id: of_a, kind: text, title: Of a, under: [a]}]}
- {id: number, kind: count, title: Number, per: [10 HPF], source: {book: p}}
- {id: group, kind: group, title: Group, source: {book: p}, elements: [{id: in, kind: text, title: In}]}
- {id: rows, kind: group, repeats: true, title: Rows, source: {book: p}, elements: [{id: one, kind: text, title: One}]}
- {id: stains, kind: panel, title: Stains, source: {book: p}, other: Further, stains: [{id: SMA, aliases: [alpha-SMA]}],
   results: [{id: positive}], details: [{id: extent, kind: quantity, title: Extent, unit: "%"}]}
"""  # noqa: E501

KNOWN = [
    ("accession", "accession", HeadingRole.answer),
    ("patient.name", "patient.name", HeadingRole.answer),
    ("label", "label", HeadingRole.words),
    ("received_as", "received_as", HeadingRole.words),
    ("override.diagnosis", "override.diagnosis", HeadingRole.words),
    ("kind", "kind", HeadingRole.answer),
    ("sort", "kind", HeadingRole.answer),
    ("kind.result", "kind", HeadingRole.answer),
    ("sort.reason", "kind.reason", HeadingRole.words),
    ("kind.text", "kind.text", HeadingRole.words),
    ("sort.of_a", "kind.of_a", HeadingRole.answer),
    ("number.count", "number", HeadingRole.answer),
    ("number.per", "number.per", HeadingRole.per),
    ("group.in", "group.in", HeadingRole.answer),
    ("rows.1.one", "rows.1.one", HeadingRole.answer),
    ("rows.12.one", "rows.12.one", HeadingRole.answer),
    ("stains.alpha-SMA.extent", "stains.SMA.extent", HeadingRole.answer),
    ("stains.other.2.result", "stains.other.2.result", HeadingRole.answer),
]
UNKNOWN = [
    "", "kidn", "KIND", "kind.", ".kind", "kind.result.result", "kind.reason.x", "kind.per", "site.reason", "group",
    "group.result", "rows", "rows.1", "rows.one", "rows.0.one", "rows.01.one", "rows.1.one.2", "stains",
    "stains.SMA.text",
    "override", "override.nothing", "override.diagnosis.x", "acknowledge.A1", "number.1", "patient", "parts", "1",
]  # fmt: skip


@pytest.fixture
def written(templates: Templates) -> Templates:
    templates.write(ELEMENTS)
    return templates


@pytest.mark.parametrize(("heading", "path", "role"), KNOWN)
def test_a_heading_stands_for_one_thing(written: Templates, heading: str, path: str, role: HeadingRole) -> None:
    found = list(headings("toy").targets(heading).values())
    assert [(target.path, target.role) for target in found] == [(path, role)]


@pytest.mark.parametrize("heading", UNKNOWN)
def test_what_is_no_path_stands_for_nothing(written: Templates, heading: str) -> None:
    assert not headings("toy").known(heading)


def test_all_headings_are_known_and_stand_for_themselves(written: Templates) -> None:
    heads = headings("toy")
    listed = heads.all()
    assert len(listed) == len(set(listed)) >= 30
    for heading in listed:
        assert [target.path for target in heads.targets(heading).values()] == [heading]
    assert [each for each in listed if each.startswith("rows")] == ["rows.1.one", "rows.2.one"]
    assert "kind.reason" in listed
    assert "stains.other.2.extent" in listed


def test_the_columns_of_each_form(written: Templates) -> None:
    heads = headings("toy")
    columns = [target for form, target in heads.columns() if form is heads.header]
    assert columns == list(columns_of(heads.header))
    parts = [target for form, target in heads.columns() if form is heads.protocols["toy"]]
    assert parts == list(part_columns(heads.protocols["toy"]))
    assert parts[:3] == [Target((name,), HeadingRole.words) for name in ("label", "protocol", "received_as")]


def test_without_a_protocol_all_that_are_in_order_count(written: Templates) -> None:
    written.write("- {id: colour, kind: text, title: Colour, source: {book: p}}\n", id="other")
    written.write("- {id: broken, kind: nothing}\n", id="broken")
    heads = headings("")
    assert list(heads.protocols) == ["other", "toy"]
    assert list(heads.targets("colour")) == ["other"]
    assert list(heads.targets("site")) == ["other", "toy"]
    with pytest.raises(FindingsError, match="T401"):
        headings("broken")
