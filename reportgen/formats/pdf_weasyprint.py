"""PDF by WeasyPrint: tagged PDF/UA-1, the bundled font, no network and no files, the same bytes every time.

The only file that knows WeasyPrint. Its warnings are errors here: a missing glyph, a refused reference or an unknown
style would otherwise be a line in a log that nobody reads.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import io
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

from reportgen.contained import contained_bytes
from reportgen.findings import FindingsError, refuse
from reportgen.formats import html
from reportgen.formats.design import Design
from reportgen.formats.fallback import LATIN, fallbacks, named
from reportgen.formats.font_naming import MACHINE
from reportgen.formats.fonts import chain, font_files, own_faces, own_family, scripts
from reportgen.formats.logo import load_logo
from reportgen.formats.pdf_marks import set_apart
from reportgen.laboratory.model import Laboratory
from reportgen.reports.model import Report

_BASE = "reportgen-layout:/"  # what relative references in a layout resolve to; only font names exist below it
_LOGO = f"{_BASE}logo"
LAYOUT_SECONDS = 20  # of computing, for a laboratory's own layout
_SOME_PAGES, _LEAST_LETTERS = 20, 120  # pages that any report may have, and letters for each page beyond
_LIBRARIES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
_configurations: dict[int, Any] = {}  # process → its font configuration
_folders: dict[int, str] = {}  # process → where its children keep their fonts
_INSTALL = f"on Debian and Ubuntu: apt-get install {_LIBRARIES}"


def render(report: Report, design: Design) -> bytes:
    """The report as PDF/UA-1.

    Raises:
        FindingsError: E503 for a character without a glyph, E504 for a layout that asks for anything outside itself,
            S601 and S602 for missing native libraries.
    """
    own = design.laboratory
    names = scripts(report, own)
    logo = _LOGO if load_logo(own) else ""
    sheets = html.styles(report, design, "pdf", _typefaces(names, design))
    page = html.page(report, (), "pdf", design, logo)
    file = (own.file("html") or own.file("css")) if own else None
    if own is None or file is None:
        return render_page(page, sheets, own, marked=LATIN in names)
    load_engine()
    return contained_bytes(
        _laid_out, own, page, sheets, LATIN in names, _folder(), place=file.shown, seconds=LAYOUT_SECONDS
    )


def _laid_out(own: Laboratory, page: str, sheets: tuple[str, ...], marked: bool, folder: str) -> bytes:
    """Lay out in a child what a laboratory's own files ask for: that may take for ever, or break the engine.

    Its temporary files go into a folder that the parent removes: a child that is killed cannot clean up.
    """
    tempfile.tempdir = folder
    file = own.file("css") or own.file("html")
    try:
        return render_page(page, sheets, own, marked=marked)
    except (FindingsError, MemoryError):
        raise
    except Exception as error:
        message = f"asks for something that the PDF engine cannot lay out ({type(error).__name__})"
        raise refuse("T413", message, file.shown if file else "", hint="take out what was added last") from None
    finally:
        gc.collect()  # a child's own collector is off


def render_page(page: str, sheets: tuple[str, ...], own: Laboratory | None = None, *, marked: bool = False) -> bytes:
    """Lay out a page of HTML with style sheets; neither reaches the network or a file.

    Args:
        page: the page.
        sheets: the style sheets, in their order.
        own: the laboratory whose fonts and logo may be used.
        marked: whether words with marks on their letters are set in a font of their own.
    """
    engine = load_engine()
    file = (own.file("css") or own.file("html")) if own else None
    with _warnings_as_errors(file.shown if file else "layouts/standard"):
        try:
            document = _document(engine, page, own, marked=marked)
            options = {
                "stylesheets": [_sheet(css, own, os.getpid()) for css in sheets],
                "pdf_variant": "pdf/ua-1",
                "cache": _pictures(own),
            }
            rendered = document.render(font_config=_font_configuration(), **options)
            if own is not None and (own.styles() or own.file("html")):
                _require_on_page(rendered, own)
            return bytes(rendered.write_pdf(finisher=_tie_cells, **options))
        except engine.urls.FatalURLFetchingError:  # a BaseException: it passes `except Exception`
            raise refuse("E504", "a reference outside the layout was refused", "layouts/standard") from None


def _require_on_page(rendered: Any, own: Laboratory) -> None:
    """Raise T413 where a laboratory's style sheet pushes words off the page, however it does so."""
    file = own.file("css") or own.file("html")
    shown = file.shown if file else ""
    for number, page in enumerate(rendered.pages, start=1):
        right, bottom = page.width + 1, page.height + 1
        waiting = [page._page_box]
        while waiting:
            box = waiting.pop()
            below = getattr(box, "children", ())
            if below:
                waiting += below
            elif getattr(box, "text", "") and not (
                box.position_x >= -1 <= box.position_y
                and box.position_x + box.width <= right
                and box.position_y + box.height <= bottom
            ):
                raise refuse("T413", f"words would stand outside the page (page {number})", shown)
    letters = sum(len(getattr(box, "text", "")) for page in rendered.pages for box in page._page_box.descendants())
    if len(rendered.pages) > _SOME_PAGES + letters // _LEAST_LETTERS:
        raise refuse("T413", f"spreads the report over {len(rendered.pages)} pages", shown, hint="take out the breaks")


def _document(engine: ModuleType, page: str, own: Laboratory | None, *, marked: bool) -> Any:
    """The page, parsed: by the quick XML parser where it is well-formed, as the standard layout is, else as HTML."""
    try:
        root = ElementTree.fromstring(page)  # noqa: S314 - the layout's own output; entities and files are not resolved
    except ElementTree.ParseError:
        parsed = engine.HTML(string=page, base_url=_BASE, url_fetcher=_fetcher(own))
        if not marked:
            return parsed
        root = parsed.etree_element
    if marked:
        set_apart(root)
    return _parsed_page()(root, own)


@lru_cache(maxsize=1)
def _parsed_page() -> Any:
    """A document of WeasyPrint's that is made from a tree and not from text."""
    from cssselect2 import ElementWrapper

    class ParsedPage(load_engine().HTML):  # type: ignore[misc]
        def __init__(self, root: ElementTree.Element, own: Laboratory | None) -> None:
            self.base_url = _BASE
            self.url_fetcher = _fetcher(own)
            self.media_type = "print"
            self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
            self.etree_element = self.wrapper_element.etree_element

    return ParsedPage


def refuses_outside() -> None:
    """Prove that a page which asks for a file is refused; raises E504 where it is not, S601 and S602 as `render`."""
    try:
        render_page('<img src="file:///etc/hostname" alt="">', ("",))
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


@lru_cache(maxsize=4)
def _fetcher(own: Laboratory | None) -> Any:
    """A fetcher that knows the fonts and the laboratory's logo by name and refuses everything else."""
    engine = load_engine()
    ours = {path.name: path for path in font_files().values()}
    known = {_BASE + name: (data, "font/ttf") for name, data in own_faces(own).values()}
    logo = load_logo(own)
    if logo:
        known[_LOGO] = logo.data, f"image/{logo.kind}"

    class BundledOnly(engine.urls.URLFetcher):  # type: ignore[name-defined,misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            name = url.removeprefix(_BASE)
            if url in known:
                data, kind = known[url]
            elif url.startswith(_BASE) and name.startswith(MACHINE.strip()):
                data, kind = named(name.partition(".")[0].replace("-", " ")).files()["regular"].read_bytes(), "font/ttf"
            elif url.startswith(_BASE) and (name in ours or name in _files()):
                data, kind = (ours.get(name) or _files()[name]).read_bytes(), "font/ttf"
            else:
                raise engine.urls.FatalURLFetchingError("outside the layout")
            return engine.urls.URLFetcherResponse(url, data, {"Content-Type": kind})

    return BundledOnly(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)


def _font_configuration() -> Any:
    """One for the whole process: each leaks a little, and faces are registered in it once.

    A child makes its own: Pango looks for fonts in a thread, which a fork does not copy. The child keeps the parent's
    configuration alive, because one that is deleted removes its folder, which the parent still uses.
    """
    from weasyprint.text.fonts import FontConfiguration

    process = os.getpid()
    if process not in _configurations:
        _configurations[process] = FontConfiguration()
    return _configurations[process]


def _folder() -> str:
    """Where the children of this process keep their fonts."""
    process = os.getpid()
    if process not in _folders:
        _folders[process] = tempfile.mkdtemp(prefix="weasyprint-")
    return _folders[process]


@lru_cache(maxsize=4)
def _pictures(own: Laboratory | None) -> dict[str, Any]:
    """The decoded logo of a laboratory, kept for all its reports."""
    return {}


@atexit.register
def release() -> None:
    """Remove the folders of fonts that this process and its children keep among the temporary files."""
    process = os.getpid()
    if _configurations.pop(process, None):
        _sheet.cache_clear()
        gc.collect()
    if folder := _folders.pop(process, ""):
        shutil.rmtree(folder, ignore_errors=True)


@lru_cache(maxsize=8)
def _sheet(css: str, own: Laboratory | None, process: int) -> Any:
    """A style sheet as one process parsed it; `@font-face` is read only together with its font configuration."""
    fetcher = _fetcher(own)
    return load_engine().CSS(string=css, base_url=_BASE, url_fetcher=fetcher, font_config=_font_configuration())


@lru_cache(maxsize=1)
def _files() -> dict[str, Path]:
    """File name → file of every font of a further script."""
    return {path.name: path for font in fallbacks() for path in font.files().values()}


def _typefaces(names: Sequence[str], design: Design) -> html.Typefaces:
    """The faces of a report's fonts under names of our own: fonts of this machine may be called like ours inside."""
    own, usual, faces = design.laboratory, f"{design.fonts.pdf} bundled", list[html.Typeface]()
    whose = f"{design.fonts.pdf} {own.hash[:8]}" if own and own_family(own) else ""

    def add(family: str, files: Mapping[str, str]) -> None:
        for face, name in files.items():
            look = ("700" if face == "bold" else "400", "italic" if face == "italic" else "normal")
            faces.append(html.Typeface(family, _BASE + name, *look))

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
