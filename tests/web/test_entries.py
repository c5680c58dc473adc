"""What a control sends as an entry of the file, and an entry as what its control shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from reportgen.cases.entries import Walk
from reportgen.cases.model import Value
from reportgen.findings import Place
from reportgen.protocols.elements import (
    ChoiceElement,
    CountElement,
    DateElement,
    Element,
    ElementBase,
    QuantityElement,
    TextElement,
)
from reportgen.protocols.load import load_header, load_protocol, protocol_ids
from reportgen.protocols.slots import Slot
from reportgen.reading.source import source_of
from reportgen.web.entries import Control, Entry, distinct_units, entry, shown

MADE: TypeAdapter[ElementBase] = TypeAdapter(Element)


def element(**facts: Any) -> ElementBase:
    return MADE.validate_python({"id": "it", "title": "It", **facts})


SIZE = element(
    kind="quantity", unit="mm", units={"cm": "10", "millimetres": "1"}, dimensions=3, undetermined="cannot tell"
)
PERCENT = element(kind="quantity", unit="%", maximum="100")
LENS = element(kind="quantity", unit="×", units={"x": "1"})
COUNT = element(kind="count", per=["10 HPF", "mm²"], undetermined="cannot tell")
ONE_BASIS = element(kind="count", per=["10 HPF"])
PLAIN = element(kind="count")
WORDS = element(kind="text")
LINES = element(kind="text", lines="true")
DAY = element(kind="date")
ONE = element(
    kind="choice", undetermined="cannot tell", choices=[{"id": "a"}, {"id": "b"}, {"id": "x", "fill_in": True}]
)
MANY = element(
    kind="choice",
    multiple=True,
    undetermined="cannot tell",
    choices=[{"id": "m"}, {"id": "n"}, {"id": "x", "fill_in": True}, {"id": "none", "exclusive": True}],
)
ASKING = element(
    kind="choice",
    multiple=True,
    choices=[
        {"id": "a", "response": {"kind": "text"}},
        {"id": "b", "response": {"kind": "quantity", "unit": "mm", "required": "false"}},
        {"id": "x", "fill_in": True},
    ],
)
LEAST = element(kind="quantity", unit="mm", units={"cm": "10"}, at_least="at least")
BARE = element(kind="quantity", unit="none")
KINDS = (SIZE, LEAST, BARE, PERCENT, LENS, COUNT, ONE_BASIS, PLAIN, WORDS, LINES, DAY, ONE, MANY)


def read(slot: Slot, node: Entry) -> tuple[Value | None, list[str]]:
    """What validation makes of an entry, and the codes of what it finds."""
    walk = Walk(replace(load_header(), slots={slot.path: slot}, children={}))
    if node is not None:
        (found,) = source_of({"it": node})
        walk.entry(slot, found.value, Place(), slot.path)
    answer = walk.answers.get(slot.path)
    return answer.value if answer else None, [finding.code for finding in walk.findings]


def again(one: ElementBase, node: object) -> Entry:
    """What a control sends that shows this and was not touched."""
    return entry(one, shown(one, node))


def answers_of(one: ElementBase) -> Iterator[Entry]:
    """Answers that an element takes, in the ways that a file may give them."""
    if one.undetermined:
        yield f"{one.undetermined} (too small)"
        yield f"{one.undetermined.upper()}   (too small (really))"
        yield {"result": one.undetermined, "reason": "too small"}
    match one:
        case ChoiceElement(choices=choices):
            single: list[Entry] = []
            for choice in choices:
                if choice.fill_in:
                    single += [{"result": choice.id, "text": "own: words"}]
                else:
                    single += [choice.id, choice.id.upper(), {"result": choice.id}]
            yield from single
            yield from ([each] for each in single if one.multiple and not isinstance(each, dict))
            if one.multiple:
                yield [each.id for each in choices if not each.exclusive and not each.fill_in]
                yield [{"result": each.id, "text": f"own {n}"} for n, each in enumerate(choices) if each.fill_in]
                yield {"result": [choices[0].id, choices[-1].id] if choices[-1].fill_in else "other", "text": "own"}
        case QuantityElement(dimensions=dimensions):
            low = max(one.minimum, type(one.minimum)(1))
            for unit in (one.unit, *one.units):
                signs = ("", *["~"] * one.about, *(("<", "<=", "≤ ", ">", ">= ", "≥") if one.bounds else ()))
                yield from (f"{sign}{low} {unit}" for sign in signs)
                yield from (
                    (f"{one.at_least} {low} {unit}", f"{one.at_least.upper()}  {low}{unit}") if one.at_least else ()
                )
                yield f"{low}{unit}"
                part = ".50" if one.decimals is None else f".{'5' * one.decimals}".rstrip(".")
                yield f"{low} x {low}.5 × {low} {unit}" if dimensions == 3 else {"result": f"{low}{part} {unit}"}
        case CountElement(per=()):
            yield from ("4", "<1", *["~ 12"] * one.about)
        case CountElement(per=bases):
            for per in bases:
                yield from (f"4 per {per}", f"<=1 / {per}", {"count": "<3", "per": per}, {"result": f"4/{per}"})
                yield {"count": f"{'~' * one.about}3", "per": per.replace("²", "2")}
        case DateElement(coarse=coarse):
            yield from ("2026-01-02", {"result": "2026-01-02"}, *(("1961", "1961-04") if coarse else ()))
        case TextElement(maximum=maximum):
            texts = ("words: of 'mine', #1", "no")
            yield from (text[:maximum].strip() for text in texts)
            yield {"result": "some words"[:maximum].strip()}


@pytest.mark.parametrize(
    "node",
    [
        ["b"],
        [{"result": "b", "text": "5 mm"}],
        [{"result": "a", "text": "words"}, {"result": "b", "text": "<5 mm"}, {"result": "x", "text": "own"}],
    ],
)
def test_responses_are_shown_and_sent_back(node: list[Any]) -> None:
    slot = Slot("it", ASKING, "main")
    before = read(slot, node)
    assert before[0] is not None
    assert read(slot, again(ASKING, node)) == before


def test_a_minimum_is_a_choice_beside_the_comparators() -> None:
    found = shown(LEAST, "at least 1.5 cm")
    assert (found.sign, found.value, found.unit) == ("at least", "1.5", "cm")
    assert entry(LEAST, Control(value="1.5", sign="at least", unit="mm")) == "at least 1.5 mm"
    assert entry(LEAST, Control(value="<1.5 mm", sign="at least")) == "at least <1.5 mm"
    assert shown(LEAST, "at least <1.5 mm").value == "at least <1.5 mm"
    assert entry(LEAST, Control(sign="at least")) is None


def test_a_response_takes_the_unit_of_its_answer() -> None:
    assert entry(ASKING, Control(answers=("b",), texts={"b": "5"})) == [{"result": "b", "text": "5 mm"}]
    assert entry(ASKING, Control(answers=("b",), texts={"b": "5 cm"})) == [{"result": "b", "text": "5 cm"}]


@lru_cache
def built_in() -> tuple[Slot, ...]:
    forms = [load_header(), *(load_protocol(id) for id in protocol_ids())]
    return tuple(slot for form in forms for slot in form.slots.values() if not slot.is_group)


def test_what_is_shown_of_an_answer_and_sent_back_is_the_same_answer() -> None:
    tried = 0
    for slot in (*built_in(), *(Slot("it", each, "main") for each in KINDS)):
        for node in answers_of(slot.element):
            before = read(slot, node)
            assert before[0] is not None and not before[1], (slot.path, node, before)  # noqa: PT018
            assert read(slot, again(slot.element, node)) == before, (slot.path, node)
            tried += 1
    assert tried > 500


NUMBERS = st.text("0123456789 .,<>=~≤≥x×/-per mcHPF²2%", max_size=16) | st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "<", "<=", "≥ ", "~", "~<", "about "]),
    st.sampled_from(["4", "0.5", "1,5", "8 x 6 x 2", "8x6", "20x", "4 5", "", "1e3", "3-4"]),
    st.sampled_from(["", " ", " per ", "/"]),
    st.sampled_from(["", "mm", "cm", "millimetres", "10 HPF", "mm²", "mm2", "%", "x", "×", "inch", "per mm²", "-"]),
)


@given(NUMBERS | st.text(max_size=30), st.sampled_from(KINDS), st.booleans())
def test_whatever_stands_in_the_file_is_shown_so_that_sending_it_back_makes_nothing_else_of_it(
    text: str, one: ElementBase, listed: bool
) -> None:
    slot = Slot("it", one, "main")
    node = again(one, [text] if listed else text)
    before, after = read(slot, text), read(slot, node)
    if "E103" in before[1]:
        assert node is None
        assert shown(one, text).value == text
    elif one in (PERCENT, LENS, ONE_BASIS) and before[1] == ["E105"]:
        assert shown(one, text).unit == ""  # the unit that stands beside the field was not in the file
    else:
        assert (after[0], [each for each in after[1] if each[0] == "E"]) == (
            before[0],
            [each for each in before[1] if each[0] == "E"],
        )
    assert again(one, node) == node


@given(NUMBERS, st.sampled_from(("", "<", "≥")), st.sampled_from((SIZE, COUNT, PLAIN)))
def test_a_number_without_a_unit_stays_without_and_no_unit_is_added_to_what_is_no_number(
    value: str, sign: str, one: ElementBase
) -> None:
    made = entry(one, Control(value=value, sign=sign))
    assert made is None or (isinstance(made, str) and made.endswith(" ".join(value.split())))


@pytest.mark.parametrize(
    ("one", "sent", "made"),
    [
        (SIZE, Control(value="8", unit="cm"), "8 cm"),
        (SIZE, Control(value=" 8 x 6  x 2 ", unit="mm"), "8 x 6 x 2 mm"),
        (SIZE, Control(value="8", sign="<", unit="mm"), "<8 mm"),
        (SIZE, Control(value="8 mm", unit="cm"), "8 mm"),
        (SIZE, Control(value="8mm"), "8mm"),
        (SIZE, Control(value="≤8", sign="<", unit="mm"), "≤8 mm"),
        (SIZE, Control(value="1,5", unit="mm"), "1,5 mm"),
        (SIZE, Control(value="about 8", unit="mm"), "about 8"),
        (SIZE, Control(sign="<", unit="mm"), None),
        (SIZE, Control(value="cannot tell (why)", unit="mm"), "cannot tell (why)"),
        (SIZE, Control(undetermined=True, value="8", unit="mm"), "cannot tell"),
        (SIZE, Control(undetermined=True, reason=" too  small "), {"result": "cannot tell", "reason": "too small"}),
        (PERCENT, Control(value="80"), "80 %"),
        (PERCENT, Control(value="80%"), "80%"),
        (LENS, Control(value="40"), "40 ×"),
        (LENS, Control(value="40x"), "40x"),
        (LENS, Control(value="40×"), "40×"),
        (COUNT, Control(value="4"), "4"),
        (COUNT, Control(value="4", sign="~", unit="mm²"), {"count": "~4", "per": "mm²"}),
        (COUNT, Control(value="4/mm²", unit="10 HPF"), "4/mm²"),
        (COUNT, Control(value="4 per 10 HPF", unit="mm²"), "4 per 10 HPF"),
        (COUNT, Control(value="many", unit="mm²"), "many"),
        (ONE_BASIS, Control(value="4"), {"count": "4", "per": "10 HPF"}),
        (PLAIN, Control(value="4"), "4"),
        (WORDS, Control(value=" one\n two "), "one two"),
        (WORDS, Control(value="  "), None),
        (LINES, Control(value=" one\r\n\r\n  two \n"), "one\n\n  two"),
        (DAY, Control(value=" 2026-01-02 "), "2026-01-02"),
        (ONE, Control(), None),
        (ONE, Control(answers=("a",), texts={"a": "not asked", "x": "of another"}), "a"),
        (ONE, Control(answers=("x",), texts={"x": " my  own "}), {"result": "x", "text": "my own"}),
        (ONE, Control(answers=("x",), texts={"x": " "}), "x"),
        (MANY, Control(), None),
        (MANY, Control(answers=("m",)), ["m"]),
        (MANY, Control(answers=("m", "x"), texts={"x": "own"}), ["m", {"result": "x", "text": "own"}]),
        (MANY, Control(answers=("none", "m")), ["none", "m"]),
        (MANY, Control(answers=("m",), undetermined=True, reason="why"), {"result": "cannot tell", "reason": "why"}),
    ],
)
def test_what_is_sent_makes_this_entry(one: ElementBase, sent: Control, made: Entry) -> None:
    assert entry(one, sent) == made


@pytest.mark.parametrize(
    ("one", "node", "seen"),
    [
        (SIZE, None, Control()),
        (SIZE, "<= 8 x 6 mm", Control(value="8 x 6", sign="≤", unit="mm")),
        (SIZE, "8 inch", Control(value="8 inch")),
        (SIZE, "8 millimetres", Control(value="8 millimetres")),
        (SIZE, "8 per mm", Control(value="8 per mm")),
        (SIZE, {"result": "8 mm", "per": "cm"}, Control(value="8", unit="mm")),
        (SIZE, {"count": "8 mm"}, Control()),
        (SIZE, "~<5 mm", Control(value="~<5 mm")),
        (SIZE, ["8 mm", "9 mm"], Control(value="8 mm; 9 mm")),
        (SIZE, {"result": {"deep": "x"}}, Control()),
        (SIZE, {"result": "cannot tell (small)", "reason": "gone"}, Control(undetermined=True, reason="small; gone")),
        (SIZE, {"result": "Cannot  tell"}, Control(undetermined=True)),
        (COUNT, {"count": "4", "per": "mm2"}, Control(value="4", unit="mm²")),
        (COUNT, "4mm2", Control(value="4mm2")),
        (COUNT, {"count": "4", "per": "field"}, Control(value="4 per field")),
        (COUNT, {"count": "4 per 10 HPF", "per": "mm²"}, Control(value="4 per 10 HPF per mm²")),
        (COUNT, {"count": "4 per 10 HPF", "per": "10 HPF"}, Control(value="4", unit="10 HPF")),
        (COUNT, {"result": "", "count": "4 per mm²"}, Control(value="4", unit="mm²")),
        (COUNT, {"result": "3 per mm²", "count": "4 per mm²"}, Control(value="3 per mm²; 4 per mm²")),
        (PLAIN, {"count": "4", "per": "mm²"}, Control(value="4 per mm²")),
        (ONE, "A", Control(answers=("a",))),
        (ONE, "nonsense", Control(value="nonsense")),
        (ONE, ["a", "b"], Control(value="a; b")),
        (ONE, {"result": "a", "text": "stray"}, Control(answers=("a",), value="stray")),
        (ONE, {"result": "x", "text": "own"}, Control(answers=("x",), texts={"x": "own"})),
        (MANY, ["m", "nonsense", "N"], Control(answers=("m", "n"), value="nonsense")),
        (MANY, ["m", {"result": "nonsense", "text": "own"}], Control(answers=("m",), value="nonsense; own")),
        (MANY, ["m", {"result": "n", "text": "stray"}], Control(answers=("m", "n"), value="stray")),
        (MANY, ["cannot tell (why)", "m"], Control(answers=("m",), value="cannot tell (why)")),
        (MANY, {"result": ["m", "x"], "text": "own"}, Control(answers=("m", "x"), texts={"x": "own"})),
        (
            MANY,
            {"result": ["x", "other"], "text": "whose"},
            Control(answers=("x", "other"), texts={"x": "", "other": ""}, value="whose"),
        ),
        (ONE, {"result": "a", "reason": "stray"}, Control(answers=("a",), value="stray")),
        (SIZE, {"result": "4 mm", "reason": "stray", "text": "own"}, Control(value="4 mm; stray; own")),
        (DAY, "soon", Control(value="soon")),
        (LINES, "one\n  two", Control(value="one\n  two")),
    ],
)
def test_what_stands_in_the_file_is_shown_and_nothing_of_it_is_lost(
    one: ElementBase, node: object, seen: Control
) -> None:
    assert shown(one, node) == seen


def test_another_spelling_of_a_unit_is_no_unit_to_choose() -> None:
    assert isinstance(SIZE, QuantityElement)
    assert distinct_units(SIZE) == ("mm", "cm")


NODES = st.recursive(
    st.none() | st.text(max_size=8) | NUMBERS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["result", "count", "per", "text", "reason", "x"]), inner, max_size=4)
    ),
    max_leaves=6,
)


@given(NODES, st.sampled_from(KINDS))
def test_anything_that_a_file_can_hold_is_shown(node: object, one: ElementBase) -> None:
    assert isinstance(shown(one, node), Control)
