"""Any form: it becomes a protocol that is in order, and whatever is filled in on it is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportgen.laboratory.model import Laboratory
from tests.sdc.cases import case, reported
from tests.sdc.forms import answer, asked, choice, filled, form, imported, note, report, section
from tests.support.labs import lab

TITLES = st.sampled_from([
    "", "Size", "size", "Edge (Note A)", "?Grade", "4 o'clock", "{{ size }}", "a; b | c", 'the "edge"', "Größe ≥ 2 mm",
    "Text",
    "a long title that goes on for quite some words, and for more of them, and for yet more: a hundred letters",
    "皮膚", "result", "# 1", "yes", "Other (specify)", "- x: y", "'", "None", "1.0",
])  # fmt: skip
WORDS = st.sampled_from([None, "{no text}", "]Shown", "Size", "{{ a }}"])
KINDS = {"string": "written words", "integer": "7", "decimal": "2.5", "date": "2026-01-05"}


@dataclass
class Made:
    """A form that is being made: how many ids it has, what is filled in, and which words must be printed."""

    ids: int = 0
    answers: dict[str, str | bool] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)

    def id(self) -> str:
        self.ids += 1
        return f"{self.ids}.100"


Draw = Callable[[st.SearchStrategy[Any]], Any]


@st.composite
def forms(draw: Draw) -> tuple[str, Made]:
    made = Made()
    items = [_item(draw, made, depth=0, fill=True) for _ in range(draw(st.integers(1, 4)))]
    return form(*items, formTitle="Any form"), made


def _item(draw: Draw, made: Made, depth: int, fill: bool) -> str:
    kind = draw(st.sampled_from(["section", "choice", "field", "note"] if depth < 3 else ["field", "note"]))
    id, title, words = made.id(), draw(TITLES), draw(WORDS)
    more = "" if words is None else report(words)
    inside = range(draw(st.integers(0, 2))) if kind != "note" else ()
    if kind == "note":
        return note(id, title, more)
    if kind == "section":
        inner = [_item(draw, made, depth + 1, fill) for _ in inside]
        return section(id, title, *inner, more=more, minCard=draw(st.integers(0, 1)))
    if kind == "field":
        type = draw(st.sampled_from(sorted(KINDS)))
        if fill and draw(st.booleans()):
            value = KINDS[type] if type != "string" else f"{KINDS[type]} {id}"
            made.answers[id] = value
            made.printed.append(value)
        below = [_item(draw, made, depth + 1, fill) for _ in inside]
        return asked(id, title, type, *below, more=more)
    return _choice(draw, made, id, title, more, depth, fill)


def _choice(draw: Draw, made: Made, id: str, title: str, more: str, depth: int, fill: bool) -> str:
    several = draw(st.booleans())
    count = draw(st.integers(1, 3))
    picked = draw(st.sets(st.integers(0, count - 1), max_size=count if several else 1)) if fill else set()
    listed = []
    for number in range(count):
        own, words, has_field = made.id(), draw(WORDS), draw(st.booleans())
        if number in picked:
            made.answers[own] = True
            if has_field:
                made.answers[f"{own}.value"] = value = f"value of {own}"
                made.printed.append(value)
        below = [_item(draw, made, depth + 1, fill and number in picked) for _ in range(draw(st.integers(0, 1)))]
        listed.append(
            answer(own, draw(TITLES), *below, more=report(words) if words else "", kind="string" if has_field else "")
        )
    below = [_item(draw, made, depth + 1, fill) for _ in range(draw(st.integers(0, 1)))]
    return choice(id, title, *listed, below=tuple(below), most=0 if several else 1, more=more)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    return lab(tmp_path_factory.mktemp("sdc") / "lab")


@given(drawn=forms())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_form_is_imported_and_every_answer_printed(
    own: Laboratory, tmp_path: Path, drawn: tuple[str, Made]
) -> None:
    text, wanted = drawn
    made, with_it, losses = imported(text, tmp_path, own)
    again = imported(text, tmp_path, own)
    assert (again[0].hash, again[2]) == (made.hash, losses)
    asked_for = {slot.element.foreign_id for slot in made.slots.values()}
    assert {id for id, value in wanted.answers.items() if value is not True and "value" not in id} <= asked_for
    data = case(filled(text, wanted.answers), tmp_path, made, with_it)
    words = " ".join(reported(data, with_it).reading_order())
    assert [value for value in wanted.printed if value not in words] == []
