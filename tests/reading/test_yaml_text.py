"""YAML: every scalar stays text, and nothing that only a programmer would understand is taken."""

from __future__ import annotations

import time

import pytest

from reportgen.findings import FindingsError, Place
from reportgen.reading.source import Items, Mapping, Text, plain
from reportgen.reading.yaml_text import DEPTH_LIMIT, read_yaml


def refused(text: str) -> list[tuple[str, int, int]]:
    with pytest.raises(FindingsError) as caught:
        read_yaml(text, "c.yaml")
    return [(finding.code, finding.place.line, finding.place.column) for finding in caught.value.findings]


@pytest.mark.parametrize(
    "word",
    [
        "no", "No", "NO", "yes", "on", "off", "Off", "y", "n", "true", "True", "FALSE",
        "012345", "0o17", "0x1F", "1_000", "12:30:45", "1:30", "1.10", "1.", "-0", "1e3", ".inf", ".nan", "-.INF",
        "2026-11-16", "2026-11-16T10:00:00Z", "S26-01234", "<1.0 mm", "80 %", "=", "nULL", "none",
    ],
)  # fmt: skip
def test_a_plain_scalar_stays_as_it_was_written(word: str) -> None:
    value = read_yaml(f"a: {word}", "c.yaml").get("a")
    assert isinstance(value, Text)
    assert (value.text, value.empty) == (word, False)


@pytest.mark.parametrize("word", ["", "~", "null", "Null", "NULL"])
def test_nothing_is_nothing_and_in_quotes_a_word(word: str) -> None:
    value = read_yaml(f"a: {word}", "c.yaml").get("a")
    assert isinstance(value, Text)
    assert value.empty
    quoted = read_yaml(f'a: "{word}"', "c.yaml").get("a")
    assert isinstance(quoted, Text)
    assert (quoted.text, quoted.empty) == (word, False)


def test_quoted_folded_and_literal_text_is_read_as_yaml_says() -> None:
    text = "a: \"x\\ty \\u00e9\"\nb: 'it''s'\nc: >-\n  one\n  two\nd: |\n  one\n  two\n"
    assert plain(read_yaml(text, "c")) == {"a": "x y é", "b": "it's", "c": "one two", "d": "one\ntwo\n"}


def test_text_is_composed() -> None:
    assert plain(read_yaml("a: e\u0301 mm²", "c")) == {"a": "é mm²"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1\nb: 2\na: 3", [("E002", 3, 1)]),
        ("a: 1\n'a': 2", [("E002", 2, 1)]),
        ("p: {a: 1, a: 2}", [("E002", 1, 11)]),
        ("a: &x 1", [("E003", 1, 4)]),
        ("a: &x 1\nb: *x", [("E003", 1, 4), ("E003", 2, 4)]),
        ("a: &x {b: 1}\nc:\n  <<: *x", [("E003", 1, 4), ("E003", 3, 3), ("E003", 3, 7)]),
        ("<<: {a: 1}", [("E003", 1, 1)]),
        ("a: !!str 1", [("E003", 1, 4)]),
        ("a: !!python/object/apply:os.system [id]", [("E003", 1, 4)]),
        ("a: !include x", [("E003", 1, 4)]),
        ("!!map {a: 1}", [("E003", 1, 1)]),
        ("? [a, b]\n: 1", [("E006", 1, 3)]),
        ("? {a: b}\n: 1", [("E006", 1, 3)]),
        ("a: 1\n---\nb: 2", [("E006", 2, 1)]),
        ("---\na: 1\n...\n---\n", [("E006", 4, 1)]),
        ("- a\n- b", [("E006", 1, 1)]),
        ("just words", [("E006", 1, 1)]),
        ("a: [1, 2", [("E006", 2, 1)]),
        ("a:\n\tb: 1", [("E006", 2, 1)]),
        ("a: b: c", [("E006", 1, 5)]),
        ("a: 'x", [("E006", 1, 6)]),
        ('a: "\\q"', [("E006", 1, 5)]),
        ("a: @b", [("E006", 1, 4)]),
        ("a: `b`", [("E006", 1, 4)]),
        ("%YAML 9.9\n---\na: 1", [("E006", 1, 1)]),
        ('a: "\\x07"', [("E004", 1, 4)]),
        ('a: "\\u2028"', [("E004", 1, 4)]),
        ('a: "\\ue000"', [("E004", 1, 4)]),
        ('a: "\\u202e"\nb: "\\u200b"', [("E005", 1, 4), ("E005", 2, 4)]),
        ('"\\u200b": 1', [("E005", 1, 1)]),
        ("a: x\x00y", [("E004", 1, 5)]),
        ("a: 1\nb: é\u202ex", [("E005", 2, 5)]),
        ("a: 1 # \u200b", [("E005", 1, 8)]),
    ],
)
def test_what_is_not_taken_is_refused_at_its_place(text: str, found: list[tuple[str, int, int]]) -> None:
    assert refused(text) == found


def test_all_findings_come_in_one_pass() -> None:
    text = 'a: &x 1\na: 2\nb: *x\nc: !t 3\nd: "\\x07"\n<<: {e: 1}\n? [f]\n: 1\n'
    assert [code for code, _, _ in refused(text)] == ["E003", "E002", "E003", "E003", "E004", "E003", "E006"]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", "---\n", "---\n...\n", "{}", "~"])
def test_an_empty_file_is_a_case_without_entries(text: str) -> None:
    if text in ("---\n", "---\n...\n", "~"):
        assert refused(text)[0][0] == "E006"
    else:
        assert read_yaml(text, "c.yaml").entries == ()


def nested(levels: int) -> str:
    """A mapping with `levels` levels in all."""
    return "a: " + "[" * (levels - 1) + "]" * (levels - 1)


def test_so_many_levels_are_read_and_one_more_is_not() -> None:
    assert isinstance(read_yaml(nested(DEPTH_LIMIT), "c").get("a"), Items)
    assert refused(nested(DEPTH_LIMIT + 1)) == [("E007", 1, 3 + DEPTH_LIMIT)]


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 5_000,
        "a: " + "{b: " * 5_000,
        "\n".join(" " * level + "a:" for level in range(2_000)),
        "- " * 5_000,
        "? " * 5_000,
    ],
    ids=["brackets", "braces", "indents", "dashes", "questions"],
)
def test_deep_nesting_is_refused_fast(text: str) -> None:
    start = time.perf_counter()
    assert refused(text)[0][0] in ("E006", "E007")
    assert time.perf_counter() - start < 0.5


def test_an_alias_bomb_is_refused_fast() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    start = time.perf_counter()
    found = refused("\n".join(lines))
    assert {code for code, _, _ in found} == {"E003"}
    assert len(found) == 10 + 9 * 9
    assert time.perf_counter() - start < 0.5


def test_a_long_text_of_one_kind_is_read_fast() -> None:
    start = time.perf_counter()
    for text in ("a: " + "x" * 990_000, "a: '" + "''" * 400_000 + "'", "#" * 990_000):
        read_yaml(text, "c")
    assert time.perf_counter() - start < 3


def test_every_value_and_key_has_its_place() -> None:
    node = read_yaml("a: 1\nb:\n  - x\n  - {c: é, d: y}\n", "c.yaml")
    assert node.place_of("b") == Place("c.yaml", 2, 1)
    items = node.get("b")
    assert isinstance(items, Items)
    assert [item.place for item in items.items] == [Place("c.yaml", 3, 5), Place("c.yaml", 4, 5)]
    inner = items.items[1]
    assert isinstance(inner, Mapping)
    value = inner.get("d")
    assert value is not None
    assert (inner.place_of("d"), value.place) == (Place("c.yaml", 4, 12), Place("c.yaml", 4, 15))
