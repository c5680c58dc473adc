"""`reportgen lint`: what people read, what programs read, and what neither may see."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.program import MARK, invoke

BROKEN = f"SYNOPTIC REPORT\nProcedure: shave\nSite: left; {MARK}: {MARK}; Depth: 1 mm\n{MARK} size:\nMargin: clear\n"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(BROKEN, encoding="utf-8")
    return path


def test_findings_name_their_lines_and_hold_no_value(broken: Path) -> None:
    outcome = invoke("lint", broken)
    assert (outcome.code, outcome.err) == (1, "")
    assert outcome.out.splitlines() == [
        f"{broken}:3:1: L702 two pairs are on one line (give each pair its own line)",
        f"{broken}:4:1: L703 a label has no response (enter the response, or say that it does not apply)",
        f"{broken}: 2 findings",
    ]
    assert MARK not in outcome.both
    assert f'L703 "{MARK} size"' in invoke("lint", broken, "--show-values").out


def test_a_protocol_asks_for_its_core_elements(broken: Path) -> None:
    outcome = invoke("lint", broken, "--protocol", "bcc", "--json")
    assert outcome.code == 1
    (report,) = json.loads(outcome.out)["reports"]
    assert report["file"] == str(broken)
    assert report["in_order"] is False
    missing = [each["path"] for each in report["findings"] if each["code"] == "L706"]
    assert missing == ["laterality", "subtype", "perineural", "margins.deep", "margins.peripheral"]
    assert MARK not in outcome.both


def test_what_cannot_be_read_is_a_finding_and_the_others_are_judged(broken: Path, tmp_path: Path) -> None:
    outcome = invoke("lint", tmp_path / "missing.pdf", broken)
    assert outcome.code == 1
    assert ": E009 cannot be read" in outcome.out
    assert "L703" in outcome.out
    unknown = invoke("lint", broken, "--protocol", "none")
    assert unknown.code == 1
    assert "E110" in unknown.err
