"""Unfolding a form: every element at its path, with all that decides whether it applies."""

from __future__ import annotations

from reportgen.protocols.elements import ChoiceElement, GroupElement, TextElement
from tests.support.toy import Templates

NESTED = """\
- id: a
  kind: choice
  title: A
  source: {book: p}
  applies_when: site == 'arm'
  choices:
    - {id: x, followups: [{id: of_x, kind: text, title: Of x}]}
    - {id: y}
  followups:
    - id: b
      kind: choice
      title: B
      under: [x, y]
      choices: [{id: z}]
      followups: [{id: c, kind: choice, title: C, choices: [{id: w}], followups: [{id: d, kind: text, title: D}]}]
    - {id: g, kind: group, title: G, under: [y], elements: [{id: in, kind: text, title: In}]}
- id: rows
  kind: group
  title: Row
  repeats: true
  source: {book: p}
  applies_when: site == 'leg'
  elements:
    - {id: name, kind: text, title: Name}
    - {id: deep, kind: group, title: Deep, elements: [{id: er, kind: text, title: Deeper}]}
- id: stains
  kind: panel
  title: Stains
  chapter: stains
  source: {book: p}
  other: Further stain
  stains: [{id: S1, title: Stain one, core: true, aliases: [one]}, {id: Ki-67}]
  results: [{id: pos}, {id: neg}]
  details: [{id: extent, kind: quantity, title: Extent, unit: "%", under: [pos]}]
"""


def test_paths_stand_in_the_order_of_the_file(templates: Templates) -> None:
    assert list(templates.load(NESTED).slots) == [
        "site", "a", "a.b", "a.b.c", "a.b.c.d", "a.g", "a.g.in", "a.of_x", "rows", "rows.name", "rows.deep",
        "rows.deep.er", "stains", "stains.S1", "stains.S1.extent", "stains.Ki-67", "stains.Ki-67.extent",
        "stains.other", "stains.other.name", "stains.other.result", "stains.other.extent",
    ]  # fmt: skip


def test_follow_ups_know_what_they_hang_below_and_under_which_answers(templates: Templates) -> None:
    slots = templates.load(NESTED).slots
    assert {path: (slots[path].parent, slots[path].under, slots[path].depth) for path in slots if path[0] == "a"} == {
        "a": ("", (), 0),
        "a.b": ("a", ("x", "y"), 1),
        "a.b.c": ("a.b", (), 2),
        "a.b.c.d": ("a.b.c", (), 3),
        "a.g": ("a", ("y",), 1),
        "a.g.in": ("a", ("y",), 1),  # what stands in a follow-up group is a follow-up too
        "a.of_x": ("a", ("x",), 1),
    }


def test_conditions_are_inherited_from_the_section_and_all_that_is_above(templates: Templates) -> None:
    slots = templates.load(NESTED, section="applies_when: case.age > 3\n").slots
    assert slots["site"].applies == ("case.age > 3",)
    assert slots["a"].applies == ("case.age > 3", "site == 'arm'")
    assert slots["a.b.c.d"].applies == slots["a"].applies
    assert slots["rows.deep.er"].applies == ("case.age > 3", "site == 'leg'")


def test_what_repeats_and_what_stands_in_a_panel_is_marked(templates: Templates) -> None:
    slots = templates.load(NESTED).slots
    repeated = {path: slot.repeated for path, slot in slots.items() if slot.repeated}
    assert repeated == {
        "rows.name": "rows",
        "rows.deep": "rows",
        "rows.deep.er": "rows",
        "stains.other.name": "stains.other",
        "stains.other.result": "stains.other",
        "stains.other.extent": "stains.other",
    }
    assert {path for path, slot in slots.items() if slot.panel} == {
        path for path in slots if path.startswith("stains.")
    }
    assert {path for path, slot in slots.items() if slot.required_stain} == {"stains.S1"}
    assert {path for path, slot in slots.items() if slot.is_group} == {
        "a.g",
        "rows",
        "rows.deep",
        "stains",
        "stains.other",
    }


def test_a_stain_is_a_choice_with_the_panel_s_results_and_its_own_names(templates: Templates) -> None:
    slots = templates.load(NESTED).slots
    stain = slots["stains.S1"].element
    assert isinstance(stain, ChoiceElement)
    assert [choice.id for choice in stain.choices] == ["pos", "neg"]
    assert (stain.name, stain.aliases) == ("Stain one", ("one",))
    assert slots["stains.Ki-67"].element.name == "Ki-67"
    assert slots["stains.S1.extent"].under == ("pos",)
    other = slots["stains.other"].element
    assert isinstance(other, GroupElement)
    assert other.repeats
    assert isinstance(slots["stains.other.name"].element, TextElement)
