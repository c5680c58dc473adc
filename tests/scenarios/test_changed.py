"""Cases with answers replaced by their paths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from reportgen.findings import FindingsError
from reportgen.reading.readers import read_text
from reportgen.reading.source import plain, source_of
from reportgen.scenarios.changed import changed
from tests.support.labs import refused

CASE = """
accession: S26-1
patient: {name: Invented}
parts:
  - {label: A, margin: {result: involved, at: center}, size: 3 mm}
  - {label: B, size: 4 mm}
"""


def after(changes: str) -> object:
    return plain(changed(read_text(CASE, name="case.yaml"), read_text(changes, name="changes.yaml")))


def expected(**parts: object) -> object:
    head = {"accession": "S26-1", "patient": {"name": "Invented"}}
    first = {"label": "A", "margin": {"result": "involved", "at": "center"}, "size": "3 mm"}
    return {**head, "parts": [{**first, **parts}, {"label": "B", "size": "4 mm"}]}


def test_answers_are_replaced_as_a_whole_or_below_another() -> None:
    assert after("size: 5 mm") == expected(size="5 mm")
    assert after("margin: clear") == expected(margin="clear")
    assert after("margin.at: edge") == expected(margin={"result": "involved", "at": "edge"})
    assert after("new.deep: x") == expected(new={"deep": "x"})
    assert after("{case.patient.name: Other, parts.B.size: }") == {
        "accession": "S26-1", "patient": {"name": "Other"},
        "parts": [{"label": "A", "margin": {"result": "involved", "at": "center"}, "size": "3 mm"}, {"label": "B"}],
    }  # fmt: skip


def test_an_answer_without_a_value_is_taken_out() -> None:
    assert after("margin.at: ") == expected(margin={"result": "involved"})
    assert after('size: ""') == expected(size="")


def test_the_place_of_a_change_is_that_of_its_line() -> None:
    made = changed(read_text(CASE, name="case.yaml"), read_text("\nsize: 5 mm", name="changes.yaml"))
    (finding,) = refused(lambda: changed(made, read_text("size.x: 1", name="more.yaml")))
    assert (finding.place.file, finding.place.line) == ("more.yaml", 1)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("siz: ", 'cannot be taken out (did you mean "size"?)'),
        ("size.unit: mm", "size has an answer without details in the case"),
        ("parts.C.size: 5 mm", "the case has no such part (its parts: A, B)"),
        ("parts.A.zzz: ", "so it cannot be taken out (remove the line)"),
    ],
)
def test_what_cannot_be_changed_is_found_at_its_line(path: str, says: str) -> None:
    (finding,) = refused(lambda: after(f"margin.at: edge\n{path}"))
    assert (finding.code, finding.place.line) == ("T402", 2)
    assert says in finding.as_line()


@given(some.text(max_size=20))
def test_any_path_changes_the_case_or_is_found(path: str) -> None:
    case = read_text(CASE, name="case.yaml")
    codes: frozenset[str] = frozenset()
    try:
        made = changed(case, source_of({path: "x"}))
    except FindingsError as error:
        codes = error.codes
    else:
        assert plain(made) != plain(case)
    assert codes <= {"T402"}
