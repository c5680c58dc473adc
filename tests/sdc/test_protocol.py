"""A form becomes a protocol that is in order, asks every question of the form and prints the answers by its rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reportgen.laboratory.model import Laboratory
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.elements import ChoiceElement, CountElement, NoteElement, Omit, QuantityElement, Shown, Status
from reportgen.sdc.model import Loss
from tests.sdc.cases import case, reported, synopsis
from tests.sdc.forms import (
    ANSWERS,
    NO_TEXT,
    SKIN_PUNCH,
    answer,
    asked,
    choice,
    filled,
    form,
    imported,
    note,
    read,
    report,
    section,
    tag,
)
from tests.support.labs import lab, refused

TITLE = "Skin punch, demonstration form"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    return lab(tmp_path_factory.mktemp("sdc") / "lab")


@pytest.fixture(scope="module")
def skin(own: Laboratory, tmp_path_factory: pytest.TempPathFactory) -> tuple[Compiled, Laboratory, tuple[Loss, ...]]:
    return imported(SKIN_PUNCH, tmp_path_factory.mktemp("form"), own)


Skin = tuple[Compiled, Laboratory, tuple[Loss, ...]]


def test_every_question_answer_and_note_is_there_by_its_id(skin: Skin, tmp_path: Path) -> None:
    made = skin[0]
    known = {slot.element.foreign_id for slot in made.slots.values()} | {made.form.foreign_id}
    for slot in made.slots.values():
        known |= (
            {each.foreign_id for each in slot.element.choices} if isinstance(slot.element, ChoiceElement) else set()
        )
    known |= {each.foreign_id for each in made.form.sections}
    form = read(tmp_path, SKIN_PUNCH)
    wanted = (
        {form.id} | {item.id for item in form.items()} | {each.id for item in form.items() for each in item.answers}
    )
    assert wanted <= known
    assert len(wanted) == 44


def test_questions_are_asked_as_the_form_asks_them(skin: Skin) -> None:
    slots = skin[0].slots
    kinds = {path: str(getattr(slot.element, "kind", "")) for path, slot in slots.items()}
    assert kinds["procedure"] == kinds["oriented"] == kinds["features"] == "choice"
    assert (kinds["received_on"], kinds["number_of_pieces"], kinds["size.ratio"]) == ("date", "count", "quantity")
    assert (kinds["size"], kinds["focus"], kinds["this_form_is_for_one_punch"]) == ("group", "group", "note")
    features, grade, pieces = (slots[name].element for name in ("features", "grade", "number_of_pieces"))
    assert isinstance(features, ChoiceElement)
    assert isinstance(pieces, CountElement)
    assert (features.multiple, features.choices[-1].exclusive, features.status) == (True, True, Status.core)
    assert not features.other
    assert (str(pieces.minimum), str(pieces.maximum)) == ("1", "9")
    assert grade.judged
    assert (grade.title, grade.name) == ("Grade (where it applies)", "Grade")
    procedure = slots["procedure"].element
    assert isinstance(procedure, ChoiceElement)
    punch, shave, other, unknown = procedure.choices
    assert (shave.id, shave.title, shave.help) == ("Shave", "Shave (give the depth)", "Not a punch")
    assert isinstance(shave.response, QuantityElement)
    assert str(shave.response.maximum) == "19.9"
    assert (other.id, other.print, unknown.omit, punch.response) == ("other", Shown.response, Omit.question, None)
    assert slots["received_on"].element.status is slots["focus"].element.status is Status.optional
    assert slots["features.scale"].under == slots["features.extent"].under == ("Scale",)
    assert slots["features.comment_on_the_features"].element.independent
    assert slots["edge.side"].under == ("Seen",)
    assert [path for path, slot in slots.items() if slot.repeats] == ["focus", "block"]
    assert slots["size.greatest_dimension"].headings == ("LESION", "Size")
    assert all(slot.element.source for path, slot in slots.items() if "." not in path and not slot.judges)


EXPECTED = [
    (TITLE, ""), ("", "Skin"),
    ("SPECIMEN", ""), ("Procedure", "Shave: 1.5 mm"), ("Received on", "2026-01-05"), ("Number of pieces", "3"),
    ("Oriented", "yes"),
    ("LESION", ""), ("Features", "Crust; Scale: on top"), ("Scale", "Fine"), ("Extent", "40 %"),
    ("Comment on the features", "odd"),
    ("Size", ""), ("Greatest dimension", "1.2 cm"), ("Ratio", "2.5"),
    ("LESION", ""), ("Cells counted (per 10 fields)", "12"), ("Grade", "g2"), ("Edge", "Seen"), ("Side", "left"),
    ("FOCUS", ""), ("", "Place: nose; Width: 3 mm"), ("", "Place: ear"),
    (TITLE, ""), ("Block", "A1"), ("Block", "A2"), ("Site code", "Arm"),
    ("Remarks", ""), ("", "In the words of the pathologist"), ("Comments", "Nothing else."),
    ("Copyright", ""), ("", "(c) 2026 Example Laboratory. Free to use."),
]  # fmt: skip


def test_answers_are_printed_by_the_rules_of_the_form(skin: Skin, tmp_path: Path) -> None:
    made, own, _ = skin
    data = case(filled(SKIN_PUNCH, ANSWERS), tmp_path, made, own)
    data["parts"][0] |= {
        "focus": [{"place": "nose", "width": "3 mm"}, {"place": "ear"}],
        "block": [{"block": "A1"}, {"block": "A2"}],
    }
    printed = reported(data, own)
    assert synopsis(printed) == EXPECTED
    assert printed.title == "Skin Pathology Case Summary"
    assert "X1" not in " ".join(printed.reading_order())


@pytest.mark.parametrize(
    ("answers", "shown", "hidden"),
    [
        ({"15": True, "15.value": "Scrape"}, ("Procedure", "Scrape"), "other"),
        ({"16": True}, None, "Procedure"),
        ({"12": True}, ("Procedure", "Punch"), "Shave"),
        ({"38": True}, ("Features", "None of these"), "Crust"),
        ({"49": True}, ("Edge", "Not seen"), "Side"),
    ],
)
def test_single_rules(
    answers: dict[str, Any], shown: tuple[str, str] | None, hidden: str, skin: Skin, tmp_path: Path
) -> None:
    made, own, _ = skin
    found = synopsis(reported(case(filled(SKIN_PUNCH, answers), tmp_path, made, own), own))
    assert shown is None or shown in found
    assert hidden not in [label for label, _ in found] + [text for _, text in found]


def test_what_was_lost_or_changed_is_listed(skin: Skin) -> None:
    told = {(loss.id, loss.what.partition(":")[0], loss.lost) for loss in skin[2]}
    assert told == {
        ("SkinPunch.1_1.0_sdcFDF", "rule", True), ("82", "rule", True), ("71", "look-up", True),
        ("72", "injected form", True),
        ("3", "read-only", False), ("3", "selected beforehand", False), ("70", "limit", False),
        ("2", "answers without a heading of their own", False), ("", "answers without a heading of their own", False),
        ("33", "a question without words below one of several answers", False), ("41", "text with a unit", False),
        ("43", "words behind the field", False), ("47", "an answer that closes what is below the question", False),
    }  # fmt: skip
    lines = [loss.place.line for loss in skin[2]]
    assert lines == sorted(lines)


# ------------------------------------------------------------------------------------------------ single constructs


def test_answers_that_read_alike_are_told_apart(own: Laboratory, tmp_path: Path) -> None:
    twins = choice("1", "Type", answer("2", "a"), answer("3", "A "), answer("4", "b", more=report("a 2")))
    made, _, losses = imported(form(section("9", "S", twins)), tmp_path, own)
    element = made.slots["type"].element
    assert isinstance(element, ChoiceElement)
    assert [each.words for each in element.choices] == ["a", "A 2", "a 2 2"]
    assert [loss.id for loss in losses] == ["3", "4"]


def test_an_id_that_is_used_twice_is_kept_apart(own: Laboratory, tmp_path: Path) -> None:
    text = form(section("1", "S", asked("2", "One"), asked("2", "Two")))
    made, with_it, losses = imported(text, tmp_path, own)
    assert [slot.element.foreign_id for slot in made.slots.values()] == ["2", "2 (2)"]
    assert [loss.what for loss in losses] == ["an id that the form uses twice, or that is very long"]
    both = text.replace("<string></string>", '<string val="first"/>', 1).replace(
        "<string></string>", '<string val="second"/>', 1
    )
    assert case(both, tmp_path, made, with_it)["parts"] == [{"label": "A", "one": "first", "two": "second"}]


def test_a_section_that_is_not_shown_prints_nothing(own: Laboratory, tmp_path: Path) -> None:
    text = form(section("1", "S", choice("2", "Q", answer("3", "a", asked("4", "Below"))), showInReport="false"))
    made, with_it, _ = imported(text, tmp_path, own)
    data = case(filled(text, {"3": True, "4": "words"}), tmp_path, made, with_it)
    assert [each.title for each in reported(data, with_it).sections] == ["Diagnosis", "Signature"]


def test_a_question_that_is_not_shown_hides_only_itself(own: Laboratory, tmp_path: Path) -> None:
    hidden = choice("2", "Q", answer("3", "a", asked("4", "Below"))).replace(
        "<Question", '<Question showInReport="False"', 1
    )
    text = form(section("1", "S", asked("5", "First"), hidden))
    made, with_it, _ = imported(text, tmp_path, own)
    data = case(filled(text, {"5": "one", "3": True, "4": "words"}), tmp_path, made, with_it)
    found = reported(data, with_it)
    assert synopsis(found) == [("S", ""), ("First", "one"), ("Below", "words")]
    assert [pair.depth for pair in found.pairs() if pair.label == "Below"] == [0]


def test_what_repeats_and_is_not_shown_is_not_printed(own: Laboratory, tmp_path: Path) -> None:
    part = asked("3", "Shown") + asked("4", "Hidden").replace("<Question", '<Question showInReport="False"')
    text = form(section("1", "S", section("2", "ONE", part, maxCard=0)))
    made, with_it, _ = imported(text, tmp_path, own)
    data = case(filled(text, {"3": "seen", "4": "unseen"}), tmp_path, made, with_it)
    assert synopsis(reported(data, with_it)) == [("S", ""), ("ONE", ""), ("", "Shown: seen")]
    made, with_it, _ = imported(text.replace('title="ONE"', 'title="ONE" showInReport="False"'), tmp_path, own)
    assert [each.title for each in reported(data, with_it).sections] == ["Diagnosis", "Signature"]


def test_a_note_that_would_state_something_is_not_printed(own: Laboratory, tmp_path: Path) -> None:
    stating = note("1", "Necrosis is not identified.", more=report("Necrosis is not identified."))
    made, _, losses = imported(form(section("9", "S", stating, asked("2", "Q"))), tmp_path, own)
    assert [loss.what for loss in losses if loss.lost] == ["printed note"]
    assert made.slots["necrosis_is_not_identified"].is_group


def test_a_long_note_becomes_several_and_a_blank_one_none(own: Laboratory, tmp_path: Path) -> None:
    made, _, losses = imported(
        form(section("9", "S", note("1", "word " * 900), note("2", ""), asked("3", "Q"))), tmp_path, own
    )
    notes = [slot.element for slot in made.slots.values() if isinstance(slot.element, NoteElement)]
    assert [each.foreign_id for each in notes] == ["1", "", ""]
    assert [(loss.id, loss.what) for loss in losses] == [("2", "blank line")]


def test_an_answer_without_words_leaves_what_is_below_it(own: Laboratory, tmp_path: Path) -> None:
    below = section("4", "BY STAIN", asked("5", "Results"))
    text = form(
        section("1", "S", choice("2", "Tests", answer("3", "stain", below, more=NO_TEXT), most=0), asked("6", "Last"))
    )
    made, with_it, _ = imported(text, tmp_path, own)
    data = case(filled(text, {"3": True, "5": "positive", "6": "end"}), tmp_path, made, with_it)
    assert synopsis(reported(data, with_it)) == [
        ("S", ""), ("BY STAIN", ""), ("Results", "positive"), ("S", ""), ("Last", "end"),
    ]  # fmt: skip


def test_repeats_inside_repeats_and_headings_there_are_told(own: Laboratory, tmp_path: Path) -> None:
    inner = section("3", "PART", asked("4", "Q"), maxCard=0)
    text = form(section("1", "LESION", section("2", "SHAPE", asked("5", "Round"), inner), maxCard=0))
    made, with_it, losses = imported(text, tmp_path, own)
    assert [(loss.id, loss.what) for loss in losses] == [
        ("2", "heading inside something that repeats"), ("3", "repeats inside something that repeats"),
        ("3", "heading inside something that repeats"),
    ]  # fmt: skip
    data = case(filled(text, {"5": "yes", "4": "inner"}), tmp_path, made, with_it)
    assert data["parts"][0]["lesion"] == [{"shape": {"round": "yes", "part": {"q": "inner"}}}]
    assert synopsis(reported(data, with_it)) == [("LESION", ""), ("", "Round: yes; Q: inner")]


def test_braces_are_no_names(own: Laboratory, tmp_path: Path) -> None:
    made, _, losses = imported(
        form(section("1", "S {{x}}", asked("2", "{{ size }}"), asked("3", "{a}"))), tmp_path, own
    )
    assert made.form.sections[0].heading == "S ((x))"
    assert [slot.element.title for slot in made.slots.values()] == ["{ { size } }", "{a}"]
    assert {loss.what for loss in losses} == {"double braces", "heading: S {{x}}"}
    named, _, (lost,) = imported(form(asked("1", "Q"), formTitle="Form {{ x }}"), tmp_path, own)
    assert (named.protocol.title, lost.what) == ("Form (( x ))", "title: Form {{ x }}")


def test_a_question_without_words_is_named_by_all_its_answers(own: Laboratory, tmp_path: Path) -> None:
    made, *_ = imported(form(choice("1", "", answer("2", "Yes"), answer("3", "No"))), tmp_path, own)
    assert [slot.element.title for slot in made.slots.values()] == ["Yes / No"]


@pytest.mark.parametrize("nested", ["answers", "sections", "questions"])
def test_a_form_may_be_deep_but_not_deeper_than_a_protocol(nested: str, own: Laboratory, tmp_path: Path) -> None:
    def deep(levels: int) -> str:
        inner = asked("last", "Last")
        for level in range(levels):
            id, title = str(level), f"Level {level}"
            inner = {
                "answers": choice(id, title, answer(f"a{id}", "yes", inner)),
                "sections": section(id, title, inner),
                "questions": asked(id, title, "string", inner),
            }[nested]
        return form(section("top", "S", inner))

    made, *_ = imported(deep(20), tmp_path, own)
    assert max(path.count(".") for path in made.slots) == 20
    (found,) = refused(lambda: imported(deep(26), tmp_path, own))
    assert (found.code, found.place.file, found.path) == ("E007", str(tmp_path / "form.xml"), "0")


def test_a_title_for_a_form_without_one(own: Laboratory, tmp_path: Path) -> None:
    named = tag("Property", propName="OfficialName", val="Named")
    made, *_ = imported(form(asked("1", "Q"), more=named, formTitle=""), tmp_path, own)
    assert (made.form.title, made.protocol.report_title) == ("Named", "Surgical pathology report")
    made, *_ = imported(form(asked("1", ""), formTitle=""), tmp_path, own)
    assert (made.form.title, made.slots["answer"].element.title) == ("F1", "Answer")
