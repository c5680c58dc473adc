"""One state of a case file: what is found, what the report on the screen leaves out, and the file written again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen import pipeline
from reportgen.pipeline import Settings
from reportgen.reading.characters import normal, refused
from reportgen.reading.readers import read_content
from reportgen.reading.source import plain
from reportgen.reports.model import Report
from reportgen.web.evaluation import Evaluation, evaluate, revision_of, written
from tests.acceptance.support import SAMPLES, base, changed
from tests.support.toy import Templates, toy_data

PATHS = sorted(SAMPLES.glob("*.yaml"))
CONTENTS = [path.read_bytes() for path in PATHS]


def evaluated(data: Any) -> Evaluation:
    return evaluate(written(data, "case.yaml"), "case.yaml", None)


def sentences(report: Report | None) -> list[str]:
    assert report is not None
    return [sentence.text for sentence in report.sentences()]


# --- any bytes


@settings(max_examples=60)
@given(st.data())
def test_no_bytes_break_the_evaluation(choose: st.DataObject) -> None:
    content = choose.draw(st.sampled_from(CONTENTS))
    lines = content.split(b"\n")
    for _ in range(choose.draw(st.integers(1, 3))):
        at = choose.draw(st.integers(0, len(lines) - 1))
        how = choose.draw(st.sampled_from(["drop", "twice", "cut", "bytes", "value", "indent"]))
        if how == "drop":
            del lines[at]
        elif how == "twice":
            lines.insert(at, lines[at])
        elif how == "cut":
            lines[at] = lines[at][: choose.draw(st.integers(0, 20))]
        elif how == "bytes":
            lines[at] += choose.draw(st.binary(max_size=6))
        elif how == "value":
            value = choose.draw(
                st.sampled_from(["", "x", "[a, b]", "{a: b}", "[[x]]", "{result: [x], text: [y]}", "'.'"])
            )
            lines[at] = lines[at].partition(b":")[0] + b": " + value.encode()
        else:
            lines[at] = b" " * choose.draw(st.integers(1, 8)) + lines[at]
        lines = lines or [b""]
    made = evaluate(b"\n".join(lines), "case.yaml", None)
    assert (made.data is None) <= bool(made.errors)
    assert made.in_order == (made.report is not None and not made.errors)
    assert not (made.left_out and made.in_order)


@given(st.binary(max_size=40), st.sampled_from(["case.yaml", "case.json", "case.txt", "case.YML", ""]))
def test_what_is_no_case_file_is_refused(content: bytes, name: str) -> None:
    made = evaluate(content, name, None)
    assert made.errors
    assert made.report is None or made.header.missing


def test_each_state_of_a_file_has_a_revision_of_its_own() -> None:
    assert len({revision_of(content) for content in (b"", b"a", b"a\n")}) == 3
    assert evaluate(b"a", "case.yaml", None).revision == revision_of(b"a")


# --- a case in order


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_report_on_the_screen_of_a_case_in_order_is_the_report(path: Path) -> None:
    made = evaluate(path.read_bytes(), path.name, None)
    checked = pipeline.check(read_content(path.read_bytes(), path.name))
    assert made.findings == checked.findings
    assert made.left_out == ()
    if checked.errors:  # a stop
        assert not made.in_order
        assert made.stopped
        return
    documents = pipeline.render(read_content(path.read_bytes(), path.name), Settings(formats=("html",))).documents
    assert made.html.encode() == documents["html"]
    assert made.in_order
    answered, required = made.counted()
    assert required - answered == len([item for item in made.missing() if item.state != "pending"])


def test_a_case_is_complete_when_nothing_is_open() -> None:
    assert evaluated(base("q1-excision")).complete
    assert not evaluated(base("unfinished")).complete


# --- what is left out

# path, what is entered there, the path that is told, and what the report is made of instead (None: of nothing there)
BAD: list[tuple[str, Any, str, Any]] = [
    ("case.received", "2026-02-30", "received", None),
    ("case.patient.sex", "unknowable", "patient.sex", None),
    ("case.nonsense", "x", "nonsense", None),
    ("case.non.sense", "x", "non.sense", None),
    ("mitoses", "several", "parts.A.mitoses", None),
    ("necrosis", {"result": "nonsense", "percent": "5 %", "unknown": "x"}, "parts.A.necrosis", None),
    ("atypia", "mild", "parts.A.atypia", None),
    ("atypia", {"grade": "mild", "text": "x"}, "parts.A.atypia.text", {"grade": "mild"}),
    ("subcutis", {"result": "focal", "depth": "2"}, "parts.A.subcutis.depth", "focal"),
    ("subcutis", {"depth": "2 mm"}, "parts.A.subcutis", None),
    ("subcutis", {"result": "focal", "depth": "2 mm", "reason": ["x"]}, "parts.A.subcutis.reason", None),
    ("growth", {"result": "cannot be determined", "reason": ["x"]}, "parts.A.growth", None),
    ("growth", {"result": "other", "text": ["x"]}, "parts.A.growth", None),
    ("residual", "perhaps", "parts.A.residual", None),
    ("ulceration", {"result": "present", "per": "x"}, "parts.A.ulceration.per", None),
    ("kid", "x", "parts.A.kid", None),
    ("k.i.d", {"x.y": "z"}, "parts.A.k.i.d", None),
    ("size", ["1 mm", "2 mm"], "parts.A.size", None),
    ("received_as", ["x"], "parts.A.received_as", None),
    ("received_as", "long " * 81, "parts.A.received_as", None),
    ("acknowledge", {"A99": "x"}, "parts.A.acknowledge.A99", None),
    ("acknowledge", "x", "parts.A.acknowledge", None),
    ("case.acknowledge", {"A99": "x", "A5": ""}, "acknowledge.A99", None),
    ("override", {"nonsense": "x"}, "parts.A.override.nonsense", None),
    ("override", {"diagnosis": "long " * 4001}, "parts.A.override.diagnosis", None),
    ("case.override", {"diagnosis": "long " * 4001}, "override.diagnosis", None),
    ("override", {"comment": "own", "extent": "kept"}, "parts.A.override.comment", {"extent": "kept"}),
]


@pytest.mark.parametrize(("path", "value", "named", "instead"), BAD, ids=[bad[2] for bad in BAD])
def test_what_is_not_in_order_is_left_out_and_named_and_behaves_as_not_entered(
    path: str, value: Any, named: str, instead: Any
) -> None:
    def with_entry(entry: Any) -> Any:
        data = base("q1-excision")
        node = data["parts"][0] if not path.startswith("case.") else data
        *steps, last = (path.removeprefix("case."),) if "patient" not in path else ("patient", "sex")
        for step in steps:
            node = node[step]
        node.pop(last, None)
        if entry is not None:
            node[last] = entry
        return data

    made = evaluated(with_entry(value))
    assert named in made.left_out
    assert made.errors
    assert not made.in_order
    without = evaluated(with_entry(instead))
    assert not without.left_out
    assert sentences(made.report) == sentences(without.report)
    assert made.html == without.html


def test_several_wrong_entries_are_left_out_together_and_what_they_hid_after_them() -> None:
    wrong = {
        "procedure": "nonsense",
        "necrosis": "nonsense",
        "atypia.features": [{"result": "hyperchromasia", "texd": "x"}],
    }
    made = evaluated(changed(base("q1-excision"), wrong))
    assert set(made.left_out) >= {"parts.A.procedure", "parts.A.necrosis", "parts.A.atypia.features.texd"}
    assert "parts.A.procedure" in {item.path for item in made.missing()}


def test_a_key_without_a_value_is_never_an_answer_while_something_else_is_left_out() -> None:
    data = base("q1-excision")
    data["parts"][0] |= {"pleomorphism": None, "necrosis": "nonsense"}
    data["clinical_history"] = None
    made = evaluated(data)
    assert made.checked is not None
    assert made.checked.case is not None
    assert "pleomorphism" not in made.checked.case.parts[0].answers
    assert "clinical_history" not in made.checked.case.header
    assert "parts.A.pleomorphism" in {item.path for item in made.missing()}


def test_contradictions_and_what_does_not_apply_are_left_out() -> None:
    data = changed(base("q1-excision"), {"procedure": "punch biopsy"})
    made = evaluated(data)
    assert {finding.code for finding in made.errors} == {"E205"}
    assert set(made.left_out) >= {finding.path for finding in made.errors}
    assert made.report is not None


def test_of_entries_that_contradict_each_other_none_is_shown_as_the_answer() -> None:
    data = changed(base("q1-excision"), {"laterality": "right", "site": "left arm"})
    data["collected"], data["received"] = "2026-11-18", "2026-11-17"
    made = evaluated(data)
    assert {finding.code for finding in made.errors} == {"E201", "E206"}
    assert set(made.left_out) == {"parts.A.laterality", "parts.A.site", "collected", "received"}
    assert made.checked is not None
    assert made.checked.case is not None
    assert not {"laterality", "site"} & set(made.checked.case.parts[0].answers)
    assert "left arm" not in made.html


def test_without_accession_and_name_the_report_says_so_and_counts_them_as_missing() -> None:
    data = base("q1-excision")
    del data["accession"], data["patient"]["name"]
    made = evaluated(data)
    assert [item.path for item in made.missing()][:2] == ["patient.name", "accession"]
    answered, required = made.counted()
    assert required - answered == 2
    assert made.html.count("[NOT ENTERED]") >= 2
    assert not made.in_order
    assert not made.left_out


@pytest.mark.parametrize("patient", ["text", ["x"], {"name": ["x", "y"]}, {"name": {"a": "b"}}, {"name": "x" * 201}])
def test_a_name_that_cannot_be_one_is_missing_once(patient: Any) -> None:
    made = evaluated({**base("q1-excision"), "patient": patient})
    assert [item.path for item in made.missing()].count("patient.name") == 1
    assert "[NOT ENTERED]" in made.html


def test_where_parts_or_protocols_are_not_in_order_no_report_forms() -> None:
    data = base("three-parts")
    for parts in (
        "text",
        [],
        [data["parts"][0], "text"],
        [{**data["parts"][0], "label": "left arm"}],
        [{"label": "A", "protocol": "x"}],
    ):
        made = evaluated({**data, "parts": parts})
        assert made.report is None
        assert made.errors
        assert made.counted() == (0, 0)


def test_a_stop_holds_the_report_back_and_its_words_are_on_the_screen() -> None:
    path = Path(__file__).parents[1] / "hostile" / "stop.yaml"
    made = evaluate(path.read_bytes(), path.name, None)
    assert [finding.code for finding in made.errors] == ["E301"]
    assert [(label, stop.blocks) for label, stop in made.stopped] == [("A", True)]
    assert made.report is not None
    assert not made.in_order


def test_a_number_of_findings_is_left_out_in_a_protocol_that_the_code_never_saw(templates: Templates) -> None:
    templates.load(
        "- {id: kind, kind: choice, title: Kind, aliases: [sort], choices: [{id: a}, {id: b}], source: {book: p}}\n"
        "- {id: rows, kind: group, repeats: true, title: Rows, source: {book: p}, elements: [\n"
        "    {id: one, kind: text, title: One}]}\n"
    )
    made = evaluated(toy_data({"kind": "a", "sort": "b", "rows": ["x", {"won": "y", "one": "z"}, {"one": ["p", "q"]}]}))
    assert set(made.left_out) == {"parts.A.kind", "parts.A.sort"} | {
        f"parts.A.rows.{each}" for each in ("1", "2.won", "3.one")
    }
    assert made.checked is not None
    assert made.checked.case is not None
    assert [*made.checked.case.parts[0].answers] == ["site", "rows.2.one"]


# --- the file written again

TEXTS = st.text(max_size=40) | st.sampled_from([
    "no", "yes", "on", "null", "~", "", " ", "0123", "1e3", "0x1f", "1:30", "2026-01-02", "2026-01-02T10:00:00Z", "- a",
    "a: b", "a:", "# no", "a #b", " lead", "trail ", "'", '"', "it's", "two\nlines", "\nbegin", "end\n",
    "\n\n two\n  in",
    " \n x", "&a", "*a", "!tag", "%", "@", "`", "{a: b}", "[a]", "|", ">", "?", "? a", "---", "...", "=", "<<", ".nan",
    "µm² ½ ≥ Ångström", "e\u0301", "x" * 300, "word " * 60, "a\tb", "😀", "\\n", "1_000", "+1", ".5", "a\n---\nb",
])  # fmt: skip
PRINTABLE = TEXTS.filter(lambda text: not refused(text) and "\r" not in text).map(normal)
KEYS = st.sampled_from(["site", "a b", "no", "1", "a.b", "é", "x: y", "#", "- a", "2026-01-02", "~"])
VALUES = st.recursive(
    st.none() | PRINTABLE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), st.sampled_from(["case.yaml", "case.json", "case.yml"]))
def test_what_is_written_reads_as_the_same_data(data: dict[str, Any], name: str) -> None:
    content = written(data, name)
    assert plain(read_content(content, name)) == data
    assert written(data, name) == content


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_sample_written_again_reads_as_it_was(path: Path) -> None:
    data: Any = plain(read_content(path.read_bytes(), path.name))
    for name in ("case.yaml", "case.json"):
        assert plain(read_content(written(data, name), name)) == data
    assert list(json.loads(written(data, "case.json"))) == list(data)


def test_a_written_file_is_one_that_a_person_can_read() -> None:
    shared = {"result": "a"}
    data = {"date": "2026-01-02", "words": "two\nlines", "open": None, "one": shared, "two": shared, "number": "0123"}
    assert written(data, "case.yaml").decode() == (
        "date: 2026-01-02\nwords: |-\n  two\n  lines\nopen:\none:\n  result: a\ntwo:\n  result: a\nnumber: '0123'\n"
    )
