"""JSON: the same text values as from YAML, each with its place; and what any JSON writer writes is read back."""

from __future__ import annotations

import json
import time
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.findings import FindingsError, Place
from reportgen.reading.characters import refused as refused_character
from reportgen.reading.json_text import read_json
from reportgen.reading.source import Items, Mapping, Node, Text, plain
from reportgen.reading.yaml_text import DEPTH_LIMIT, read_yaml


def refused(text: str) -> list[tuple[str, int, int]]:
    with pytest.raises(FindingsError) as caught:
        read_json(text, "c.json")
    return [(finding.code, finding.place.line, finding.place.column) for finding in caught.value.findings]


@pytest.mark.parametrize(
    "written", ["1", "1.10", "-0", "1e3", "-1.5E+10", "0.000", "true", "false", "123456789012345678901234567890"]
)
def test_a_bare_value_keeps_the_characters_it_was_written_with(written: str) -> None:
    assert plain(read_json(f'{{"a": {written}}}', "c")) == {"a": written}


def test_a_number_of_5000_digits_is_text_like_any_other() -> None:
    assert plain(read_json('{"a": ' + "1" * 5_000 + "}", "c")) == {"a": "1" * 5_000}


def test_null_is_nothing_and_in_quotes_a_word() -> None:
    node = read_json('{"a": null, "b": "null", "c": ""}', "c")
    values = [entry.value for entry in node]
    assert [value.empty for value in values if isinstance(value, Text)] == [True, False, False]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1,\n "b": 2,\n "a": 3}', [("E002", 3, 2)]),
        ('{"a": {"b": 1, "b": 2}, "a": 1}', [("E002", 1, 16), ("E002", 1, 25)]),
        ('{"a": 1, "\\u0061": 2}', [("E002", 1, 10)]),
        ('{"a": NaN}', [("E006", 1, 7)]),
        ('{"a": Infinity, "b": -Infinity}', [("E006", 1, 7), ("E006", 1, 22)]),
        ('{"a": 1,}', [("E006", 1, 9)]),
        ('{"a": [1, 2,]}', [("E006", 1, 13)]),
        ('{"a" 1}', [("E006", 1, 6)]),
        ("{'a': 1}", [("E006", 1, 2)]),
        ("{a: 1}", [("E006", 1, 2)]),
        ('{"a": 01}', [("E006", 1, 8)]),
        ('{"a": .5}', [("E006", 1, 7)]),
        ('{"a": +1}', [("E006", 1, 7)]),
        ('{"a": 0x1}', [("E006", 1, 8)]),
        ('{"a": tru}', [("E006", 1, 7)]),
        ('{"a": "x\ny"}', [("E006", 1, 9)]),
        ('{"a": "\\x41"}', [("E006", 1, 8)]),
        ('{"a": 1} x', [("E006", 1, 10)]),
        ('{"a": 1}{"b": 2}', [("E006", 1, 9)]),
        ('{"a": /* no */ 1}', [("E006", 1, 7)]),
        ("", [("E006", 1, 1)]),
        ("[]", [("E006", 1, 1)]),
        ('"a"', [("E006", 1, 1)]),
        ("null", [("E006", 1, 1)]),
        ('\n {"a": "\\u0007"}', [("E004", 2, 8)]),
        ('{"a": "\\ud83d"}', [("E004", 1, 7)]),
        ('{"a": "\\ude00\\ud83d"}', [("E004", 1, 7)]),
        ('{"a": "\u202ex", "\u200b": 1}', [("E005", 1, 7), ("E005", 1, 13)]),
    ],
)
def test_what_is_not_taken_is_refused_at_its_place(text: str, found: list[tuple[str, int, int]]) -> None:
    assert refused(text) == found


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ('{"a": 1,}', "a comma precedes the closing bracket", 9),
        ('{"a": [1, 2 , ]}', "a comma precedes the closing bracket", 15),
        ("{a: 1}", "a key in double quotes is expected here", 2),
        ('{"a" 1}', "a colon is expected here, between the key and its value", 6),
        ('{"a": 1 "b": 2}', "a comma or a closing bracket is expected here", 9),
        ('{"a": "x', "the text that begins here has no closing quotation mark", 7),
        ('{"a": 1} x', "the object has ended, and more follows", 10),
    ],
)
def test_the_complaint_is_in_our_own_words(text: str, message: str, column: int) -> None:
    with pytest.raises(FindingsError) as caught:
        read_json(text, "c.json")
    (finding,) = caught.value.findings
    assert (finding.message, finding.place.column) == (f"JSON: {message}", column)


def test_a_later_python_words_and_places_it_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    text = '{"a": 1 , }'

    def loads(text: str, **_: object) -> None:
        raise json.JSONDecodeError("Illegal trailing comma before end of object", text, text.index(","))

    monkeypatch.setattr("reportgen.reading.json_text.json.loads", loads)
    with pytest.raises(FindingsError) as caught:
        read_json(text, "c.json")
    assert [(each.message, each.place.column) for each in caught.value.findings] == [
        ("JSON: a comma precedes the closing bracket", text.index("}") + 1)
    ]


def test_a_surrogate_pair_is_one_character() -> None:
    assert plain(read_json('{"a": "\\ud83d\\ude00 \\u00e9"}', "c")) == {"a": "😀 é"}


def test_line_ends_in_a_text_are_line_feeds() -> None:
    assert plain(read_json('{"a": "one\\r\\ntwo\\rthree\\nfour\\tfive"}', "c")) == {"a": "one\ntwo\nthree\nfour five"}


def test_so_many_levels_are_read_and_one_more_is_not() -> None:
    def nested(levels: int) -> str:
        return '{"a": ' + "[" * (levels - 1) + "]" * (levels - 1) + "}"

    assert isinstance(read_json(nested(DEPTH_LIMIT), "c").get("a"), Items)
    assert refused(nested(DEPTH_LIMIT + 1)) == [("E007", 1, 6 + DEPTH_LIMIT)]


def test_what_stands_beside_each_other_is_no_deeper() -> None:
    node = read_json('{"a": [' + ", ".join(["[]", "{}"] * 50) + "]}", "c").get("a")
    assert isinstance(node, Items)
    assert len(node.items) == 100


def test_brackets_inside_a_text_are_no_levels() -> None:
    assert plain(read_json('{"a": "[[[[[[[[[[[[[[[[[[[[[[[[[[\\"[[["}', "c")) == {"a": "[" * 26 + '"[[['}


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"a":' * 100_000, "]" * 9 + "[" * 100_000, '"' + '\\"' * 400_000, '{"a": "' + "\\\\" * 400_000],
    ids=["brackets", "braces", "closed first", "open string", "open string of backslashes"],
)
def test_hostile_text_is_refused_fast(text: str) -> None:
    start = time.perf_counter()
    assert refused(text)[0][0] in ("E006", "E007")
    assert time.perf_counter() - start < 1


# ------------------------------------------------------------------------------ whatever a JSON writer writes

kept = st.characters(codec="utf-8").filter(lambda char: refused_character(char.replace("\r", "\n")) is None)
texts = st.text(kept, max_size=12)
bare = st.integers(-(10**12), 10**12) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
data = st.recursive(
    texts | bare | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def expected(value: Any) -> object:
    """Data as the reader gives it: scalars as text, composed."""
    match value:
        case None:
            return None
        case bool() | int() | float():
            return json.dumps(value)
        case str():
            unified = value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
            return unicodedata.normalize("NFC", unified)
        case list():
            return [expected(item) for item in value]
    return {expected(key): expected(item) for key, item in value.items()}


def twins(value: Any) -> bool:
    """Whether two keys of one mapping are the same once composed."""
    match value:
        case dict():
            keys = [expected(key) for key in value]
            return len(set(keys)) < len(keys) or any(map(twins, value.values()))
        case list():
            return any(map(twins, value))
    return False


@given(st.dictionaries(texts, data, max_size=5), st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_what_json_dumps_writes_is_read_back(value: dict[str, Any], ascii_only: bool, indent: int | str | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    if twins(value):
        assert {code for code, _, _ in refused(text)} == {"E002"}
    else:
        assert plain(read_json(text, "c")) == expected(value)


def walk(node: Node) -> list[Node]:
    match node:
        case Text():
            return [node]
        case Items(items=items):
            return [node, *(inner for item in items for inner in walk(item))]
        case Mapping(entries=entries):
            return [node, *(inner for entry in entries for inner in walk(entry.value))]


@given(st.dictionaries(texts, data, max_size=5), st.sampled_from([None, 0, 3]))
def test_every_place_points_at_its_value(value: dict[str, Any], indent: int | None) -> None:
    if twins(value):
        return
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    lines = text.split("\n")
    decoder = json.JSONDecoder()
    for node in walk(read_json(text, "c")):
        rest = "\n".join([lines[node.place.line - 1][node.place.column - 1 :], *lines[node.place.line :]])
        found, _ = decoder.raw_decode(rest)
        assert expected(found) == plain(node)


def place_of_keys(node: Node) -> list[tuple[str, Place]]:
    match node:
        case Mapping(entries=entries):
            return [pair for e in entries for pair in [(e.key, e.place), *place_of_keys(e.value)]]
        case Items(items=items):
            return [pair for item in items for pair in place_of_keys(item)]
    return []


@given(st.dictionaries(texts, data, max_size=5))
def test_yaml_reads_the_same_from_json_with_the_same_places(value: dict[str, Any]) -> None:
    # JSON is YAML, where keys are short, nothing is repeated, and no line end stands between a key and its colon.
    if twins(value):
        return
    text = json.dumps(value, ensure_ascii=False)
    one, two = read_json(text, "c"), read_yaml(text, "c")
    assert plain(one) == plain(two)
    assert place_of_keys(one) == place_of_keys(two)
