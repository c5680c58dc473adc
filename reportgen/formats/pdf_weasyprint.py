"""PDF by WeasyPrint: tagged PDF/UA-1, the bundled font, no network and no files, the same bytes every time.

The only file that knows WeasyPrint. Its warnings are errors here: a missing glyph, a refused reference or an unknown
style would otherwise be a line in a log that nobody reads.
"""

from __future__ import annotations

import contextlib
import io
import logging
import sys
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reportgen.findings import FindingsError, refuse
from reportgen.formats import html
from reportgen.formats.design import Design
from reportgen.formats.fonts import font_files, require_glyphs
from reportgen.reports.model import Report

if TYPE_CHECKING:
    from types import ModuleType

_BASE = "reportgen-layout:/"  # what relative references in a layout resolve to; only font names exist below it
_LIBRARIES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
_INSTALL = f"on Debian and Ubuntu: apt-get install {_LIBRARIES}"


def render(report: Report, design: Design) -> bytes:
    """The report as PDF/UA-1.

    Raises:
        FindingsError: E503 for a character without a glyph, E504 for a layout that asks for anything outside itself,
            S601 and S602 for missing native libraries.
    """
    require_glyphs(report)
    return render_page(html.page(report, "", "pdf"), html.style(report, design, "pdf", _font_urls()))


def render_page(page: str, css: str) -> bytes:
    """Lay out a page of HTML with a style sheet; neither reaches the network or a file."""
    engine = load_engine()
    with _warnings_as_errors():
        try:
            document = engine.HTML(string=page, base_url=_BASE, url_fetcher=_fetcher())
            return bytes(
                document.write_pdf(
                    stylesheets=[_sheet(css)],
                    font_config=_font_configuration(),
                    pdf_variant="pdf/ua-1",
                    finisher=_scope_headers,
                )
            )
        except engine.urls.FatalURLFetchingError:  # a BaseException: it passes `except Exception`
            raise refuse("E504", "a reference outside the layout was refused", "layouts/standard") from None


def refuses_outside() -> None:
    """Prove that a page which asks for a file is refused; raises E504 where it is not, S601 and S602 as `render`."""
    try:
        render_page('<img src="file:///etc/hostname" alt="">', "")
    except FindingsError as error:
        if error.environment:
            raise
        return
    raise refuse("E504", "a reference to a file was not refused", "doctor")


def _scope_headers(_: Any, pdf: Any) -> None:
    """Say of each header cell whether it heads a column or a row.

    Why: WeasyPrint ties cells to headers by id alone; PDF/UA asks for the scope too, and some readers know only that.
    """
    for item in pdf.objects:
        if getattr(item, "get", None) and item.get("S") == "/TH":
            row = item["ID"].string.split("-")[1]
            item["A"]["Scope"] = "/Column" if row == "0" else "/Row"


@lru_cache(maxsize=1)
def load_engine() -> ModuleType:
    """Import WeasyPrint; raises S601 where Pango is missing, S602 where PDFs would differ from run to run."""
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            from weasyprint.text import ffi
    except OSError:
        raise refuse("S601", "PDF output needs Pango, which is not installed", hint=_INSTALL) from None
    if not getattr(ffi, "harfbuzz_subset", None):
        raise refuse("S602", "libharfbuzz-subset is not installed", hint=_INSTALL)
    return sys.modules["weasyprint"]


@lru_cache(maxsize=1)
def _fetcher() -> Any:
    """A fetcher that knows the bundled fonts by name and refuses everything else."""
    engine = load_engine()
    fonts = {_BASE + path.name: path.read_bytes() for path in font_files().values()}

    class BundledOnly(engine.urls.URLFetcher):  # type: ignore[name-defined,misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in fonts:
                raise engine.urls.FatalURLFetchingError("outside the layout")
            return engine.urls.URLFetcherResponse(url, fonts[url], {"Content-Type": "font/ttf"})

    return BundledOnly(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)


@lru_cache(maxsize=1)
def _font_configuration() -> Any:
    """One for the whole process: each leaks a little, and faces are registered in it once."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@lru_cache(maxsize=8)
def _sheet(css: str) -> Any:
    """A parsed style sheet; `@font-face` is read only together with the font configuration."""
    return load_engine().CSS(string=css, base_url=_BASE, url_fetcher=_fetcher(), font_config=_font_configuration())


def _font_urls() -> dict[str, str]:
    return {face: _BASE + path.name for face, path in font_files().items()}


@contextlib.contextmanager
def _warnings_as_errors() -> Iterator[None]:
    """Raise what WeasyPrint only logs; its messages could quote the page, so only their kind is passed on."""
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
        raise refuse("E504", "the PDF engine could not follow the layout", "layouts/standard")


class _Collector(logging.Handler):
    """Collects warnings."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())
