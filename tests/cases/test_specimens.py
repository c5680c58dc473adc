"""The list of specimens against the parts: what is on one side alone is told, with its place."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.toy import Templates, codes, toy_findings


def listed(*letters: str) -> list[dict[str, str]]:
    return [{"letter": letter, "description": "skin"} for letter in letters]


@pytest.mark.parametrize(
    ("letters", "found"),
    [
        (("A", "B"), []),
        (("a", "b"), []),
        (("\uff21", "\u0412"), []),
        (("A",), [("W318", "parts.B")]),
        (("A", "B", "C"), [("W318", "specimens.3.letter")]),
        (("A", "B", "B"), [("W318", "specimens.3.letter")]),
        (("A", "D"), [("W318", "specimens.2.letter"), ("W318", "parts.B")]),
    ],
)
def test_what_is_on_one_side_alone_is_told(
    letters: tuple[str, ...], found: list[tuple[str, str]], templates: Templates
) -> None:
    templates.load()
    findings = toy_findings({}, {"site": "leg"}, specimens=listed(*letters))
    assert sorted(codes(findings)) == sorted(found)
    assert all(finding.place.line for finding in findings)


@pytest.mark.parametrize("head", [{}, {"specimens": []}])
def test_without_a_list_nothing_is_held_against_it(head: dict[str, Any], templates: Templates) -> None:
    templates.load()
    assert [code for code, _ in codes(toy_findings({}, {"site": "leg"}, **head)) if code == "W318"] == []
