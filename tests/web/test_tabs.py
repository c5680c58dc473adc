"""A case of many parts: each tab says what its part is, and what is true of many parts is said once."""

from __future__ import annotations

import html
import json
import re
import string
from pathlib import Path
from typing import Any

import pytest

from reportgen.reading.readers import read_content
from reportgen.reading.source import plain
from reportgen.web.evaluation import document, evaluate, written
from reportgen.web.tabs import Called, called, copies, listed
from tests.cli.program import SAMPLES
from tests.web.asgi import Visitor


def sample(name: str) -> Any:
    return plain(read_content((SAMPLES / f"{name}.yaml").read_bytes(), f"{name}.yaml"))


def of(data: Any) -> dict[str, Called]:
    return called(evaluate(written(data, "case.yaml"), "case.yaml", None), document(data, None))


def many(name: str = "shave-biopsy") -> Any:
    data = sample(name)
    part = data["parts"][0]
    data["parts"] = [{**part, "label": each, "received_as": f"skin {each}"} for each in string.ascii_uppercase]
    return data


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    folder = tmp_path_factory.mktemp("tabs") / "cases"
    folder.mkdir()
    (folder / "many.yaml").write_bytes(written(many(), "many.yaml"))
    return Visitor(folder)


def test_a_part_is_called_by_its_specimen_and_the_first_line_of_its_diagnosis() -> None:
    assert of(sample("three-parts")) == {
        "A": Called("Left cheek, shave biopsy", "Seborrheic keratosis, irritated"),
        "B": Called("Skin, right thigh, incisional biopsy", "Surface of smooth muscle neoplasm (see comment)"),
        "C": Called(
            "Midline upper back, shave biopsy",
            "Compound melanocytic nevus with mild architectural disorder (see comment)",
        ),
    }


def test_a_part_of_which_nothing_is_said_yet_is_called_by_its_container() -> None:
    empty = {"protocol": "aismn", "accession": "S26-1", "parts": [{"label": "A", "received_as": "skin, left arm"}]}
    assert of(empty)["A"].specimen == "skin, left arm"
    assert of({**empty, "parts": [{"label": "A"}]})["A"] == Called()
    assert of({**empty, "parts": [{"label": "A", "protocol": "none", "received_as": ["x"]}]})["A"] == Called()


def test_parts_that_say_the_same_are_told_once() -> None:
    data = many()
    assert copies(document(data, None)) == [tuple(string.ascii_uppercase)]
    data["parts"][3]["site"] = data["parts"][5]["site"] = "right thigh"
    rest = tuple(each for each in string.ascii_uppercase if each not in "DF")
    assert copies(document(data, None)) == [rest, ("D", "F")]
    empty = {"protocol": "aismn", "accession": "S26-1", "parts": [{"label": "A"}, {"label": "B"}]}
    assert copies(document(empty, None)) == []


def test_labels_are_listed() -> None:
    assert [listed("ABC"[:number]) for number in range(4)] == ["", "A", "A and B", "A, B and C"]


def test_twenty_six_equal_parts_have_one_notice_and_tabs_that_tell_them(desk: Visitor) -> None:
    page = desk.get(desk.case("many.yaml")).text
    assert page.count("say the same in every entry") == 1
    assert "26 parts say the same in every entry" in page
    assert page.count('data-specimen="') == 26
    said = re.search(r'data-specimen="T">([^<]*)</span><span class="of" data-diagnosis="T">([^<]*)<', page)
    assert said
    assert said.groups() == (
        "Skin, left distal forearm, shave biopsy",
        "Surface of smooth muscle neoplasm (see comment)",
    )


def test_a_tab_is_told_anew_with_each_entry(desk: Visitor) -> None:
    sent = {"path": "parts.T.site", "value": "left wrist", "revision": desk.revision("many.yaml")}
    answer = desk.post(f"{desk.case('many.yaml')}/entries", **sent).text
    found = re.search(r'id="state" data-state="([^"]*)"', answer)
    assert found
    assert json.loads(html.unescape(found[1]))["called"]["T"][0] == "Skin, left wrist, shave biopsy"


def test_a_case_of_one_part_needs_no_words_in_its_tab(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_bytes(written(sample("shave-biopsy"), "one.yaml"))
    made = Visitor(tmp_path)
    assert "data-specimen" not in made.get(made.case("one.yaml")).text
