"""A protocol as the fields of a form: every kind of element, and nothing filled in that was not entered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.protocols.load import protocol_ids
from reportgen.web.evaluation import document, evaluate, written
from reportgen.web.fields import SIGNS, Drawing, Field, own_words, received_as, shown_keys
from reportgen.web.states import states
from tests.acceptance.support import base
from tests.support.toy import Templates, toy_data

FORM = """\
- {id: kind, kind: choice, title: Kind, undetermined: cannot say, help: look twice, choices: [{id: alpha, label: Al, help: first},
    {id: beta, title: Be}, {id: other, fill_in: true}], source: {book: page 7},
    followups: [{id: of_a, kind: text, title: Of a, under: [alpha, beta]}, {id: of_any, kind: text, title: Of any},
      {id: nest, kind: group, title: Nest, under: [alpha], elements: [{id: in, kind: text, title: In}]}]}
- {id: many, kind: choice, multiple: true, title: Many, other: false, choices: [{id: m}, {id: n}, {id: none, exclusive: true}], source: {book: p}}
- {id: size, kind: quantity, title: Size, unit: mm, units: {cm: 10, millimetres: 1}, dimensions: 3, undetermined: cannot say, source: {book: p}}
- {id: percent, kind: quantity, title: Percent, unit: "%", maximum: 100, source: {book: p}}
- {id: number, kind: count, title: Number, per: [10 HPF, mm²], source: {book: p}}
- {id: plain, kind: count, title: Plain, source: {book: p}}
- {id: words, kind: text, title: Words, maximum: 20, source: {book: p}}
- {id: lines, kind: text, lines: true, title: Lines, source: {book: p}}
- {id: day, kind: date, title: Day, source: {book: p}}
- {id: group, kind: group, title: Group, source: {book: p}, elements: [{id: in, kind: text, title: In}]}
- {id: rows, kind: group, repeats: true, title: Rows, source: {book: p}, elements: [{id: one, kind: text, title: One},
    {id: two, kind: choice, title: Two, choices: [{id: p}, {id: q}], followups: [{id: of_p, kind: text, title: Of p, under: [p]}]},
    {id: inner, kind: group, title: Inner, elements: [{id: deep, kind: text, title: Deep}]}]}
- id: stains
  kind: panel
  title: Stains
  source: {book: p}
  other: Further stain
  stains: [{id: SMA, aliases: [alpha-SMA]}, {id: CD10, title: CD 10}]
  results: [{id: positive, title: pos}, {id: negative}]
  details: [{id: extent, kind: quantity, title: Extent, unit: "%", maximum: 100, under: [positive]}]
"""  # noqa: E501


def every(fields: tuple[Field, ...]) -> Iterator[Field]:
    for field in fields:
        yield field
        further = (field["further"],) if field.get("further") else ()
        rows = tuple(each for row in field["rows"] for each in row["fields"])
        yield from every((*field["below"], *rows, *field["stains"], *further))


def forms_of(data: Any) -> dict[str, Field]:
    """Every field of a case by its path."""
    evaluation = evaluate(written(data, "case.yaml"), "case.yaml", None)
    made = document(data, None)
    state = states(evaluation, made)
    forms: list[tuple[str, Any]] = [("", made.header)]
    forms += [(f"parts.{made.labels[n]}.", made.protocol_of(n)) for n in range(len(made.parts))]
    drawings = [Drawing(form, made, state, prefix) for prefix, form in forms if form]
    fields = [field for drawing in drawings for section in drawing.sections() for field in every(section["fields"])]
    assert len({field["path"] for field in fields}) == len(fields)
    return {field["path"]: field for field in fields}


@pytest.fixture
def toy(templates: Templates) -> Any:
    templates.load(FORM, extra="answer_keys: {alpha: a, cannot say: c, pos: p, negative: 'n'}\n")

    def fields(**answers: Any) -> dict[str, Field]:
        found = forms_of(toy_data(answers))
        return {path.removeprefix("parts.A."): each for path, each in found.items() if path.startswith("parts.A.")}

    return fields


def ids(field: Field, key: str = "choices") -> list[str]:
    return [each["id"] for each in field[key]]


def on(field: Field) -> list[str]:
    return [each["id"] for each in field.get("choices", ()) if each["on"]]


def test_every_kind_of_element_has_its_control(toy: Any) -> None:
    fields = toy()
    assert {path: fields[path]["kind"] for path in fields if "." not in path} == {
        "site": "text", "kind": "choice", "many": "choice", "size": "number", "percent": "number", "number": "number",
        "plain": "number", "words": "text", "lines": "lines", "day": "date", "group": "group", "rows": "rows",
        "stains": "panel",
    }  # fmt: skip


def test_a_choice_offers_its_answers_with_their_words_keys_and_help(toy: Any) -> None:
    kind, many = toy()["kind"], toy()["many"]
    assert [(each["id"], each["words"], each["key"], each["fill"], each["help"]) for each in kind["choices"]] == [
        ("alpha", "Al", "a", False, "first"),
        ("beta", "Be", "1", False, ""),
        ("other", "other", "2", True, ""),
    ]
    assert (kind["undetermined"], kind["undetermined_key"], kind["multiple"]) == ("cannot say", "c", False)
    assert (kind["help"], kind["source"], kind["title"]) == ("look twice", "A book: page 7", "Kind")
    assert (many["multiple"], many["undetermined"], many["undetermined_key"]) == (True, "", "")
    assert [each["id"] for each in many["choices"] if each["exclusive"]] == ["none"]


def test_a_number_offers_its_units_and_comparators(toy: Any) -> None:
    fields = toy()
    assert (ids(fields["size"], "units"), fields["size"]["one_unit"]) == (["mm", "cm"], "")
    assert (ids(fields["percent"], "units"), fields["percent"]["one_unit"]) == (["%"], "%")
    assert (ids(fields["number"], "units"), fields["plain"]["units"]) == (["10 HPF", "mm²"], ())
    assert tuple(ids(fields["size"], "signs")) == SIGNS
    assert (fields["size"]["undetermined"], fields["number"]["undetermined"]) == ("cannot say", "")


def test_a_follow_up_says_which_answers_it_belongs_to(toy: Any) -> None:
    fields = toy()
    assert [each["path"] for each in fields["kind"]["below"]] == [
        f"parts.A.kind.{name}" for name in ("of_a", "of_any", "nest")
    ]
    assert (fields["kind.of_a"]["under"], fields["kind.of_any"]["under"]) == ("alpha|beta", "")
    assert (fields["kind.nest"]["under"], fields["kind.nest"]["follows"]) == ("alpha", True)
    assert fields["kind"]["follows"] is False
    assert {path for path in fields if fields[path]["hidden"]} >= {"kind.of_a", "kind.of_any", "kind.nest"}
    shown = toy(kind="beta")
    assert [shown[f"kind.{name}"]["hidden"] for name in ("of_a", "of_any", "nest")] == [False, False, True]


def test_a_panel_is_a_grid_of_stains_by_results_and_details(toy: Any) -> None:
    fields = toy(stains={"alpha-SMA": {"result": "positive", "extent": "5 %"}, "CD10": "negative"})
    panel = fields["stains"]
    assert [(each["path"], each["title"], on(each)) for each in panel["stains"]] == [
        ("parts.A.stains.SMA", "SMA", ["positive"]),
        ("parts.A.stains.CD10", "CD 10", ["negative"]),
    ]
    assert panel["legend"] == ({"words": "pos"}, {"words": "negative"})
    for stain in panel["stains"]:
        assert [(each["words"], each["key"]) for each in stain["choices"]] == [("pos", "p"), ("negative", "n")]
    assert panel["columns"] == ("Extent",)
    assert (fields["stains.SMA.extent"]["value"], fields["stains.SMA.extent"]["hidden"]) == ("5", False)
    assert fields["stains.CD10.extent"]["hidden"] is True
    assert panel["further"]["path"] == "parts.A.stains.other"
    assert "stains.other.1.extent" in fields


def test_a_repeated_group_has_its_entries_and_an_empty_one_after_them(toy: Any) -> None:
    fields = toy(rows=[{"one": "1"}, {"two": {"result": "p", "of_p": "x"}, "inner": {"deep": "y"}}])
    assert [each["number"] for each in fields["rows"]["rows"]] == [1, 2, 3]
    assert [fields[f"rows.{n}.one"]["value"] for n in (1, 2, 3)] == ["1", "", ""]
    assert on(fields["rows.2.two"]) == ["p"]
    assert (fields["rows.2.two.of_p"]["value"], fields["rows.2.two.of_p"]["hidden"]) == ("x", False)
    assert fields["rows.1.two.of_p"]["hidden"] is True
    assert [fields[f"rows.{n}.inner.deep"]["value"] for n in (1, 2, 3)] == ["", "y", ""]


def test_what_was_entered_stands_in_its_field(toy: Any) -> None:
    fields = toy(
        kind={"result": "other", "text": "own", "of_any": "detail"}, many=["m", "n"], size="<= 8 cm", percent="5",
        number={"count": "4", "per": "mm2"}, day="2026-01-02", lines="one\ntwo", words="nothing",
    )  # fmt: skip
    assert (on(fields["kind"]), fields["kind"]["choices"][2]["text"]) == (["other"], "own")
    assert on(fields["many"]) == ["m", "n"]
    assert (fields["size"]["value"], fields["size"]["sign"]) == ("8", "≤")
    assert [each["id"] for each in (*fields["size"]["units"], *fields["size"]["signs"]) if each["on"]] == ["cm", "≤"]
    assert (fields["number"]["value"], [each["on"] for each in fields["number"]["units"]]) == ("4", [False, True])
    assert [fields[path]["value"] for path in ("day", "lines", "kind.of_any")] == ["2026-01-02", "one\ntwo", "detail"]
    fields = toy(size="cannot say (why)", kind={"result": "cannot say", "reason": "so"}, many=["x"])
    assert (fields["size"]["undetermined_on"], fields["size"]["reason"], fields["size"]["value"]) == (True, "why", "")
    assert (fields["kind"]["undetermined_on"], fields["kind"]["reason"], on(fields["kind"])) == (True, "so", [])
    assert (on(fields["many"]), fields["many"]["value"]) == ([], "x")


@pytest.mark.parametrize("protocol", protocol_ids())
def test_nothing_is_filled_in_an_empty_case(protocol: str) -> None:
    fields = forms_of({"protocol": protocol, "parts": [{"label": "A"}]})
    assert len(fields) > 20
    for path, field in fields.items():
        filled = [field.get(key) for key in ("value", "sign", "reason", "undetermined_on")]
        assert not any(filled), path
        parts = (*field.get("choices", ()), *field.get("units", ()), *field.get("signs", ()))
        assert not any(each["on"] or each.get("text") for each in parts), path


def test_a_field_names_its_source_in_words() -> None:
    fields = forms_of(base("q1-excision"))
    assert fields["parts.A.procedure"]["source"].startswith("Atypical intradermal smooth muscle neoplasm: ")
    assert fields["parts.A.procedure"]["help"]


def test_the_pathologists_own_words_and_the_label_of_the_container_have_fields() -> None:
    data = base("q1-excision")
    data["override"] = {"comment": "mine"}
    made = document(data, None)
    protocol = made.protocol_of(0)
    assert protocol is not None
    fields = {each["path"]: each for each in own_words(protocol, made, "parts.A.")}
    assert fields["parts.A.override.comment"]["value"] == "mine"
    assert (fields["parts.A.override.diagnosis"]["value"], fields["parts.A.override.diagnosis"]["kind"]) == (
        "",
        "lines",
    )
    assert all(each["title"] for each in fields.values())
    assert received_as(made, "parts.A.")["value"] == "excision arm"


SET = st.lists(st.none() | st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789"), max_size=14).filter(
    lambda keys: len(found := [key for key in keys if key]) == len(set(found))
)


@given(SET)
def test_an_author_s_key_stays_and_every_other_answer_shows_a_digit_of_its_own(keys: list[str | None]) -> None:
    shown = shown_keys(keys)
    assert len(shown) == len(keys)
    assert all(now == key for now, key in zip(shown, keys, strict=True) if key is not None)
    made = [now for now, key in zip(shown, keys, strict=True) if key is None]
    assert all(not key or key in "123456789" for key in made)
    found = [key for key in shown if key]
    assert len(found) == len(set(found))
    assert "" not in made or len({key for key in shown if key in "123456789"} - {""}) == 9


def test_an_answer_that_no_key_shall_pick_shows_none_and_takes_none_from_the_others() -> None:
    assert shown_keys(["", None, "2", None]) == ("", "1", "2", "3")
    assert shown_keys([None] * 11) == (*"123456789", "", "")


def test_responses_minimums_and_notes_are_on_the_form(templates: Templates) -> None:
    templates.load("""\
- {id: deep, kind: quantity, title: Depth, unit: mm, at_least: at least, source: {book: p}}
- {id: edge, kind: choice, title: Edge, source: {book: p}, choices: [{id: at, response: {kind: quantity, unit: mm}}]}
- {id: hint, kind: note, title: Hint, text: Look twice., applies_when: edge == 'at', source: {book: p}}
- {id: ratio, kind: quantity, title: Ratio, unit: none, about: false, source: {book: p}}
- {id: number, kind: count, title: Number, about: false, source: {book: p}}
- {id: exact, kind: quantity, title: Exact, unit: none, about: false, bounds: false, source: {book: p}}
""")
    fields = forms_of(toy_data({"deep": "at least 2 mm", "edge": {"result": "at", "text": "3 mm"}}))
    deep, edge, hint, ratio = (fields[f"parts.A.{name}"] for name in ("deep", "edge", "hint", "ratio"))
    assert (deep["value"], [each["id"] for each in deep["signs"] if each["on"]]) == ("2", ["at least"])
    assert [(each["fill"], each["text"], each["hint"]) for each in edge["choices"]] == [
        (True, "3 mm", "a number in mm"), (True, "", "in your words"),
    ]  # fmt: skip
    assert (hint["kind"], hint["value"], hint["hidden"]) == ("note", "Look twice.", False)
    assert (ratio["units"], ratio["one_unit"]) == ((), "")
    signs = {name: ids(fields[f"parts.A.{name}"], "signs") for name in ("ratio", "number", "exact")}
    assert signs == {"ratio": ["<", "≤", ">", "≥"], "number": ["<", "≤", ">", "≥"], "exact": []}
    assert forms_of(toy_data({"edge": "other"}))["parts.A.hint"]["hidden"]
