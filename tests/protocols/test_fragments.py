"""Fragments: what protocols share is read as if they had said it, and changed by id."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.findings import FindingsError
from reportgen.pipeline import Settings, compose
from reportgen.profiles.coverage import coverage
from reportgen.profiles.phrases import phrasebook
from reportgen.profiles.preview import compare
from reportgen.protocols.load import load_protocol, read_protocol
from reportgen.protocols.page import page
from reportgen.reports.trace import trace_lines
from tests.support.labs import protocol_lab
from tests.support.toy import WORDING, Templates, source_of, toy_data

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
        ("use: [side]\nchange: {elements: {sidee: {label: X}}}\n", "T402"),
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


def test_a_fragment_that_is_not_there_is_refused_with_the_nearest_name(side: Templates) -> None:
    (finding,) = side.refused(extra="use: [sied]\n")
    assert (finding.message, finding.hint) == ("there is no fragment sied", 'did you mean "side"?')
    assert str(finding.place) == "protocols/toy/protocol.yaml:6:7"


def test_what_is_wrong_in_it_is_told_at_its_own_place(side: Templates) -> None:
    fragment(side, "side", SIDE.replace("when: side is answered, say", "when: sidde == 'left', say"))
    side.write(extra="use: [side]\n")
    with pytest.raises(FindingsError) as caught:
        load_protocol("toy")
    assert ("T402", "protocols/fragments/side.yaml:17:28") in codes(caught)


@pytest.mark.parametrize("key", ["id: x", "criteria: []", "use: [side]", "change: {}", "codes: []"])
def test_it_is_no_protocol_and_uses_no_other(key: str, side: Templates) -> None:
    fragment(side, "side", f"{SIDE}{key}\n")
    side.write(extra="use: [side]\n")
    with pytest.raises(FindingsError) as caught:
        load_protocol("toy")
    (finding,) = caught.value.findings
    assert (finding.code, finding.hint) == ("T401", "move it to the protocol")
    assert str(finding.place).startswith(f"protocols/fragments/side.yaml:{len(SIDE.splitlines()) + 1}:")


def test_when_a_section_applies_is_for_the_protocol_to_say(side: Templates) -> None:
    fragment(side, "side", SIDE.replace("    title: Main\n", "    title: Main\n    applies_when: site is answered\n"))
    (finding,) = side.refused(extra="use: [side]\n")
    assert (finding.code, str(finding.place)) == ("T401", "protocols/fragments/side.yaml:6:5")


# ------------------------------------------------------------------ twin ids

COMMENT = """\
comment:
  - id: side
    title: Side
    clauses: [{id: again, when: site is answered, say: Again., source: {book: p3}}]
"""
TWINS = [
    ({"elements": "- {id: side, kind: text, title: Side, source: {book: p}}\n"}, "side", "side.yaml:7:9"),
    ({"extra": "facts: [{id: sided, when: site is answered}]\n"}, "sided", "side.yaml:2:10"),
    ({"wording": WORDING + COMMENT}, "side", "side.yaml:15:7"),
    ({"extra": "sources: {rules: {title: Others}}\n"}, "rules", "side.yaml:1:11"),
]


@pytest.mark.parametrize(("own", "id", "first"), TWINS, ids=("element", "fact", "statement", "source"))
def test_an_id_of_a_fragment_is_not_the_protocol_s_to_give_again(
    own: dict[str, str], id: str, first: str, side: Templates
) -> None:
    own = {**own, "extra": "use: [side]\n" + own.get("extra", "")}
    side.write(**own)
    text = side.text
    if "sources: {rules" in text:  # a key is written once
        text = text.replace("sources: {book: {title: A book}}\n", "").replace(
            "{rules:", "{book: {title: A book}, rules:"
        )
        (side.folder / "protocols" / "toy" / "protocol.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FindingsError) as caught:
        load_protocol("toy")
    (finding,) = caught.value.findings
    assert (finding.code, finding.path) == ("T404", id)
    assert finding.place.file.startswith("protocols/toy/")
    assert finding.message == f"is used twice, first at protocols/fragments/{first}"


def test_an_id_of_a_fragment_is_not_another_s_to_give_again(side: Templates) -> None:
    fragment(
        side, "other", SIDE.replace("id: side\n        kind", "id: flank\n        kind").replace("side is", "flank is")
    )
    found = side.refused(extra="use: [side, other]\n")
    assert [(each.code, each.path, str(each.place)) for each in found] == [
        ("T404", "sided", "protocols/fragments/other.yaml:2:10"),
        ("T404", "side", "protocols/fragments/other.yaml:15:7"),
    ]
    assert all("first at protocols/fragments/side.yaml:" in each.message for each in found)


def test_a_statement_without_a_title_adds_its_clauses_to_that_of_the_fragment(side: Templates) -> None:
    more = WORDING + COMMENT.replace("    title: Side\n", "")
    (statement,) = side.load(extra="use: [side]\n", wording=more).protocol.wording.comment
    assert [clause.id for clause in statement.clauses] == ["told", "again"]
    twin = more.replace("id: again", "id: told")
    (finding,) = side.refused(extra="use: [side]\n", wording=twin)
    assert (finding.code, finding.path) == ("T404", "told")
    alone = side.refused(wording=more)
    assert [(each.code, each.path) for each in alone] == [("T401", "wording › comment › side › title")]


def test_the_same_source_twice_is_one(side: Templates) -> None:
    fragment(
        side, "side", SIDE.replace("{rules: {title: The rules}}", "{rules: {title: The rules}, book: {title: A book}}")
    )
    assert set(side.load(extra="use: [side]\n").protocol.sources) == {"rules", "book"}


def test_a_list_and_no_list_are_not_joined(side: Templates) -> None:
    (finding,) = side.refused(extra="use: [side]\nfacts: {sided: side is answered}\n")
    assert (finding.code, finding.path, finding.place.file) == ("T401", "facts", "protocols/toy/protocol.yaml")
    assert finding.message == "has another shape than at protocols/fragments/side.yaml:2:1"


@pytest.mark.parametrize("list", ["thresholds", "contradictions", "advisories"])
def test_an_id_twice_in_one_list_is_refused_with_both_places(list: str, templates: Templates) -> None:
    one = {
        "thresholds": "{id: x, title: X, number: 1, minimum: 0, maximum: 2, source: {book: p}}",
        "contradictions": "{id: x, when: site is answered, say: X, elements: [site, site]}",
        "advisories": "{id: x, title: X, source: {book: p}, levels: [{level: note, when: site is answered, say: X}]}",
    }[list]
    (finding,) = templates.refused(extra=f"{list}:\n  - {one}\n  - {one}\n")
    assert (finding.code, str(finding.place)) == ("T404", "protocols/toy/protocol.yaml:8:6")
    assert finding.message == "is used twice, first at protocols/toy/protocol.yaml:7:6"


# ------------------------------------------------------------------ change


@pytest.mark.parametrize(
    ("change", "code", "hint"),
    [
        ("[side]", "T401", "write {elements: …}"),
        ("{elements: {sidee: {label: X}}}", "T402", 'did you mean "side"?'),
        ("{element: {side: {label: X}}}", "T402", 'did you mean "elements"?'),
        ("{wording: {comment.side.tald: {say: X}}}", "T402", 'did you mean "comment.side.told"?'),
        ("{elements: {sections: {order: [mian]}}}", "T402", 'did you mean "main"?'),
        ("{elements: {sections.main: {remove: [sidee]}}}", "T402", 'did you mean "side"?'),
        ("{elements: {side: {answers: {lefft: L}}}}", "T407", 'did you mean "left"?'),
        ("{elements: {side: {kind: text}}}", "T401", ""),
    ],
)
def test_a_change_that_meets_nothing_is_refused_with_the_nearest_id(
    change: str, code: str, hint: str, side: Templates
) -> None:
    (finding,) = side.refused(extra=f"use: [side]\nchange: {change}\n")
    assert (finding.code, finding.place.file, finding.place.line) == (code, "protocols/toy/protocol.yaml", 7)
    assert finding.hint == hint or not hint
    assert "profile" not in finding.message


def test_a_protocol_says_when_and_why_it_asks_what_a_fragment_brings(side: Templates) -> None:
    change = """\
    use: [side]
    change:
      elements:
        side: {status: conditional, required_when: site is answered, source: {book: p7}}
    """
    element = side.load(extra=change).slots["side"].element
    assert (element.required_when, element.source) == ("site is answered", {"book": "p7"})


def test_a_protocol_leaves_out_what_it_does_not_ask(side: Templates) -> None:
    fragment(side, "side", SIDE.split("wording:")[0].replace("facts: [{id: sided, when: side is answered}]\n", ""))
    change = "use: [side]\nchange: {elements: {sections.main: {remove: [side]}}}\n"
    assert list(side.load(extra=change).slots) == ["site"]


# ------------------------------------------------------------------ what else sees them


def test_what_is_read_is_the_whole_with_the_place_of_each_thing(side: Templates) -> None:
    side.write(extra="use: [side]\n")
    whole = read_protocol("toy")
    assert {entry.key for entry in whole} >= {"id", "facts", "sections", "wording"}
    assert {entry.key for entry in whole}.isdisjoint({"use", "change"})
    assert str(whole.place_of("facts")) == "protocols/fragments/side.yaml:2:1"


def test_a_profile_changes_by_id_what_a_fragment_brings(side: Templates, tmp_path: Path) -> None:
    side.write(extra="use: [side]\n")
    own = protocol_lab(
        tmp_path / "lab",
        """\
        elements: {side: {label: Body side}, sections.main: {order: [site]}}
        wording: {comment.side.told: {say: "The side is {{ side }}."}}
        """,
        id="toy",
    )
    made = load_protocol("toy", own)
    assert next(iter(made.slots)) == "site"
    assert made.slots["side"].element.name == "Body side"
    (told,) = made.protocol.wording.comment[0].clauses
    assert (told.say, told.source["rules"]) == ("The side is {{ side }}.", "p2")
    assert "laboratory" in told.source
    assert {change.place.file for change in made.changes} == {str(tmp_path / "lab" / "lab.yaml")}
    case = source_of(toy_data({"side": "left"}))
    said = [each.text for each in compose(case, Settings(laboratory=own)).sentences()]
    assert "The side is left." in said
    assert compare("one", case, own).changed >= 1


def test_the_phrasebook_and_the_page_show_what_a_fragment_brings(side: Templates) -> None:
    made = side.load(extra="use: [side]\n")
    (phrase,) = [each for each in phrasebook("toy", None).phrases if each.id == "comment.side.told"]
    assert (phrase.words, phrase.when, phrase.source) == (
        "It is the {{ side }} side.",
        "side is answered",
        "The rules: p2",
    )
    shown = list(page(made))
    assert "  side · Side of the body · optional" in shown
    assert "  comment.side.told" in shown


def test_coverage_counts_the_sentences_of_a_fragment(side: Templates) -> None:
    side.write(extra="use: [side]\n")
    assert "comment.side.told" in coverage("toy", None).printed


def test_a_sentence_of_a_fragment_is_explained(side: Templates) -> None:
    side.write(extra="use: [side]\n")
    lines = list(trace_lines(compose(source_of(toy_data({"side": "right"})))))
    told = next(number for number, line in enumerate(lines) if "It is the right side." in line)
    assert lines[told + 1].split() == ["clause", "comment.side.told"]
    assert any("The rules: p2" in line for line in lines[told:])
