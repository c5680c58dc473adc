"""PDF by Typst: tagged PDF/UA-1 and PDF/A-2a at once, our fonts alone, no network and no files, always the same bytes.

The only file that knows Typst. It compiles in a child process: it has threads, which a process that forks would leave
behind. What a report says reaches the layout as data (`pdf_view`), so that no word of it is read as markup. The child
may be started before anything else is loaded (`begin`), so what it does not need is imported where it is used.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from types import ModuleType
from typing import TYPE_CHECKING, Any

from reportgen import contained, template_files
from reportgen.findings import FindingsError, refuse
from reportgen.formats.fallback import LATIN, named
from reportgen.formats.fonts import chain, font_files, own_faces, own_family, scripts

if TYPE_CHECKING:
    from reportgen.formats.design import Design
    from reportgen.laboratory.model import Laboratory
    from reportgen.reports.model import Report

LAYOUT = "layouts/standard/report.typ"
FAMILY = "Carlito"  # of the bundled font, as its files say
_made: list[tuple[Path, int]] = []  # of laboratories' fonts, each with the process that made it
_STANDARDS = ["a-2a", "ua-1"]
# A page for no one: with it the child opens the fonts and gets its engine going.
_FIRST_PAGE = b'#set document(title: "-")\n#set text(font: json(bytes(sys.inputs.design)).families)\n- *a* _b_'


def render(report: Report, design: Design) -> bytes:
    """The report as PDF/UA-1 and PDF/A-2a.

    Raises:
        FindingsError: E503 for a character without a glyph, E504 where Typst cannot follow the layout, S603 for
            missing templates or fonts, S606 where Typst is not installed, T415 for a report that takes too long.
    """
    from reportgen.formats.pdf_view import View

    own = design.laboratory
    names = scripts(report, own)
    if not is_installed():
        raise _missing()
    words = json.dumps(View(design, names).report(report), ensure_ascii=False)
    stamp = int(report.metadata.stamp.timestamp())
    tokens = {**_tokens(design), **_families(names, own)}
    return contained.contained_bytes(_compiled, own, _folders(names, own), words, tokens, stamp, place=LAYOUT)


def begin() -> None:
    """Start the child that lays out with the bundled fonts, so that it is ready when a report is.

    What keeps it from starting is not told here: `render` finds the same, and a report may be refused before.
    """
    with contextlib.suppress(FindingsError):
        if is_installed():
            contained.begin(_compiled, None, _folders((), None), "", _families((), None), 0)


@lru_cache(maxsize=1)
def load_engine() -> ModuleType:
    """Import Typst; raises S606 where it is missing."""
    try:
        import typst
    except ImportError:
        raise _missing() from None
    return typst


def _missing() -> FindingsError:
    return refuse("S606", "the PDF engine typst is not installed", hint="pip install typst")


@lru_cache(maxsize=1)
def is_installed() -> bool:
    """Whether Typst can be used, without loading it."""
    from importlib.util import find_spec

    return find_spec("typst") is not None


def _compiled(_: Laboratory | None, folders: tuple[str, ...], words: str, tokens: dict[str, Any], stamp: int) -> bytes:
    """Compile, in the child; without words a page for no one.

    What Typst says of an error may quote the report, so it is not handed on.
    """
    engine = load_engine()
    values = {"report": words, "design": json.dumps(tokens)}
    try:
        made = _compiler(folders).compile(
            input=_layout() if words else _FIRST_PAGE,
            format="pdf",
            sys_inputs=values,
            pdf_standards=_STANDARDS,
            timestamp=stamp,
        )
    except engine.TypstError:
        _compiler.cache_clear()  # one that failed does not find its own input any more
        raise refuse("E504", "the PDF engine could not follow the layout", LAYOUT) from None
    return bytes(made)


@lru_cache(maxsize=4)
def _compiler(folders: tuple[str, ...]) -> Any:
    """The engine with the fonts of some folders open; those of a script only where a report needs it."""
    engine = load_engine()
    fonts = engine.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))
    return engine.Compiler(root=folders[0], font_paths=fonts, ignore_system_fonts=True)


@lru_cache(maxsize=1)
def _layout() -> bytes:
    return template_files.path(LAYOUT).read_bytes()


def _folders(names: Sequence[str], laboratory: Laboratory | None) -> tuple[str, ...]:
    """The folders of the fonts: the usual one, those of further scripts, the laboratory's own."""
    own = (_own_folder(laboratory, os.getpid()),) if laboratory and own_faces(laboratory) else ()
    return (str(font_files()["regular"].parent), *(named(name).folder() for name in names), *own)


def _families(names: Sequence[str], laboratory: Laboratory | None) -> dict[str, Any]:
    """What the layout sets words in: any words, what identifies, and Latin letters with marks."""
    families, safe = chain(names, FAMILY, own_family(laboratory))
    return {"families": families, "safe": safe, "marked": (LATIN, *safe)}


@lru_cache(maxsize=4)
def _own_folder(laboratory: Laboratory, process: int) -> str:
    """The faces of a laboratory in a folder that holds nothing else, for Typst takes fonts from folders only.

    Each process has its own, and takes it away at its end.
    """
    made = Path(mkdtemp(prefix="reportgen-fonts-"))
    _made.append((made, process))
    for name, data in own_faces(laboratory).values():
        (made / name).write_bytes(data)
    return str(made)


@atexit.register
def release() -> None:
    """Remove the folders of laboratories' fonts that this process made."""
    for folder, process in _made:
        if process == os.getpid():
            for path in folder.iterdir():
                path.unlink(missing_ok=True)
            folder.rmdir()
    _made.clear()
    _own_folder.cache_clear()


def _tokens(design: Design) -> dict[str, Any]:
    from reportgen.formats.logo import load_logo

    tokens = {**design.model_dump(), "paper": design.paper.model_dump()}
    logo = load_logo(design.laboratory)
    if logo:
        tokens["logo"] = {"data": list(logo.data), "width": logo.width, "alt": logo.alt}
    return tokens
