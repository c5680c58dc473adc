"""`reportgen check`: what people read, what programs read, and what neither may see."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from reportgen.findings import CATALOGUE, counted
from reportgen.pipeline import check
from tests.cli.program import MARK, SAMPLES, edited, invoke, run, sample


def as_data(*arguments: str | Path) -> tuple[int, Any]:
    """The exit code and the one JSON object."""
    outcome = invoke("check", *arguments, "--json")
    assert outcome.err == ""
    return outcome.code, json.loads(outcome.out)


def test_a_case_in_order() -> None:
    outcome = invoke("check", sample("shave-biopsy"))
    assert outcome.code == 0
    assert outcome.err == ""
    lines = outcome.out.splitlines()
    assert lines[0] == "Part A · Atypical intradermal smooth muscle neoplasm"
    assert re.fullmatch(r"  required elements: (\d+) of \1 entered", lines[1])
    assert lines[-1] == f"{sample('shave-biopsy')}: in order"
    assert sum(line.lstrip().startswith(("✓ met", "? unknown")) for line in lines) == 5


def test_what_is_open_is_told_and_refuses_nothing() -> None:
    outcome = invoke("check", sample("unfinished"))
    assert outcome.code == 0
    assert "    not entered: Perineural invasion (perineural)\n" in outcome.out
    assert "    pending: SMA (stains.SMA)\n" in outcome.out
    assert "? unknown  Expression of SMA, desmin or caldesmon" in outcome.out


def test_all_samples_at_once_are_told_in_the_order_given() -> None:
    cases = sorted(SAMPLES.glob("*.yaml"))
    assert len(cases) >= 9
    outcome = invoke("check", *cases)
    assert outcome.code == 1
    ends = [line for line in outcome.out.splitlines() if line.startswith(str(SAMPLES)) and "E3" not in line]
    expected = [f"{case}: {'refused' if case.stem == 'q2-metastatic' else 'in order'}" for case in cases]
    assert [re.sub(r", \d+ warnings?$", "", end) for end in ends] == expected
    assert "stop A5 Metastasis" in outcome.out
    assert "Practice answer 2" in outcome.out


def test_an_acknowledged_stop_is_shown_as_such(tmp_path: Path) -> None:
    words = "acknowledge: {A4: seen with the surgeon, A5: lung nodules are known}\nprotocol: aismn"
    case = edited(tmp_path / "case.yaml", ("protocol: aismn", words), name="q2-metastatic")
    outcome = invoke("check", case)
    assert outcome.code == 0
    assert "stop A5 Metastasis · acknowledged" in outcome.out
    assert re.fullmatch(rf"{case}: in order, \d+ warnings?, 2 stops acknowledged", outcome.out.splitlines()[-1])


def test_a_case_with_warnings_is_never_plainly_in_order(tmp_path: Path) -> None:
    one = edited(tmp_path / "one.yaml", ("S100: negative", "S100: positive"), name="q1-excision")
    two = edited(
        tmp_path / "two.yaml", ("S100: negative", "S100: positive"),
        ("Dr. Benedict Example, Example Skin Clinic", "TBD"), name="q1-excision",
    )  # fmt: skip
    raised = sum(each.warns for _, each in check(one).advisories)
    assert raised
    outcome = invoke("check", one, two)
    assert outcome.code == 0
    assert [line for line in outcome.out.splitlines() if "in order" in line] == [
        f"{one}: in order, {counted(raised, 'warning')}",
        f"{two}: in order, {counted(raised + 1, 'warning')}",
    ]
    cases = json.loads(invoke("check", one, two, "--json").out)["cases"]
    assert [each["counts"]["warnings"] for each in cases] == [raised, raised + 1]


def test_all_findings_come_in_one_pass_with_their_places(tmp_path: Path) -> None:
    case = edited(
        tmp_path / "case.yaml",
        ("growth: infiltrative", "grwth: infiltrative"),
        ("perineural:", "perineural: maybe"),
        ("mitoses: 1 per 10 HPF", "mitoses: 1,5 per 10 HPF"),
        ("laterality: right", "laterality: left"),
        ("received: 2026-11-21", "received: 2026-11-31"),
    )
    outcome = invoke("check", case)
    assert outcome.code == 1
    told = {line.split()[1]: line for line in outcome.out.splitlines() if line.startswith(f"{case}:")}
    lines = case.read_text(encoding="utf-8").splitlines()
    assert {"E101", "E103", "E106", "E107", "E201"} <= set(told)
    for code, key in (("E101", "grwth"), ("E103", "perineural"), ("E106", "mitoses"), ("E107", "received")):
        number = 1 + next(number for number, line in enumerate(lines) if line.strip().startswith(key))
        assert told[code].startswith(f"{case}:{number}:"), told[code]
    assert 'did you mean "growth"?' in told["E101"]
    assert "parts.A.site" in told["E201"]
    assert "parts.A.laterality" in told["E201"]
    assert outcome.out.endswith(f"{case}: refused\n")


# ------------------------------------------------------------------ for programs


def test_json_is_one_object_whatever_the_cases_are(tmp_path: Path) -> None:
    code, data = as_data(sample("unfinished"), tmp_path / "none.yaml", sample("q2-metastatic"))
    assert code == 1
    assert [case["in_order"] for case in data["cases"]] == [True, False, False]
    unfinished, none, stopped = data["cases"]
    (part,) = unfinished["parts"]
    assert part["part"] == "A"
    assert part["required"] - part["answered"] == 1
    assert {"element": "perineural", "name": "Perineural invasion", "state": "not entered"} in part["open"]
    assert [each["state"] for each in part["criteria"]].count("unknown") == 2
    assert none["findings"][0]["code"] == "E009"
    assert none["parts"] == []
    assert [finding["code"] for finding in stopped["findings"]] == ["E301", "E301"]
    levels = {each["id"]: each["level"] for each in stopped["parts"][0]["advisories"]}
    assert levels["A4"] == levels["A5"] == "stop"
    assert levels["A2"] == "warning"


def line_of(case: Path, word: str) -> int:
    """The number of the first line that holds a word."""
    return next(n for n, line in enumerate(case.read_text(encoding="utf-8").splitlines(), 1) if word in line)


def test_json_findings_are_complete(tmp_path: Path) -> None:
    case = edited(tmp_path / "case.yaml", ("growth: infiltrative", "growth: infiltrativ"))
    _, data = as_data(case)
    (finding,) = data["cases"][0]["findings"]
    assert finding == {
        "code": "E103",
        "severity": "error",
        "file": str(case),
        "line": line_of(case, "infiltrativ"),
        "column": 13,
        "path": "parts.A.growth",
        "message": "is not an answer",
        "next_step": 'did you mean "infiltrative"?',
    }
    assert finding["code"] in CATALOGUE
    _, shown = as_data(case, "--show-values")
    assert shown["cases"][0]["findings"][0]["value"] == "infiltrativ"


def test_json_of_a_case_with_several_parts() -> None:
    code, data = as_data(sample("three-parts"))
    assert code == 0
    assert [part["part"] for part in data["cases"][0]["parts"]] == ["A", "B", "C"]
    assert data["cases"][0]["parts"][1]["open"] == [
        {"element": "stains.caldesmon", "name": "Caldesmon", "state": "pending"}
    ]


# ------------------------------------------------------------------ nothing leaks

LEAKS = [
    ("Draft, Dorothea", MARK),
    ("000190", MARK),
    ("sex: female", f"sex: {MARK}"),
    ("S26-01909", MARK),
    ("collected: 2026-11-20", f"collected: {MARK}"),
    ("Nodule of the shoulder.", MARK),
    ("received_as: right shoulder", f"received_as: {MARK}"),
    ("growth: infiltrative", f"growth: {MARK}"),
    ('fascicles: "yes"', f"fascicles: {{result: other, txt: {MARK}}}"),
    ("mitoses: 1 per 10 HPF", f"mitoses: {MARK}"),
    ("pleomorphism: none", f"pleomorphism: [none, {MARK}]"),
    ("{deep: involved", "{deep: {result: involved, distance: " + MARK + "}"),
    ("S100: pending", f"S100: {MARK}, other: [{{name: {MARK}, result: {MARK}}}]"),
]


def test_no_value_is_printed_unless_it_was_asked_for(tmp_path: Path) -> None:
    case = edited(tmp_path / "case.yaml", *LEAKS)
    for options in ((), ("--json",)):
        outcome = run("--verbose", "check", case, *options)
        assert outcome.code == 1
        assert "E103" in outcome.out
        assert MARK not in outcome.out + outcome.err
        shown = run("--verbose", "check", case, *options, "--show-values")
        assert shown.out.count(MARK) >= 6
        assert MARK not in shown.err
    assert MARK not in invoke("explain", case).both
    assert MARK not in invoke("explain", case, "--json").both


def test_no_value_of_a_case_in_order_is_printed(tmp_path: Path) -> None:
    case = edited(tmp_path / "case.yaml", *LEAKS[:2], *LEAKS[3:4], *LEAKS[5:7])
    for options in ((), ("--json",), ("--show-values",)):
        outcome = run("--verbose", "check", case, *options)
        assert outcome.code == 0
        assert MARK not in outcome.out + outcome.err


@pytest.mark.parametrize("syntax", [f"a: '{MARK}", f"{MARK}: [", f"{MARK}: &{MARK} x", f"{MARK}: 1\n{MARK}: 2\n"])
def test_no_syntax_error_quotes_the_file(syntax: str, tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(syntax, encoding="utf-8")
    outcome = run("--verbose", "check", case)
    assert outcome.code == 1
    key = f"E002 {MARK}:" if "2" in syntax else ""  # a key is named: it is a word of the protocol, misspelt at worst
    assert MARK not in (outcome.out + outcome.err).replace(key, "")
