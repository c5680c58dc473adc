"""Measure a cluster of two workers beside the local pool of two: overhead per case, memory, and cost of each stage.

`make bench` runs it after the others. The tables are printed and written to docs/performance/cluster.md; what they mean
for ten million cases is told in docs/scaling.md. Ends with 1 where a goal was missed.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path

from batches import CORES, batch, lines, made_table, mega
from run import CHECKOUT

from reportgen import formats, pipeline
from reportgen.batch import names, plan, results
from reportgen.batch.compare_folder import compare_with_folder
from reportgen.batch.destinations import Folder, Remote
from reportgen.batch.history import History, Run
from reportgen.batch.journal import Journal
from reportgen.batch.model import BatchRequest, CaseState, RenderResult
from reportgen.batch.store import Store
from reportgen.formats.layout import load_layout
from reportgen.pipeline import Settings
from reportgen.protocols.load import frozen_templates

LONG = "## A long run"
_PDF_SIZES = 200, 2_000  # rows for DOCX + PDF
GOAL = 10.0  # per cent that a cluster may cost more than the local pool, per case
_QUIET = {  # as docs/batches.md asks for
    "DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": "10",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "500ms",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "false",
}
SERVE = """
from distributed import LocalCluster
import sys
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, int]]:
    """A scheduler with two worker processes on this machine: its address, and the process that holds them."""
    program = folder / "serve.py"
    program.write_text(SERVE, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **_QUIET},
    ) as host:
        assert host.stdout
        try:
            yield host.stdout.readline().strip(), host.pid
        finally:
            host.communicate()


def highest(process: int) -> int:
    """Bytes of memory that the largest process below this one ever held."""
    return max((peak(each) for each in below(process)), default=0)


def below(process: int) -> list[int]:
    """All processes that this one started, by any of its threads, and theirs."""
    found = []
    for threads in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(each) for each in threads.read_text(encoding="ascii").split()]
    return [*found, *(deeper for each in found for deeper in below(each))]


def burnt(process: int) -> float:
    """Seconds of computing by a process and all below it that live, and by those that ended below this program."""
    return ended() + sum(map(computing, (process, *below(process))))


def ended() -> float:
    """Seconds of computing by processes that ended below this program."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def computing(process: int) -> float:
    """Seconds of computing by one process; 0 where it is gone."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def shares(folder: Path, size: int) -> list[tuple[str, ...]]:
    """Who computes how long for one more case to TXT, by the size of chunks: what a driver and a scheduler can feed."""
    rows = []
    paths = [made_table(folder / f"{count}.csv", count) for count in (size // 10, size)]
    with cluster(folder) as (address, host):
        for chunk in ("64", "16", "64", "256"):
            used = []
            for path in paths:
                before = ended(), computing(host), sum(map(computing, below(host)))
                out = folder / f"{chunk}-{len(rows)}-{path.stem}"
                batch(path, out, "-f", "txt", "--scheduler", address, "--chunk", chunk)
                after = ended(), computing(host), sum(map(computing, below(host)))
                used.append([late - early for early, late in zip(before, after, strict=True)])
            cases = size - size // 10
            per = [1e6 * (large - small) / cases for small, large in zip(*used, strict=True)]
            rows.append((chunk, *(f"{each:,.0f}" for each in per)))
    return rows[1:]  # the first is for warming up


def peak(process: int) -> int:
    """Bytes of memory that a process held at most; 0 where it is gone."""
    try:
        text = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("VmHWM")), 0)


def overhead(folder: Path, wanted: str, sizes: tuple[int, int], rounds: tuple[int, int]) -> list[tuple[str, ...]]:
    """Seconds of whole batches of two sizes, by the local pool and by the cluster in turns, and their slopes."""
    times: dict[tuple[str, int], list[float]] = {}
    computed: dict[tuple[str, int], list[float]] = {}
    memory: dict[str, tuple[int, int]] = {}
    with cluster(folder) as (address, host):
        ways = {"local pool": ("--jobs", "2"), "cluster": ("--scheduler", address)}
        first = made_table(folder / "first.csv", 20)
        batch(first, folder / f"first-{wanted}", "-f", wanted, "--scheduler", address)  # the engines load once
        for size, turns in zip(sizes, rounds, strict=True):
            path = made_table(folder / f"{size}.csv", size)
            for _ in range(turns):
                for way, options in ways.items():
                    before = burnt(host)
                    with tempfile.TemporaryDirectory(dir=folder) as out:
                        seconds, peaks, _ = batch(path, Path(out) / "out", "-f", wanted, *options)
                    times.setdefault((way, size), []).append(seconds)
                    computed.setdefault((way, size), []).append(burnt(host) - before)
                    driver, *workers = peaks.values()
                    memory[way] = driver, max(workers) if workers else highest(host)
    rows = []
    slopes = {way: slope(times, way, sizes) for way in ways}
    work = {way: slope(computed, way, sizes) for way in ways}
    for way in ways:
        small, large = (statistics.median(times[way, size]) for size in sizes)
        extra = 100 * (slopes[way] / slopes["local pool"] - 1)
        more = f"{extra:+.1f} %, computing {100 * (work[way] / work['local pool'] - 1):+.1f} %"
        goal = f"at most {GOAL:.0f} %, " + ("met" if extra <= GOAL else "**missed**") if way == "cluster" else ""
        driver, worker = memory[way]
        rows.append((
            f"{wanted.upper().replace(',', ' + ')}, {way}", f"{small:.1f} s", f"{large:.1f} s",
            f"{1000 * slopes[way]:.2f} ms ({1000 * work[way]:.2f})", f"{1 / slopes[way]:.1f}",
            more if way == "cluster" else "",
            goal, mega(driver), mega(worker),
        ))  # fmt: skip
    return rows


def slope(times: dict[tuple[str, int], list[float]], way: str, sizes: tuple[int, int]) -> float:
    """Seconds for one more case, without what a batch takes to start."""
    small, large = (statistics.median(times[way, size]) for size in sizes)
    return (large - small) / (sizes[1] - sizes[0])


def stages(folder: Path, count: int) -> list[tuple[str, ...]]:
    """What each stage of one case costs in one process, in microseconds; and what the driver does for it."""
    request = BatchRequest(made_table(folder / "stages.csv", count), folder / "stages", Settings(("docx", "pdf")))
    request.folder.mkdir()
    with frozen_templates(), ExitStack() as stack:
        store = stack.enter_context(closing(Store()))
        journal = stack.enter_context(closing(Journal(request.folder)))
        timed: dict[str, float] = {}

        def time_of(name: str, work: Callable[[], object]) -> None:
            began = time.perf_counter()
            work()
            timed[name] = 1e6 * (time.perf_counter() - began) / count

        runner = plan.read(request, store)
        tasks = list(store.tasks())
        runner.check(tasks[:1])
        time_of(
            "check (worker)",
            lambda: [store.judge(result, CaseState.waiting, ()) for result in runner.check(tuple(tasks))],
        )
        for task in tasks:
            store.set_path(task.number, f"case-{task.number}")
        sources = [runner._source(task)[0] for task in tasks]
        design = load_layout()
        reports = [pipeline.compose(source, request.settings) for source in sources]
        formats.load(request.settings.formats, design)
        time_of(
            "validate, assess, compose (worker)", lambda: [pipeline.compose(each, request.settings) for each in sources]
        )
        time_of("lay out DOCX (worker)", lambda: [formats.render(report, "docx", design) for report in reports])
        some = reports[: max(1, count // 10)]
        time_of("lay out PDF (worker)", lambda: [formats.render(report, "pdf", design) for report in some])
        timed["lay out PDF (worker)"] *= count / len(some)
        data = {f"{number}.pdf": b"x" * 30_000 for number in range(count)}
        time_of("write two documents, folder, forced to disk (worker)", lambda: put_all(Folder(request.folder), data))
        time_of("write two documents, store in memory (worker)", lambda: put_all(Remote("memory://bench"), data))
        time_of("journal, a line (driver)", lambda: [note(journal, task.key) for task in tasks])
        files = (("case.docx", "0" * 64), ("case.pdf", "0" * 64))
        history = stack.enter_context(closing(History()))
        settled = partial(compare_with_folder, request, store, history, lambda case, findings: None)
        time_of("compare with the documents in a folder (driver)", settled)
        time_of(
            "keep the result (driver)", lambda: store.finish([RenderResult(task.number, files) for task in tasks], 1.0)
        )
        time_of("results.csv, a row (driver)", lambda: results.table(store, (), Run()))
        time_of("reread the journal, a line (driver)", lambda: remember(history, request.folder))
    return [(name, f"{cost:,.0f}") for name, cost in timed.items()]


def put_all(place: Folder | Remote, data: dict[str, bytes]) -> None:
    """Put documents, two for each case, as many cases together as in a batch."""
    sets = [({f"a{path}": content, f"b{path}": content}, False) for path, content in data.items()]
    for first in range(0, len(sets), 16):
        place.put_all(sets[first : first + 16])


def note(journal: Journal, key: str) -> None:
    """A line as the driver writes it for each case."""
    path = f"{key}.docx", f"{key}.pdf"
    journal.add(do="done", case=names.hashed(key), digest="0" * 64, files=dict.fromkeys(path, "0" * 64))


def remember(history: History, folder: Path) -> None:
    """Take in the journal, as a run that goes on does."""
    from reportgen.batch.journal import records

    history.remember(records(folder))


def long_run(folder: Path, count: int) -> list[tuple[str, ...]]:
    """A table to DOCX + PDF by the local pool: reports a second, and the memory of its largest processes."""
    rows = []
    for size in (count,):
        path = made_table(folder / f"long{size}.csv", size)
        seconds, peaks, last = batch(path, folder / f"long{size}", "-f", "docx,pdf", "--jobs", "2")
        assert last["rendered"] == size
        driver, *workers = peaks.values()
        rows.append((f"{size:,}", f"{seconds:.0f} s", f"{size / seconds:.1f}", mega(driver), mega(max(workers))))
    return rows


def main() -> None:
    """Measure, print, write, and end with 1 where a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--long", type=int, default=0, help="cases of a long run to DOCX + PDF, 10000 for one")
    parser.add_argument("--sizes", type=int, nargs=2, default=(1_000, 4_000), help="rows for DOCX + TXT")
    parser.add_argument("--output", type=Path, default=CHECKOUT / "docs" / "performance" / "cluster.md")
    parser.add_argument("--shares", type=int, default=0, help="only show who computes how long, for so many rows")
    chosen = parser.parse_args()
    if chosen.shares:
        with tempfile.TemporaryDirectory() as name:
            headings = ("cases in a task", "driver, µs a case", "scheduler, µs a case", "workers, µs a case")
            print(lines(headings, shares(Path(name), chosen.shares)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stage_rows = stages(folder, 200)
        rows = overhead(folder, "docx,txt", (chosen.sizes[0], chosen.sizes[1]), (chosen.rounds, chosen.rounds))
        rows += overhead(folder, "docx,pdf", _PDF_SIZES, (chosen.rounds, chosen.rounds))
        long_rows = long_run(folder, chosen.long) if chosen.long else []
    small, large = chosen.sizes
    headings = (
        "batch", f"{small:,} rows (PDF: {_PDF_SIZES[0]})", f"{large:,} rows (PDF: {_PDF_SIZES[1]})",
        "one more case (computing)",
        "cases a second",
        "overhead", "goal", "driver", "largest worker",
    )  # fmt: skip
    text = (
        "# Speed on a cluster\n<!-- Made by benchmarks/cluster.py; do not edit. -->\n\n"
        f"Measured on {CORES} cores, {platform.machine()}, Python {platform.python_version()}: the scheduler, the\n"
        "driver and two workers share them. [scaling.md](../scaling.md) says what this means for ten million cases.\n\n"
        "## The cluster and the local pool, two workers each, files written (elapsed time)\n\n"
        f"{lines(headings, rows)}\n\n"
        "## What one case costs at each stage, in one process\n\n"
        f"{lines(('stage', 'microseconds'), stage_rows)}\n"
    )
    if long_rows:
        text += (
            f"\n{LONG} to DOCX + PDF, local pool of two\n\n"
            f"{lines(('cases', 'time', 'cases a second', 'driver', 'largest worker'), long_rows)}\n"
        )
    elif chosen.output.exists():  # kept until it is measured again
        text += "".join(chosen.output.read_text(encoding="utf-8").partition(f"\n{LONG}")[1:])
    chosen.output.write_text(text, encoding="utf-8")
    print(text)
    sys.exit("**missed**" in text)


if __name__ == "__main__":
    main()
