"""The pieces of a Word file: paragraphs in named styles, and tables of fixed widths, as WordprocessingML."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from reportgen.formats.docx_styles import style_id
from reportgen.formats.docx_text import attribute, run


def twips(points: float) -> int:
    """A length in points as Word counts it, in twentieths of one."""
    return round(int(points * 12_700) / 635)


def grid_xml(style: str, widths: Sequence[int], label: str, rows: Sequence[str], *, head: bool = False) -> str:
    """A table of fixed widths, so that no word however long pushes a column off the page."""
    named = attribute(label)  # read out, not printed; readers differ in which of the two they read
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style_id(style)}"/><w:tblW w:type="auto" w:w="0"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook w:firstColumn="1" w:firstRow="{int(head)}" w:lastColumn="0" '
        f'w:lastRow="0" w:noHBand="0" w:noVBand="1" w:val="{"04A0" if head else "0480"}"/>'
        f'<w:tblCaption w:val="{named}"/><w:tblDescription w:val="{named}"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def row_xml(cells: str, *, head: bool = False) -> str:
    """A row that no page break divides; a header row comes again on each page."""
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' * head}</w:trPr>{cells}</w:tr>"


@lru_cache(maxsize=2_048)  # the same labels and answers recur from case to case
def cell_xml(
    width: int, style: str, text: str, gap: bool = False, span: int = 1, stay: bool = False, rule: str = ""
) -> str:
    """A table's cell with one paragraph."""
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    drawn = f"<w:tcBorders>{rule}</w:tcBorders>" if rule else ""
    content = f"<w:p>{paragraph_style(style, '<w:keepNext/>' * stay)}{run(text, 'Gap' if gap else '')}</w:p>"
    return f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width}"/>{spanned}{drawn}</w:tcPr>{content}</w:tc>'


def wrapped_xml(content: str, width: int, span: int) -> str:
    """A cell across a whole table."""
    return f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width}"/><w:gridSpan w:val="{span}"/></w:tcPr>{content}</w:tc>'


def cells_xml(widths: Sequence[int], contents: Sequence[str]) -> str:
    """The cells of a row, each with paragraphs that are ready."""
    return "".join(
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{wide}"/></w:tcPr>{content}</w:tc>'
        for wide, content in zip(widths, contents, strict=True)
    )


def paragraph_xml(style: str, text: str, *, gap: bool = False) -> str:
    """A paragraph of one of the report's styles."""
    return f"<w:p>{paragraph_style(style)}{run(text, 'Gap' if gap else '')}</w:p>"


def paragraph_style(name: str, more: str = "") -> str:
    """The properties of a paragraph: its style, and what is set in it besides."""
    return f'<w:pPr><w:pStyle w:val="{style_id(name)}"/>{more}</w:pPr>'


SPACE = run(" ")
AFTER_TABLE = f"<w:p>{paragraph_style('After Table')}</w:p>"
BEFORE_SHORT = f"<w:p>{paragraph_style('Before Short')}</w:p>"
