"""One case's way, in seven steps: read, resolve, validate, assess, compose, lay out, write.

Each step has a folder of that meaning; `--verbose`, the README and the documentation use the same seven words. Steps 3
to 6 take no clock, no environment and no disk: time comes in as a value of `Settings`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from reportgen import files, formats
from reportgen.assessment.checked import Checked
from reportgen.assessment.judgement import assess, unacknowledged
from reportgen.cases.validate import Validation, validate
from reportgen.clock import source_date_epoch
from reportgen.findings import FindingsError
from reportgen.formats.layout import Layout, layout_record, load_layout
from reportgen.formats.unprintable import unprintable
from reportgen.laboratory.model import Laboratory
from reportgen.reading.readers import read_file
from reportgen.reading.source import Mapping
from reportgen.reports.compose import Options
from reportgen.reports.compose import compose as compose_report
from reportgen.reports.finalizing import holding, time_of_finalizing
from reportgen.reports.load_labels import load_labels
from reportgen.reports.model import Report

log = logging.getLogger("reportgen")


@dataclass(frozen=True)
class Settings:
    """What a run is asked for."""

    formats: tuple[str, ...] = ("docx", "pdf")  # names, as `formats.names` lists them
    strict: bool = False  # refuse a report with anything pending
    finalized_by: str = ""  # name of the person who finalizes it; "" leaves it a draft
    finalized_at: str = ""  # when, as an ISO date or time; goes with `finalized_by`
    coding: bool = False  # print the coding line
    paper: str = ""  # `letter` or `a4`; empty for the laboratory's own, or letter
    laboratory: Laboratory | None = None  # the profile whose words, elements and layout are used
    pdf_engine: str = "auto"  # or `weasyprint` or `typst`; `auto` takes Typst unless the profile needs WeasyPrint
    today: date | None = None  # the day of the run, beyond which no date may lie; None: dates are not compared with it
    # The time that all files carry; None for the time of finalizing, or the case's own dates.
    stamp: datetime | None = field(default_factory=source_date_epoch)


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
    """Step 4 alone, assess: also of a case of which something was refused, for its preview; `compose` refuses it."""
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


def compose(source: Mapping | Path | str | Checked, settings: Settings | None = None) -> Report:
    """Steps 1 to 5, read to compose; raises `FindingsError` for a case that is not in order."""
    chosen = settings or Settings()
    checked = source if isinstance(source, Checked) else check(source, chosen)
    if checked.errors:
        raise FindingsError(checked.findings)
    return preview(checked, chosen)


def preview(checked: Checked, settings: Settings) -> Report:
    """Step 5 of a case that could be validated, whatever else was found; `compose` and `render` refuse such a case.

    It is for the person who fills in the case, while a stop still holds its report back.
    """
    case = checked.case
    if case is None:
        raise FindingsError(checked.findings)
    log.info("5 compose")
    name, time = " ".join(settings.finalized_by.split()), settings.finalized_at.strip()
    finalized_at = time_of_finalizing(case, name, time, settings.today)
    options = Options(
        finalized_by=name,
        finalized_at=time,
        stamp=settings.stamp or finalized_at,
        layout=layout_record(),
        coding=settings.coding or bool(settings.laboratory and settings.laboratory.spec.coding),
        laboratory=settings.laboratory,
    )
    labels = load_labels(settings.laboratory)
    report = compose_report(case, checked.assessments, labels, options, checked.scopes)
    held_back = tuple(holding(report, checked, strict=settings.strict, finalized=bool(name)))
    if held_back:
        raise FindingsError(held_back)
    return report


def render(source: Mapping | Path | str | Checked, settings: Settings | None = None) -> Rendered:
    """Steps 1 to 6, read to lay out: the report and its documents as bytes; nothing is written."""
    chosen = settings or Settings()
    checked = source if isinstance(source, Checked) else check(source, chosen)
    report = compose(checked, chosen)
    return Rendered(report, checked, lay_out(report, chosen))


def lay_out(report: Report, settings: Settings) -> dict[str, bytes]:
    """Step 6 alone, lay out: the bytes of a report by format."""
    layout = layout_of(settings)
    documents = {}
    for name in settings.formats:
        log.info("6 lay out %s", name)
        documents[name] = formats.render(report, name, layout)
    return documents


def layout_of(settings: Settings) -> Layout:
    """The layout of a run; raises as `load_layout`."""
    return load_layout(settings.paper, settings.laboratory, settings.pdf_engine)


def write(documents: Iterable[tuple[Path, Rendered]], *, overwrite: bool = False) -> list[Path]:
    """Step 7, write: the documents of cases, all or none of each case; returns the paths written, in order.

    Each case is the path of its documents without the ending, and the documents.
    """
    written: list[Path] = []
    for stem, rendered in documents:
        log.info("7 write")
        contents = {stem.with_name(f"{stem.name}.{name}"): data for name, data in rendered.documents.items()}
        files.write_files(contents, overwrite=overwrite)
        written += contents
    return written
