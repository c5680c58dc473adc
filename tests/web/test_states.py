"""Which fields are asked, open or wrong; nothing that was found disappears."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reportgen.cases.answer_values import AnswerScope
from reportgen.findings import Finding, Severity
from reportgen.laboratory.model import Laboratory
from reportgen.web.document import Document
from reportgen.web.evaluation import Evaluation, document, evaluate, written
from reportgen.web.fields import Drawing, Field, own_words, received_as
from reportgen.web.states import States, is_filled, states
from reportgen.web.views import why
from reportgen.web.wording import title, titles, words
from tests.acceptance.support import SAMPLES, TEMPLATES, base, changed, read_data
from tests.support.labs import protocol_lab
from tests.support.toy import Templates, toy_data

FILES = [
    *sorted(SAMPLES.glob("*.yaml")),
    *(
        each
        for each in sorted((Path(__file__).parents[1] / "hostile").glob("*.*"))
        if each.suffix in (".yaml", ".json")
    ),
]
SEBORRHEIC = ("type", "irritation", "atypia")


def of(data: Any, own: Laboratory | None = None) -> tuple[Evaluation, Document, States]:
    evaluation = evaluate(written(data, "case.yaml"), "case.yaml", own)
    made = document(data, own)
    return evaluation, made, states(evaluation, made)


def drawn(made: Document, state: States) -> dict[str, Field]:
    """Every field of every form by its path, with whether it or anything above it is hidden."""
    forms: list[tuple[str, Any]] = [("", made.header)]
    forms += [(f"parts.{made.labels[n]}.", form) for n in range(len(made.parts)) if (form := made.protocol_of(n))]
    found: dict[str, Field] = {}

    def note(field: Field, hidden: bool) -> None:
        here = bool(field["hidden"]) or hidden
        found[field["path"]] = {**field, "hidden": here}
        rows = [each for row in field["rows"] for each in row["fields"]]
        further = [field["further"]] if field.get("further") else []
        for each in (*field["below"], *rows, *field["stains"], *further):
            note(each, here)

    for prefix, form in forms:
        for section in Drawing(form, made, state, prefix).sections():
            for field in section["fields"]:
                note(field, bool(section["hidden"]))
        if prefix:
            for field in (*own_words(form, made, prefix), received_as(made, prefix)):
                note(field, False)
    return found


def found_in(state: States, finding: Finding, made: Document) -> bool:
    said = words(finding, titles(made))
    fields = state.errors if finding.severity is Severity.error else state.doubts
    return any(said in each for each in fields.values()) or any(each.endswith(said) for each in state.elsewhere)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_finding_disappears_and_no_field_that_holds_something_is_hidden(path: Path) -> None:
    evaluation = evaluate(path.read_bytes(), path.name, None)
    if evaluation.data is None:
        assert evaluation.errors
        return
    made = document(evaluation.data, None)
    state = states(evaluation, made)
    fields = drawn(made, state)
    for finding in evaluation.findings:
        assert finding.code in ("E301", "W315", "W316") or found_in(state, finding, made), finding
    beside = {at for at in state.errors if ".acknowledge." in at}  # drawn beside the report, with what was raised
    for at in {*state.errors, *state.doubts, *state.missing, *state.pending} - beside:
        assert at in fields, at
        assert not fields[at]["hidden"], at
    for at, field in fields.items():
        assert not (field["hidden"] and is_filled(made.get(at))), at
    assert state.missing.isdisjoint(state.pending)
    assert state.as_data()["hidden"] == sorted(state.hidden)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_what_does_not_apply_is_hidden_and_what_applies_is_not(path: Path) -> None:
    evaluation = evaluate(path.read_bytes(), path.name, None)
    assert evaluation.checked is not None
    assert evaluation.data is not None
    made = document(evaluation.data, None)
    state = states(evaluation, made)
    fields = drawn(made, state)
    for number, scope in enumerate(evaluation.checked.scopes):
        for at, slot in scope.form.slots.items():
            if slot.repeated and slot.repeated != at:
                continue
            truth = AnswerScope.of_part(evaluation.checked.case.parts[number], {}).applicable(at).truth  # type: ignore[union-attr]
            if truth is not None:
                assert bool(fields[f"parts.{made.labels[number]}.{at}"]["hidden"]) is not truth, at


def test_a_section_that_does_not_apply_is_hidden_unless_something_stands_in_it() -> None:
    _, _, state = of(base("re-excision-clear"))
    assert {"parts.A.#neoplasm", "parts.A.#margins", "parts.A.margins.deep"} <= state.hidden
    _, _, state = of(changed(base("re-excision-clear"), {"necrosis": "present"}))
    assert "parts.A.#neoplasm" not in state.hidden
    assert "parts.A.necrosis" not in state.hidden
    assert "parts.A.necrosis" in state.errors
    assert "parts.A.#margins" in state.hidden


def test_an_empty_case_asks_for_everything_that_does_not_wait_for_an_answer() -> None:
    _, _, state = of({"protocol": "aismn", "accession": "S1", "parts": [{"label": "A"}]})
    asked = {"parts.A.procedure", "parts.A.epicenter", "parts.A.margins.deep", "parts.A.stains", "patient.name"}
    assert asked <= state.missing | {"parts.A.epicenter", "parts.A.margins.deep", "parts.A.stains"}
    assert asked.isdisjoint(state.hidden)
    assert {"parts.A.subcutis.depth", "parts.A.procedure.counts_as", "parts.A.atypia.features"} <= state.hidden


@pytest.mark.parametrize(
    ("changes", "codes", "at"),
    [
        ({"necrosis": "nonsense"}, {"E103"}, "parts.A.necrosis"),
        ({"necrosis": {"result": "not identified", "percent": "5 %"}}, {"E204"}, "parts.A.necrosis.percent"),
        ({"procedure": "excision", "prior": None, "residual": "not identified"}, {"E205"}, "parts.A.residual"),
        ({"laterality": "right", "site": "left arm"}, {"E201"}, "parts.A.laterality"),
        ({"laterality": "right", "site": "left arm"}, {"E201"}, "parts.A.site"),
        ({"size": "5"}, {"E105"}, "parts.A.size"),
        ({"necrosis": {"result": "present", "unknown": "x"}}, {"E101"}, "parts.A.necrosis"),
        ({"override": {"comment": ""}}, {"E109"}, "parts.A.override.comment"),
        ({"gross.blocks": [{"id": "A1", "contents": "x"}, {"id": ["x", "y"]}]}, {"E108"}, "parts.A.gross.blocks.2.id"),
        ({"case.received": "soon"}, {"E107"}, "received"),
        ({"case.received": "2020-01-01"}, {"E206"}, "received"),
        ({"stains.CD10": "maybe"}, {"E103"}, "parts.A.stains.CD10"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(changes: dict[str, Any], codes: set[str], at: str) -> None:
    evaluation, made, state = of(changed(base("q1-excision"), changes))
    assert codes <= {finding.code for finding in evaluation.errors}
    assert at in state.errors
    assert not drawn(made, state)[at]["hidden"]
    assert all("case.yaml" not in said for said in state.errors.values())


@pytest.mark.parametrize(
    "changes",
    [
        {"kid": "x"},
        {"override": {"nonsense": "x"}},
        {"acknowledge": {"A99": "x"}},
        {"margins": "x"},
        {"case.nonsense": "x"},
    ],
)
def test_what_no_field_holds_is_said_elsewhere(changes: dict[str, Any]) -> None:
    evaluation, made, state = of(changed(base("q1-excision"), changes))
    assert len(state.elsewhere) == len(evaluation.errors) == 1
    assert state.elsewhere[0].startswith(f"{title(evaluation.errors[0].path, titles(made))}: ")
    assert not state.errors


def test_what_is_open_and_what_is_still_to_come_are_told_apart() -> None:
    _, _, state = of(base("unfinished"))
    assert state.missing == {"parts.A.perineural"}
    assert {"parts.A.stains.SMA", "parts.A.stains.S100"} <= state.pending


def test_a_doubt_is_no_error() -> None:
    _, _, state = of(changed(base("q1-excision"), {"site": "xxx"}))
    assert "parts.A.site" in state.doubts
    assert not state.errors


def test_a_detail_that_does_not_belong_is_seen_in_a_repeated_group_too(templates: Templates) -> None:
    templates.load(
        "- {id: rows, kind: group, repeats: true, title: Rows, source: {book: p}, elements: [\n"
        "   {id: two, kind: choice, title: Two, choices: [{id: p}, {id: q}], followups: [\n"
        "     {id: of_p, kind: text, title: P, under: [p]}]}]}\n"
    )
    _, made, state = of(toy_data({"rows": [{"two": {"result": "q", "of_p": "x"}}, {"two": "p"}, {"two": "q"}]}))
    fields = drawn(made, state)
    assert "parts.A.rows.1.two.of_p" in state.errors
    hidden = [bool(fields[f"parts.A.rows.{number}.two.of_p"]["hidden"]) for number in (1, 2, 3, 4)]
    assert hidden == [False, False, True, True]


def test_what_a_macro_gives_is_shown_and_told_until_something_is_entered() -> None:
    header = {"protocol": "seborrheic", "macro": "isk", "procedure": "shave biopsy", "laterality": "left"}
    _, made, state = of(toy_data({**header, "irritation": "not identified"}))
    assert state.given == {"parts.A.type": ("seborrheic keratosis",), "parts.A.atypia": ("not identified",)}
    assert state.doubts["parts.A.type"] == "Given by the macro isk. What you enter takes its place."
    fields = drawn(made, state)
    on = {path: [each["id"] for each in fields[f"parts.A.{path}"]["choices"] if each["on"]] for path in SEBORRHEIC}
    assert on == {"type": ["seborrheic keratosis"], "atypia": ["not identified"], "irritation": ["not identified"]}
    assert not fields["parts.A.variant"]["hidden"]
    assert state.missing == frozenset()


def test_what_a_macro_gives_and_does_not_apply_is_shown_with_what_is_wrong() -> None:
    residual = {"prior": {"accession": "S9"}, "residual": "not identified", "procedure_site": "dermal scar"}
    header = {"protocol": "seborrheic", "macro": "sk", "procedure": "shave biopsy", "laterality": "left"}
    _, made, state = of(toy_data({**header, **residual}))
    assert {f"parts.A.{path}" for path in SEBORRHEIC} <= state.errors.keys()
    assert not any(drawn(made, state)[f"parts.A.{path}"]["hidden"] for path in SEBORRHEIC)


def test_what_a_profile_gives_is_shown_and_told_until_something_is_entered(tmp_path: Path) -> None:
    own = protocol_lab(tmp_path, "elements: {staging.system: {usual: AJCC 8}}\n", "merkel")
    head: dict[str, Any] = {"protocol": "merkel", "procedure": "excision", "laterality": "left"}
    _, made, state = of(toy_data(head), own)
    assert state.given == {"parts.A.staging.system": ("AJCC 8",)}
    told = "Given by the profile Example Laboratory. What you enter takes its place."
    assert state.doubts["parts.A.staging.system"] == told
    fields = drawn(made, state)
    assert [each["id"] for each in fields["parts.A.staging.system"]["choices"] if each["on"]] == ["AJCC 8"]
    assert not fields["parts.A.staging.setting"]["hidden"]
    assert "parts.A.staging.setting" in state.missing
    for system in ("none", "UICC 8"):
        _, made, state = of(toy_data({**head, "staging": {"system": system}}), own)
        assert state.given == {}
        on = [each["id"] for each in drawn(made, state)["parts.A.staging.system"]["choices"] if each["on"]]
        assert on == [system]
    _, made, state = of(toy_data({**head, "procedure": "punch biopsy"}), own)
    assert state.given == {}
    assert drawn(made, state)["parts.A.staging.system"]["hidden"]


def test_why_a_sentence_is_there_names_the_profile(tmp_path: Path) -> None:
    own = protocol_lab(tmp_path, "elements: {staging.system: {usual: AJCC 8}}\n", "scc")
    data = read_data(TEMPLATES / "protocols/scc/scenarios.yaml")["case"]
    del data["parts"][0]["staging"]["system"]
    evaluation, made, _ = of(data, own)
    assert evaluation.report
    stage = next(each for each in evaluation.report.sentences() if "(AJCC 8)" in each.text)
    told = why(evaluation, made, stage.clause, stage.text)
    assert told["found"]
    assert "'AJCC 8 (profile Example Laboratory)'" in str(told["answers"])
