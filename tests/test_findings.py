"""Findings: each code known, raised by some test, with a next step; and never a value of the case in any text."""

from __future__ import annotations

import logging
import re
import traceback
from pathlib import Path
from typing import Any

import pytest

from reportgen import check
from reportgen.findings import CATALOGUE, Finding, FindingsError, Place, Severity, did_you_mean, one_of, refuse
from reportgen.pipeline import compose, load, render
from reportgen.reading.readers import read_text
from reportgen.reading.source import Mapping
from tests.support.toy import source_of, toy_data

TESTS = Path(__file__).parent
MARK = "ZZPHI"


def test_every_code_of_the_catalogue_is_raised_by_some_test() -> None:
    quoted = set[str]()
    for file in TESTS.rglob("test_*.py"):
        quoted |= set(re.findall(r'"([A-Z][0-9]{3})"', file.read_text(encoding="utf-8")))
    corpus = (TESTS / "hostile" / "expected.yaml").read_text(encoding="utf-8")
    quoted |= set(re.findall(r"\b[A-Z][0-9]{3}\b", corpus))
    assert len(quoted & CATALOGUE.keys()) >= 45
    assert CATALOGUE.keys() - quoted == set()


def test_the_catalogue_is_in_order_and_each_code_has_a_meaning_and_a_next_step() -> None:
    assert len(CATALOGUE) >= 45
    for code, entry in CATALOGUE.items():
        assert re.fullmatch(r"[EWTLS][0-9]{3}", code)
        assert entry.meaning.endswith(".")
        assert entry.step
        assert not entry.step.endswith(".")
        severity = Finding(code, Place(), "", "is wrong").severity
        assert (severity is Severity.warning) == code.startswith("W")
    for letter in "EWTLS":
        numbers = [code for code in CATALOGUE if code.startswith(letter)]
        assert numbers == sorted(numbers)


def test_a_code_outside_the_catalogue_cannot_be_used() -> None:
    with pytest.raises(KeyError):
        Finding("E999", Place(), "", "message")


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_finding_ends_with_its_next_step(code: str) -> None:
    plain = Finding(code, Place("case.yaml", 14, 12), "parts.A.necrosis", "is not an answer", value="maybe")
    assert plain.as_line().endswith(f" ({CATALOGUE[code].step})")
    hinted = Finding(code, Place("case.yaml", 14, 12), "parts.A.necrosis", "is not an answer", "use a known one")
    assert hinted.as_line() == f"case.yaml:14:12: {code} parts.A.necrosis: is not an answer (use a known one)"


def test_the_value_is_printed_only_where_it_was_asked_for() -> None:
    finding = Finding("E103", Place("case.yaml", 1, 2), "a", "is not an answer", "use b", value=MARK)
    assert MARK not in finding.as_line()
    assert MARK not in repr(finding)
    assert MARK not in str(FindingsError([finding]))
    assert f'"{MARK}"' in finding.as_line(show_values=True)


def test_a_place_prints_as_far_as_it_is_known() -> None:
    assert str(Place("case.yaml", 3, 4)) == "case.yaml:3:4"
    assert str(Place("case.yaml")) == "case.yaml"
    assert Finding("E303", Place(), "", "needs a name", "give one").as_line() == "E303 needs a name (give one)"


def test_an_error_carries_its_findings_in_the_order_of_the_file() -> None:
    late, early = Finding("E103", Place("a", 9, 1), "x", "m"), Finding("E101", Place("a", 2, 1), "y", "m")
    error = FindingsError([late, early])
    assert error.findings == (early, late)
    assert str(error).index("E101") < str(error).index("E103")


def test_only_what_is_wrong_with_the_machine_counts_as_environment() -> None:
    assert refuse("S601", "is missing").environment
    assert not refuse("E501", "exists already", "report.pdf").environment


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("infiltrativ", 'did you mean "infiltrative"?'),
        ("INFILTRATIVE", 'did you mean "infiltrative"?'),
        ("sma", 'did you mean "SMA"?'),
        ("zzz", "else"),
        ("", "else"),
    ],
)
def test_did_you_mean_names_the_nearest_known_word(word: str, hint: str) -> None:
    assert did_you_mean(word, ["infiltrative", "circumscribed", "SMA"], otherwise="else") == hint


def test_one_of_lists_at_most_twelve_words() -> None:
    assert one_of("abc") == "one of: a, b, c"
    assert one_of(map(str, range(20))) == "one of: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 8 more"


# ------------------------------------------------------------------ no value of the case in any text (law 7, threat 32)

FREE_TEXTS = ("accession", "submitted_by", "clinical_history")
WRONG: dict[str, Any] = {
    "procedure": MARK,
    "site": {"result": f"{MARK} arm", "reason": MARK, "text": MARK},
    "laterality": [MARK, "left"],
    "size": f"{MARK} mm",
    "epicenter": {"result": "dermis", "text": MARK},
    "growth": {"result": "cannot be determined", "reason": MARK, "text": MARK},
    "fascicles": f"xxx {MARK}",
    "atypia": {"grade": "mild", "features": ["hyperchromasia", MARK]},
    "mitoses": {"count": f"3 {MARK}", "per": MARK},
    "necrosis": {"result": "not identified", "percent": f"{MARK} %"},
    "margins": {"deep": {"result": MARK, "distance": MARK}, "peripheral": {"result": "involved", "distance": MARK}},
    "stains": {"SMA": {"result": MARK, "extent": MARK, "block": MARK}, "other": MARK},
    "gross": {"description": MARK, "specimen_size": f"1 x {MARK}", "blocks": [{"id": MARK}, MARK]},
    "prior": {"date": MARK},
    "received_as": f"{MARK} " * 100,
    "acknowledge": {"A5": MARK},
    "override": {"comment": MARK, "recommendation": MARK},
}


def marked() -> dict[str, Any]:
    """A case with the marker in every text and in every kind of wrong answer."""
    data = toy_data(WRONG, {"protocol": MARK, "label": MARK}, protocol="aismn")
    data |= {key: f"{MARK} {key}" for key in FREE_TEXTS} | {"collected": MARK}
    data["patient"] = {"name": MARK, "mrn": MARK * 40, "birth_date": MARK, "sex": MARK}
    data["laboratory"] = {"name": MARK, "address": MARK, "telephone": f"{MARK}А", "clia": MARK * 30}
    return data


def test_no_finding_holds_a_value_and_show_values_does(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    findings = check(source_of(marked())).findings
    lines = [finding.as_line() for finding in findings]
    assert len(lines) >= 25
    kinds = {finding.code for finding in findings}
    assert kinds >= {"E103", "E105", "E106", "E107", "E108", "E110", "E112", "E201", "E204", "E207", "W301"}
    assert not [line for line in lines if MARK in line]
    assert not [finding for finding in findings if MARK in repr(finding)]
    assert sum(MARK in finding.as_line(show_values=True) for finding in findings) >= 10
    assert MARK not in caplog.text


def test_no_traceback_holds_a_value() -> None:
    try:
        compose(source_of(marked()))
    except FindingsError as error:
        text = "".join(traceback.format_exception(error))
        assert MARK not in text
        assert "E103" in text
    else:
        pytest.fail("the case was not refused")


UNREADABLE = [
    (f'name: "{MARK}', "yaml"),
    (f"name: {MARK}: {MARK}", "yaml"),
    (f"name: [{MARK}\nb: {MARK}", "yaml"),
    (f"{MARK}: &{MARK} x\nb: *{MARK}", "yaml"),
    (f"a: !{MARK} x", "yaml"),
    (f"a: !!{MARK} x", "yaml"),
    (f"%{MARK}\n---\na: b", "yaml"),
    (f"a: '{MARK}\\q' {MARK}", "yaml"),
    (f'a: "{MARK}\\q"', "yaml"),
    (f"a: @{MARK}", "yaml"),
    (f"a: {MARK}\x07", "yaml"),
    (f"a: {MARK}\n\tb: c", "yaml"),
    (f"- {MARK}", "yaml"),
    (f"a: {MARK}\n---\nb: {MARK}", "yaml"),
    (f"? [{MARK}]\n: x", "yaml"),
    (f'{{"a": "{MARK}" "b"}}', "json"),
    (f'{{"a": {MARK}}}', "json"),
    (f'{{"a": "{MARK}\\x"}}', "json"),
    (f'{{"a": "{MARK}\\ud800"}}', "json"),
    (f'["{MARK}"]', "json"),
    (f'{{"a": "{MARK}', "json"),
]


@pytest.mark.parametrize(("text", "format"), UNREADABLE)
def test_no_syntax_error_quotes_the_file(text: str, format: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(FindingsError) as caught:
        read_text(text, name="case", format=format)
    assert MARK not in "".join(traceback.format_exception(caught.value))
    assert MARK not in caplog.text
    for finding in caught.value.findings:
        assert MARK not in finding.as_line()


def test_a_whole_run_logs_steps_and_no_values(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    path = tmp_path / "case.yaml"
    path.write_text(
        f"accession: {MARK}\npatient: {{name: {MARK}}}\nparts:\n  - {{label: A, protocol: general, site: {MARK}}}\n",
        encoding="utf-8",
    )
    source: Mapping = load(path)
    rendered = render(source)
    assert MARK in "".join(rendered.report.reading_order())
    steps = [record.getMessage() for record in caplog.records if record.name == "reportgen"]
    assert [step[0] for step in steps][:4] == ["1", "2", "4", "5"]
    assert MARK not in "".join(steps)
