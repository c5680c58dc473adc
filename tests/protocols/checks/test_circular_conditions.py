"""Definitions that lean on themselves, directly or by any way round, are refused before they can hang a run."""

from __future__ import annotations

import pytest

from tests.support.toy import Templates, codes, said


def choice(id: str, *, applies: str = "", required: str = "", more: str = "") -> str:
    when = f", applies_when: {applies}" if applies else ""
    needed = f", required_when: {required}" if required else ""
    head = f"- {{id: {id}, kind: choice, title: T, status: conditional{when}{needed}{more}"
    return f"{head}, choices: [{{id: x}}], source: {{book: p}}}}\n"


CIRCLES = {
    "itself": (choice("a", applies="a == 'x'"), "", ["a"]),
    "itself, by being required": (choice("a", required="a == 'x'"), "", ["a"]),
    "itself, by being answered": (choice("a", applies="a is answered"), "", ["a"]),
    "itself, by applying": (choice("a", applies="a is applicable"), "", ["a"]),
    "each other": (choice("a", applies="b == 'x'") + choice("b", applies="a == 'x'"), "", ["a", "b"]),
    "applying and required": (choice("a", applies="b == 'x'") + choice("b", required="a == 'x'"), "", ["a", "b"]),
    "three": (
        choice("a", applies="b == 'x'") + choice("b", applies="c == 'x'") + choice("c", applies="a == 'x'"),
        "",
        ["a", "b", "c"],
    ),
    "a fact": ("", "facts: [{id: f, when: g}, {id: g, when: f}]\n", ["f", "g"]),
    "a fact and an element": (choice("a", applies="f"), "facts: [{id: f, when: a == 'x'}]\n", ["f", "a"]),
    "a follow-up and what it hangs below": (
        choice("a", applies="a.d is answered", more=", followups: [{id: d, kind: text, title: D}]"),
        "",
        ["a", "a.d"],
    ),
    "a criterion and a fact": (
        "",
        "facts: [{id: f, when: criteria.c == 'met'}]\n"
        "criteria: [{id: c, title: C, met: f, unmet: f, source: {book: p}}]\n",
        ["f", "criteria.c"],
    ),
    "all criteria and one of them": (
        "",
        "criteria: [{id: c, title: C, met: criteria.met, unmet: site == 'x', source: {book: p}}]\n",
        ["criteria.c"],
    ),
    "a panel and its stain": (
        "- {id: s, kind: panel, title: S, applies_when: \"s.S1 == 'x'\", "
        "stains: [{id: S1}], results: [{id: x}], source: {book: p}}\n",
        "",
        ["s"],
    ),
}


@pytest.mark.parametrize("name", CIRCLES)
def test_a_circle_is_found_at_each_of_its_members(name: str, templates: Templates) -> None:
    elements, extra, members = CIRCLES[name]
    found = [(code, path) for code, path in codes(templates.refused(elements, extra=extra)) if code == "T402"]
    assert sorted(found) == sorted(("T402", member) for member in members)


def test_a_section_that_hangs_on_its_own_element_is_found(templates: Templates) -> None:
    found = templates.refused(choice("a", applies="site is answered"), section="applies_when: a == 'x'\n")
    assert ("T402", "a") in codes(found)
    assert ("T402", "site") in codes(found)


def test_terms_that_print_each_other_are_found(templates: Templates) -> None:
    terms = """\
    terms:
      - {id: t, clauses: [{id: x, when: site is answered, say: "{{ u }}"}]}
      - {id: u, clauses: [{id: x, when: site is answered, say: "{{ t|cap }}"}]}
    """
    wording = said("- {id: one, when: site is answered, say: '{{ t }}', source: {book: p}}", terms=terms)
    assert codes(templates.refused(wording=wording)) == [("T402", "t"), ("T402", "u")]


def test_a_long_way_without_a_circle_is_in_order(templates: Templates) -> None:
    chain = "".join(choice(f"e{n}", applies=f"e{n - 1} == 'x'") for n in range(1, 60))
    templates.load("- {id: e0, kind: choice, title: T, choices: [{id: x}], source: {book: p}}\n" + chain)
