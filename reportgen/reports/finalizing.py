"""What finalizing a report asks for: who and when, and nothing left open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from reportgen.assessment.checked import Checked
from reportgen.assessment.judgement import unanswered
from reportgen.cases.model import ESSENTIAL, Case
from reportgen.findings import Finding, refuse
from reportgen.reading.characters import refused
from reportgen.reports.model import OpenItem, Report
from reportgen.reports.open_items import PENDING

_IDENTITY = (*ESSENTIAL, "patient.mrn")


def time_of_finalizing(case: Case, name: str, time: str, today: date | None) -> datetime | None:
    """The time that a report is finalized at; None for a draft.

    Args:
        case: the case, whose specimen must have been there by then.
        name: who finalizes it; "" for a draft.
        time: when, as an ISO date or time; goes with `name`.
        today: the day of the run, which the time may not lie beyond.

    Raises:
        FindingsError: E303 where one of name and time is missing; E0xx for characters that cannot be printed; E107,
            E206 and E210 for a time that is none, lies before the specimen came, or lies in the future.
    """
    if bool(name) != bool(time):
        raise refuse("E303", "needs both a name and a time", hint="give --finalized-by NAME and --at TIME together")
    for text, path in ((name, "--finalized-by"), (time, "--at")):
        if found := refused(text):
            raise refuse(found[0], f"{found[2]} is not allowed", path=path)
    if not time:
        return None
    moment = _moment(time)
    _after(case, moment.date(), today)
    return moment


def holding(report: Report, checked: Checked, *, strict: bool, finalized: bool) -> Iterator[Finding]:
    """What keeps a report from being finalized, or from being composed at all if the run is strict."""
    if strict or finalized:
        code = "E303" if finalized else "E302"
        assert checked.case is not None  # noqa: S101 - only a case is composed
        yield from unsettled(checked.findings, code, checked.case.needs)
        yield from (_open(item, code) for item in report.open)
    if finalized and checked.case:
        for part, made in zip(checked.case.parts, checked.assessments, strict=True):
            yield from unanswered(part, made.advisories)


def unsettled(findings: Iterable[Finding], code: str, needs: Callable[[str], bool]) -> Iterator[Finding]:
    """A finding for each warning that a finalized or strict report may not be made with.

    `needs` tells whether a report needs what is at a path: a core element, an identity, own words.
    """
    for each in findings:
        if each.code == "W302" and needs(each.path):
            yield Finding(code, each.place, each.path, "holds a placeholder", "enter it", each.value)
        elif each.code == "W310" and each.path in _IDENTITY:
            yield Finding(code, each.place, each.path, "may have lost letters", "enter it again", each.value)
        elif each.code == "W314":
            yield Finding(code, each.place, each.path, each.message, each.step)


def _open(item: OpenItem, code: str) -> Finding:
    """A finding for what is open. It says no name of a report's text: a name could have been entered with the case."""
    says = f"is held back: {item.says}" if item.says else "is pending" if item.state == PENDING else "is not entered"
    return Finding(code, item.place, item.path, says)


def _after(case: Case, day: date, today: date | None) -> None:
    """Refuse a time of finalizing before the specimen was there, or in the future of the run."""
    for path in ("received", "collected"):
        known = case.day(path)
        if known and day < known:
            where = case.header[path].place
            raise refuse("E206", f"lies before {path} ({where})", path="--at", hint="correct the time or the date")
    if today and day > today + timedelta(days=1):  # it may be tomorrow where the case comes from
        raise refuse("E210", "lies in the future", path="--at", hint="correct the time")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise refuse("E107", "is not a date or time", path="--at", hint="write it as 2026-11-23T14:30") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
