"""Placeholders that are not typed as they must be: the paragraph, what is wrong with it, the next step."""

from __future__ import annotations

import pytest

from tests.formats.word_templates import BODY, first, good, headed, part_named, told

_WRONG = {
    "{{ report.title }": "T408 {}: a brace is missing: “{{ report.title }” has no }} (end the placeholder with }},",
    "{ report.title }}": "T408 {}: a brace is missing: “{ report.title }}” has no {{ (begin the placeholder with {{,",
    "{% if report.title": "T408 {}: a brace is missing: “{% if report.title” has no %} (",
    "{{ report.title }} and {{ report.mark": "T408 {}: a brace is missing: “{{ report.mark” has no }} (",
    "{{ block.notices }}": "T408 {}: a block needs the p: “{{ block.notices }}” would print markup in place of words "
    "(write {{p block.notices }}, alone in its paragraph)",
    "{{block.gross}}": "",
    "{{ part.block }}": "T408 {}: a block needs the p",
    "{{r block.gross }}": "T408 {}: a block needs the p",
    "{{p report.title }}": "T408 {}: “{{p report.title }}” prints no block, so its words would be outside the text "
    "(write {{ report.title }})",
    "{{tr report.title }}": "T408 {}: “{{tr report.title }}” prints no block",
    "Words {%p if report.title %}": "T416 {}: words beside a tag for the whole paragraph or row would be lost",
    "x {{p block.gross }}": "T416 {}: words beside a tag",
    "{% vm %}": "T408 {}: a tag that joins or colors cells is not offered",
    "{% cellbg report.title %}": "T408 {}: a tag that joins or colors cells is not offered",
}


@pytest.mark.parametrize("typed", _WRONG)
def test_a_placeholder_that_is_wrong_is_told_with_its_paragraph(typed: str) -> None:
    found = told(good(first("Words"), first(typed)))
    expected = (_WRONG[typed] or "T408 {}: a block needs the p").replace("{}", f"{BODY}, paragraph 1", 1)
    assert len(found) >= 1
    assert found[0].startswith(expected)


def test_a_placeholder_in_a_header_is_told_there() -> None:
    data = good(headed("{{ report.mark }"))
    assert told(data)[0].startswith(f"T408 {part_named(data, 'header')}, paragraph 2: a brace is missing")


@pytest.mark.parametrize(
    "typed", ["{{ report.title }}", "{x} and }", "{% if report.title %}x{% endif %}", "{{- line }}"]
)
def test_a_placeholder_that_is_whole_passes(typed: str) -> None:
    assert told(good(first(typed))) == []
