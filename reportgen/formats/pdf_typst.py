"""PDF by Typst: tagged PDF/UA-1 and PDF/A-2a at once, our fonts alone, no network and no files, always the same bytes.

The only file that knows Typst. It compiles in a child process, because it starts threads, which a process that forks
would leave behind. A report reaches the layout as data (`pdf_view`), so that none of its words is read as markup.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from reportgen import template_files
from reportgen.contained import contained
from reportgen.findings import FindingsError, refuse
from reportgen.formats import scratch
from reportgen.formats.fallback import LATIN, named
from reportgen.formats.fonts import chain, font_files, own_faces, own_family, scripts
from reportgen.formats.layout import Layout
from reportgen.formats.logo import load_logo
from reportgen.formats.pdf_view import TypstView
from reportgen.formats.registry import Engine
from reportgen.laboratory.model import Laboratory
from reportgen.reports.model import Report

if TYPE_CHECKING:
    import typst

LAYOUT = "layouts/standard/report.typ"
FAMILY = "Carlito"  # of the bundled font, as its files say
_STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
# With this page the child opens the fonts and starts its engine.
_FIRST_PAGE = b'#set document(title: "-")\n#set text(font: json(bytes(sys.inputs.design)).families)\n- *a* _b_'


def render(report: Report, layout: Layout) -> bytes:
    """The report as PDF/UA-1 and PDF/A-2a.

    Raises:
        FindingsError: E503 for a character without a glyph, E504 where Typst cannot follow the layout, S603 for
            missing templates or fonts, S606 where Typst is not installed, T415 for a report that takes too long.
    """
    own = layout.laboratory
    names = scripts(report, own)
    if not is_installed():
        raise _missing()
    words = json.dumps(TypstView(layout, names).report(report), ensure_ascii=False)
    tokens = json.dumps({**_tokens(layout), **_families(names, own)})
    stamp = int(report.metadata.stamp.timestamp())
    return contained(_compiled, own, _folders(names, own), words, tokens, stamp, place=LAYOUT)


def start() -> None:
    """Start the child that lays out with the bundled fonts, in a program that will have threads when a report comes.

    Raises:
        FindingsError: as `render`.
    """
    if is_installed():
        contained(_compiled, None, _folders((), None), "", json.dumps(_families((), None)), 0, place=LAYOUT)


def load_engine(_: Layout | None = None) -> None:
    """Import Typst; raises S606 where it is missing."""
    try:
        import typst  # noqa: F401 - for its later users
    except ImportError:
        raise _missing() from None


def _missing() -> FindingsError:
    return refuse("S606", "the PDF engine typst is not installed", hint="pip install typst")


def is_installed() -> bool:
    """Whether Typst can be used, without loading it."""
    return find_spec("typst") is not None


def _compiled(_: Laboratory | None, folders: tuple[str, ...], words: str, tokens: str, stamp: int) -> bytes:
    """Compile, in the child; without words an almost empty page.

    An error of Typst may quote the report, so its text is not handed on.
    """
    load_engine()
    import typst

    try:
        made = _compiler(folders).compile(
            input=template_files.path(LAYOUT).read_bytes() if words else _FIRST_PAGE,
            format="pdf",
            sys_inputs={"report": words, "design": tokens},
            pdf_standards=_STANDARDS,
            timestamp=stamp,
        )
    except typst.TypstError:
        _compiler.cache_clear()  # after an error it no longer finds its own input
        raise refuse("E504", "the PDF engine could not follow the layout", LAYOUT) from None
    assert isinstance(made, bytes)  # noqa: S101 - one document for the format pdf
    return made


@lru_cache(maxsize=4)
def _compiler(folders: tuple[str, ...]) -> typst.Compiler:
    """The engine with the fonts of some folders open; those of a script only where a report needs it."""
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))
    return typst.Compiler(root=folders[0], font_paths=fonts, ignore_system_fonts=True)


def _folders(names: Sequence[str], laboratory: Laboratory | None) -> tuple[str, ...]:
    """The folders of the fonts: the usual one, those of further scripts, the laboratory's own."""
    faces = own_faces(laboratory)
    own = (str(scratch.folder(own_family(laboratory), dict(faces.values()))),) if faces else ()
    return (str(font_files()["regular"].parent), *(named(name).folder() for name in names), *own)


def _families(names: Sequence[str], laboratory: Laboratory | None) -> dict[str, tuple[str, ...]]:
    """What the layout sets words in: any words, what identifies, and Latin letters with marks."""
    families, safe = chain(names, FAMILY, own_family(laboratory))
    return {"families": families, "safe": safe, "marked": (LATIN, *safe)}


def _tokens(layout: Layout) -> dict[str, object]:
    tokens = {**layout.design.model_dump(), "paper": layout.paper.model_dump()}
    logo = load_logo(layout.laboratory)
    if logo:
        tokens["logo"] = {"data": list(logo.data), "width": logo.width, "alt": logo.alt}
    return tokens


ENGINE = Engine(render, load_engine)
