"""Fragments: what protocols share is read as if they had said it, and changed by id."""

from __future__ import annotations

import pytest

from reportgen.findings import FindingsError
from reportgen.protocols.load import load_protocol
from tests.support.toy import Templates

SIDE = """\
sources: {rules: {title: The rules}}
facts: [{id: sided, when: side is answered}]
sections:
  - id: main
    title: Main
    elements:
      - id: side
        kind: choice
        title: Side of the body
        label: Side
        source: {rules: p1}
        choices: [{id: right}, {id: left}]
wording:
  comment:
    - id: side
      title: Side
      clauses: [{id: told, when: side is answered, say: "It is the {{ side }} side.", source: {rules: p2}}]
"""


def fragment(templates: Templates, name: str, text: str) -> None:
    folder = templates.folder / "protocols" / "fragments"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def side(templates: Templates) -> Templates:
    fragment(templates, "side", SIDE)
    return templates


def codes(caught: pytest.ExceptionInfo[FindingsError]) -> list[tuple[str, str]]:
    return [(each.code, str(each.place)) for each in caught.value.findings]


def test_what_it_brings_comes_before_what_the_protocol_says_itself(side: Templates) -> None:
    made = side.load(extra="use: [side]\n")
    assert list(made.slots)[:2] == ["side", "site"]
    assert [section.id for section in made.protocol.sections] == ["main"]
    assert [statement.id for statement in made.protocol.wording.comment] == ["side"]
    assert made.facts == {"sided": "side is answered"}
    assert made.cite({"rules": "p1"}) == ("The rules: p1",)


def test_a_protocol_changes_it_by_id_in_the_language_of_profiles(side: Templates) -> None:
    change = """\
    use: [side]
    change:
      elements:
        side: {label: Body side, answers: {left: on the left}}
        sections.main: {order: [site, side]}
      wording:
        comment.side.told: {say: "The side is {{ side }}."}
    """
    made = side.load(extra=change)
    assert list(made.slots)[:2] == ["site", "side"]
    assert made.slots["side"].element.name == "Body side"
    (statement,) = made.protocol.wording.comment
    assert statement.clauses[0].say == "The side is {{ side }}."
    assert statement.clauses[0].source == {"rules": "p2"}, "no profile signs it"
    assert made.changes == ()


def test_another_content_of_it_is_another_protocol(side: Templates) -> None:
    before = side.load(extra="use: [side]\n").hash
    fragment(side, "side", SIDE.replace("It is the", "This is the"))
    assert load_protocol("toy").hash != before
    assert load_protocol("toy").protocol.wording.comment[0].clauses[0].say.startswith("This is the")


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ("use: side\n", "T401"),
        ("use: [[side]]\n", "T401"),
        ("use: [sied]\n", "T402"),
        ("use: [side, side]\n", "T404"),
        ("use: [side]\nchange: {elements: {sied: {label: X}}}\n", "T402"),
        ("use: [side]\nchange: {elements: {side: {kind: text}}}\n", "T401"),
    ],
)
def test_a_slip_is_refused_where_it_is(extra: str, code: str, side: Templates) -> None:
    side.write(extra=extra)
    with pytest.raises(FindingsError) as caught:
        load_protocol("toy")
    ((found, place),) = codes(caught)
    assert found == code
    assert place.startswith("protocols/toy/protocol.yaml:")


def test_what_is_wrong_in_it_is_told_at_its_own_place(side: Templates) -> None:
    fragment(side, "side", SIDE.replace("when: side is answered, say", "when: sidde == 'left', say"))
    side.write(extra="use: [side]\n")
    with pytest.raises(FindingsError) as caught:
        load_protocol("toy")
    assert ("T402", "protocols/fragments/side.yaml:17:28") in codes(caught)


@pytest.mark.parametrize("key", ["id: x", "criteria: []", "use: [other]", "codes: []"])
def test_it_is_no_protocol(key: str, side: Templates) -> None:
    fragment(side, "side", f"{SIDE}{key}\n")
    side.write(extra="use: [side]\n")
    with pytest.raises(FindingsError) as caught:
        load_protocol("toy")
    ((code, place),) = codes(caught)
    assert code == "T401"
    assert place.startswith("protocols/fragments/side.yaml:")


def test_the_same_element_twice_is_refused(side: Templates) -> None:
    side.write("- {id: side, kind: text, title: Side, source: {book: p}}\n", extra="use: [side]\n")
    with pytest.raises(FindingsError) as caught:
        load_protocol("toy")
    assert "T404" in {code for code, _ in codes(caught)}
