"""Design tokens: paper, fonts, sizes, colors and spacing that every format with typography shares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import BeforeValidator, Field

from reportgen import template_files
from reportgen.findings import Finding, FindingsError, did_you_mean
from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.overlay import laid_over
from reportgen.reading.readers import read_file
from reportgen.reading.shaped import Frozen, shaped
from reportgen.reading.source import Mapping, Text, place_at

DESIGN = "layouts/standard/design.yaml"
LEGIBLE = 4.5  # contrast of text. Source: WCAG 2.2, 1.4.3
_INKS = ("ink", "quiet", "accent", "gap_ink")
_BODY_SIZES = ("diagnosis", "detail", "body", "specimen")
SMALLEST, LARGEST = 7.0, 40.0  # points: type in any format
_SMALLEST_BODY = 8.5  # points
_LEAST_WIDTH, _LEAST_HEIGHT, _FURNITURE_ROOM = 160, 300, 45  # points
_PICTURES = ("wingdings", "webdings", "symbol", "zapfdingbats", "dingbats", "marlett", "mtextra", "bookshelfsymbol")
_NARROWEST_LABEL, _WIDEST_SPACE = 60, 40  # points


def _color(value: object) -> object:
    """A color as it is also written elsewhere: with a # before it, in capitals."""
    return value.strip().removeprefix("#").lower() if isinstance(value, str) else value


Color = Annotated[str, BeforeValidator(_color), Field(pattern=r"^[0-9a-f]{6}$")]
Points = Annotated[float, Field(ge=0, le=2000)]
Family = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 -]{0,60}$")]
Families = Annotated[str, Field(pattern=r"^[A-Za-z0-9 ,'-]{1,200}$")]


class Paper(Frozen):
    """A paper size in points."""

    width: Points
    height: Points


class Margins(Frozen):
    """Page margins in points; the running header and footer are inside top and bottom."""

    top: Points
    right: Points
    bottom: Points
    left: Points


class Fonts(Frozen):
    """Font families: the bundled one, its metric twin that Word has, and a list for screens."""

    pdf: Family
    word: Family
    screen: Families


class Sizes(Frozen):
    """Type sizes in points."""

    laboratory: Points
    title: Points
    section: Points
    part: Points
    specimen: Points
    diagnosis: Points
    detail: Points
    body: Points
    small: Points
    furniture: Points


class Colors(Frozen):
    """Colors as RRGGBB; no meaning depends on a color alone."""

    ink: Color
    quiet: Color
    accent: Color
    rule: Color
    shade: Color
    gap_ink: Color
    gap_shade: Color


class Spacing(Frozen):
    """Space in points: above a section, between blocks, between lines of a list."""

    section: Points
    block: Points
    line: Points


class ColumnWidths(Frozen):
    """Widths in points: the label column of pairs, and one step of indentation."""

    label: Points
    indent: Points


class Design(Frozen):
    """Everything in `design.yaml`."""

    name: Family
    version: str
    papers: dict[str, Paper]
    margins: Margins
    fonts: Fonts
    sizes: Sizes
    leading: Annotated[float, Field(ge=1, le=2)]
    colors: Colors
    spacing: Spacing
    columns: ColumnWidths


def load_design(laboratory: Laboratory | None = None) -> Design:
    """Load the tokens, with those that a laboratory sets for itself.

    Raises:
        FindingsError: T401, T402, T413 with file and line; S603.
    """
    source = laid_over(read_file(template_files.path(DESIGN), name=DESIGN), laboratory, "design")
    design = shaped(Design, source)
    if laboratory is not None:
        findings = [*hidden_by(design, source), *_unused_font(design, source, laboratory)]
        if findings:
            raise FindingsError(findings)
    return design


def _unused_font(design: Design, source: Mapping, laboratory: Laboratory) -> Iterator[Finding]:
    """T402 for a font of PDFs that is neither the bundled one nor brought by the profile: it would not be used."""
    given = {entry.key for _, part in laboratory.parts("design", "fonts") for entry in part}
    if "pdf" not in given or laboratory.file("regular"):
        return
    bundled = load_design().fonts.pdf
    if design.fonts.pdf != bundled:
        near = did_you_mean(design.fonts.pdf, [bundled])
        hint = near or f"PDFs are set in {bundled}; bring another font as layout: {{regular: …, bold: …, italic: …}}"
        place = place_at(source, ("fonts", "pdf"))
        yield Finding("T402", place, "design.fonts.pdf", "is not a font of the program or the profile", hint)


def unknown_fonts(laboratory: Laboratory) -> Iterator[Finding]:
    """W321 for names of fonts for Word and screens that no common system knows: most likely misspelt."""
    lines = template_files.path("layouts/standard/known-fonts.txt").read_text(encoding="utf-8").splitlines()
    known = {line.casefold(): line for line in lines if line and not line.startswith("#")}
    for _, part in laboratory.parts("design", "fonts"):
        for entry in part:
            names = entry.value.text.split(",") if isinstance(entry.value, Text) and entry.key != "pdf" else []
            for name in (each.strip(" '") for each in names):
                if name.casefold() not in known:
                    hint = did_you_mean(name, known.values(), otherwise="see that readers of reports have it")
                    message = f'"{name}" is not a font known here'
                    yield Finding("W321", entry.place, f"design.fonts.{entry.key}", message, hint)


def hidden_by(design: Design, source: Mapping) -> Iterator[Finding]:
    """T413 for tokens under which words could not be read: too small, too pale, no room on the page."""

    def no(path: str, message: str) -> Finding:
        return Finding("T413", place_at(source, tuple(path.split("."))), f"design.{path}", message)

    for name, size in design.sizes:
        least = _SMALLEST_BODY if name in _BODY_SIZES else SMALLEST
        if not least <= size <= LARGEST:
            yield no(f"sizes.{name}", f"is outside {least:g} to {LARGEST:g} points")
    for name in _INKS:
        grounds = "ffffff", design.colors.gap_shade if name == "gap_ink" else design.colors.shade
        pale = next((each for each in grounds if contrast(getattr(design.colors, name), each) < LEGIBLE), "")
        if pale:
            yield no(f"colors.{name}", f"is too pale on #{pale}: its contrast is below {LEGIBLE} to 1")
    for name, families in design.fonts:
        if any(is_pictures(each.strip(" '")) for each in families.split(",")):
            yield no(f"fonts.{name}", "shows pictures in place of letters")
    for name, paper in design.papers.items():
        margins = design.margins
        wide = paper.width - margins.left - margins.right
        high = paper.height - margins.top - margins.bottom
        if wide < _LEAST_WIDTH + design.columns.label or high < _LEAST_HEIGHT:
            yield no(f"papers.{name}", "leaves too little room between the margins")
    if min(design.margins.top, design.margins.bottom) < _FURNITURE_ROOM:
        needed = f"top and bottom need at least {_FURNITURE_ROOM} points"
        yield no("margins", f"the patient's name is printed in the margins: {needed}")
    if not design.columns.label >= _NARROWEST_LABEL or design.columns.indent > _NARROWEST_LABEL:
        yield no("columns", "leaves no room for the names of elements")
    for name, space in design.spacing:
        if space > _WIDEST_SPACE:
            yield no(f"spacing.{name}", f"is more than {_WIDEST_SPACE} points")


def is_pictures(family: str) -> bool:
    """Whether a font shows pictures in place of letters, so that a word set in it cannot be read."""
    name = family.casefold().replace(" ", "")
    return name.startswith(_PICTURES)


def contrast(one: str, two: str) -> float:
    """The contrast ratio of two colors (RRGGBB), from 1 to 21. Source: WCAG 2.2, 1.4.3."""
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    """Relative luminance of a color (RRGGBB), from 0 to 1."""
    channels = (int(color[at : at + 2], 16) / 255 for at in (0, 2, 4))
    linear = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return sum(weight * each for weight, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
