"""PDF by WeasyPrint: tagged PDF/UA-1, the bundled font, no network and no files, the same bytes every time.

The only file that knows WeasyPrint. Its warnings are errors here: a missing glyph, a refused reference or an unknown
style would otherwise be a line in a log that nobody reads.
"""

from __future__ import annotations

import contextlib
import gc
import io
import logging
import sys
from collections.abc import Iterator
from functools import lru_cache, partial
from importlib import import_module
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

from reportgen.findings import FindingsError, refuse
from reportgen.formats import html
from reportgen.formats.design import Design
from reportgen.formats.fonts import font_files, require_glyphs
from reportgen.reports.model import Report

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
            document = _document(engine, page)
            return bytes(
                document.write_pdf(
                    stylesheets=[_sheet(css)],
                    font_config=_font_configuration(),
                    pdf_variant="pdf/ua-1",
                    finisher=_tie_cells,
                )
            )
        except engine.urls.FatalURLFetchingError:  # a BaseException: it passes `except Exception`
            raise refuse("E504", "a reference outside the layout was refused", "layouts/standard") from None


def _document(engine: ModuleType, page: str) -> Any:
    """The page, parsed: by the quick XML parser where it is well-formed, as the standard layout is, else as HTML."""
    try:
        root = ElementTree.fromstring(page)  # noqa: S314 - the layout's own output; entities and files are not resolved
    except ElementTree.ParseError:
        return engine.HTML(string=page, base_url=_BASE, url_fetcher=_fetcher())
    return _parsed_page()(root)


@lru_cache(maxsize=1)
def _parsed_page() -> Any:
    """A document of WeasyPrint's that is made from a tree and not from text."""
    from cssselect2 import ElementWrapper

    class ParsedPage(load_engine().HTML):  # type: ignore[misc]
        def __init__(self, root: ElementTree.Element) -> None:
            self.base_url = _BASE
            self.url_fetcher = _fetcher()
            self.media_type = "print"
            self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
            self.etree_element = self.wrapper_element.etree_element

    return ParsedPage


def refuses_outside() -> None:
    """Prove that a page which asks for a file is refused; raises E504 where it is not, S601 and S602 as `render`."""
    try:
        render_page('<img src="file:///etc/hostname" alt="">', "")
    except FindingsError as error:
        if error.environment:
            raise
        return
    raise refuse("E504", "a reference to a file was not refused", "doctor")


def _tie_cells(_: Any, pdf: Any) -> None:
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


def _element(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


@lru_cache(maxsize=1)
def load_engine() -> ModuleType:
    """Import WeasyPrint; raises S601 where Pango is missing, S602 where PDFs would differ from run to run."""
    quiet = contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO())
    try:
        with quiet[0], quiet[1], _put_off("fontTools.ttLib", "fontTools.subset", "fontTools.varLib.instancer"):
            from weasyprint.text import ffi
    except OSError:
        raise refuse("S601", "PDF output needs Pango, which is not installed", hint=_INSTALL) from None
    if not getattr(ffi, "harfbuzz_subset", None):
        raise refuse("S602", "libharfbuzz-subset is not installed", hint=_INSTALL)
    return sys.modules["weasyprint"]


@contextlib.contextmanager
def _put_off(*names: str) -> Iterator[None]:
    """Let imports of these modules wait until something in them is called.

    Why: they take a third of WeasyPrint's start, and serve variable or compressed fonts and machines without
    libharfbuzz-subset; we bundle plain fonts and require the library. What is called all the same is the real thing,
    imported then.
    """
    stand_ins = {name: _stand_in(name) for name in names if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, module in stand_ins.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


class _Deferred:
    """A name of a module that was put off; it is imported when the name is called or looked into."""

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name

    def _real(self) -> Any:
        return getattr(import_module(self._module), self._name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._real()(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real(), name)


def _stand_in(name: str) -> ModuleType:
    module = ModuleType(name)
    module.__dict__["__getattr__"] = partial(_Deferred, name)
    return module


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


def release() -> None:
    """Remove the folder of fonts that WeasyPrint keeps among the temporary files of a process."""
    _sheet.cache_clear()
    _font_configuration.cache_clear()
    gc.collect()


@lru_cache(maxsize=8)
def _sheet(css: str) -> Any:
    """A parsed style sheet; `@font-face` is read only together with the font configuration."""
    return load_engine().CSS(string=css, base_url=_BASE, url_fetcher=_fetcher(), font_config=_font_configuration())


def _font_urls() -> dict[str, str]:
    return {face: _BASE + path.name for face, path in font_files().items()}


@contextlib.contextmanager
def _warnings_as_errors() -> Iterator[None]:
    """Raise what WeasyPrint only logs."""
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
        raise refuse("E504", f"the PDF engine could not follow the layout: {caught[0]}", "layouts/standard")


class _Collector(logging.Handler):
    """Collects warnings: their wording and positions, never the words of the page that they quote."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        values = record.args if isinstance(record.args, tuple) else ()
        shown = tuple(value if isinstance(value, int | float) else "…" for value in values)
        self.messages.append(str(record.msg) % shown if shown else str(record.msg))
