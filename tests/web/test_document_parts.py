"""The parts of a document: added, doubled, moved, removed; and what is said of one of them alone."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen.protocols.load import load_header, load_protocol
from reportgen.web.document import Document, UnknownPathError
from reportgen.web.evaluation import document
from tests.acceptance.support import base
from tests.support.toy import Templates, toy_data


def labels(made: Document) -> list[str]:
    return [each["label"] for each in made.data["parts"]]


def test_parts_are_added_doubled_moved_and_removed_and_keep_their_labels(templates: Templates) -> None:
    templates.load("- {id: kind, kind: choice, title: Kind, choices: [{id: a}, {id: b}], source: {book: p}}\n")
    made = document({**toy_data({"kind": "a"}), "protocol": "toy"}, None)
    made.add_part("toy")
    assert made.data["parts"][1] == {"label": "B"}
    made.add_part("general")
    assert made.data["parts"][2] == {"label": "C", "protocol": "general"}
    made.duplicate_part(0)
    assert [each.get("kind") for each in made.data["parts"]] == ["a", None, None, "a"]
    made.put("parts.D.kind", "b")
    assert made.get("parts.A.kind") == "a"
    made.move_part(3, 1)
    assert (made.get("parts.D.kind"), labels(made)) == ("b", ["A", "D", "B", "C"])
    made.move_part(0, -1)
    made.move_part(3, 4)
    assert labels(made) == ["A", "D", "B", "C"]
    made.remove_part(2)
    assert (labels(made), made.get("parts.A.kind"), made.get("parts.D.kind")) == (["A", "D", "C"], "a", "b")
    made.add_part("toy")
    assert labels(made)[-1] == "E"
    for _ in range(5):
        made.remove_part(0)
    assert labels(made) == ["E"]


@pytest.mark.parametrize(
    ("given", "added"),
    [
        (["1", "2"], "3"),
        (["a"], "b"),
        (["B"], "C"),
        (["A", "C"], "D"),
        (["L"], "M"),
        (["A1"], "A2"),
        (["1", "5"], "6"),
        (["\uff21"], "B"),
        (["C", "1"], "D"),
        (["FS-1", "FS-02"], "FS-3"),
        (["999"], "A"),
        (["c", "a"], "d"),
    ],
)
def test_a_new_part_takes_the_label_that_follows(given: list[str], added: str) -> None:
    made = document({"protocol": "general", "parts": [{"label": each} for each in given]}, None)
    made.add_part("general")
    assert labels(made) == [*given, added]


def one_part(**said: Any) -> Document:
    return document({"protocol": "aismn", "accession": "S1", "parts": [{"label": "A", **said}]}, None)


@pytest.mark.parametrize("grow", ["add", "duplicate"])
def test_what_a_case_of_one_part_says_at_its_top_goes_with_that_part_when_another_comes(grow: str) -> None:
    made = one_part(acknowledge={"A4": "reason 4"})
    made.data |= {"acknowledge": {"A5": "reason 5"}, "override": {"diagnosis": "mine"}}
    assert made.get("parts.A.acknowledge.A5") == "reason 5"
    assert made.get("parts.A.acknowledge.A4") == "reason 4"
    if grow == "add":
        made.add_part("aismn")
    else:
        made.duplicate_part(0)
    said = {"acknowledge": {"A5": "reason 5", "A4": "reason 4"}, "override": {"diagnosis": "mine"}}
    assert made.data == {
        "protocol": "aismn", "accession": "S1", "parts": [{"label": "A", **said}, {"label": "B"}],
    }  # fmt: skip
    assert made.get("parts.B.acknowledge.A5") is None


def test_an_acknowledgement_is_entered_and_taken_back_wherever_it_stood() -> None:
    made = one_part()
    made.data["acknowledge"] = {"A5": "old"}
    made.put("parts.A.acknowledge.A5", "new")
    assert made.data["parts"] == [{"label": "A", "acknowledge": {"A5": "new"}}]
    assert "acknowledge" not in made.data
    made.put("parts.A.acknowledge.A5", None)
    assert made.data["parts"] == [{"label": "A"}]


def test_two_reasons_for_one_stop_are_both_kept_until_one_is_entered() -> None:
    made = one_part(acknowledge={"A5": "in the part"})
    made.data["acknowledge"] = {"A5": "at the top"}
    made.put("parts.A.override.diagnosis", "x")
    assert (made.data["acknowledge"], made.get("parts.A.acknowledge.A5")) == ({"A5": "at the top"}, "in the part")
    made.put("parts.A.acknowledge.A5", None)
    assert made.get("parts.A.acknowledge.A5") is None


def test_an_acknowledgement_that_is_a_text_leaves_and_is_said_to_have_left() -> None:
    made = one_part(acknowledge="all of it")
    made.data["acknowledge"] = {"A5": "x"}
    assert made.get("parts.A.acknowledge.A5") is None
    assert made.put("parts.A.acknowledge.A4", "y") == ("parts.A.acknowledge",)
    assert made.get("parts.A.acknowledge.A4") == "y"


def test_parts_that_are_no_parts_are_not_taken_for_others() -> None:
    data: dict[str, Any] = {"protocol": "aismn", "parts": ["text", {"label": "B", "procedure": "excision"}]}
    made = document(data, None)
    assert made.parts == []
    for path in ("parts.A.procedure", "parts.B.procedure"):
        with pytest.raises(UnknownPathError):
            made.get(path)
    with pytest.raises(UnknownPathError):
        made.add_part("aismn")
    assert made.data == data


def test_a_case_without_parts_gets_its_first() -> None:
    made = document({"protocol": "aismn", "parts": None}, None)
    made.add_part("aismn")
    assert made.data["parts"] == [{"label": "A"}]


def test_a_case_is_copied_before_it_is_changed() -> None:
    data = base("q1-excision")
    made = Document(data, load_header(), load_protocol)
    made.put("accession", "changed")
    made.put("parts.A.procedure", None)
    assert data == base("q1-excision")


def test_what_was_said_of_no_part_in_particular_is_never_said_of_the_one_that_is_left() -> None:
    data = {"protocol": "aismn", "parts": [{"label": "A"}, {"label": "B"}], "acknowledge": {"A5": "seen"}}
    made = document(data, None)
    made.remove_part(0)
    assert made.data == {"protocol": "aismn", "parts": [{"label": "B"}]}
