"""The sample table of a day's work: 300 cases of all protocols, drawn by the tool, rendered without a refusal."""

from __future__ import annotations

import csv
import runpy
from collections import Counter
from pathlib import Path

import yaml

from tests.acceptance.support import CHECKOUT
from tests.cli.program import invoke

DAY = CHECKOUT / "samples" / "day"


def test_the_table_is_the_one_that_the_tool_draws() -> None:
    tool = runpy.run_path(str(CHECKOUT / "tools" / "make_day.py"))
    assert (DAY / "day.csv").read_bytes().decode() == tool["table"](tool["cases"]()), "run tools/make_day.py"
    mix = yaml.safe_load((DAY / "mix.yaml").read_text(encoding="utf-8"))["cases"]
    with (DAY / "day.csv").open(encoding="utf-8", newline="") as file:
        assert Counter(row["protocol"] for row in csv.DictReader(file)) == mix
    assert sum(mix.values()) == 300


def test_every_case_is_rendered_and_waits_only_for_pending_stains(tmp_path: Path) -> None:
    done = invoke("batch", str(DAY / "day.csv"), "-f", "txt", "-o", "day", cwd=tmp_path)
    assert "300 cases in the table, 300 in order" in done.err
    assert "300 rendered" in done.err
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (tmp_path / "day").glob("*.txt")}
    assert len(texts) == 300
    assert all("TEST DATA" in text for text in texts.values())
    open_items = [line for text in texts.values() for line in text.splitlines() if " open: " in line]
    assert open_items == ["1 item is open: AE1/AE3."]
    assert not any("[PENDING" in text or "[NOT ENTERED]" in text for text in texts.values())
