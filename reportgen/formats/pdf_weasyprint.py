"""PDF by WeasyPrint: tagged PDF/UA-1, the bundled font, no network and no files, the same bytes every time.

Only this file and `pdf_weasyprint_page` know WeasyPrint. Its warnings are errors here: a missing glyph, a refused
reference or an unknown style would otherwise be a line in a log that nobody reads.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes.util
import gc
import io
import logging
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reportgen.contained import contained
from reportgen.findings import FindingsError, refuse
from reportgen.formats import html, scratch
from reportgen.formats.deferred import deferred
from reportgen.formats.fallback import LATIN, named
from reportgen.formats.fonts import chain, font_files, own_faces, own_family, scripts
from reportgen.formats.layout import Layout
from reportgen.formats.logo import load_logo
from reportgen.formats.registry import Engine
from reportgen.laboratory.model import Laboratory
from reportgen.reports.model import Report

if TYPE_CHECKING:
    from pydyf import PDF
    from weasyprint import CSS
    from weasyprint.document import Document
    from weasyprint.text.fonts import FontConfiguration

LAYOUT_SECONDS = 20  # of computing, for a laboratory's own layout
_SOME_PAGES, _LEAST_LETTERS = 20, 120  # pages that any report may have, and letters for each page beyond
_LIBRARIES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
_configurations: dict[int, FontConfiguration] = {}  # process → its font configuration
# A third of WeasyPrint's start: what serves variable or compressed fonts and machines without libharfbuzz-subset.
# We bundle plain fonts and require the library.
_UNUSED = "fontTools.ttLib", "fontTools.subset", "fontTools.varLib.instancer"
_INSTALL = f"on Debian and Ubuntu: apt-get install {_LIBRARIES}"


def render(report: Report, layout: Layout) -> bytes:
    """The report as PDF/UA-1.

    Raises:
        FindingsError: E503 for a character without a glyph, E504 for a layout that asks for anything outside itself,
            S601 and S602 for missing native libraries.
    """
    own = layout.laboratory
    names = scripts(report, own)
    load_engine()
    from reportgen.formats.pdf_weasyprint_page import LOGO

    logo = LOGO if load_logo(own) else ""
    sheets = html.styles(report, layout, "pdf", _typefaces(names, layout))
    page = html.page(report, (), "pdf", layout, logo)
    file = (own.file("html") or own.file("css")) if own else None
    if own is None or file is None:
        return render_page(page, sheets, own, marked=LATIN in names)
    values = page, sheets, LATIN in names, str(scratch.folder("weasyprint"))
    return contained(_laid_out, own, *values, place=file.shown, seconds=LAYOUT_SECONDS)


def _laid_out(own: Laboratory, page: str, sheets: tuple[str, ...], marked: bool, folder: str) -> bytes:
    """Lay out in a child what a laboratory's own files ask for: that may take for ever, or break the engine.

    Its temporary files go into a folder that the parent removes: a child that is killed cannot clean up.
    """
    tempfile.tempdir = folder
    try:
        return render_page(page, sheets, own, marked=marked)
    except (FindingsError, MemoryError):
        raise
    except Exception as error:
        message = f"asks for something that the PDF engine cannot lay out ({type(error).__name__})"
        raise refuse("T413", message, _place(own), hint="take out what was added last") from None
    finally:
        gc.collect()  # a child's own collector is off


def render_page(page: str, sheets: tuple[str, ...], own: Laboratory | None = None, *, marked: bool = False) -> bytes:
    """Lay out a page of HTML with style sheets; neither reaches the network or a file.

    The fonts and the logo of `own` may be used; `marked` sets words with marks on their letters in their own font.
    """
    load_engine()
    from weasyprint.urls import FatalURLFetchingError

    from reportgen.formats.pdf_weasyprint_page import parsed_page

    with _warnings_as_errors(_place(own)):
        try:
            options = {"stylesheets": [_sheet(css, own, os.getpid()) for css in sheets], "pdf_variant": "pdf/ua-1"}
            rendered = parsed_page(page, own, marked=marked).render(font_config=_font_configuration(), **options)
            if own is not None and (own.styles() or own.file("html")):
                _require_on_page(rendered, own)
            return bytes(rendered.write_pdf(finisher=_tie_cells, **options))
        except FatalURLFetchingError:  # a BaseException: it passes `except Exception`
            raise refuse("E504", "a reference outside the layout was refused", "layouts/standard") from None


def _require_on_page(rendered: Document, own: Laboratory) -> None:
    """Raise T413 where a laboratory's style sheet pushes words off the page, however it does so."""
    for number, page in enumerate(rendered.pages, start=1):
        for box in page._page_box.descendants(placeholders=True):
            if getattr(box, "text", "") and not (
                box.position_x >= -1 <= box.position_y
                and box.position_x + box.width <= page.width + 1
                and box.position_y + box.height <= page.height + 1
            ):
                raise refuse("T413", f"words would be outside the page (page {number})", _place(own))
    letters = sum(len(getattr(box, "text", "")) for page in rendered.pages for box in page._page_box.descendants())
    if len(rendered.pages) > _SOME_PAGES + letters // _LEAST_LETTERS:
        message = f"spreads the report over {len(rendered.pages)} pages"
        raise refuse("T413", message, _place(own), hint="take out the breaks")


def _place(own: Laboratory | None) -> str:
    """The layout that a finding is about."""
    file = (own.file("css") or own.file("html")) if own else None
    return file.shown if file else "layouts/standard"


def refuses_outside() -> None:
    """Prove that a page which asks for a file is refused; raises E504 where it is not, S601 and S602 as `render`."""
    try:
        render_page('<img src="file:///etc/hostname" alt="">', ("",))
    except FindingsError as error:
        if error.environment:
            raise
        return
    raise refuse("E504", "a reference to a file was not refused", "doctor")


def _tie_cells(_: Document, pdf: PDF) -> None:
    """Say of each header cell whether it heads a column or a row, and tie an answer to its own label alone.

    Why: WeasyPrint names no scope, which some readers know only, and ties an answer to every row header of its row.
    """
    for row in pdf.objects:
        if not isinstance(row, dict) or row.get("S") != "/TR":
            continue
        scope = "/Column" if _element(pdf, row["P"])["S"] == "/THead" else "/Row"
        cells = [_element(pdf, kid) for kid in row["K"]]
        own = [cell["ID"] for cell in cells if cell["S"] == "/TH"]
        nearest = None
        for cell in cells:
            if cell["S"] == "/TH":
                cell["A"]["Scope"] = scope
                nearest = cell["ID"]
            else:
                headers = cell["A"]["Headers"]
                headers[:] = [header for header in headers if header is nearest or header not in own]


def _element(pdf: PDF, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


@lru_cache(maxsize=1)
def load_engine(_: Layout | None = None) -> None:
    """Import WeasyPrint; raises S601 where Pango is missing, S602 where PDFs would differ from run to run."""
    quiet = contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO())
    try:
        with quiet[0], quiet[1], deferred(*_UNUSED), _libraries_by_file_name():
            from weasyprint.text import ffi
    except OSError:
        raise refuse("S601", "PDF output needs Pango, which is not installed", hint=_INSTALL) from None
    if not getattr(ffi, "harfbuzz_subset", None):
        raise refuse("S602", "libharfbuzz-subset is not installed", hint=_INSTALL)


@contextlib.contextmanager
def _libraries_by_file_name() -> Iterator[None]:
    """Find each library by the name of its file alone (`libpango-1.0.so.0`), as the system's loader does.

    Why: WeasyPrint first tries the names that other systems use. For each of them, ctypes starts ldconfig and a
    compiler: 38 processes, which take a fifth of a whole command.
    """
    found, ctypes.util.find_library = ctypes.util.find_library, lambda name: None
    try:
        yield
    finally:
        ctypes.util.find_library = found


def _font_configuration() -> FontConfiguration:
    """One for the whole process: each leaks a little, and faces are registered in it once.

    A child makes its own: Pango looks for fonts in a thread, which a fork does not copy. The child keeps the parent's
    configuration alive, because one that is deleted removes its folder, which the parent still uses.
    """
    from weasyprint.text.fonts import FontConfiguration

    process = os.getpid()
    if process not in _configurations:
        _configurations[process] = FontConfiguration()
    return _configurations[process]


@atexit.register
def release() -> None:
    """Remove the folders of fonts that this process and its children keep among the temporary files."""
    process = os.getpid()
    if _configurations.pop(process, None):
        _sheet.cache_clear()
        gc.collect()


@lru_cache(maxsize=8)
def _sheet(css: str, own: Laboratory | None, process: int) -> CSS:
    """A style sheet as one process parsed it; `@font-face` is read only together with its font configuration."""
    from weasyprint import CSS

    from reportgen.formats.pdf_weasyprint_page import BASE, BundledOnly

    return CSS(string=css, base_url=BASE, url_fetcher=BundledOnly(own), font_config=_font_configuration())


def _typefaces(names: Sequence[str], layout: Layout) -> html.Typefaces:
    """The faces of a report's fonts under names of our own: fonts of this machine may be called like ours inside."""
    own, family, faces = layout.laboratory, layout.design.fonts.pdf, list[html.Typeface]()
    usual = f"{family} bundled"
    whose = f"{family} {own.hash[:8]}" if own and own_family(own) else ""

    from reportgen.formats.pdf_weasyprint_page import BASE

    def add(family: str, files: Mapping[str, str]) -> None:
        for face, name in files.items():
            look = ("700" if face == "bold" else "400", "italic" if face == "italic" else "normal")
            faces.append(html.Typeface(family, BASE + name, *look))

    add(usual, {face: path.name for face, path in font_files().items()})
    add(whose, {face: name for face, (name, _) in own_faces(own).items()})
    for name in names:
        files = {face: path.name for face, path in named(name).files().items()}
        add(name, files if "bold" in files else {**files, "bold": files["regular"]})  # no bold is made up
    families, safe = chain(names, usual, whose)
    return html.Typefaces(tuple(faces), families, safe, (LATIN, *safe))


@contextlib.contextmanager
def _warnings_as_errors(place: str) -> Iterator[None]:
    """Raise what WeasyPrint only logs, and say that it is in `place`."""
    caught: list[str] = []
    handler = _Collector(caught)
    logger = logging.getLogger("weasyprint")
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate
    if any(".notdef" in message for message in caught):
        raise refuse("E503", "a character has no glyph in the bundled font")
    if caught:
        raise refuse("E504", f"the PDF engine could not follow the layout: {caught[0]}", place)


class _Collector(logging.Handler):
    """Collects warnings: their wording and positions, never the words of the page that they quote."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        values = record.args if isinstance(record.args, tuple) else ()
        shown = tuple(value if isinstance(value, int | float) else "…" for value in values)
        self.messages.append(str(record.msg) % shown if shown else str(record.msg))


ENGINE = Engine(render, load_engine)
