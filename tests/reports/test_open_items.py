"""What is open is counted by its cause: one missing answer is one item, however many sentences wait for it."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from reportgen.findings import FindingsError
from reportgen.pipeline import Settings, compose
from reportgen.reading.readers import read_text
from reportgen.reports.model import OpenItem, Report
from tests.cli.program import SAMPLES
from tests.support.gaps import gaps_printed
from tests.support.toy import Templates, said, source_of, toy_data, toy_report

NAMES = sorted(path.stem for path in SAMPLES.glob("*.yaml") if path.stem != "q2-metastatic")
FORM = """\
- {id: kind, kind: choice, title: Kind, status: core, source: {book: p}, choices: [{id: a}, {id: b}]}
- {id: size, kind: text, title: Size, status: core, source: {book: p}}
- {id: extra, kind: text, title: Extra, status: optional, source: {book: p}}
"""
WAITING = """\
- {id: one, when: kind == 'a', say: "Kind a, {{ size }}.", uses: [size], source: {book: p}}
- {id: gap, when: kind == 'b', say: word the remark yourself, gap: true, source: {book: p}}
"""
SECOND = """\
  - id: echo
    title: Echo
    override: true
    clauses:
      - {id: two, when: kind == 'a' and site is answered, say: "Again {{ size }}.", uses: [size], source: {book: p}}
      - {id: gap, when: kind == 'b', say: word the echo yourself, gap: true, source: {book: p}}
"""


def load(name: str) -> dict[str, Any]:
    data = yaml.load((SAMPLES / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert isinstance(data, dict)
    return data


def of(data: object, settings: Settings | None = None) -> Report:
    return compose(read_text(json.dumps(data), name="case.json", format="json"), settings)


def names(report: Report) -> list[str]:
    return [item.name for item in report.open]


@pytest.mark.parametrize("name", NAMES)
def test_each_answer_that_is_taken_away_is_one_item_more(name: str) -> None:
    """Whatever sentences wait for it."""
    before, counted = {item.path for item in of(load(name)).open}, 0
    for number, part in enumerate(load(name)["parts"]):
        for key, answer in part.items():
            data = load(name)
            del data["parts"][number][key]
            try:
                report = of(data)
            except FindingsError:
                continue
            more = [item for item in report.open if item.path not in before]
            if isinstance(answer, str):
                assert len(more) <= 1, (key, more)
                counted += len(more)
            prefix = f"parts.{'ABC'[number]}.{key}"
            assert all(f"{item.path}.".startswith(f"{prefix}.") for item in more), (key, more)
    assert counted > 5


@pytest.mark.parametrize("key", ["residual", "procedure", "mitoses"])
def test_one_missing_answer_of_a_re_excision_is_one_item(key: str) -> None:
    data = load("q1-excision")
    del data["parts"][0][key]
    report = of(data)
    assert len(report.open) == 1
    assert any(f"1 item is open: {report.open[0].name}." == notice.text for notice in report.notices)
    with pytest.raises(FindingsError) as caught:
        of(data, Settings(strict=True))
    assert [(each.code, each.path) for each in caught.value.findings] == [("E302", f"parts.A.{key}")]


def test_a_sentence_that_waits_for_a_missing_answer_is_its_echo(templates: Templates) -> None:
    templates.load(FORM, wording=said(WAITING, more=SECOND))
    assert names(toy_report({"kind": "a"})) == ["Size"]
    assert names(toy_report({"size": "big"})) == ["Kind"]
    assert names(toy_report({})) == ["Kind", "Size"]
    assert names(toy_report({"kind": "a", "size": "big"})) == []


def test_words_that_are_asked_for_are_items_of_their_own_with_the_place_to_write_them(templates: Templates) -> None:
    templates.load(FORM, wording=said(WAITING, more=SECOND))
    first, second = toy_report({"kind": "b", "size": "big"}).open
    assert (first.name, first.path, first.state) == ("Remark", "parts.A.override.comment", "to be worded")
    assert (second.name, second.path, second.part) == ("Echo", "parts.A.override.echo", "A")
    assert "word the echo yourself" in second.says
    assert names(toy_report({"kind": "b"})) == ["Size", "Remark", "Echo"]


def test_every_part_counts_for_itself_and_is_named(templates: Templates) -> None:
    templates.load(FORM, wording=said(WAITING))
    report = toy_report({"kind": "a"}, {"kind": "b"}, submitted_by=None)
    assert [(item.part, item.name) for item in report.open] == [
        ("", "Submitted by"), ("A", "Size"), ("B", "Size"), ("B", "Remark"),
    ]  # fmt: skip
    (notice,) = [notice.text for notice in report.notices if "open" in notice.text]
    assert notice == "4 items are open: Submitted by; A. Size; B. Size; B. Remark."


def test_strict_lists_what_the_notice_counts(templates: Templates) -> None:
    templates.load(FORM, wording=said(WAITING, more=SECOND))
    for part in ({}, {"kind": "a"}, {"kind": "b"}, {"kind": "b", "size": "big"}, {"kind": "a", "size": "big"}):
        data = toy_data(part)
        report = compose(source_of(data))
        assert bool(report.open) == bool(gaps_printed(report))
        if report.open:
            with pytest.raises(FindingsError) as caught:
                compose(source_of(data), Settings(strict=True))
            assert sorted(each.path for each in caught.value.findings) == sorted(item.path for item in report.open)


def test_an_item_is_not_entered_unless_something_else_is_said() -> None:
    assert OpenItem("Kind", "parts.A.kind").state == "not entered"
