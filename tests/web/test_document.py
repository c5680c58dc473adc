"""A case as data, changed entry by entry, and nothing beside the entry changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.protocols.compiled import CompiledForm
from reportgen.protocols.load import protocol_ids
from reportgen.reading.readers import read_file
from reportgen.reading.source import plain
from reportgen.web.document import Document, UnknownPathError
from reportgen.web.entries import Entry, entry, shown
from reportgen.web.evaluation import document
from tests.support.toy import Templates, toy_data

SAMPLES = sorted((Path(__file__).resolve().parents[2] / "samples").glob("*.yaml"))

FORM = """\
- {id: kind, kind: choice, title: Kind, aliases: [sort], undetermined: cannot say, choices: [{id: a}, {id: b}, {id: c}], source: {book: p},
   followups: [{id: of_a, kind: text, title: Of a, under: [a], aliases: [for_a]}, {id: of_ab, kind: text, title: Of a and b, under: [a, b]},
     {id: of_any, kind: text, title: Of any}, {id: nest, kind: group, title: Nest, under: [a], elements: [{id: in, kind: text, title: In}]}]}
- {id: many, kind: choice, multiple: true, title: Many, choices: [{id: m}, {id: n}, {id: x, fill_in: true}], source: {book: p},
   followups: [{id: of_m, kind: text, title: Of m, under: [m]}]}
- {id: number, kind: count, title: Number, per: [10 HPF], undetermined: cannot say, source: {book: p}, followups: [{id: lens, kind: text, title: Lens}]}
- {id: group, kind: group, title: Group, source: {book: p}, elements: [{id: in, kind: text, title: In}, {id: out, kind: text, title: Out}]}
- {id: rows, kind: group, repeats: true, title: Rows, source: {book: p}, elements: [{id: one, kind: text, title: One},
   {id: two, kind: choice, title: Two, choices: [{id: p}, {id: q}], followups: [{id: of_p, kind: text, title: Of p, under: [p]}]}]}
- id: stains
  kind: panel
  title: Stains
  source: {book: p}
  other: Further stain
  stains: [{id: SMA, aliases: [alpha-SMA]}, {id: CD10}]
  results: [{id: positive}, {id: negative}]
  details: [{id: extent, kind: text, title: Extent, under: [positive]}]
"""  # noqa: E501


def toy(templates: Templates, **answers: Any) -> Document:
    """A case of one part of a toy protocol with these answers, in this order."""
    templates.load(FORM)
    return document(toy_data(answers), None)


def part(made: Document) -> dict[str, Any]:
    """What the first part answers, without what every toy case says."""
    return {key: value for key, value in made.data["parts"][0].items() if key not in ("label", "protocol", "site")}


# --- paths


def every_path(made: Document) -> Iterator[tuple[str, bool]]:
    """Every path that a case is asked, in the first entry of repeated groups, and whether it is a group."""
    forms: list[tuple[str, CompiledForm]] = [("", made.header)]
    for number in range(len(made.parts)):
        form = made.protocol_of(number)
        assert form is not None
        forms.append((f"parts.{made.labels[number]}.", form))
    for prefix, asked in forms:
        for path, slot in asked.slots.items():
            inside = slot.repeated and slot.repeated != path
            yield prefix + (path.replace(slot.repeated, f"{slot.repeated}.1", 1) if inside else path), slot.is_group


@pytest.mark.parametrize("protocol", protocol_ids())
def test_every_path_of_a_protocol_and_of_the_header_can_be_filled_and_emptied(protocol: str) -> None:
    empty = {"protocol": protocol, "parts": [{"label": "A"}]}
    made = document(empty, None)
    for path, is_group in every_path(made):
        if is_group:
            continue
        assert made.get(path) is None
        assert made.put(path, "entered") == ()
        assert made.get(path) == "entered"
        made.put(path, None)
        assert made.data == empty, path


def test_paths_are_those_of_the_file_whatever_name_an_element_has_there(templates: Templates) -> None:
    made = toy(
        templates, sort={"result": "a", "for_a": "x"}, stains={"alpha-SMA": {"result": "positive", "extent": "5"}}
    )
    assert made.get("parts.A.kind.of_a") == "x"
    assert made.get("parts.A.stains.SMA.extent") == "5"
    assert made.put("parts.A.kind.of_a", "y") == ()
    assert made.put("parts.A.kind", "a") == ()
    assert made.put("parts.A.stains.SMA", "negative") == ("parts.A.stains.SMA.extent",)
    assert part(made) == {"sort": {"result": "a", "for_a": "y"}, "stains": {"alpha-SMA": "negative"}}
    for alias in ("parts.A.sort", "parts.A.kind.for_a", "parts.A.stains.alpha-SMA"):
        with pytest.raises(UnknownPathError):
            made.get(alias)


STEPS = st.sampled_from(
    ["parts", "A", "B", "C", "AA", "", "0", "1", "2", "01", "99999", "²", "٣", "-1", "gross", "blocks", "id", "stains",
     "other", "name", "result", "SMA", "extent", "margins", "deep", "location", "procedure", "counts_as", "patient",
     "acknowledge", "override", "A5", "diagnosis", "received_as", "label", "protocol", "accession", "atypia",
     "features", "epicentre", "mitoses", "count", "per", "text", "reason", " A"]
) | st.text(max_size=4)  # fmt: skip
PATHS = st.lists(STEPS, max_size=6).map(".".join) | st.lists(STEPS, max_size=5).map(
    lambda steps: ".".join(["parts", "A", *steps])
)
DATA: list[Any] = [plain(read_file(path)) for path in SAMPLES]
ODD: list[Any] = [
    {},
    {"parts": None},
    {"parts": "none"},
    {"protocol": "aismn", "parts": ["text", {"label": "B"}]},
    {
        "protocol": "aismn",
        "parts": [{"gross": "text", "acknowledge": "text", "procedure": ["a"]}],
        "acknowledge": {"A5": "x"},
    },
    {
        "protocol": "aismn",
        "parts": [{"gross": {"blocks": ["text", {}]}, "stains": ["x"]}],
        "override": ["x"],
        "patient": "x",
    },
    {"protocol": ["aismn"], "parts": [{"label": "A"}, {"protocol": "nonsense"}]},
]


@given(PATHS, st.sampled_from([*DATA, *ODD]), st.sampled_from([None, "x", ["x"], {"result": "x", "text": "y"}]))
def test_a_path_leads_somewhere_or_is_unknown_and_unknown_ones_change_nothing(
    path: str, data: Any, value: Entry
) -> None:
    made = document(data, None)
    try:
        made.get(path)
        known = True
    except UnknownPathError:
        known = False
    try:
        made.put(path, value)
        assert known
        assert made.get(path) in (value, None) or not isinstance(value, str)
    except UnknownPathError:
        assert made.data == data
    made = document(data, None)
    try:
        made.remove_row(path, 1)
    except UnknownPathError:
        assert made.data == data


@pytest.mark.parametrize(
    "path",
    ["", ".", "parts", "parts.A", "parts.B.procedure", "parts.A.nonsense", "parts.A.gross.1.blocks.id", "accession.x",
     "parts.A.gross.blocks.id", "parts.A.gross.blocks.id.1", "parts.A.gross.blocks.0.id", "parts.A.gross.blocks.1",
     "parts.A.gross.blocks.01.id", "parts.A.gross.blocks.².id", "parts.A.gross.blocks.9.id", "parts.A.acknowledge",
     "parts.A.acknowledge.A99", "parts.A.override.nonsense", "parts.A.label", "parts.A.protocol", "parts.A.1.procedure",
     "protocol", "acknowledge.A5", "parts.a.procedure", "parts.A.procedure.result"],
)  # fmt: skip
def test_what_a_case_is_not_asked_cannot_be_entered(path: str) -> None:
    data = {"protocol": "aismn", "parts": [{"label": "A"}]}
    made = document(data, None)
    with pytest.raises(UnknownPathError):
        made.put(path, "x")
    assert made.data == data


# --- what an entry leaves alone


def leaves(node: Any, path: str = "") -> dict[str, Any]:
    """Every text with its path; a lone answer and one with details are the same answer."""
    if isinstance(node, dict):
        found: dict[str, Any] = {}
        for key, value in node.items():
            is_answer = key in ("result", "count") and not path.rpartition(".")[2].isdecimal()
            found |= leaves(value, path if is_answer else f"{path}.{key}")
        return found
    if isinstance(node, list) and path.endswith((".parts", ".blocks", ".other")):
        return {key: value for n, each in enumerate(node, 1) for key, value in leaves(each, f"{path}.{n}").items()}
    return {path: node}


@given(st.data())
def test_an_entry_changes_itself_and_what_left_with_it_and_nothing_else(choose: st.DataObject) -> None:
    data: Any = choose.draw(st.sampled_from(DATA))
    made = document(data, None)
    path = choose.draw(st.sampled_from([path for path, is_group in every_path(made) if not is_group]))
    slot = made.address(path).slot
    assert slot is not None
    answers = [choice.id for choice in getattr(slot.element, "choices", ())] or ["some text"]
    value = choose.draw(st.sampled_from([None, *answers, slot.element.undetermined or None]))
    removed = made.put(path, value)
    names = {f"parts.{label}": f"parts.{n}" for n, label in enumerate("ABCDEF", 1)}

    def placed(at: str) -> str:
        start = ".".join(at.split(".")[:2])
        return "." + names.get(start, start) + at.removeprefix(start) if at.startswith("parts.") else f".{at}"

    gone = (placed(path), *map(placed, removed))

    def others(node: Any) -> dict[str, Any]:
        return {
            at: text
            for at, text in leaves(node).items()
            if at != gone[0] and not gone[0].startswith(f"{at}.")  # a list that the entry begins
            and at not in (f"{gone[0]}.{own}" for own in ("text", "reason", "per"))
            and not any(at == each or at.startswith(f"{each}.") for each in gone[1:])
        }  # fmt: skip

    assert others(made.data) == others(data)
    assert made.get(path) == value or made.get(path)["result" if "count" not in made.get(path) else "count"] == value  # type: ignore[index, operator]
    assert [key for key in made.data if key in data] == [key for key in data if key in made.data]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_what_is_shown_of_a_sample_entered_again_leaves_the_case_as_it_was(path: Path) -> None:
    data: Any = plain(read_file(path))
    made = document(data, None)
    for at, is_group in every_path(made):
        slot = made.address(at).slot
        assert slot is not None
        node = made.get(at)
        if is_group or node is None:
            continue
        assert made.put(at, entry(slot.element, shown(slot.element, node))) == (), at
    assert leaves(_bare(made.data)) == leaves(_bare(data))


def _bare(node: Any) -> Any:
    """Without what two ways to write one answer differ in: `4 per 10 HPF`, and `{count: 4, per: 10 HPF}`."""
    if isinstance(node, dict):
        if "per" in node:
            node = {**{k: v for k, v in node.items() if k != "per"}, "count": f"{node['count']} per {node['per']}"}
        if "reason" in node:
            node = {
                **{k: v for k, v in node.items() if k != "reason"},
                "result": f"{node['result']} ({node['reason']})",
            }
        return {key: _bare(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_bare(each) for each in node] if len(node) != 1 or isinstance(node[0], dict) else [node[0]]
    return " ".join(str(node).split())


# --- details


def test_details_leave_only_with_the_answer_that_they_belong_to(templates: Templates) -> None:
    details = {"of_a": "1", "of_ab": "2", "of_any": "3", "nest": {"in": "4"}, "unknown": "5"}
    made = toy(templates, kind={"result": "a", **details})
    assert made.put("parts.A.kind", "A") == ()
    assert part(made) == {"kind": {"result": "A", **details}}
    assert made.put("parts.A.kind", "b") == ("parts.A.kind.of_a", "parts.A.kind.nest")
    assert part(made) == {"kind": {"result": "b", "of_ab": "2", "of_any": "3", "unknown": "5"}}
    assert made.put("parts.A.kind", "c") == ("parts.A.kind.of_ab",)
    assert made.put("parts.A.kind", "cannot say (why)") == ("parts.A.kind.of_any",)
    assert part(made) == {"kind": {"result": "cannot say (why)", "unknown": "5"}}
    assert made.put("parts.A.kind", None) == ("parts.A.kind.unknown",)
    assert part(made) == {}


def test_what_is_counted_keeps_its_details_and_loses_them_where_it_cannot_be_counted(templates: Templates) -> None:
    made = toy(templates, number="3 per 10 HPF")
    made.put("parts.A.number.lens", "x")
    assert part(made) == {"number": {"count": "3 per 10 HPF", "lens": "x"}}
    assert made.put("parts.A.number", {"count": "4", "per": "10 HPF"}) == ()
    assert part(made) == {"number": {"count": "4", "per": "10 HPF", "lens": "x"}}
    assert made.put("parts.A.number", {"result": "cannot say", "reason": "why"}) == ("parts.A.number.lens",)
    assert part(made) == {"number": {"result": "cannot say", "reason": "why"}}


def test_the_details_of_several_answers_stay_while_one_of_them_is_picked(templates: Templates) -> None:
    made = toy(templates, many={"result": ["m", "x"], "text": "own", "of_m": "1"})
    assert made.put("parts.A.many", ["m", {"result": "x", "text": "other"}]) == ()
    assert part(made) == {"many": {"result": ["m", {"result": "x", "text": "other"}], "of_m": "1"}}
    assert made.put("parts.A.many", ["n"]) == ("parts.A.many.of_m",)
    assert part(made) == {"many": ["n"]}


def test_a_key_that_is_none_of_the_answers_own_is_not_dropped_unseen(templates: Templates) -> None:
    made = toy(templates, kind={"result": "a", "per": "x"})
    assert made.put("parts.A.kind", "b") == ()
    assert part(made) == {"kind": {"result": "b", "per": "x"}}


def test_no_empty_mapping_and_no_lonely_answer_stays_behind(templates: Templates) -> None:
    made = toy(templates, kind="a")
    made.put("parts.A.kind.nest.in", "x")
    assert part(made) == {"kind": {"result": "a", "nest": {"in": "x"}}}
    made.put("parts.A.kind.nest.in", None)
    assert part(made) == {"kind": "a"}
    made.put("parts.A.group.in", "x")
    made.put("parts.A.group.in", None)
    made.put("parts.A.number.lens", None)
    made.put("parts.A.stains.SMA", None)
    assert part(made) == {"kind": "a"}


def test_what_stands_where_a_group_must_stand_leaves_and_is_said_to_have_left(templates: Templates) -> None:
    made = toy(templates, group="text", rows=["text", {"one": "2"}])
    assert made.put("parts.A.group.in", "x") == ("parts.A.group",)
    assert made.put("parts.A.rows.1.one", "x") == ("parts.A.rows.1",)
    assert made.put("parts.A.rows.2.two", "p") == ()
    assert part(made) == {"group": {"in": "x"}, "rows": [{"one": "x"}, {"one": "2", "two": "p"}]}
    made = toy(templates, stains="text")
    with pytest.raises(UnknownPathError):
        made.put("parts.A.stains.other.2.name", "x")  # there is no first one
    assert part(made) == {"stains": "text"}
    assert made.put("parts.A.stains.other.1.name", "x") == ("parts.A.stains",)


# --- repeated groups


def test_a_list_grows_by_one_entry_at_its_end_and_keeps_its_numbers(templates: Templates) -> None:
    made = toy(templates)
    for number in (1, 2, 3):
        made.put(f"parts.A.rows.{number}.one", str(number))
    with pytest.raises(UnknownPathError):
        made.put("parts.A.rows.5.one", "5")
    made.put("parts.A.rows.2.one", None)
    assert part(made) == {"rows": [{"one": "1"}, {}, {"one": "3"}]}
    made.put("parts.A.rows.3.one", None)
    assert part(made) == {"rows": [{"one": "1"}]}
    made.put("parts.A.rows.1.two", "p")
    made.put("parts.A.rows.1.two.of_p", "x")
    assert made.put("parts.A.rows.1.two", "q") == ("parts.A.rows.1.two.of_p",)
    assert part(made) == {"rows": [{"one": "1", "two": "q"}]}
    made.put("parts.A.rows.1.one", None)
    made.put("parts.A.rows.1.two", None)
    assert part(made) == {}


def test_further_stains_are_entries_of_a_list(templates: Templates) -> None:
    made = toy(templates, stains={"SMA": "positive"})
    made.put("parts.A.stains.other.1.name", "X")
    made.put("parts.A.stains.other.1.result", "negative")
    assert part(made) == {"stains": {"SMA": "positive", "other": [{"name": "X", "result": "negative"}]}}
    made.remove_row("parts.A.stains.other", 1)
    assert part(made) == {"stains": {"SMA": "positive"}}


def test_an_entry_of_a_list_is_taken_away_by_its_number(templates: Templates) -> None:
    made = toy(templates, rows=[{"one": "1"}, {"one": "2"}], many=["m", "n"])
    made.remove_row("parts.A.rows", 3)
    made.remove_row("parts.A.rows", 0)
    made.remove_row("parts.A.rows", 1)
    assert part(made) == {"rows": [{"one": "2"}], "many": ["m", "n"]}
    made.remove_row("parts.A.rows", 1)
    assert part(made) == {"many": ["m", "n"]}
    for path in ("parts.A.many", "parts.A.group", "parts.A.rows.1", "parts.A.received_as"):
        with pytest.raises(UnknownPathError):
            made.remove_row(path, 1)


# --- order


def test_a_new_key_takes_its_place_in_the_form_and_moves_no_other(templates: Templates) -> None:
    made = toy(templates, stains={"CD10": "positive"}, unknown="x", kind={"nest": {"in": "x"}, "result": "a"})
    for path in ("rows.1.two", "rows.1.one", "number", "many", "received_as", "kind.of_a", "stains.SMA"):
        made.put(f"parts.A.{path}", "x")
    made.put("reported", "2026-01-03")
    made.put("clinical_history", "x")
    assert list(part(made)) == ["received_as", "many", "number", "rows", "stains", "unknown", "kind"]
    assert list(part(made)["kind"]) == ["of_a", "nest", "result"]
    assert list(part(made)["stains"]) == ["SMA", "CD10"]
    assert list(part(made)["rows"][0]) == ["one", "two"]
    assert list(made.data)[-1] == "parts"
    assert list(made.data).index("reported") == list(made.data).index("received") + 1
