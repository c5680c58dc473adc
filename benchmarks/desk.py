"""Measure the sign-out desk: how long people wait for the report after an entry, one alone and many at once.

`make bench` runs it after the others. It serves a folder of made-up cases on this machine's own address and stops by
itself. The table is printed and written to docs/performance/desk.md. Ends with 1 where a goal was missed or an answer
was not right.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from desk_browser import waits
from desk_list import CASES, GOAL, fill, first_list
from run import CASE, CHECKOUT, PROGRAM

HOST = "127.0.0.1"
CORES = len(os.sched_getaffinity(0))
ALONE_GOAL, TOGETHER_GOAL = 150, 300  # ms: the median alone, the 95th percentile together
PACE, QUICK_PACE = 1.0, 0.25  # seconds between the entries of a person; of one alone, for enough of them in short time
IN_BROWSER = 40  # answers picked in a browser
ROWS = 50  # cases on a page of the work list
WATCH = 2.0  # seconds between a page's looks for changes made elsewhere
PATIENCE = 10.0  # seconds for one answer
START = re.compile(rf"http://{re.escape(HOST)}:(\d+)(/start\?token=\S+)")
STATE = re.compile(r'id="state" data-state="([^"]*)"')
TOGGLES = (
    ("parts.A.margins.deep", ("uninvolved", "involved")),
    ("parts.A.necrosis", ("present", "not identified")),
)
TEXT = "parts.A.microscopic"


class WrongAnswerError(Exception):
    """The desk answered, but not what it should."""


@dataclass(frozen=True)
class Desk:
    """A desk that is served: its process, port and cookie, and the addresses of its cases."""

    process: int
    port: int
    cookie: str
    cases: tuple[str, ...]


@dataclass
class Seen:
    """What was measured of people at work: the waits in ms, and what went wrong."""

    waits: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Person:
    """Somebody with a case of their own, on one connection that is kept.

    Args:
        desk: the desk.
        case: the address of the case.
        seed: makes this person's jitter their own.
    """

    def __init__(self, desk: Desk, case: str, seed: int) -> None:
        self.desk = desk
        self.case = case
        self.chance = random.Random(seed)
        self.wire = HTTPConnection(HOST, desk.port, timeout=PATIENCE)
        self.revision = ""
        self.typed = ""
        self.done = 0

    def ask(self, method: str, address: str, body: str = "", expected: int = 200) -> str:
        """One request as a browser sends it, and the whole answer."""
        headers = {"Cookie": self.desk.cookie, "Sec-Fetch-Site": "same-origin"}
        if method == "POST":
            headers["Origin"] = f"http://{HOST}:{self.desk.port}"
            headers["Content-Type"] = "application/x-www-form-urlencoded;charset=UTF-8"
        self.wire.request(method, address, body or None, headers)
        answer = self.wire.getresponse()
        text = answer.read().decode()
        if answer.status != expected:
            raise WrongAnswerError(f"{method} was answered with {answer.status}")
        return text

    def open(self) -> None:
        """Load the page of the case."""
        self.revision = revision_in(self.ask("GET", self.case))
        self.ask("GET", f"{self.case}/report")
        self.wire.close()  # the others still open theirs, and a wire left alone is closed by the desk; it opens again

    def enter(self) -> float:
        """Make the next entry and fetch the report: ms from sending the one to having the other whole.

        Every second entry is a text never sent before, so that no state of a case comes twice.
        """
        number, place = divmod(self.done, 2)
        path, answers = TOGGLES[number % len(TOGGLES)]
        if place:
            sent = {"answer": answers[number // len(TOGGLES) % 2]}
        else:
            path, self.typed = TEXT, f"Fascicles of uniform spindled cells infiltrate the dermis, field {number + 1}."
            sent = {"value": self.typed}
        body = urlencode({**sent, "path": path, "revision": self.revision})
        began = time.perf_counter()
        after = revision_in(self.ask("POST", f"{self.case}/entries", body))
        report = self.ask("GET", f"{self.case}/report")
        waited = (time.perf_counter() - began) * 1000
        if after == self.revision or self.typed not in report:
            raise WrongAnswerError("the entry is not in the report")
        self.revision = after
        self.done += 1
        return waited

    def work(self, begin: float, end: float, pace: float, seen: Seen) -> None:
        """Make entries until the end, and look for changes in between as the page does; the first error ends it."""
        due = begin + self.chance.uniform(0, pace)
        watch = begin + self.chance.uniform(0, WATCH)
        try:
            while min(due, watch) < end:
                time.sleep(max(0.0, min(due, watch) - time.monotonic()))
                if watch <= due:
                    self.ask("GET", f"{self.case}/watch/{self.revision}", expected=204)
                    watch = max(watch + WATCH, time.monotonic())
                else:
                    seen.waits.append(self.enter())
                    due = max(due + pace * self.chance.uniform(0.6, 1.4), time.monotonic())
        except (OSError, HTTPException, WrongAnswerError) as error:
            seen.errors.append(f"{type(error).__name__}: {error}")
        finally:
            self.wire.close()


def revision_in(page: str) -> str:
    """The revision that a page or an answer to an entry carries."""
    found = STATE.search(page)
    if not found:
        raise WrongAnswerError("the answer has no state")
    return str(json.loads(html.unescape(found[1]))["revision"])


@contextmanager
def served(folder: Path, count: int, limit: float) -> Iterator[Desk]:
    """Serve `count` copies of a sample case; the desk is stopped at the end, and in any case after `limit` seconds."""
    cases, said = folder / "cases", folder / "said.txt"
    cases.mkdir(exist_ok=True)
    sample = CASE.read_text(encoding="utf-8")
    for number in range(1, count + 1):
        name = f"D26-{number:05d}"
        (cases / f"{name}.yaml").write_text(sample.replace("S26-01234", name), encoding="utf-8")
    command = [sys.executable, "-c", PROGRAM, "serve", str(cases), "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    with said.open("wb") as errors, subprocess.Popen(command, stderr=errors, env=environment) as run:
        watchdog = threading.Timer(limit, run.kill)
        watchdog.daemon = True
        watchdog.start()
        try:
            port, start = started(run, said)
            yield let_in(run.pid, port, start, count)
        finally:
            watchdog.cancel()
            run.terminate()
            try:
                run.wait(5)
            except subprocess.TimeoutExpired:
                run.kill()


def started(run: subprocess.Popen[bytes], said: Path) -> tuple[int, str]:
    """The port and the start address, once the desk has told them."""
    for _ in range(200):
        found = START.search(said.read_text(encoding="utf-8"))
        if found:
            return int(found[1]), found[2]
        if run.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(f"the desk did not start: {said.read_text(encoding='utf-8').strip()[-400:]}")


def let_in(process: int, port: int, start: str, count: int) -> Desk:
    """Open the start address, and find the cases on the work list."""
    for _ in range(50):  # the address is told a moment before it is served
        wire = HTTPConnection(HOST, port, timeout=PATIENCE)
        try:
            wire.request("GET", start)
            answer = wire.getresponse()
            break
        except OSError:
            time.sleep(0.1)
    else:
        raise SystemExit("the desk does not answer")
    answer.read()
    cookie = answer.getheader("Set-Cookie", "").partition(";")[0]
    if not count:  # the list itself is what is measured
        return Desk(process, port, cookie, ())
    found: dict[str, None] = {}
    for number in range(-(-count // ROWS)):
        headers = {"Cookie": cookie, "Origin": f"http://{HOST}:{port}", "Sec-Fetch-Site": "same-origin"}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        wire.request("POST", "/search", urlencode({"sort": "file", "to": number}), headers)
        found |= dict.fromkeys(re.findall(r'href="(/cases/[0-9a-f]+)"', wire.getresponse().read().decode()))
    wire.close()
    cases = tuple(found)
    if len(cases) != count:
        raise SystemExit(f"the work list shows {len(cases)} cases, not {count}")
    return Desk(process, port, cookie, cases)


def resident(process: int) -> float:
    """Megabytes of memory a process holds; 0 where that cannot be told."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGESIZE") / 1_000_000


def worked(process: int) -> float:
    """Seconds a process has had of the processor; 0 where that cannot be told."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def at_work(desk: Desk, cases: tuple[str, ...], seconds: float, pace: float) -> tuple[Seen, tuple[str, ...]]:
    """Let people work side by side: what was seen, and the server's share of a core and its memory as cells."""
    seen = Seen()
    people = [Person(desk, case, seed) for seed, case in enumerate(cases)]
    for person in people:
        try:
            person.open()
        except (OSError, HTTPException, WrongAnswerError) as error:
            seen.errors.append(f"{type(error).__name__}: {error}")
            return seen, ("", "")
    memory, processor = resident(desk.process), worked(desk.process)
    begin = time.monotonic()
    end = begin + seconds
    threads = [threading.Thread(target=each.work, args=(begin, end, pace, seen), daemon=True) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, end + PATIENCE - time.monotonic()))
        if thread.is_alive():
            seen.errors.append("somebody was still waiting at the end")
            break
    share = (worked(desk.process) - processor) / (time.monotonic() - begin)
    return seen, (f"{share:.0%}", f"{memory:.0f} to {resident(desk.process):.0f} MB")


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    return sorted(values)[max(0, -int(-share * len(values) // 1) - 1)] if values else float("inf")


def row(who: str, seen: Seen, server: tuple[str, ...], goal: str, met: bool) -> tuple[str, ...]:
    """One line of the table."""
    median, high = statistics.median(seen.waits or [float("inf")]), percentile(seen.waits, 0.95)
    times = (f"{each:.0f} ms" for each in (median, high, max(seen.waits, default=float("inf"))))
    verdict = "met" if met and not seen.errors else "**missed**"
    return (who, str(len(seen.waits)), str(len(seen.errors)), *times, *server, goal, verdict)


HEADINGS = ("users", "entries", "errors", "median", "p95", "longest", "server, of one core", "its memory", "goal", "")
WORDS = """\
# Speed of the desk
<!-- Made by benchmarks/desk.py; do not edit. -->

Measured on {machine}, in one run, with `.venv/bin/python benchmarks/desk.py`. Users and desk share the machine.

{table}

{list}

Each user has a separate case, a copy of the sample biopsy, and makes an entry about once per second (alone: four times
per second) for {seconds:.0f} seconds (alone: {alone:.0f}): an answer or a text, each leading to a state that the
case never had before. In addition, every page checks every two seconds whether its file was changed elsewhere. The
time is what a user waits for: from sending the entry, through checking and saving it, to having the whole report. 95
of 100 entries take at most the time p95. An answer counts as an error if it is refused, does not arrive, or the report
does not contain what was typed.

The desk is one process and uses one core: as its share approaches 100 %, users begin to wait for each other.
Its times do not include drawing the report, except those in a browser (Chromium, without a window), which run from
picking an answer to the frame that shows the report with it.
"""


def of_list() -> str:
    """What is said of the work list of a large folder."""
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "cases").mkdir()
        fill(Path(name) / "cases", CASE.read_text(encoding="utf-8"))
        with served(Path(name), 0, 3 * PATIENCE) as desk:
            first, whole, searched = first_list(desk.port, desk.cookie)
    verdict = "met" if whole <= GOAL else "**missed**"
    return (
        f"A work list of {CASES:,} cases that the desk sees for the first time: something after {first:.2f} s, the "
        f"whole first page after {whole:.2f} s (goal: {GOAL:.0f} s, {verdict}); one case found among all by its "
        f"accession in {searched:.2f} s."
    )


def main() -> None:
    """Measure, print, write, and end with 1 where a goal was missed or an answer was not right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=18)
    parser.add_argument("--output", type=Path, default=CHECKOUT / "docs" / "performance" / "desk.md")
    chosen = parser.parse_args()
    if not (1 <= chosen.users <= 200 and 1 <= chosen.seconds <= 60):
        parser.error("at most 200 users and 60 seconds")
    alone = min(8.0, chosen.seconds)
    with (
        tempfile.TemporaryDirectory() as name,
        served(Path(name), chosen.users + 1, alone + chosen.seconds + 4 * PATIENCE) as desk,
    ):
        one, server = at_work(desk, desk.cases[:1], alone, QUICK_PACE)
        quick = statistics.median(one.waits or [float("inf")]) <= ALONE_GOAL
        rows = [row("1", one, server, f"median at most {ALONE_GOAL} ms", quick)]
        shown = Seen(waits(IN_BROWSER))
        quick = statistics.median(shown.waits or [float("inf")]) <= ALONE_GOAL
        if shown.waits:
            goal = f"median at most {ALONE_GOAL} ms"
            rows.append(row("1, in a browser, to the drawn report", shown, ("", ""), goal, quick))
        many, server = at_work(desk, desk.cases[1:], chosen.seconds, PACE)
        quick = percentile(many.waits, 0.95) <= TOGETHER_GOAL
        rows.append(row(str(chosen.users), many, server, f"p95 at most {TOGETHER_GOAL} ms", quick))
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in (HEADINGS, ("---",) * len(HEADINGS), *rows))
    machine = f"{CORES} cores, {platform.machine()}, Python {platform.python_version()}"
    text = WORDS.format(machine=machine, table=table, list=of_list(), seconds=chosen.seconds, alone=alone)
    chosen.output.write_text(text, encoding="utf-8")
    print(text)
    for error, times in {each: (one.errors + many.errors).count(each) for each in one.errors + many.errors}.items():
        print(f"{times} × {error}", file=sys.stderr)
    sys.exit("**missed**" in text)


if __name__ == "__main__":
    main()
