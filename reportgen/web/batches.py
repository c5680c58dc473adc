"""Batches started from the page: a table that was dropped, worked on by `reportgen batch` in a process of its own."""

from __future__ import annotations

import contextlib
import json
import secrets
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock, Thread
from time import monotonic
from typing import Any

from reportgen import files
from reportgen.web.folder import COLUMNS

Event = Mapping[str, Any]  # as `reportgen batch --json` prints it
FOLDER = "batches"
# -P: a module that lies in the folder it is run from is not taken for one of ours.
_PROGRAM = (sys.executable, "-P", "-c", "from reportgen.cli.app import main; main()")
_SHOWN = 200  # findings that are kept for the page
_RAISED = ("place", "part", "level", "title", "say")
_SAID = 20  # lines
_UNWRITTEN = 6  # the exit code of `reportgen batch` where the folder could not be written any more
_PATIENCE = 10  # seconds for the batches to end, when the desk is closed


class NoSuchBatchError(Exception):
    """An id that no batch has."""


@dataclass
class Batch:
    """One batch and how far it is."""

    id: str  # in addresses
    name: str  # of its folder in the case folder
    folder: Path
    counts: dict[str, int] = field(default_factory=dict)  # of the last events: cases, checked, in_order, refused …
    findings: list[Event] = field(default_factory=list)  # without values
    raised: list[dict[str, str]] = field(default_factory=list)  # the warnings of the cases
    phase: str = "checking"  # or `rendering`, `done`, `stopped` or `refused`
    said: tuple[str, ...] = ()  # what the program said of the table or the folder as a whole
    process: subprocess.Popen[str] | None = None
    asked: bool = False  # to end; asked twice, it would not finish what is in hand

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self.phase in ("checking", "rendering")

    @property
    def output(self) -> Path:
        """The folder of its documents."""
        return self.folder / "reports"


class Batches:
    """The batches of one case folder that this desk started; `lab` is the profile as the command line names it."""

    def __init__(self, root: Path, lab: str, pdf_engine: str = "auto") -> None:
        self.root = root
        self.lab = lab
        self.pdf_engine = pdf_engine
        self._lock = Lock()
        self._batches: dict[str, Batch] = {}

    def all(self) -> tuple[Batch, ...]:
        """All of them, the last one first."""
        return tuple(reversed(self._batches.values()))

    def get(self, id: str) -> Batch:
        """One of them; raises `NoSuchBatchError`."""
        try:
            return self._batches[id]
        except KeyError:
            raise NoSuchBatchError from None

    def start(self, table: bytes, ending: str, protocol: str, now: datetime) -> Batch:
        """Keep the content of a table that was dropped, and begin to work on it; raises E502 where it cannot be kept.

        Args:
            table: its content.
            ending: one of those of `reportgen.tables.registry`, with its dot.
            protocol: the default protocol of its rows; "" for none.
            now: the time, for the name of its folder.
        """
        id = secrets.token_hex(9)
        name = f"{now:%Y-%m-%d-%H%M%S}-{id[:4]}"
        batch = Batch(id, name, self.root / FOLDER / name)
        path, columns = batch.folder / f"table{ending}", self.root / COLUMNS
        files.write_files({path: table})
        options = {"--lab": self.lab, "--protocol": protocol, "--columns": str(columns) if columns.is_file() else ""}
        words = [*_PROGRAM, "batch", str(path), "-o", str(batch.output), "--json", "--pdf-engine", self.pdf_engine]
        words += [word for option, value in options.items() if value for word in (option, value)]
        batch.process = subprocess.Popen(  # noqa: S603 - our own program, and no word of it comes from the page
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            encoding="utf-8", errors="replace", start_new_session=True,  # Ctrl-C is for the desk, which asks it to end
        )  # fmt: skip
        with self._lock:
            self._batches[id] = batch
        Thread(target=_follow, args=(batch,), daemon=True).start()
        return batch

    def stop(self, id: str) -> None:
        """Ask a batch to end; what is in hand is finished."""
        batch = self.get(id)
        with self._lock:
            if batch.asked or batch.process is None or batch.process.poll() is not None:
                return
            batch.asked = True
            batch.process.send_signal(signal.SIGINT)

    def stop_all(self) -> None:
        """Ask all to end, when the desk is closed, and hear them out: a batch that nobody hears breaks off."""
        for id in list(self._batches):
            self.stop(id)
        until = monotonic() + _PATIENCE
        for batch in self.all():
            if batch.process:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    batch.process.wait(max(until - monotonic(), 0))


def _follow(batch: Batch) -> None:
    """Hear what a batch says until it ends."""
    process = batch.process
    if process is None or process.stdout is None or process.stderr is None:
        return
    said: deque[str] = deque()
    other = Thread(target=_collect, args=(process.stderr, said), daemon=True)
    other.start()
    for line in process.stdout:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            hear(batch, event)
    other.join()
    code = process.wait()
    process.stdout.close()
    process.stderr.close()
    if batch.running:
        batch.phase = "stopped" if code in (130, -signal.SIGINT) else "refused"
    if batch.phase == "refused":
        batch.said += tuple(said)


def _collect(lines: Iterable[str], said: deque[str]) -> None:
    """Read all that is said, and keep the beginning: a pipe that nobody reads would hold the program up."""
    for line in lines:
        if len(said) < _SAID:
            said.append(line.strip())


def hear(batch: Batch, event: Event) -> None:
    """Take note of one event of `reportgen batch --json`."""
    kind = event.get("event")
    counts = {key: value for key, value in event.items() if type(value) is int and key != "row"}
    if kind == "begun" and "cases" in counts:  # counts the cases in order that are rendered now, not those of the table
        counts["to_render"] = counts.pop("cases")
    batch.counts.update(counts)
    if kind == "planned" and "kinds" in event:  # what the checking found, row by row until here, each kind once
        batch.findings = []
    found = [*event.get("kinds", ()), *event.get("findings", ())]
    if kind == "findings" and "row" not in event:  # about the table or the folder as a whole
        batch.said = (*batch.said, *map(_line, found))[:_SAID]
    else:
        batch.findings = [*batch.findings, *found][:_SHOWN]
    raised = [{key: str(each.get(key, "")) for key in _RAISED} for each in event.get("advisories", ())]
    batch.raised = [*batch.raised, *raised][:_SHOWN]
    if kind == "begun":
        batch.phase = "rendering"
    elif kind == "case":
        state = "failed" if event.get("state") == "failed" else "rendered"
        batch.counts[state] = batch.counts.get(state, 0) + 1
    elif kind == "ended":
        batch.phase = _ended(event)


def _ended(event: Event) -> str:
    """The phase of a batch that has ended."""
    code = event.get("exit", 0)
    if event.get("stopped") or (code == _UNWRITTEN and "rendered" in event):
        return "stopped"
    return "refused" if code and "rendered" not in event else "done"


def _line(finding: Event) -> str:
    """A finding without the folder of the table, which is the desk's own."""
    file, cell = Path(str(finding.get("file", ""))).name, finding.get("cell", "")
    where = ":".join(str(each) for each in (file, cell) if each)
    path = f" {finding['path']}:" if finding.get("path") else ""
    said = f"{finding.get('code', '')}{path} {finding.get('message', '')} ({finding.get('next_step', '')})"
    return f"{where}: {said}" if where else said
