"""How a batch is reported: a bar on a terminal, few lines elsewhere, one JSON object a line for programs."""

from __future__ import annotations

import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from reportgen.assessment.model import raised_line
from reportgen.batch.model import MADE, BatchResult, CaseState, Event
from reportgen.cli.console import finding_data, print_findings
from reportgen.cli.streams import as_json
from reportgen.finding_groups import FindingGroups
from reportgen.findings import Finding, counted

_STOPPED = 130  # the exit code
_REFRESH = 0.2  # seconds
_MOST = 50  # warnings that are printed one by one
_LINE = 10.0  # seconds between two lines where there is no terminal


class Reporter(ABC):
    """Tells the user about a batch; whatever ends the batch, `end` or `broken` is called."""

    @abstractmethod
    def hear(self, event: Event) -> None:
        """Something happened."""

    @abstractmethod
    def end(self, result: BatchResult, code: int) -> None:
        """The batch has ended, with this exit code."""

    @abstractmethod
    def broken(self, findings: tuple[Finding, ...], code: int) -> None:
        """The batch was ended by something; it has no result."""


class JsonReporter(Reporter):
    """One JSON object a line on standard output."""

    def __init__(self, *, show_values: bool) -> None:
        self._show_values = show_values
        self._kinds = FindingGroups()
        self._last = 0.0

    def hear(self, event: Event) -> None:
        """Print the event; of the progress of checking only now and then."""
        if event.kind == "checked" and time.monotonic() - self._last < _REFRESH:
            return
        self._last = time.monotonic()
        said = self._found(event.findings)
        if event.kind == "findings":
            self._kinds.add(event.findings)
        elif event.kind == "planned":
            said["kinds"] = [kind.as_data() for kind in self._kinds]
        if self._show_values and event.accession:
            said["accession"] = event.accession
        self._print(event.kind, {**event.data, **said})

    def end(self, result: BatchResult, code: int) -> None:
        """Print how it ended."""
        counts = {state.value: result.counts[state] for state in CaseState}
        more = {"before": result.before, "newer": result.newer, "with_warnings": result.warned, "left": result.left}
        ended = {"stopped": result.stopped, "complete": result.complete, "exit": code}
        self._print("ended", {**counts, **more, **ended})

    def broken(self, findings: tuple[Finding, ...], code: int) -> None:
        """Print what was found, and that it is over."""
        if findings:
            self._print("findings", self._found(findings))
        self._print("ended", {"stopped": code == _STOPPED, "complete": False, "exit": code})

    def _found(self, findings: tuple[Finding, ...]) -> dict[str, object]:
        data = [finding_data(finding, show_values=self._show_values) for finding in findings]
        return {"findings": data} if data else {}

    def _print(self, event: str, data: dict[str, object]) -> None:
        typer.echo(as_json({"event": event, **data}))


class TerminalReporter(Reporter):
    """Findings and the outcome as lines; on a terminal a bar with rate, failures and the time left.

    With `whole`, each warning is printed, however many there are, because no results.csv will list them.
    """

    def __init__(self, *, show_values: bool, whole: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self._show_values = show_values
        self._most = sys.maxsize if whole else _MOST
        self._kinds, self._failures = FindingGroups(), FindingGroups(apart=False)
        self._raised: list[dict[str, Any]] = []
        self._clock = clock
        self._console = Console(stderr=True)
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._total = self._done = self._failed = 0
        self._began = self._shown = 0.0

    def hear(self, event: Event) -> None:
        """Print findings, move the bar."""
        if event.kind == "findings":
            self._kinds.add(event.findings)
            raised = event.data.get("advisories")
            self._raised += raised if isinstance(raised, list) else ()
        elif event.kind == "read":
            self._open("checking", event.data["cases"])
        elif event.kind == "checked":
            self._done = _number(event.data["checked"])
            self._show()
        elif event.kind == "planned":
            self._close()
            self._say_findings()
            cases, in_order, refused = (event.data[key] for key in ("cases", "in_order", "refused"))
            warned = _warned(event.data.get("with_warnings"))
            self._say(f"{cases} cases in the table, {in_order} in order{warned}, {refused} refused")
            if not cases:
                self._say("the table has headings and no rows: there is nothing to render")
        elif event.kind in ("begun", "would"):
            self._say_findings()
            self._say_standing(event.data)
            if event.kind == "begun":
                self._open("rendering", event.data["cases"])
            else:
                self._say(f"{event.data['cases']} would be rendered")
        elif event.kind == "copied":
            documents = counted(_number(event.data["documents"]), "document")
            self._say(f"{documents} to be replaced: copies are in {event.data['folder']}")
        elif event.kind == "case":
            self._done += 1
            self._failed += event.data["state"] == CaseState.failed
            self._say_failure(event.findings)
            self._show()

    def end(self, result: BatchResult, code: int) -> None:
        """Say how it ended and what to do next."""
        self._close()
        self._say_findings()
        for kind in self._failures:
            if kind.count > 1:
                self._say(f"{kind.first.code} {kind.first.message}: {kind.count} cases, and told once")
        if result.planned:
            self._say("nothing was rendered")
            return
        counts = {state: f"{number} {state}" for state, number in result.counts.items() if number}
        if CaseState.rendered in counts and result.before:
            counts[CaseState.rendered] += f" ({result.before} of them before the interruption)"
        words = []
        drafts = [state for state in counts if state in MADE]
        if len(drafts) == 1:
            counts[drafts[0]] += _warned(result.warned)
        elif result.warned:
            words.append(f"{counted(result.warned, 'draft')} with warnings")
        if result.newer:
            words.append(f"{counted(result.newer, 'draft')} older than the table")
        self._say("; ".join([*counts.values(), *words]))
        if result.left:
            verb = "is" if result.left == 1 else "are"
            self._say(f"{counted(result.left, 'case')} of earlier tables {verb} in the folder too: see results.csv")
        if result.stopped or result.broken:
            self._say("not finished: run the same command again to go on")

    def broken(self, findings: tuple[Finding, ...], code: int) -> None:
        """Say what was found."""
        self._close()
        self._say_findings()
        print_findings(findings, show_values=self._show_values)

    def _say_standing(self, data: dict[str, object]) -> None:
        """Say what is not worked on, and why."""
        words = {
            "in the folder already, as they would be made": _number(data.get("before"))
            + _number(data.get(CaseState.kept)),
            "edited, and kept": data.get(CaseState.edited),
            "out of date, and not made anew": data.get(CaseState.dated),
            "moved away, and not made again without --again": data.get(CaseState.moved),
        }
        for said, number in words.items():
            if number:
                self._say(f"{said}: {number}")

    def _open(self, what: str, total: object) -> None:
        self._total, self._done, self._failed = _number(total), 0, 0
        self._began, self._shown = self._clock(), self._clock()
        if self._console.is_terminal and self._total:
            columns = (
                TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"), TextColumn("{task.fields[failed]}"), TimeRemainingColumn(),
            )  # fmt: skip
            # No thread of its own: worker processes are forked while it exists.
            self._progress = Progress(*columns, console=self._console, auto_refresh=False, transient=True)
            self._progress.start()
            self._task = self._progress.add_task(what, total=self._total, rate="", failed="")

    def _show(self) -> None:
        now = self._clock()
        every = _REFRESH if self._progress else _LINE
        if now - self._shown < every and self._done < self._total:
            return
        rate = self._done / max(now - self._began, 0.001)
        failed = f"{self._failed} failed" if self._failed else ""
        if self._progress and self._task is not None:
            self._progress.update(self._task, completed=self._done, rate=f"{rate:.1f}/s", failed=failed, refresh=True)
        elif now - self._shown >= every:
            self._say(f"{self._done} of {self._total}, {rate:.1f} a second{', ' if failed else ''}{failed}")
        self._shown = now

    def _close(self) -> None:
        if self._progress:
            self._progress.stop()
        self._progress = self._task = None

    def _say_findings(self) -> None:
        """Print what was found since the last time: each kind once, and the first warnings."""
        found, self._kinds = self._kinds, FindingGroups()
        for line in found.lines(show_values=self._show_values):
            self._say(line)
        for each in self._raised[: self._most]:
            self._say(raised_line(each))
        if len(self._raised) > self._most:
            more = len(self._raised) - self._most
            self._say(f"{more} more warnings: see the column advisories of results.csv")
        self._raised = []

    def _say_failure(self, findings: Iterable[Finding]) -> None:
        """Print why a case could not be rendered; what many have in common (a full disk) once."""
        for finding in findings:
            before = len(self._failures)
            self._failures.add([finding])
            if len(self._failures) > before:
                if self._progress:
                    self._progress.stop()
                print_findings([finding], show_values=self._show_values)
                if self._progress:
                    self._progress.start()

    def _say(self, text: str) -> None:
        sys.stdout.flush()
        typer.echo(text, err=True)


def _warned(number: object) -> str:
    return f" ({number} with warnings)" if number else ""


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
