"""Measure batches beside the plain libraries: checking a table, making documents, and in how much memory.

`make bench` runs it after benchmarks/run.py. The table is printed and written to docs/performance-batches.md. Ends with
1 where a goal was missed.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from run import CHECKOUT, PROGRAM, SAMPLES

from reportgen.assessment.judgement import assess
from reportgen.cases.flatten import part_rows
from reportgen.cases.model import Case
from reportgen.cases.scope import AnswerScope
from reportgen.pipeline import Settings, load, render
from reportgen.reports.compose import Options, compose
from reportgen.reports.labels import load_labels
from reportgen.reports.model import Report

NAMES = ("shave-biopsy", "punch-clear", "re-excision", "re-excision-clear", "q1-biopsy", "q1-excision")
CORES = len(os.sched_getaffinity(0))


def made_table(path: Path, count: int) -> Path:
    """A table of `count` cases of one part: the samples, over and over, each with its own patient."""
    rows = [row for name in NAMES for row in part_rows(plain_case(CHECKOUT / "samples" / f"{name}.yaml"))]
    headings = list(dict.fromkeys(key for row in rows for key in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, headings)
        writer.writeheader()
        for number in range(1, count + 1):
            own = {
                "accession": f"B26-{number:06d}",
                "patient.name": f"Row, Number {number}",
                "patient.mrn": f"{number:07d}",
            }
            writer.writerow({**rows[number % len(rows)], **own})
    return path


def plain_case(path: Path) -> Any:
    """A sample as data in which every scalar is text."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def batch(table_path: Path, folder: Path, *options: str) -> tuple[float, dict[int, int], dict[str, Any]]:
    """Run a batch in a process of its own: seconds, the highest memory of each of its processes, its last event."""
    command = [sys.executable, "-c", PROGRAM, "batch", str(table_path), "-o", str(folder), "--json", *options]
    began = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(CHECKOUT)}
    ) as run:
        peaks: dict[int, int] = {}
        last = ""
        assert run.stdout
        looked = 0.0
        for line in run.stdout:
            last = line
            if time.perf_counter() - looked > 0.1:
                looked = time.perf_counter()
                for process in (run.pid, *children(run.pid)):
                    peaks[process] = max(peaks.get(process, 0), resident(process))
        code = run.wait()
    seconds = time.perf_counter() - began
    if code:
        raise SystemExit(f"the batch ended with {code}: {last}")
    return seconds, peaks, json.loads(last)


def children(process: int) -> list[int]:
    """The processes that a process started."""
    try:
        return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def resident(process: int) -> int:
    """Bytes of memory a process holds."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
    except OSError:
        return 0


def checking(folder: Path, sizes: tuple[int, ...]) -> list[tuple[str, ...]]:
    """How long tables take to be read and checked, and in how much memory."""
    rows = []
    for size in sizes:
        path = made_table(folder / f"{size}.csv", size)
        seconds, peaks, _ = batch(path, folder / "never", "--dry-run")
        highest = sorted(peaks.values(), reverse=True)
        goal = "at most 5 s" if size == 10_000 else ""
        verdict = ("met" if seconds <= 5 else "**missed**") if goal else ""
        parent, workers = highest[0], highest[1:]
        rows.append(
            (
                f"{size:,} rows",
                f"{seconds:.1f} s",
                f"{size / seconds:,.0f}",
                mega(parent),
                mega(max(workers, default=0)),
                goal,
                verdict,
            )
        )
    return rows


def mega(size: int) -> str:
    """Bytes as megabytes."""
    return f"{size / 1_000_000:.0f} MB"


def throughput(folder: Path, count: int) -> tuple[list[tuple[str, ...]], dict[str, float]]:
    """Documents a second of whole batches, files written, with one worker and with one for each core."""
    path, rows, rates = made_table(folder / "work.csv", count), [], {}
    for name in ("docx", "pdf"):
        for jobs in (1, CORES):
            seconds, peaks, _ = batch(path, folder / f"{name}{jobs}", "--format", name, "--jobs", str(jobs))
            rates[f"{name}{jobs}"] = count / seconds
            rows.append(
                (
                    f"{count} {name.upper()}, {jobs} worker{'s' * (jobs > 1)}",
                    f"{count / seconds:.1f}",
                    mega(max(peaks.values())),
                )
            )
    return rows, rates


def docxtpl_template(folder: Path) -> tuple[Path, dict[str, str]]:
    """Our own page as a docxtpl template, each text of it a placeholder; and the texts."""
    data = render(SAMPLES_BY_NAME["shave-biopsy"], Settings(formats=("docx",))).documents["docx"]
    texts: dict[str, str] = {}

    def placeholder(found: re.Match[str]) -> str:
        key = f"t{len(texts)}"
        texts[key] = found[2].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        return f"{found[1]}{{{{ {key}|e }}}}{found[3]}"

    path = folder / "template.docx"
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "word/document.xml":
                part = re.sub(r"(<w:t(?: [^>]*)?>)([^<]+)(</w:t>)", placeholder, part.decode()).encode()
            target.writestr(name, part)
    return path, texts


SAMPLES_BY_NAME = {path.stem: load(path) for path in SAMPLES}


def composed(case: Case) -> Report:
    """A case that was validated, assessed and composed."""
    scopes = tuple(AnswerScope.of_part(part, case.header) for part in case.parts)
    assessments = tuple(assess(part, scope) for part, scope in zip(case.parts, scopes, strict=True))
    return compose(case, assessments, load_labels(), Options(), scopes)


def lines(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Rows as Markdown."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (headings, ("---",) * len(headings), *rows))


def main() -> None:
    """Measure, print, write, and end with 1 where a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=400, help="cases of the throughput table")
    parser.add_argument("--long", action="store_true", help="also 200,000 rows and 2,000 PDFs")
    parser.add_argument("--output", type=Path, default=CHECKOUT / "docs" / "performance-batches.md")
    chosen = parser.parse_args()
    sizes = (1_000, 10_000, *((50_000, 200_000) if chosen.long else ()))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        checks = checking(folder, sizes)
        work, rates = throughput(folder, chosen.count)
        for name in ("docx", "pdf"):
            faster = rates[f"{name}{CORES}"] / rates[f"{name}1"]
            verdict = "met" if faster >= 1.8 else "**missed**"
            work.append(
                (f"{name.upper()}, {CORES} workers against one", f"{faster:.2f} ×", f"goal: at least 1.8 × {verdict}")
            )
        if chosen.long:
            seconds, peaks, _ = batch(made_table(folder / "2000.csv", 2_000), folder / "long", "--format", "pdf")
            highest = max(peaks.values())
            work.append(
                ("2,000 PDFs, the largest process", f"{2_000 / seconds:.1f}", f"{mega(highest)} (goal: at most 400 MB)")
            )
    machine = f"{CORES} cores, {platform.machine()}, Python {platform.python_version()}"
    text = (
        "# Speed of batches\n<!-- Made by benchmarks/batches.py; do not edit. -->\n\n"
        f"Measured on {machine}, in one run. Times depend on the machine, ratios hardly. Where the time\n"
        "goes is told in `benchmarks/README.md`.\n\n"
        "## A table, read and checked (`reportgen batch --dry-run`, by the clock)\n\n"
        f"{lines(('table', 'time', 'rows a second', 'memory', 'memory of a worker', 'goal', ''), checks)}\n\n"
        "## Whole batches, files written (by the clock, start of the program included)\n\n"
        f"{lines(('batch', 'reports a second', 'largest process'), work)}\n"
    )
    chosen.output.write_text(text, encoding="utf-8")
    print(text)
    sys.exit("**missed**" in text)


if __name__ == "__main__":
    main()
