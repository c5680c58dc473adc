"""One case's way, in seven steps: read, resolve, validate, assess, compose, lay out, write.

Each step has a folder of that meaning; `--verbose`, the README and the documentation use the same seven words. Steps 3
to 6 take no clock, no environment and no disk: time comes in as a value.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from reportgen import files, formats
from reportgen.assessment.judgement import assess, unacknowledged, unanswered
from reportgen.assessment.model import AdvisoryState, Assessment, Raised
from reportgen.cases.answer_values import AnswerScope
from reportgen.cases.model import ESSENTIAL, Case, Part
from reportgen.cases.validate import Validation, validate
from reportgen.findings import Finding, FindingsError, counted, refuse
from reportgen.formats.layout import Layout, layout_record, load_layout
from reportgen.formats.unprintable import unprintable
from reportgen.laboratory.model import Laboratory
from reportgen.reading.characters import refused
from reportgen.reading.readers import read_file
from reportgen.reading.source import Mapping
from reportgen.reports.compose import Options
from reportgen.reports.compose import compose as compose_report
from reportgen.reports.load_labels import load_labels
from reportgen.reports.model import OpenItem, Report
from reportgen.reports.open_items import PENDING

log = logging.getLogger("reportgen")
_IDENTITY = (*ESSENTIAL, "patient.mrn")


@dataclass(frozen=True)
class Settings:
    """What a run is asked for.

    Attributes:
        formats: names of formats, as `formats.names` lists them.
        strict: refuse a report with anything pending.
        finalised_by: the name of who finalises it; "" leaves it a draft.
        finalised_at: when, as an ISO date or time; goes with `finalised_by`.
        coding: print the coding line.
        paper: `letter` or `a4`; empty for the laboratory's own, or letter.
        laboratory: the profile whose words, elements and layout are used.
        today: the day of the run, beyond which no date may lie; None where that is not asked.
        pdf_engine: `auto`, `weasyprint` or `typst`; `auto` takes Typst unless the profile needs WeasyPrint.
    """

    formats: tuple[str, ...] = ("docx", "pdf")
    strict: bool = False
    finalised_by: str = ""
    finalised_at: str = ""
    coding: bool = False
    paper: str = ""
    laboratory: Laboratory | None = None
    pdf_engine: str = "auto"
    today: date | None = None


class Checked(NamedTuple):
    """A source after steps 1 to 4: the case where it is in order, what was found, and the assessment of each part."""

    case: Case | None
    findings: tuple[Finding, ...]
    assessments: tuple[Assessment, ...] = ()
    scopes: tuple[AnswerScope, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that refuse the case."""
        return tuple(finding for finding in self.findings if finding.refuses)

    @property
    def advisories(self) -> tuple[tuple[Part, AdvisoryState], ...]:
        """Everything that was raised, with its part, in order."""
        parts = self.case.parts if self.case else ()
        return tuple(
            (part, each) for part, made in zip(parts, self.assessments, strict=True) for each in made.advisories
        )

    @property
    def raised(self) -> tuple[Raised, ...]:
        """The warnings and stops among them, as they are told."""
        return tuple(Raised(part.place, part.label, each) for part, each in self.advisories if each.warns)

    @property
    def warnings(self) -> int:
        """How many warnings there are: of findings, and of advisories that are warnings, acknowledged or not."""
        raised = sum(each.warns and not each.level.stops for _, each in self.advisories)
        return raised + len(self.findings) - len(self.errors)

    @property
    def verdict(self) -> str:
        """How the case is, in words; never plainly "in order" where something was raised."""
        if self.errors:
            return "refused"
        stops = sum(each.level.stops for _, each in self.advisories)
        more = [counted(self.warnings, "warning")] if self.warnings else []
        more += [f"{counted(stops, 'stop')} acknowledged"] if stops else []
        return ", ".join(["in order", *more])


class Rendered(NamedTuple):
    """A composed report, what it was composed from, and its bytes by format."""

    report: Report
    checked: Checked
    documents: dict[str, bytes]


def load(path: Path | str) -> Mapping:
    """Step 1, read: a case file to text values with places; raises `FindingsError` (E0xx)."""
    log.info("1 read %s", path)
    return read_file(Path(path), name=str(path))


def check(source: Mapping | Path | str, settings: Settings | None = None) -> Checked:
    """Steps 1 to 4, read to assess: everything there is to know about a case before it is composed."""
    validation = validated(source, settings or Settings())
    return Checked(None, validation.findings) if validation.refused else assessed(validation)


def assessed(validation: Validation) -> Checked:
    """Step 4 alone, assess: also of a case of which something was refused, for its preview; `composed` refuses it."""
    case, scopes = validation.case, validation.scopes
    if case is None:
        return Checked(None, validation.findings)
    log.info("4 assess")
    assessments = tuple(assess(part, scope) for part, scope in zip(case.parts, scopes, strict=True))
    stops = [
        stop
        for part, made in zip(case.parts, assessments, strict=True)
        for stop in unacknowledged(part, made.advisories)
    ]
    return Checked(case, (*validation.findings, *stops), assessments, scopes)


def validated(source: Mapping | Path | str, settings: Settings) -> Validation:
    """Steps 1 to 3, read to validate; with warnings for what a PDF cannot print of the case, if one is asked for."""
    read = source if isinstance(source, Mapping) else load(source)
    log.info("2 resolve protocols · 3 validate")
    validation = validate(read, settings.laboratory, settings.today)
    if not formats.embed_fonts(settings.formats):
        return validation
    lost = unprintable(read, settings.laboratory)
    return validation._replace(findings=(*validation.findings, *lost)) if lost else validation


def compose(source: Mapping | Path | str, settings: Settings | None = None) -> Report:
    """Steps 1 to 5, read to compose; raises `FindingsError` for a case that is not in order."""
    chosen = settings or Settings()
    return composed(check(source, chosen), chosen)


def render(source: Mapping | Path | str, settings: Settings | None = None) -> Rendered:
    """Steps 1 to 6, read to lay out: the report and its documents as bytes; nothing is written."""
    chosen = settings or Settings()
    return render_checked(check(source, chosen), chosen)


def render_checked(checked: Checked, settings: Settings) -> Rendered:
    """Steps 5 and 6 alone: the documents of a case that was checked; raises `FindingsError` as `render`."""
    report = composed(checked, settings)
    return Rendered(report, checked, lay_out(report, settings))


def write(documents: Iterable[tuple[Path, Rendered]], *, overwrite: bool = False) -> list[Path]:
    """Step 7, write: the documents of one or more cases, all or none of each case.

    Args:
        documents: for each case, the path of its documents without the ending, and the documents.
        overwrite: whether existing files may be replaced.

    Returns:
        The paths written, in order.
    """
    written: list[Path] = []
    for stem, rendered in documents:
        log.info("7 write")
        contents = {stem.with_name(f"{stem.name}.{name}"): data for name, data in rendered.documents.items()}
        files.write_files(contents, overwrite=overwrite)
        written += contents
    return written


def layout_of(settings: Settings) -> Layout:
    """The layout of a run; raises as `load_layout`."""
    return load_layout(settings.paper, settings.laboratory, settings.pdf_engine)


def lay_out(report: Report, settings: Settings) -> dict[str, bytes]:
    """Step 6 alone, lay out: the bytes of a report by format."""
    layout = layout_of(settings)
    documents = {}
    for name in settings.formats:
        log.info("6 lay out %s", name)
        documents[name] = formats.render(report, name, layout)
    return documents


def composed(checked: Checked, settings: Settings) -> Report:
    """Step 5 alone, compose; raises `FindingsError` for a case that is not in order."""
    if checked.case is None or checked.errors:
        raise FindingsError(checked.findings)
    return forming(checked, settings)


def forming(checked: Checked, settings: Settings) -> Report:
    """Step 5 too: the report of a case that could be validated, whatever else was found.

    For the eyes of who fills the case, while a stop still holds its report back; `render` refuses such a case.
    """
    if checked.case is None:
        raise FindingsError(checked.findings)
    log.info("5 compose")
    name, time = " ".join(settings.finalised_by.split()), settings.finalised_at.strip()
    if bool(name) != bool(time):
        raise refuse("E303", "needs both a name and a time", hint="give --finalised-by NAME and --at TIME together")
    _printable(name, "--finalised-by")
    _printable(time, "--at")
    finalised_at = _moment(time) if time else None
    if finalised_at:
        _after(checked.case, finalised_at.date(), settings.today)
    options = Options(
        finalised_by=name,
        finalised_at=time,
        stamp=_stamp() or finalised_at,
        layout=layout_record(),
        coding=settings.coding or bool(settings.laboratory and settings.laboratory.coding),
        laboratory=settings.laboratory,
    )
    labels = load_labels(laboratory=settings.laboratory)
    report = compose_report(checked.case, checked.assessments, labels, options, checked.scopes)
    holding = tuple(_holding(report, checked, strict=settings.strict, finalised=bool(name)))
    if holding:
        raise FindingsError(holding)
    return report


def _holding(report: Report, checked: Checked, *, strict: bool, finalised: bool) -> Iterator[Finding]:
    """What keeps a report from being finalised, or from being made where the run is strict."""
    if strict or finalised:
        code = "E303" if finalised else "E302"
        assert checked.case is not None  # noqa: S101 - only a case is composed
        yield from unsettled(checked.findings, code, checked.case.needs)
        yield from (_open(item, code) for item in report.open)
    if finalised and checked.case:
        for part, made in zip(checked.case.parts, checked.assessments, strict=True):
            yield from unanswered(part, made.advisories)


def unsettled(findings: Iterable[Finding], code: str, needs: Callable[[str], bool]) -> Iterator[Finding]:
    """A finding for each warning that a finalized or strict report may not be made with.

    Args:
        findings: what was found.
        code: the code to give it.
        needs: whether a report needs what is at a path: a core element, an identity, own words.
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


def _printable(text: str, path: str) -> None:
    """Hold what the command line puts into a report to the rule for every other text of it."""
    found = refused(text)
    if found:
        raise refuse(found[0], f"{found[2]} is not allowed", path=path)


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


def _stamp() -> datetime | None:
    """SOURCE_DATE_EPOCH, where it is set: the time that every file of this run shall carry."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not (epoch.isascii() and epoch.isdigit()):
        return None
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        hint = "give it in seconds since 1970, or unset it"
        raise refuse("E107", "is not a time that a file can carry", path="SOURCE_DATE_EPOCH", hint=hint) from None
