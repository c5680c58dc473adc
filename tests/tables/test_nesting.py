"""Columns nest as their paths do, in whatever order they come."""

from __future__ import annotations

from reportgen.findings import Place
from reportgen.reading.source import Entry, Mapping, Text, plain
from reportgen.tables.cells import Cell
from reportgen.tables.nesting import Plan, Value, entries_of, with_constants


def built(paths: list[str], filled: dict[int, str]) -> object:
    """What the filled columns build."""
    plan = Plan()
    for index, path in enumerate(paths):
        plan.add(index, tuple(path.split(".")), Cell(path))
    values: dict[int, Value] = {index: Text(text, Place("t", 2, index)) for index, text in filled.items()}
    return plain(Mapping(tuple(entries_of(plan.top, values, lambda column: Place("t", 2, column))), Place("t")))


def test_a_detail_stands_beside_its_answer() -> None:
    paths = ["deep", "deep.location", "group.in"]
    assert built(paths, {0: "a", 1: "b", 2: "c"}) == {"deep": {"result": "a", "location": "b"}, "group": {"in": "c"}}
    assert built(paths, {0: "a"}) == {"deep": "a"}
    assert built(paths, {1: "b"}) == {"deep": {"location": "b"}}
    assert built(paths[::-1], {0: "c", 1: "b", 2: "a"}) == built(paths, {0: "a", 1: "b", 2: "c"})
    assert built(paths, {}) == {}


def test_entries_of_a_repeated_group_keep_their_order_and_leave_no_gaps() -> None:
    paths = ["blocks.10.id", "blocks.2.id", "blocks.1.id", "blocks.2.of", "blocks.3.id"]
    filled = {0: "ten", 1: "two", 2: "one", 3: "of"}
    assert built(paths, filled) == {"blocks": [{"id": "one"}, {"id": "two", "of": "of"}, {"id": "ten"}]}


def test_what_no_protocol_could_mean_is_kept_to_be_refused() -> None:
    assert built(["blocks", "blocks.1.id"], {0: "x", 1: "y"}) == {"blocks": {"result": "x", "1": {"id": "y"}}}
    assert built(["blocks", "blocks.1.id"], {0: "x"}) == {"blocks": "x"}


def test_constants_stand_beside_what_the_row_says() -> None:
    place = Place("t")
    row = [Entry("laboratory", Mapping((Entry("name", Text("Lab", place), place),), place), place)]
    more = Mapping((Entry("clia", Text("00D", place), place),), place)
    made = with_constants(row, [Entry("laboratory", more, place), Entry("site", Text("x", place), place)])
    assert plain(Mapping(tuple(made), place)) == {"laboratory": {"name": "Lab", "clia": "00D"}, "site": "x"}
