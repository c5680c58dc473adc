"""Draw the first page of a report of each built-in protocol, for docs/library.md: `python tools/draw_library.py`.

The case is the first plausible one; its report says that it is test data.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps

from reportgen.invented.plausible import plausible_cases
from reportgen.pipeline import Settings, render
from reportgen.protocols.load import protocol_ids
from reportgen.reading.source import source_of

TARGET = Path(__file__).resolve().parents[1] / "docs" / "images" / "library"
_PAGE = 68 / 72  # pixels per point: large enough to read
_SEED, _DAY = 3, date(2026, 1, 5)


def page_of(id: str) -> Image.Image:
    """The first page, with a thin frame: paper and screen are both white."""
    (case,) = plausible_cases(id, 1, _SEED, prefix="T26-", first=_DAY)
    document = render(source_of(case), Settings(formats=("pdf",))).documents["pdf"]
    image: Image.Image = pypdfium2.PdfDocument(document)[0].render(scale=_PAGE).to_pil()
    return ImageOps.expand(image, border=1, fill="#c3ccd5")


if __name__ == "__main__":
    TARGET.mkdir(exist_ok=True)
    for id in protocol_ids():
        colors = page_of(id).convert("RGB").quantize(16, dither=Image.Dither.NONE)
        colors.save(TARGET / f"{id}.png", optimize=True)
