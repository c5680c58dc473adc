"""Any form: it becomes a protocol that is in order, and whatever is filled in on it is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

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
KINDS = {"string": "", "integer": "7", "decimal": "2.5", "date": "2026-01-05"}


@dataclass
class Made:
    """A form that is being made: how many ids it has, what is filled in, what is printed and what is not."""

    ids: int = 0
    answers: dict[str, str | bool] = field(default_factory=dict)
    printed: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    def id(self) -> str:
        self.ids += 1
        return f"{self.ids}.100"

    def enter(self, id: str, value: str, *, shown: bool) -> None:
        self.answers[id] = value
        (self.printed if shown else self.hidden).append(value)


Draw = Callable[[st.SearchStrategy[Any]], Any]


class Around(NamedTuple):
    depth: int = 0
    fill: bool = True  # whether answers may be given here
    shown: bool = True
    repeated: bool = False


@st.composite
def forms(draw: Draw) -> tuple[str, Made]:
    made = Made()
    items = [_item(draw, made, Around()) for _ in range(draw(st.integers(1, 4)))]
    return form(*items, formTitle="Any form"), made


def _item(draw: Draw, made: Made, around: Around) -> str:
    kinds = ["section", "choice", "field", "note"] if around.depth < 3 else ["field", "note"]
    kind, id, title, words = draw(st.sampled_from(kinds)), made.id(), draw(TITLES), draw(WORDS)
    more = "" if words is None else report(words)
    if kind == "note":
        return note(id, title, more)
    shown = draw(st.sampled_from([True, True, True, False]))
    hiding = {} if shown else {"showInReport": "False"}
    inside = around._replace(depth=around.depth + 1)
    if kind == "section":
        repeats = draw(st.sampled_from([False, False, True])) and not around.repeated
        inside = inside._replace(shown=around.shown and shown, repeated=around.repeated or repeats)
        below = [_item(draw, made, inside) for _ in range(draw(st.integers(0, 2)))]
        return section(id, title, *below, more=more, minCard=draw(st.integers(0, 1)), maxCard=1 - repeats, **hiding)
    around = around._replace(shown=around.shown and shown)
    text = _field(draw, made, id, title, more, around, inside) if kind == "field" else ""
    return _hidden(text or _choice(draw, made, id, title, more, around, inside), shown)


def _hidden(question: str, shown: bool) -> str:
    return question if shown else question.replace("<Question", '<Question showInReport="False"', 1)


def _field(draw: Draw, made: Made, id: str, title: str, more: str, around: Around, inside: Around) -> str:
    type = draw(st.sampled_from(sorted(KINDS)))
    if around.fill and draw(st.booleans()):
        if type == "string":
            made.enter(id, f"written words {id}.", shown=around.shown)
        else:
            made.answers[id] = KINDS[type]
    return asked(id, title, type, *(_item(draw, made, inside) for _ in range(draw(st.integers(0, 2)))), more=more)


def _choice(draw: Draw, made: Made, id: str, title: str, more: str, around: Around, inside: Around) -> str:
    several, count = draw(st.booleans()), draw(st.integers(1, 3))
    most = count if several else 1
    picked = draw(st.sets(st.integers(0, count - 1), max_size=most)) if around.fill else set()
    omitting = draw(st.sets(st.integers(0, count - 1), max_size=1)) if not around.repeated else set()
    omitted = bool(picked & omitting)
    listed = []
    for number in range(count):
        own, words, has_field = made.id(), draw(WORDS), draw(st.booleans())
        if number in picked:
            made.answers[own] = True
            if has_field:
                made.enter(f"{own}.value", f"value of {own}.", shown=around.shown and not omitted)
        within = inside._replace(fill=around.fill and number in picked and not omitted)
        below = [_item(draw, made, within) for _ in range(draw(st.integers(0, 1)))]
        kind, said = "string" if has_field else "", report(words) if words else ""
        how = {"omitWhenSelected": "true"} if number in omitting else {}
        listed.append(answer(own, draw(TITLES), *below, more=said, kind=kind, **how))
    within = inside._replace(fill=around.fill and not omitted)
    below = [_item(draw, made, within) for _ in range(draw(st.integers(0, 1)))]
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
    assert [value for value in wanted.hidden if value in words] == []
