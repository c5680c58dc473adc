"""The registry: what a format is, said once. To add a format, write its module and add one line to `FORMATS`.

A format's module brings its `ENGINE`. The module is imported when the format is first used, so that asking for help,
checking a case or writing a text file loads no engine.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from reportgen.formats.layout import Layout
    from reportgen.reports.model import Report


@dataclass(frozen=True)
class Engine:
    """What the module of a format brings as `ENGINE`.

    Attributes:
        render: turns a report into bytes; the same report and layout give the same bytes.
        load: loads what `render` needs before its first use; raises S601, S602 and S606 where this machine lacks it.
        is_slow: whether a document takes a tenth of a second.
        release: gives back files and processes, for a process that ends without its exit handlers.
    """

    render: Callable[[Report, Layout], bytes]
    load: Callable[[Layout], object] = lambda _: None
    is_slow: Callable[[Layout], bool] = lambda _: False
    release: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Format:
    """One format.

    Attributes:
        name: its name on the command line, which is also the ending of its files.
        media_type: its media type.
        size: bytes that a document takes on disk, estimated generously.
        module: the module that brings its `ENGINE`.
        button: the word on the desk's button for a download; "" for no button.
        embeds_fonts: whether a document holds its fonts, so that a character without a glyph refuses it.
    """

    name: str
    media_type: str
    size: int
    module: str
    button: str = ""
    embeds_fonts: bool = False

    @property
    def engine(self) -> Engine:
        """Its engine; imports the module."""
        return cast("Engine", import_module(self.module).ENGINE)

    @property
    def is_loaded(self) -> bool:
        """Whether its module has been imported."""
        return self.module in sys.modules


def by_name(*formats: Format) -> dict[str, Format]:
    """The formats by name, in their order."""
    found = {each.name: each for each in formats}
    if len(found) < len(formats):
        raise RuntimeError("a format is registered twice")
    return found


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS = by_name(
    Format("docx", _WORD, 30_000, "reportgen.formats.word", button="Word"),
    Format("pdf", "application/pdf", 60_000, "reportgen.formats.pdf", button="PDF", embeds_fonts=True),
    Format("html", "text/html; charset=utf-8", 60_000, "reportgen.formats.html"),
    Format("txt", "text/plain; charset=utf-8", 10_000, "reportgen.formats.text", button="Text"),
)
