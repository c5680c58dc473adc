"""Measure batches beside the plain libraries: checking a table, making documents, and in how much memory.

`make bench` runs it after benchmarks/run.py. The table is printed and written to docs/performance/batches.md. Ends with
1 where a goal was missed.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from run import CHECKOUT, PROGRAM, SAMPLES

from reportgen.pipeline import Settings, load, render
from reportgen.tables.case_to_rows import part_rows

NAMES = ("shave-biopsy", "punch-clear", "re-excision", "re-excision-clear", "q1-biopsy", "q1-excision")
CORES = len(os.sched_getaffinity(0))
_MEMORY = Path("/dev/shm")
_SIZES = {"docx": (200, 1_800), "pdf": (100, 1_000), "docx,pdf": (100, 1_000)}  # two sizes for each format
_TURNS = 5  # each way to DOCX is measured so often


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


def batch(
    table_path: Path, folder: Path, *options: str, hear: Callable[[int, str], None] | None = None
) -> tuple[float, dict[int, int], dict[str, Any]]:
    """Run a batch in a process of its own: seconds, the highest memory of each of its processes, its last event.

    `hear` is told of each event, with the process.
    """
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
            if hear:
                hear(run.pid, line)
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


def throughput(folder: Path) -> list[tuple[str, ...]]:
    """Whole batches, files written, with one worker and with one for each core: what one more case costs.

    By the difference of two sizes, since what a batch takes to start does not depend on the number of workers.
    """
    rows = [row for name in _SIZES for row in workers(folder, name)]
    if _MEMORY.is_dir():  # shows what the workers share beside the disk
        with tempfile.TemporaryDirectory(dir=_MEMORY) as name:
            rows += workers(Path(name), "docx", " to a folder in memory")
    return rows


def workers(folder: Path, name: str, where: str = "") -> list[tuple[str, ...]]:
    """The rows of one format, measured in turns; nothing is removed meanwhile, which some disks are slow after."""
    small, large = sizes = _SIZES[name]
    paths = [made_table(folder / f"{size}.csv", size) for size in sizes]
    ways = {"1 worker": (1, 1), f"{CORES} workers": (CORES, 1)}
    if name == "docx":  # nothing but the machine is shared by them
        ways[f"{CORES} batches of 1 worker side by side"] = (1, CORES)
    costs: dict[str, list[float]] = {way: [] for way in ways}
    rates: dict[str, list[float]] = {way: [] for way in ways}
    memory = dict.fromkeys(ways, 0)
    for turn in range(_TURNS if name == "docx" else 1):
        for way, (jobs, copies) in ways.items():
            options = ("--format", name, "--jobs", str(jobs))
            outs = [folder / f"{name}-{turn}-{jobs}-{copies}-{path.stem}" for path in paths]
            early, late = (side_by_side(*each, copies, *options) for each in zip(paths, outs, strict=True))
            costs[way].append((late[0] - early[0]) / (large - small) / copies)
            rates[way].append(copies * large / late[0])
            memory[way] = max(memory[way], late[1])
    rows = []
    for way, (jobs, copies) in ways.items():
        faster = statistics.median(one / other for one, other in zip(costs["1 worker"], costs[way], strict=True))
        goal = f"at least 1.8 × {'met' if faster >= 1.8 else '**missed**'}" if jobs > 1 else ""
        rows.append((
            f"{large:,} {name.upper().replace(',', ' + ')}{where}, {way}", f"{statistics.median(rates[way]):.1f}",
            f"{1000 * statistics.median(costs[way]):.2f} ms", f"{faster:.2f} × one" if jobs * copies > 1 else "",
            "the limit of this machine" if copies > 1 else goal, mega(memory[way]),
        ))  # fmt: skip
    return rows


def side_by_side(path: Path, out: Path, copies: int, *options: str) -> tuple[float, int]:
    """Run batches at once: seconds until the last has ended, and the highest memory of any process."""
    began = time.perf_counter()
    with ThreadPoolExecutor(copies) as pool:
        runs = [pool.submit(batch, path, out / str(each), *options) for each in range(copies)]
        peaks = [max(run.result()[1].values()) for run in runs]
    return time.perf_counter() - began, max(peaks)


def growing(folder: Path, count: int = 1_950, early: int = 200) -> list[tuple[str, ...]]:
    """How much memory one worker, with what it starts, takes more after `count` reports than after `early`.

    Some more follow, fewer than a worker makes before it is replaced: it must not have ended when it is looked at.
    """
    done = 0
    at: dict[int, int] = {}

    def hear(process: int, line: str) -> None:
        nonlocal done
        done += json.loads(line)["event"] == "case"
        if done in (early, count) and done not in at:
            family = [each for worker in children(process) for each in (worker, *children(worker))]
            at[done] = sum(map(resident, family))

    path = made_table(folder / "growing.csv", count + 40)
    batch(path, folder / "growing", "--format", "docx,pdf", "--jobs", "1", hear=hear)
    more = (at[count] - at[early]) / (1 << 20)
    verdict = "met" if more <= 5 else "**missed**"
    return [
        (
            f"{early} → {count:,} reports",
            mega(at[early]),
            mega(at[count]),
            f"{more:.1f} MiB",
            f"at most 5 MiB {verdict}",
        )
    ]


def slope(folder: Path, sizes: tuple[int, ...]) -> list[tuple[str, ...]]:
    """What one more case costs in ever larger batches to DOCX, by all cores: it must not grow."""
    rows: list[tuple[str, ...]] = []
    small, took = 0, 0.0
    for size in sizes:
        path = made_table(folder / f"slope{size}.csv", size)
        seconds, peaks, _ = batch(path, folder / f"slope{size}", "--format", "docx", "--shard-dirs")
        each = 1000 * (seconds - took) / (size - small)
        driver, *workers = peaks.values()
        rows.append((f"{size:,}", f"{seconds:.1f} s", f"{each:.2f} ms", mega(driver), mega(max(workers, default=0))))
        small, took = size, seconds
    return rows


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


def lines(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Rows as Markdown."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (headings, ("---",) * len(headings), *rows))


def main() -> None:
    """Measure, print, write, and end with 1 where a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true", help="also 200,000 rows checked, and 100,000 to DOCX")
    parser.add_argument("--output", type=Path, default=CHECKOUT / "docs" / "performance" / "batches.md")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts = {
            "A table, read and checked (`reportgen batch --dry-run`)": lines(
                ("table", "time", "rows a second", "memory", "memory of a worker", "goal", ""),
                checking(folder, (1_000, 10_000, *((50_000, 200_000) if chosen.long else ()))),
            ),
            "Whole batches, files written": lines(
                ("batch", "reports a second", "one more case", f"{CORES} workers", "goal", "largest process"),
                throughput(folder),
            ),
            "Memory of one worker and the process that draws its PDFs": lines(
                ("from report to report", "early", "late", "more", "goal"), growing(folder)
            ),
            "Growing batches to DOCX": lines(
                ("cases", "time", "one more case than in the row above", "driver", "largest worker"),
                slope(folder, (1_000, 10_000, *((100_000,) if chosen.long else ()))),
            ),
        }
    machine = f"{CORES} cores, {platform.machine()}, Python {platform.python_version()}"
    text = (
        "# Speed of batches\n<!-- Made by benchmarks/batches.py; do not edit. -->\n\n"
        f"Measured on {machine}, in one run, elapsed times; DOCX alternating, medians. Times depend on the machine;\n"
        "ratios hardly do. `benchmarks/README.md` explains where the time goes.\n"
        + "".join(f"\n## {title}\n\n{made}\n" for title, made in parts.items())
    )
    chosen.output.write_text(text, encoding="utf-8")
    print(text)
    sys.exit("**missed**" in text)


if __name__ == "__main__":
    main()
