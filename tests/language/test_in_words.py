"""Conditions as a person would say them."""

from __future__ import annotations

import pytest

from reportgen.language.in_words import in_words, words_in_words
from reportgen.protocols.load import load_protocol, protocol_ids


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("growth == 'mixed' and size > 20", 'growth is "mixed" and size is more than 20'),
        ("growth in ['a', 'b', 'c'] or x", 'growth is "a", "b" or "c" or x is true'),
        ("growth not in ['a', 'b']", 'growth is not "a" or "b"'),
        ("'a' in many and 'b' not in many", 'many includes "a" and many does not include "b"'),
        ("not (a <= 3 or b >= 4.5)", "not (a is at most 3 or b is at least 4.5)"),
        ("a and (b or c != 'x')", 'a is true and (b is true or c is not "x")'),
        ("site is naming('left') and size is answered", 'site names "left" and size is answered'),
        ("a is applicable and b is unproven", "a applies and b is not proven"),
        ("site is naming(['lung', 'liver'])", 'site names "lung" or "liver"'),
        ("at_least(2, a, b == 'x', c < 1)", 'at least 2 of these: a is true; b is "x"; c is less than 1'),
        ("any(lesions, lesions.margin == 'x')", 'in some entry of lesions, lesions.margin is "x"'),
        ("all(lesions, a or b)", "in every entry of lesions, (a is true or b is true)"),
        ("count(lesions) == 2", "the number of entries of lesions is 2"),
        ("count(g, g.a > 1) > 2", "the number of entries of g in which g.a is more than 1 is more than 2"),
        ("a + b >= 3", "a + b is at least 3"),
        ("largest(a, b) < smallest(c)", "the largest of a and b is less than the smallest of c"),
        ("true", "always"),
    ],
)
def test_a_condition_is_said_as_it_is_read(text: str, words: str) -> None:
    assert in_words(text) == words


@pytest.mark.parametrize("protocol", protocol_ids())
def test_every_condition_of_a_protocol_has_words(protocol: str) -> None:
    statements = [statement for _, _, statement in load_protocol(protocol).protocol.wording.statements()]
    conditions = {clause.when for statement in statements for clause in statement.clauses}
    assert len({in_words(text) for text in conditions}) == len(conditions)


def test_names_are_called_as_one_likes() -> None:
    called = {"size": "Greatest size", "growth": "Pattern", "lesions": "Lesions"}.__getitem__
    assert in_words("size > 20 or growth is answered", called) == "Greatest size is more than 20 or Pattern is answered"
    assert in_words("count(lesions) > 2", called) == "the number of entries of Lesions is more than 2"


def test_words_say_what_they_print_of_a_case() -> None:
    assert words_in_words("A {{ size|bare|cap }} mass, {{ growth }}.") == "A \u2039size\u203a mass, \u2039growth\u203a."
    assert words_in_words("No braces.") == "No braces."
    assert words_in_words("{{ size }}", str.upper) == "\u2039SIZE\u203a"
