"""The Word file: a Report's words in named styles and real tables, so that it reads aloud and edits well in Word.

python-docx makes the package once: styles, settings, page. The words of a report are then written as WordprocessingML
directly, since an object for every cell takes twenty times as long as its text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from reportgen.formats.continued import part_begun
from reportgen.formats.docx_base import base
from reportgen.formats.docx_pack import Packed, compress, pack, unpack, utc
from reportgen.formats.docx_styles import head_rule, style_id
from reportgen.formats.docx_text import attribute, escaped, run
from reportgen.formats.layout import IDENTIFICATION_LABEL, Layout
from reportgen.formats.registry import Engine
from reportgen.formats.scripts import runs_leftward
from reportgen.reports.model import (
    Block,
    Furniture,
    Heading,
    Notice,
    Pair,
    Pairs,
    Paragraph,
    Report,
    Role,
    Section,
    Table,
    Tone,
)

_ROLES = {
    Role.specimen: "Specimen",
    Role.diagnosis: "Diagnosis",
    Role.detail: "Diagnosis Detail",
    Role.received: "Received As",
    Role.body: "Body Text",
}
NOTICE_STYLES = {Tone.draft: "Notice State", Tone.gap: "Notice Gap", Tone.info: "Notice Info"}
_LABELS = ("Pair Label", "Pair Label 2", "Pair Label 3")
_PROPERTY_LIMIT = 255  # characters; longer properties are not read by every program
_TWO_ABREAST = 330  # points; in a narrower place each pair has a row of its own
_DOCUMENT, _HEADER, _FOOTER, _CORE = (
    "word/document.xml", "word/header1.xml", "word/footer1.xml", "docProps/core.xml",
)  # fmt: skip


def render(report: Report, layout: Layout) -> bytes:
    """Lay out a report as a Word file; the same report and layout give the same bytes."""
    shell = _shell(layout, report.metadata.language, report.metadata.generator)
    words = {
        _DOCUMENT: "".join(_body(report, layout)),
        _HEADER: _page_head(report.furniture),
        _FOOTER: _page_foot(report.furniture),
        _CORE: "".join(core_properties(report)),
    }
    filled = {name: before + words[name] + behind for name, (before, behind) in shell.around.items()}
    return pack(shell.static | {name: compress(text.encode()) for name, text in filled.items()}, report.metadata.stamp)


class _Shell(NamedTuple):
    """The package that all reports of one layout share: parts as they are, and what is around a report's own words."""

    static: dict[str, Packed]
    around: dict[str, tuple[str, str]]


@lru_cache(maxsize=8)
def _shell(layout: Layout, language: str, generator: str) -> _Shell:
    parts = unpack(base(layout, language, generator))
    document, header, footer, core = (parts.pop(name).decode() for name in (_DOCUMENT, _HEADER, _FOOTER, _CORE))
    around = {
        _DOCUMENT: _cut(document, "<w:sectPr", "<w:sectPr"),
        _HEADER: _cut(header, "<w:p>", "</w:hdr>"),
        _FOOTER: _cut(footer, "<w:p>", "</w:ftr>"),
        _CORE: (core.rstrip().removesuffix("/>") + ">", "</cp:coreProperties>"),
    }
    return _Shell({name: compress(data, once=True) for name, data in parts.items()}, around)


def _cut(part: str, start: str, end: str) -> tuple[str, str]:
    """A part up to where something starts, and from where something ends it."""
    return part[: part.index(start)], part[part.rindex(end) :]


def _body(report: Report, layout: Layout) -> Iterator[str]:
    yield paragraph_xml("Laboratory", report.letterhead.name, gap=report.letterhead.gap)
    for text in report.letterhead.lines:
        yield paragraph_xml("Laboratory Address", text)
    yield paragraph_xml("Title", report.title)
    yield from notices_xml(report)
    yield identification_xml(report, layout.text_width)
    for section in report.sections:
        yield from section_xml(section, layout)
    last = report.sections[-1].blocks if report.sections else (report.identification,)
    printed = [block for block in last if not isinstance(block, Pairs) or block.pairs or block.caption]
    if any(map(_ends_in_table, printed[-1:])):
        yield AFTER_TABLE  # Word cannot end in a table


def notices_xml(report: Report) -> Iterator[str]:
    """The boxed remarks at the top."""
    for notice in report.notices:
        yield paragraph_xml(NOTICE_STYLES[notice.tone], notice.text)


def section_xml(section: Section, layout: Layout) -> Iterator[str]:
    """A section with its heading, as WordprocessingML; each part that it names is a table with its name for a head."""
    yield paragraph_xml("Heading 1", section.title)
    after_table = False  # where a thin line must part what follows from a table: Word would join two tables
    for name, blocks in _by_part(section.blocks):
        if name and not blocks:
            yield paragraph_xml("Heading 2", name)
        elif name:
            yield AFTER_TABLE * after_table
            yield from _part(name, blocks, section.title, layout)
            after_table = True
        for number, block in enumerate(blocks if not name else (), start=1):
            yield AFTER_TABLE * after_table
            yield from _block(block, blocks[number:], section.title, layout)
            after_table = _ends_in_table(block)


def _block(block: Block, following: Sequence[Block], title: str, layout: Layout) -> Iterator[str]:
    match block:
        case Paragraph():
            yield _sentences(block, following)
        case Pairs():
            yield from pairs_xml(block, title, layout)
        case Table():
            yield from _table(block, title, layout)
        case Notice(text=text, tone=tone):
            yield paragraph_xml(NOTICE_STYLES[tone], text)


def _by_part(blocks: Sequence[Block]) -> Iterator[tuple[str, list[Block]]]:
    """The blocks of a section that print more than its parts' names, by the part they are under; "" for under none."""
    name, share = "", list[Block]()
    for block in blocks:
        if isinstance(block, Heading | Notice) or (isinstance(block, Pairs) and block.caption):
            if name or share:
                yield name, share
            name, share = part_begun(block), []
        if isinstance(block, Pairs):
            share += [block._replace(caption="")] if block.pairs else []
        elif not isinstance(block, Heading):
            share.append(block)
    if name or share:
        yield name, share


def _part(name: str, blocks: list[Block], title: str, layout: Layout) -> Iterator[str]:
    """One part's share: its name is a row that comes again on each page which begins inside it."""
    width, label = _twips(layout.text_width), _twips(layout.design.columns.label)
    head = name
    for is_table, together in groupby(blocks, lambda block: isinstance(block, Table)):
        if head != name:
            yield AFTER_TABLE
        share = list(together)
        if is_table:
            yield AFTER_TABLE.join(
                each for number, table in enumerate(share) if isinstance(table, Table)
                for each in _table(table, title, layout, "" if number else head)
            )  # fmt: skip
        else:
            rows = [_name_row(head, width, 2)] if head else []
            for block in share:
                if isinstance(block, Paragraph):
                    rows.append(f"<w:tr>{_wrapped(_sentences(block, ()), width, 2)}</w:tr>")
                elif isinstance(block, Pairs):
                    rows += _pair_rows(label, width - label, block.pairs)
            style = "Pairs" if all(isinstance(block, Pairs) for block in share) else "Part"
            yield _grid(style, (label, width - label), name, rows)
        head = ""


def _name_row(name: str, width: int, span: int) -> str:
    return _row(_wrapped(paragraph_xml("Heading 2", name), width, span), head=True)


def _wrapped(content: str, width: int, span: int) -> str:
    """A cell across a whole table."""
    return f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width}"/><w:gridSpan w:val="{span}"/></w:tcPr>{content}</w:tc>'


def _ends_in_table(block: Block) -> bool:
    return isinstance(block, Table) or (isinstance(block, Pairs) and bool(block.pairs))


def _sentences(block: Paragraph, following: Sequence[Block]) -> str:
    runs = [run(sentence.text, "Gap" if sentence.gap else "") for sentence in block.sentences]
    # What belongs to a diagnosis stays with it.
    together = (Role.diagnosis, Role.detail, Role.received)
    keep = "<w:keepNext/>" * any(isinstance(each, Paragraph) and each.role in together for each in following[:1])
    # The space between is a run of its own, so that a gap's box holds the gap alone.
    return f"<w:p>{_style(_ROLES[block.role], keep)}{_SPACE.join(runs)}</w:p>"


def identification_xml(report: Report, width: float) -> str:
    """The table of who, when and from where; `width` in points."""
    pairs = report.identification.pairs
    if not pairs:
        return ""  # a table without rows is not valid
    across = 2 if width >= _TWO_ABREAST else 1
    label, answer = _twips(IDENTIFICATION_LABEL), _twips(width / across - IDENTIFICATION_LABEL)
    rows = []
    for first in range(0, len(pairs), across):
        both = pairs[first : first + across]
        wide, span = (answer, 1) if len(both) == across else (2 * answer + label, 3)
        rows.append(_row("".join([_pair(label, wide, each, span) for each in both])))
    return _grid("Identification", [label, answer] * across, report.title, rows)


def pairs_xml(block: Pairs, title: str, layout: Layout) -> Iterator[str]:
    """Pairs under their caption; `title` names the table to who hears it read."""
    if block.caption:
        yield paragraph_xml("Heading 2", block.caption)
    if block.pairs:
        label = layout.design.columns.label
        widths = _twips(label), _twips(layout.text_width - label)
        yield _grid("Pairs", widths, block.caption or title, _pair_rows(*widths, block.pairs))


def _pair_rows(label: int, answer: int, pairs: Sequence[Pair]) -> list[str]:
    """Each pair as a row; what the next row belongs to stays on one page with it."""
    stays = [below.depth > 0 for below in pairs[1:]] + [False]
    return [
        _row(_heading(label + answer, pair) if pair.heading else _pair(label, answer, pair, stay=stay))
        for pair, stay in zip(pairs, stays, strict=True)
    ]


def _heading(width: int, pair: Pair) -> str:
    """One cell across both columns, on one page with the row below."""
    words = run(pair.label, bold=True)
    return _wrapped(f"<w:p>{_style(_label_style(pair), '<w:keepNext/>')}{words}</w:p>", width, 2)


def _pair(label: int, answer: int, pair: Pair, span: int = 1, *, stay: bool = False) -> str:
    """Both cells of a pair; their widths come first."""
    named = _cell(label, _label_style(pair), pair.label, stay=stay)
    return named + _cell(answer, "Pair Answer", pair.text, pair.gap, span, stay)


def _label_style(pair: Pair) -> str:
    return _LABELS[min(pair.depth, len(_LABELS) - 1)]


def _table(block: Table, title: str, layout: Layout, name: str = "") -> Iterator[str]:
    """A table with the names of its columns for a head, and above them the name of its part."""
    if any(len(row) != len(block.columns) for row in block.rows):
        raise ValueError("a row of a table has more or fewer cells than the table has columns")
    wide = _twips(layout.text_width / len(block.columns))
    rows = [_name_row(name, wide * len(block.columns), len(block.columns))] if name else []
    rule = head_rule(layout.design) if name else ""  # which the style draws below the first row alone
    rows.append(_row("".join([_cell(wide, "Column Head", text, rule=rule) for text in block.columns]), head=True))
    rows += [_row("".join([_cell(wide, "Cell", cell.text, cell.gap) for cell in row])) for row in block.rows]
    yield _grid("Findings", [wide] * len(block.columns), block.label or title, rows, head=not name)


def _grid(style: str, widths: Sequence[int], label: str, rows: Sequence[str], *, head: bool = False) -> str:
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


def _row(cells: str, *, head: bool = False) -> str:
    """A row that no page break divides; a header row comes again on each page."""
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' * head}</w:trPr>{cells}</w:tr>"


@lru_cache(maxsize=2_048)  # the same labels and answers recur from case to case
def _cell(
    width: int, style: str, text: str, gap: bool = False, span: int = 1, stay: bool = False, rule: str = ""
) -> str:
    """A table's cell with one paragraph."""
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    drawn = f"<w:tcBorders>{rule}</w:tcBorders>" if rule else ""
    content = f"<w:p>{_style(style, '<w:keepNext/>' * stay)}{run(text, 'Gap' if gap else '')}</w:p>"
    return f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width}"/>{spanned}{drawn}</w:tcPr>{content}</w:tc>'


def paragraph_xml(style: str, text: str, *, gap: bool = False) -> str:
    """A paragraph of one of the report's styles."""
    return f"<w:p>{_style(style)}{run(text, 'Gap' if gap else '')}</w:p>"


def _style(name: str, more: str = "") -> str:
    return f'<w:pPr><w:pStyle w:val="{style_id(name)}"/>{more}</w:pPr>'


_SPACE = run(" ")
AFTER_TABLE = f"<w:p>{_style('After Table')}</w:p>"


def _page_head(furniture: Furniture) -> str:
    mark, patient = run(furniture.state_mark, "State Mark"), " · ".join(furniture.patient)
    if runs_leftward(patient):  # a run for each, so that a name from right to left does not move the numbers
        who = run(" · ", "Identity").join(run(each, "Identity") for each in furniture.patient)
    else:
        who = run(patient, "Identity")
    return f"<w:p>{_style('Header')}{mark}{run(chr(9))}{who}</w:p>"


def _page_foot(furniture: Furniture) -> str:
    *lines, last = furniture.record or ("",)
    page = f"{run(f'{chr(9)}{furniture.page} ')}{_field('PAGE')}{run(f' {furniture.of} ')}{_field('NUMPAGES')}"
    return "".join(paragraph_xml("Footer", line) for line in lines) + f"<w:p>{_style('Footer')}{run(last)}{page}</w:p>"


def _field(name: str) -> str:
    """A number that Word works out; until then it shows 1."""
    return f'<w:fldSimple w:instr=" {name} ">{run("1")}</w:fldSimple>'


def core_properties(report: Report) -> Iterator[str]:
    """What the file's properties say of the report."""
    metadata, stamp = report.metadata, _moment(utc(report.metadata.stamp))
    for tag, text in (
        ("dc:title", metadata.title),
        ("dc:subject", metadata.subject),
        ("dc:creator", metadata.author),
        ("cp:keywords", ", ".join(metadata.keywords)),
        ("dc:language", metadata.language),
        ("cp:contentStatus", report.state.value),
    ):
        yield f"<{tag}>{escaped(text[:_PROPERTY_LIMIT])}</{tag}>"
    for name in ("created", "modified"):
        yield f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{stamp}</dcterms:{name}>'
    yield "<cp:lastModifiedBy></cp:lastModifiedBy><dc:description></dc:description><cp:revision>1</cp:revision>"


def _moment(stamp: datetime) -> str:
    return stamp.strftime("%Y-%m-%dT%H:%M:%SZ")


def _twips(points: float) -> int:
    return round(int(points * 12_700) / 635)


ENGINE = Engine(render)
