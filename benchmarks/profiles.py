"""What a laboratory's profile costs: the same cases rendered with it and without, in turns.

`make bench` runs it after the others. The table is printed and written to docs/performance/profiles.md. Ends with 1
where a goal was missed.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from measuring import in_turns, ratio
from run import CHECKOUT, SAMPLES

from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.read import load_laboratory
from reportgen.pipeline import Settings, load, render

PROFILES = CHECKOUT / "samples" / "profiles"
GOAL = 1.1


EVEN = """\
name: Measured
version: "1"
made_for: 0.1.0
letterhead: {name: Measured Laboratory, address: 1 Sample Street}
labels: {report_title: Histopathology report, date: YYYY-M-D}
design: {colors: {accent: "0b4f3c"}}
layout: {css: lab.css}
protocols:
  aismn:
    wording:
      comment.recommendation.re_excision:
        say: We advise re-excision, to remove the neoplasm completely and to exclude involvement of deeper soft tissue.
      comment.necrosis.present: {say: There is necrosis.}
    elements: {necrosis: {answers: {not identified: not observed}}}
    thresholds: {mitoses_high: 19}
"""


def even(folder: Path) -> Laboratory:
    """A profile whose reports are as long as the built-in ones: what differs in time is its own cost."""
    (folder / "lab.yaml").write_text(EVEN, encoding="utf-8")
    (folder / "lab.css").write_text(".diagnosis { color: #0b4f3c; }\n", encoding="utf-8")
    return load_laboratory(folder)


def all_cases(settings: Settings) -> Callable[[], object]:
    """All samples, read beforehand, from validation to bytes."""
    sources = [load(path) for path in SAMPLES]
    return lambda: [render(source, settings) for source in sources]


def main() -> None:
    """Measure, print, write, and end with 1 where a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--output", type=Path, default=CHECKOUT / "docs" / "performance" / "profiles.md")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        own, rich = even(Path(name)), load_laboratory(PROFILES / "dermatopathology")
        rows, missed = [], False
        for format, rounds in (("txt", chosen.rounds), ("docx", chosen.rounds), ("html", chosen.rounds), ("pdf", 9)):
            # The style sheet of a profile needs WeasyPrint; two engines beside each other would tell of them alone.
            plain = Settings((format,), pdf_engine="weasyprint")
            tasks = {
                "plain": all_cases(plain),
                "own": all_cases(replace(plain, laboratory=own)),
                "rich": all_cases(replace(plain, laboratory=rich)),
            }
            times = in_turns(tasks, rounds)
            for each in list(tasks)[1:]:
                times_plain = ratio(times[each], times["plain"])
                goal = GOAL if each == "own" else None
                missed = missed or bool(goal and times_plain > goal)
                verdict = "" if goal is None else "met" if times_plain <= goal else "**missed**"
                what = "words, answers, thresholds, tokens, style" if each == "own" else RICH[format == "docx"]
                took = statistics.median(times[each]) / len(SAMPLES)
                rows.append(
                    (format, what, f"{took:.1f}", f"{times_plain:.2f} ×", f"at most {GOAL} ×" if goal else "", verdict)
                )
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in (HEADINGS, ("---",) * len(HEADINGS), *rows))
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    text = (
        "# What a profile costs\n<!-- Made by benchmarks/profiles.py; do not edit. -->\n\n"
        f"Measured on {machine}, in one run: all sample cases, from validation to bytes, with profiles\n"
        "and without, alternating; PDF by WeasyPrint. Times depend on the machine; ratios hardly do.\n\n"
        f"{table}\n"
    )
    chosen.output.write_text(text, encoding="utf-8")
    print(text)
    sys.exit(missed)


RICH = ("the sample service: also a logo, further elements and sentences", "the sample service: its own Word template")
HEADINGS = ("format", "profile", "ms a report", "compared with none", "goal", "")


if __name__ == "__main__":
    main()
