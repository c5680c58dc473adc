"""Filled forms become cases: what was filled in is in the case, or it is a finding at its place in the form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reportgen.findings import FindingsError
from reportgen.laboratory.model import Laboratory
from reportgen.sdc.case import case_of, protocol_for
from tests.sdc.cases import case
from tests.sdc.forms import (
    ANSWERS,
    FILE,
    SKIN_PUNCH,
    answer,
    asked,
    choice,
    filled,
    form,
    imported,
    read,
    section,
    written,
)
from tests.support.labs import lab, refused


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    return lab(tmp_path_factory.mktemp("sdc") / "lab")


def part(text: str, folder: Path, own: Laboratory, of: str = "") -> dict[str, Any]:
    """The part of the case of a filled form, whose protocol comes from the form `of`, or from itself."""
    made, with_it, _ = imported(of or text, folder, own)
    (found,) = case(text, folder, made, with_it)["parts"]
    assert isinstance(found, dict)
    return found


def test_every_answer_is_in_the_case(own: Laboratory, tmp_path: Path) -> None:
    assert part(filled(SKIN_PUNCH, ANSWERS), tmp_path, own) == {
        "label": "A", "skin": "Skin", "procedure": {"result": "Shave", "text": "1.5 mm"}, "received_on": "2026-01-05",
        "number_of_pieces": "3", "oriented": "yes", "internal_code": "X1",
        "features": {
            "result": ["Crust", {"result": "Scale", "text": "on top"}], "scale": "Fine", "extent": "40 %",
            "comment_on_the_features": "odd",
        },
        "size": {"greatest_dimension": "1.2 cm", "ratio": "2.5"}, "cells_counted": "12", "grade_applies": "yes",
        "grade": "g2", "edge": {"result": "Seen", "side": "left"}, "site_code": "Arm", "comments": "Nothing else.",
    }  # fmt: skip


def test_the_head_waits_for_what_no_form_says(own: Laboratory, tmp_path: Path) -> None:
    made, with_it, _ = imported(SKIN_PUNCH, tmp_path, own)
    data, _ = case_of(read(tmp_path, filled(SKIN_PUNCH, {})), made, with_it)
    assert data.pop("parts") == [{"label": "A"}]
    assert data.pop("protocol") == "toy"
    assert data["patient"] == {"name": None, "mrn": None, "birth_date": None, "sex": None}
    assert {key for key, value in data.items() if value is None} == {
        "accession",
        "collected",
        "received",
        "submitted_by",
    }


def focus(suffix: str, place: str, below: str) -> str:
    inside = f'<string val="{place}"/>', f'<string val="{below}"/>'
    questions = asked(f"6{suffix}", "Place"), asked(f"7{suffix}", "Below")
    text = "".join(each.replace("<string></string>", value) for each, value in zip(questions, inside, strict=True))
    return section(f"5{suffix}", "FOCUS", text, maxCard=0)


def test_entries_of_what_repeats(own: Laboratory, tmp_path: Path) -> None:
    text = form(focus("", "nose", "first"), focus("__1", "chin", "second"), focus("__2", "", ""))
    assert part(text, tmp_path, own) == {
        "label": "A", "focus": [{"place": "nose", "below": "first"}, {"place": "chin", "below": "second"}],
    }  # fmt: skip
    once = asked("8", "Block").replace("<Question", '<Question maxCard="0"')
    text = form(*(once.replace("<string></string>", f'<string val="A{number}"/>') for number in (1, 2)))
    assert part(text, tmp_path, own) == {"label": "A", "block": [{"block": "A1"}, {"block": "A2"}]}


def test_numbers_are_written_with_comparator_and_unit(own: Laboratory, tmp_path: Path) -> None:
    unit = '<ResponseUnits val="mm"/>'
    measured = asked("1", "Depth", "decimal", after=unit, val=".5", quantEnum="LT")
    sized = asked("3", "Size", "string", after=unit, val="3 x 2 mm")
    text = form(measured, asked("2", "Count", "integer", val="7"), sized, asked("4", "Still", "boolean", val="0"))
    assert part(text, tmp_path, own) == {
        "label": "A",
        "depth": "<0.5 mm",
        "count_": "7",
        "size": "3 x 2 mm",
        "still": "no",
    }


VALUE = '<string val="words">'
CHANGED = form(
    choice("1", "Type", answer("2", "a"), answer("3", "b"), answer("9", "other", kind="string")), asked("4", "Size")
)
FOUND: dict[str, tuple[str, str, str, str]] = {  # what is wrong → the filled form, code, id, message
    "a question that is not asked": (
        form(choice("1", "Type", answer("2", "a", selected="true")), asked("5", "New", val="words")),
        "E119", "5", "cannot be carried into the case",
    ),
    "an answer that is not there": (
        form(choice("1", "Type", answer("7", "c", selected="true"))), "E119", "7", "cannot be carried into the case",
    ),
    "a value of an answer that takes none": (
        form(choice("1", "Type", answer("2", "a", kind="string", selected="true").replace("<string>", VALUE))),
        "E119", "2", "has a value, and cannot be carried into the case",
    ),
    "a value of an answer that was not selected": (
        form(choice("1", "Type", answer("9", "other", kind="string").replace("<string>", VALUE))),
        "E119", "9", "has a value but is not selected, and cannot be carried into the case",
    ),
    "two answers where one is taken": (
        form(choice("1", "Type", answer("2", "a", selected="true"), answer("3", "b", selected="true"))),
        "E108", "1", "takes one value, not a list",
    ),
    "an answer given twice": (
        form(asked("4", "Size", val="words"), asked("4", "Size", val="words")),
        "E119", "4", "is answered a second time, and cannot be carried into the case",
    ),
    "a further entry of what does not repeat": (
        form(*(asked("4", "Size", val="words").replace("<Question", '<Question maxCard="0"') for _ in range(2))),
        "E119", "4", "is a further entry, and cannot be carried into the case",
    ),
    "an answer without its words": (
        form(choice("1", "Type", answer("9", "other", selected="true"))), "E109", "1", '"other" needs words of its own',
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FOUND)
def test_what_cannot_be_carried_is_a_finding_at_its_place(what: str, own: Laboratory, tmp_path: Path) -> None:
    text, code, id, message = FOUND[what]
    made, with_it, _ = imported(CHANGED, tmp_path, own)
    filled_in = read(tmp_path, text)
    (found,) = refused(lambda: case_of(filled_in, made, with_it))
    assert (found.code, found.path, found.message) == (code, id, message)
    lines = [item.place.line for item in filled_in.items()]
    assert lines[0] <= found.place.line <= lines[-1] + 9
    assert found.place.file == str(tmp_path / "form.xml")


def test_an_answer_below_one_that_was_not_selected_is_a_finding(own: Laboratory, tmp_path: Path) -> None:
    text = filled(SKIN_PUNCH, {"32": True, "35": True, "37": "40"})
    made, with_it, _ = imported(SKIN_PUNCH, tmp_path, own)
    found = refused(lambda: case_of(read(tmp_path, text), made, with_it))
    assert [(each.code, each.path) for each in found] == [("E204", "34"), ("E204", "37")]
    alone = filled(SKIN_PUNCH, {"37": "40"})
    found = refused(lambda: case_of(read(tmp_path, alone), made, with_it))
    assert [(each.code, each.path) for each in found] == [("E102", "31")]


def test_a_value_that_is_none_is_a_finding(own: Laboratory, tmp_path: Path) -> None:
    made, with_it, _ = imported(SKIN_PUNCH, tmp_path, own)
    wrong = {"17": "yesterday", "18": "0", "41": "large", "42": "2,5", "43": "-3"}
    found = refused(lambda: case_of(read(tmp_path, filled(SKIN_PUNCH, wrong)), made, with_it))
    assert [(each.path, each.code) for each in found] == [
        ("17", "E107"), ("18", "E104"), ("41", "E106"), ("42", "E106"), ("43", "E106"),
    ]  # fmt: skip
    assert not any(value in each.as_line() for each in found for value in ("yesterday", "large"))


def test_what_is_filled_in_where_the_form_has_no_id_is_a_finding_that_says_so(own: Laboratory, tmp_path: Path) -> None:
    text = form(asked("1", "Size"), asked("", "Depth", val="words"))
    made, with_it, _ = imported(text, tmp_path, own)
    (found,) = refused(lambda: case_of(read(tmp_path, text), made, with_it))
    assert (found.code, found.hint[:26]) == ("E119", "the question has no id: gi")


def test_a_comparator_that_no_case_has_is_a_finding(own: Laboratory, tmp_path: Path) -> None:
    text = form(asked("1", "Depth", "decimal", val="5", quantEnum="NEQ"))
    made, with_it, _ = imported(text, tmp_path, own)
    (found,) = refused(lambda: case_of(read(tmp_path, text), made, with_it))
    assert (found.code, found.path) == ("E119", "1")


def test_answers_of_another_form_in_the_file_are_a_warning(own: Laboratory, tmp_path: Path) -> None:
    head = form(asked("d", "Name", val="words"), ID="D").replace("FormDesign", "DemogFormDesign")
    text = f"<SDCPackage>{head}{form(asked('1', 'Q', val='words'))}</SDCPackage>"
    made, with_it, _ = imported(text, tmp_path, own)
    _, warnings = case_of(read(tmp_path, text), made, with_it)
    assert [(each.code, each.path) for each in warnings] == [("W322", "D")]


def test_the_protocol_of_a_form_is_found_by_its_id(own: Laboratory, tmp_path: Path) -> None:
    filled_in = read(tmp_path, SKIN_PUNCH)
    (none,) = refused(lambda: protocol_for(filled_in, "", own))
    assert (none.code, none.message, none.place.file) == (
        "E110", "no protocol was made from this form", str(tmp_path / "form.xml"),
    )  # fmt: skip
    _, with_it, _ = imported(SKIN_PUNCH, tmp_path, own)
    assert protocol_for(filled_in, "", with_it).protocol.id == "toy"
    assert protocol_for(filled_in, "general", with_it).protocol.id == "general"
    with pytest.raises(FindingsError):
        protocol_for(filled_in, "missing", with_it)


def test_several_protocols_of_one_form_are_named(tmp_path: Path) -> None:
    from tests.cli.program import invoke
    from tests.support.labs import write_lab

    profile = write_lab(tmp_path / "lab")
    for id in ("one", "two"):
        assert invoke("import", "sdc", FILE, "--lab", profile, "--id", id).code == 0
    path = written(tmp_path, filled(SKIN_PUNCH, ANSWERS))
    outcome = invoke("import", "sdc", path, "--lab", profile, "--case", tmp_path / "case.yaml")
    assert (outcome.code, "add --id one or two" in outcome.err) == (1, True)
    assert not (tmp_path / "case.yaml").exists()
    assert invoke("import", "sdc", path, "--lab", profile, "--case", tmp_path / "case.yaml", "--id", "two").code == 0
    assert "protocol: two" in (tmp_path / "case.yaml").read_text(encoding="utf-8")
