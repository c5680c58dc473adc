"""One document beside other libraries: every report is another, so that nothing is remembered from the one before.

Run by benchmarks/run.py. All contenders take the same reports, some in a row, in turns; ratios are medians of the
ratios by row.
"""

from __future__ import annotations

import gc
import logging
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import peers
from batches import docxtpl_template
from measuring import Row, ratio

from reportgen import files, formats, template_files
from reportgen.assessment.judgement import assess
from reportgen.batch.executor import WRITTEN_TOGETHER
from reportgen.cases.validate import Validation, validate
from reportgen.formats import html, pdf_typst, pdf_weasyprint
from reportgen.formats.layout import Layout, load_layout
from reportgen.invented.cases import cases
from reportgen.protocols.load import frozen_templates
from reportgen.reading.source import Mapping, source_of
from reportgen.reports.compose import Options, compose
from reportgen.reports.load_labels import load_labels
from reportgen.reports.model import Report

Turn = list[tuple[Validation, Report]]  # cases in a row, with their reports for those who only lay out
Task = Callable[[Turn], object]
_IN_A_ROW = WRITTEN_TOGETHER  # reports: as many as a worker of a batch makes before it turns to anything else
_USUAL = "\ntable { table-layout: auto; border-collapse: collapse }"


def made_cases(count: int) -> list[tuple[Mapping, Report]]:
    """Invented cases as they were read, each with its report."""
    sources = map(source_of, cases("aismn", count, 11))
    return [(source, composed(validated(source))) for source in sources]


def validated(source: Mapping) -> Validation:
    """A case that was validated, with what is known of it from there: what a batch hands to the next steps, too."""
    made = validate(source)
    assert made.case
    return made


def composed(made: Validation) -> Report:
    """A case that was validated, assessed and composed."""
    return all_composed([(made, None)])[0]


def all_composed(turn: Iterable[tuple[Validation, object]]) -> list[Report]:
    """Cases that were validated, assessed and composed: each step for all before the next, as a batch's worker does."""
    cases = [(made.case, made.scopes) for made, _ in turn if made.case]
    assessed = [tuple(map(assess, case.parts, scopes)) for case, scopes in cases]
    labels = load_labels()
    return [
        compose(case, each, labels, Options(), scopes) for (case, scopes), each in zip(cases, assessed, strict=True)
    ]


def whole(name: str, design: Layout) -> Task:
    """Our own way, from validated cases to documents."""
    return lambda turn: [formats.render(report, name, design) for report in all_composed(turn)]


def one_by_one(do: Callable[[Report], object]) -> Task:
    """A way that starts from a report."""

    def run(turn: Turn) -> None:
        for _, report in turn:
            do(report)

    return run


def in_turns(tasks: dict[str, Task], subjects: list[tuple[Mapping, Report]]) -> dict[str, list[float]]:
    """Milliseconds a report of each task for each row of subjects but the first subject, by the clock.

    Each contender takes some reports in a row, as in a batch, before the next has its turn with the same ones. Every
    case is validated anew for each, off the clock, so that none finds worked out what another one worked out. Garbage
    is collected between turns and not within them, for all alike: a batch's workers do so, too.
    """
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for task in tasks.values():
        task([(validated(subjects[0][0]), subjects[0][1])])
    for first in range(1, len(subjects), _IN_A_ROW):
        for name, task in tasks.items():
            turn = [(validated(source), report) for source, report in subjects[first : first + _IN_A_ROW]]
            gc.collect()
            gc.disable()
            began = time.perf_counter()
            task(turn)
            times[name].append((time.perf_counter() - began) * 1000 / len(turn))
            gc.enable()
    return times


def rows(
    times: dict[str, list[float]], titles: dict[str, str], base: str, goals: dict[str, tuple[str, float]]
) -> list[Row]:
    """A row for each task: how often it is done while `base` is done once."""
    made = []
    for name, title in titles.items():
        faster = ratio(times[base], times[name])
        goal, least = goals.get(name, ("", 0.0))
        verdict = faster >= least if goal else None
        against = "as fast" if name != base else ""
        made.append(Row(title, statistics.median(times[name]), faster if against else None, against, goal, verdict))
    return made


def sources(report: Report, design: Layout) -> tuple[str, str]:
    """The page and the style sheet that a plain use of WeasyPrint would start from."""
    return html.page(report, (), "pdf", design), "\n".join(html.styles(report, design, "pdf", peers.typefaces()))


def plain(design: Layout, extra: str, **options: str) -> Task:
    """WeasyPrint as its documentation shows it, with `extra` styles."""
    from weasyprint import CSS, HTML

    def run(report: Report) -> object:
        page, css = sources(report, design)
        return HTML(string=page).write_pdf(stylesheets=[CSS(string=css + extra)], **options)

    return one_by_one(run)


def pdf(count: int) -> list[Row]:
    """PDFs by both engines and by other libraries."""
    design, own = load_layout(), load_layout(engine="weasyprint")
    layout, folder = template_files.path(pdf_typst.LAYOUT).read_bytes(), pdf_typst._folders((), None)[0]
    tasks: dict[str, Task] = {
        "typst": whole("pdf", design),
        "weasyprint": whole("pdf", own),
        "usual": plain(design, _USUAL),
        "same": plain(design, ""),
        "reportlab": one_by_one(peers.reportlab),
        "fpdf2": one_by_one(peers.fpdf2),
        "bare": one_by_one(lambda report: peers.typst_bare(layout, folder, report, design)),
    }
    with frozen_templates():
        times = in_turns(tasks, made_cases(count + 1))
    titles = {
        "usual": "WeasyPrint, plain use, tables as browsers lay them out (automatic widths, collapsed borders)",
        "same": "WeasyPrint, plain use, the very same page and style",
        "fpdf2": "fpdf2",
        "reportlab": "reportlab, a layout by hand",
        "bare": "Typst, plain use, the same layout",
        "weasyprint": "**reportgen by WeasyPrint**, from a validated case, PDF/UA-1",
        "typst": "**reportgen by Typst** (`auto`), from a validated case, PDF/UA-1 and PDF/A-2a",
    }
    goals = {"weasyprint": ("at least 1.3 ×", 1.3), "typst": ("at least 8 ×", 8.0)}
    return rows(times, titles, "usual", goals)


def word(count: int) -> list[Row]:
    """Word files beside docxtpl and python-docx; to memory, and written."""
    from docxtpl import DocxTemplate

    design = load_layout()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path, texts = docxtpl_template(folder)

        def documented(report: Report) -> object:
            document = DocxTemplate(path)
            document.render({**texts, "t0": report.furniture.patient[-1]})
            document.save(BytesIO())
            return document

        def written(turn: Turn) -> None:
            for report in all_composed(turn):
                path = folder / f"{report.furniture.patient[-1]}.docx"
                files.write_files({path: formats.render(report, "docx", design)}, overwrite=True)

        tasks: dict[str, Task] = {
            "docxtpl": one_by_one(documented),
            "python-docx": one_by_one(peers.python_docx),
            "case": whole("docx", design),
            "layout": one_by_one(lambda report: formats.render(report, "docx", design)),
            "written": written,
        }
        with frozen_templates():
            times = in_turns(tasks, made_cases(count + 1))
    titles = {
        "docxtpl": "docxtpl, used as documented, the same page",
        "python-docx": "python-docx from its default template",
        "case": "**reportgen**, from a validated case: assess, compose, lay out",
        "layout": "reportgen, from a report: only lay out",
        "written": "reportgen, from a validated case to a file forced to disk",
    }
    return rows(times, titles, "docxtpl", {"case": ("at least 50 ×", 50.0), "layout": ("", 0.0)})


def weasyprint_steps(count: int) -> list[Row]:
    """What each step wins that makes WeasyPrint quick."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    design = load_layout(engine="weasyprint")
    fonts = FontConfiguration()
    sheets: dict[str, Any] = {}

    def shared(report: Report) -> object:
        page, css = sources(report, design)
        if css not in sheets:
            sheets[css] = CSS(string=css, font_config=fonts)
        return HTML(string=page).write_pdf(stylesheets=[sheets[css]], font_config=fonts, pdf_variant="pdf/ua-1")

    def loud(report: Report) -> object:
        gc.enable()
        try:
            return pdf_weasyprint.render(report, design)
        finally:
            gc.disable()

    tasks: dict[str, Task] = {
        "usual": plain(design, _USUAL, pdf_variant="pdf/ua-1"),
        "fixed": plain(design, "\ntable { border-collapse: collapse }", pdf_variant="pdf/ua-1"),
        "apart": plain(design, "", pdf_variant="pdf/ua-1"),
        "shared": one_by_one(shared),
        "xml": one_by_one(loud),
        "quiet": one_by_one(lambda report: pdf_weasyprint.render(report, design)),
    }
    titles = {
        "usual": "plain use, tables as browsers lay them out",
        "fixed": "with fixed column widths",
        "apart": "with separate, not collapsed borders",
        "shared": "with fonts and style sheet shared by all reports",
        "xml": "with the page parsed as XML and bundled fonts by name",
        "quiet": "without garbage collection during layout",
    }
    return rows(in_turns(tasks, made_cases(count + 1)), titles, "usual", {})


def libreoffice() -> list[Row]:
    """LibreOffice converting our Word file, where it is installed: a process for each."""
    if not shutil.which("soffice"):
        return []
    times = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, (_, report) in enumerate(made_cases(3)):
            path = folder / f"{number}.docx"
            path.write_bytes(formats.render(report, "docx", load_layout()))
            began = time.perf_counter()
            peers.libreoffice(path, folder)
            times.append((time.perf_counter() - began) * 1000)
    return [Row("LibreOffice, converting our DOCX, one process each", statistics.median(times[1:]))]


logging.getLogger("fontTools").setLevel(logging.ERROR)  # it remarks on the dates of the bundled fonts at every use
