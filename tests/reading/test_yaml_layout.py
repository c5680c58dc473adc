"""What YAML would drop or join without a word: remarks close behind a value, and lines made one."""

from __future__ import annotations

from unicodedata import normalize

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reportgen.cases.validate import validate
from reportgen.findings import FindingsError
from reportgen.reading import yaml_text
from reportgen.reading.characters import refused as refused_character
from reportgen.reading.source import Doubt, Items, Mapping, Text
from reportgen.reading.yaml_text import read_yaml


@pytest.fixture(params=["C", "Python"], autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both of the parsers that PyYAML may come with."""
    monkeypatch.setattr(
        yaml_text, "_LOADER", getattr(yaml, "CSafeLoader", yaml.SafeLoader) if request.param == "C" else yaml.SafeLoader
    )


def refused(text: str) -> list[tuple[str, int, int]]:
    with pytest.raises(FindingsError) as caught:
        read_yaml(text, "c.yaml")
    return [(each.code, each.place.line, each.place.column) for each in caught.value.findings]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("history: Papule. Prior case #S25-777 showed melanoma.\n", 1, 29),
        ("a: nevus #2", 1, 10),
        ("a: nevus   #2", 1, 12),
        ("a: #2 nevus", 1, 4),
        ('a: "nevus" #2', 1, 12),
        ("a: 'it''s' #2", 1, 12),
        ("a: [one, #2 two\n  ]", 1, 10),
        ("a: {b: one #2\n  }", 1, 12),
        ("a: {b: one} #2", 1, 13),
        ("a:\n  - nevus #2\n", 2, 11),
        ("a:\n  - #2 nevus\n", 2, 5),
        ("a: | #2\n  one\n", 1, 6),
        ("a: >- #2\n  one\n", 1, 7),
        ("a: |\n    one\n  #2 two\nb: x\n", 3, 3),
        ("a: one\n  #2 two\nb: x\n", 2, 3),
        ("é: ü\r\na: nevus #2\r\n", 2, 10),
        ("a: one\n  two #3\n", 2, 7),
    ],
)
def test_a_number_sign_that_takes_words_is_refused_at_its_place(text: str, line: int, column: int) -> None:
    assert refused(text) == [("E020", line, column)]


def test_a_tab_before_the_sign_is_no_way_around() -> None:
    try:
        value = read_yaml("a: arm\t# upper\n", "c").get("a")
    except FindingsError:  # the parser written in Python takes no tabs there
        return
    assert isinstance(value, Text)
    assert value.doubts == (Doubt.cut,)


@pytest.mark.parametrize(
    "text",
    [
        "# head\na: one\n#b: two\n#!x\n",
        "a:  # Title; required\n",
        "a: one  # a remark in the way of the starter\n",
        "a: # words\nb: one\n",
        "a:\n  # core\n  b: one\n  #c: two\n  d: e\n",
        "p:\n  - a: one\n    # next\n    #b: two\n    c: d\n",
        "l:\n  - one\n  # note\n  #- two\n  - three\n",
        'a: "nevus #2"\n',
        "a: 'nevus #2'\n",
        "a: nevus#2 and C#\n",
        "a: |\n  # one\n  #2 two\n",
        'a: "one" # the quotes say where it ends\n',
        "a: [one, two] # of a list\n",
        "a: one #\n",
    ],
)
def test_a_remark_that_takes_nothing_stays_one(text: str) -> None:
    assert not any(found.doubts for found in texts(read_yaml(text, "c.yaml")))


def texts(node: object) -> list[Text]:
    if isinstance(node, Text):
        return [node]
    if isinstance(node, Items):
        return [each for item in node.items for each in texts(item)]
    return [each for entry in node for each in texts(entry.value)] if isinstance(node, Mapping) else []


@pytest.mark.parametrize(
    "text",
    [
        "a: Prior case # S25-777 showed melanoma\n",
        "a: arm # upper\n",
        "a: nevus  # 2\n",
        "a: {b: arm # upper\n  }\n",
        "a:\n  - arm # upper\n",
        "a: | # prior case\n  one\n",
        "a: |\n    one\n  # two\nb: c\n",
        "a: one\n  # two\nb: c\n",
    ],
)
def test_a_remark_that_may_have_been_meant_is_doubted(text: str) -> None:
    assert [found.doubts for found in texts(read_yaml(text, "c")) if found.doubts] == [(Doubt.cut,)]


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("a: one\n  two\n", Doubt.joined),
        ("a: one\n\n  two\n", None),
        ("a: one\n\n  two\n  three\n", Doubt.joined),
        (f"a: {'word ' * 22}words\n  follow here\n", Doubt.folded),  # 118 columns; no room for the next word in 120
        (f"a: {'word ' * 22}words\n  to follow\n", Doubt.folded),
        (f"a: {'word ' * 18}\n  to follow\n", Doubt.joined),
        (f"a: {'word ' * 15}\n  Margins clear\n  Nevus\n", Doubt.joined),
        ('a: "one\n  two"\n', Doubt.joined),
        ("a: 'one\n  two'\n", Doubt.joined),
        ('a: "one\\ntwo"\n', None),
        ('a: "one\n  "\n', None),
        ("a: |\n  one\n  two\n", None),
        ("a: >-\n  Melanoma in situ\n  Margins clear\n", Doubt.folded),
        ("a: >\n  one\n\n  two\n", None),
        (f"a: >-\n  {'word ' * 20}longer\n  word\n", None),
        (f"a: >-\n  Margins clear\n  {'word ' * 20}longer\n", Doubt.folded),
    ],
)
def test_lines_that_become_one_are_doubted(text: str, doubt: Doubt | None) -> None:
    (value,) = texts(read_yaml(text, "c"))
    assert value.doubts == ((doubt,) if doubt else ())


CASE = """\
protocol: general
accession: T1
patient: {name: "Invented, Ida", mrn: "1", birth_date: 1970-01-01, sex: female}
parts:
  - label: A
    site: left arm
    laterality: left
    procedure: punch
"""


def found(more: str) -> list[tuple[str, str]]:
    return [(each.code, each.path) for each in validate(read_yaml(CASE + more, "c")).findings]


def test_what_is_doubtful_is_told_with_the_element_it_concerns() -> None:
    folded = "\n      Margins clear\n      Nevus\n"
    assert found(f"    diagnosis: Melanoma in situ{folded}") == [("E116", "parts.A.diagnosis")]
    assert found(f"    diagnosis: >-\n      Melanoma in situ{folded}") == [("W311", "parts.A.diagnosis")]
    assert found(f"    diagnosis: |\n      Melanoma in situ{folded}") == []
    override = f"    protocol: aismn\n    override: {{diagnosis: 'Melanoma in situ{folded}'}}"
    assert ("E116", "parts.A.override.diagnosis") in found(override)
    assert found("    received_as: skin lesion # 2 left arm") == [("W311", "parts.A.received_as")]
    assert found("    received_as: skin lesion\n      of the left arm") == []
    assert found("    diagnosis: nevus # atypical") == [("W311", "parts.A.diagnosis")]


@given(
    st.lists(st.text("abcdefghij,.", min_size=1, max_size=12), min_size=1, max_size=80).map(" ".join),
    st.sampled_from(["", '"', "'"]),
)
def test_what_a_program_wraps_is_not_refused(text: str, quotes: str) -> None:
    """PyYAML folds a long text by itself; nobody who writes case files with it needs to know."""
    dumped = yaml.safe_dump({"long": {"key": " ".join(text.split())}}, default_style=quotes or None)
    (value,) = texts(read_yaml(dumped, "c"))
    assert value.text == " ".join(text.split())
    assert Doubt.joined not in value.doubts


words = st.text(st.characters(codec="utf-8"), max_size=40).filter(lambda text: refused_character(text) is None)


@given(words)
def test_a_plain_value_is_read_whole_or_not_without_a_word(text: str) -> None:
    """Whatever is typed behind a key in one line: all of it is read, or something is said."""
    line = normalize("NFC", " ".join(text.split()))  # as every text is read
    try:
        value = read_yaml(f"a: {line}\n", "c").get("a")
    except FindingsError:
        return
    kept = isinstance(value, Text) and (not value.text or value.text in line)
    dropped = line[len(value.text) :] if isinstance(value, Text) else ""
    assert kept or not isinstance(value, Text) or line[:1] in "\"'"
    if isinstance(value, Text) and value.text and "#" in dropped and line[:1] not in "\"'":
        assert value.doubts or dropped.strip() == "#"
