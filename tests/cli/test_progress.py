"""How a batch is told, on a terminal and elsewhere."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from reportgen.batch.model import BatchResult, CaseState, Event
from reportgen.cli.progress import JsonReporter, TerminalReporter
from reportgen.findings import Finding, Place

FINDING = Finding("E103", Place("t.csv", 3, 2, "B3"), "parts.A.necrosis", "is not an answer", value="secret")
COUNTS = {CaseState.waiting: 0, CaseState.refused: 1, CaseState.rendered: 2, CaseState.failed: 1}


class Clock:
    """Eleven seconds pass between two looks."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 11
        return self.now


def told(bar: TerminalReporter) -> None:
    bar.hear(Event("read", {"cases": 4}))
    for number in range(1, 5):
        bar.hear(Event("checked", {"checked": number, "cases": 4}))
    bar.hear(Event("findings", {"row": 3}, (FINDING,)))
    bar.hear(Event("planned", {"cases": 4, "refused": 1, "in_order": 3}))
    bar.hear(Event("begun", {"cases": 3, "kept": 0}))
    bar.hear(Event("case", {"row": 2, "state": "rendered"}))
    bar.hear(Event("case", {"row": 4, "state": "failed"}, (FINDING,)))
    bar.hear(Event("case", {"row": 5, "state": "rendered"}))
    bar.end(BatchResult(COUNTS, left=1, stopped=True), 130)


def test_lines_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    told(TerminalReporter(show_values=False, clock=Clock()))
    out, err = capsys.readouterr()
    assert out == ""
    assert "secret" not in err
    assert err.splitlines()[-6:] == [
        "t.csv:B3: E103 parts.A.necrosis: is not an answer (use an allowed answer)",
        "2 of 3, 0.1 a second, 1 failed",
        "3 of 3, 0.1 a second, 1 failed",
        "1 refused; 2 rendered; 1 failed",
        "1 case of earlier tables is in the folder too: see results.csv",
        "not finished: run the same command again to go on",
    ]
    assert "4 cases in the table, 3 in order, 1 refused" in err


def test_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    screen = io.StringIO()
    bar = TerminalReporter(show_values=True, clock=Clock())
    monkeypatch.setattr(bar, "_console", Console(file=screen, force_terminal=True, width=120))
    told(bar)
    shown = screen.getvalue()
    for part in ("checking", "rendering", "3/3", "/s", "1 failed"):
        assert part in shown
    assert '"secret"' in capsys.readouterr().err


def test_warnings_are_lines_of_their_own_and_many_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    one = {
        "place": "t.csv:A2", "part": "A", "level": "loud", "id": "N1", "title": "Number", "say": "Many.",
        "acknowledged": False,
    }  # fmt: skip
    for whole, lines in ((False, 50), (True, 60)):
        bar = TerminalReporter(show_values=False, whole=whole, clock=Clock())
        for _ in range(60):
            bar.hear(Event("findings", {"row": 2, "advisories": [one]}))
        bar.hear(Event("planned", {"cases": 60, "refused": 0, "in_order": 60, "with_warnings": 60}))
        bar.end(BatchResult({**COUNTS, CaseState.rendered: 60}, warned=60), 0)
        err = capsys.readouterr().err.splitlines()
        assert err.count("t.csv:A2: loud N1 parts.A: Number: Many.") == lines
        assert ("10 more warnings: see the column advisories of results.csv" in err) == (not whole)
        assert "60 cases in the table, 60 in order (60 with warnings), 0 refused" in err
        assert "60 rendered (60 with warnings)" in err[-1]


def test_a_flood_of_one_kind_is_one_line_and_all_of_it_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    rows = range(2, 10_002)
    found = [Finding("E107", Place("t.csv", n, 6, f"F{n}", "Coll"), "collected", "has a time of day") for n in rows]
    planned = Event("planned", {"cases": len(found), "refused": len(found), "in_order": 0})
    for teller in (TerminalReporter(show_values=False, clock=Clock()), JsonReporter(show_values=False)):
        for finding in found:
            teller.hear(Event("findings", {"row": finding.place.line}, (finding,)))
        teller.hear(planned)
    out, err = capsys.readouterr()
    assert err.splitlines() == [
        't.csv: E107 collected, 10000 cells of column "Coll" (first F2): has a time of day (write it as YYYY-MM-DD)',
        "10000 cases in the table, 0 in order, 10000 refused",
    ]
    assert len(out.splitlines()) == 10_001
    last = json.loads(out.splitlines()[-1])
    assert [(each["count"], each["heading"], each["cell"]) for each in last["kinds"]] == [(10_000, "Coll", "F2")]


def test_what_is_found_after_the_table_was_checked_is_told_too(capsys: pytest.CaptureFixture[str]) -> None:
    planned, begun = (
        Event("planned", {"cases": 1, "refused": 0, "in_order": 1}),
        Event("begun", {"cases": 1, "kept": 0}),
    )
    for more in (
        [planned, Event("findings", {}, (FINDING,)), begun],
        [planned, begun, Event("findings", {}, (FINDING,))],
    ):
        bar = TerminalReporter(show_values=False, clock=Clock())
        for event in more:
            bar.hear(event)
        bar.end(BatchResult(COUNTS), 1)
        assert capsys.readouterr().err.count("E103 parts.A.necrosis") == 1


def test_a_full_disk_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    bar = TerminalReporter(show_values=False, clock=Clock())
    bar.hear(Event("begun", {"cases": 48, "kept": 0}))
    for row in range(48):
        full = Finding("E502", Place(f"out/{row}.docx"), "", "could not be written: No space left on device")
        bar.hear(Event("case", {"row": row, "state": "failed"}, (full,)))
    bar.end(BatchResult({**COUNTS, CaseState.failed: 48}, broken=True), 6)
    said = [line for line in capsys.readouterr().err.splitlines() if "No space left" in line]
    assert said[0].startswith("out/0.docx: E502 could not be written: No space left on device")
    assert said[1:] == ["E502 could not be written: No space left on device: 48 cases, and told once"]
