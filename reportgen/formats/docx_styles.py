"""The styles of the Word file, declared from the design: who wants another look in Word changes a style, once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape

from reportgen.formats.design import Design
from reportgen.formats.layout import TRACKING, Layout, load_layout
from reportgen.formats.logo import load_logo

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_COMPLEX = "Arial"  # has Arabic and Hebrew, which Calibri has not; Word takes another font for what it lacks
_OWN_TO_WORD = ("Normal", "Title", "Heading 1", "Heading 2", "Header", "Footer", "Body Text")


@dataclass(frozen=True, slots=True)
class Edge:
    """One line of a box: the side, its weight in points, its color, its distance from the words (at most 31)."""

    side: str
    weight: float
    color: str
    space: int = 0

    def xml(self) -> str:
        """The line as Word writes it, its weight in eighths of a point."""
        weight = round(self.weight * 8)
        return f'<w:{self.side} w:val="single" w:sz="{weight}" w:space="{self.space}" w:color="{self.color}"/>'


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """How a paragraph style looks; lengths in points, leading and tracking in parts of the size."""

    size: float
    color: str
    leading: float
    bold: bool = False
    before: float = 0
    after: float = 0
    left: float = 0
    right: float = 0
    tracking: float = 0
    end: bool = False  # set against the right side
    stay: bool = False  # on one page with what follows
    edges: tuple[Edge, ...] = ()  # in the order top, left, bottom, right
    shade: str = ""
    right_tab: float = 0
    outline: int = 9  # 9 is running text
    follower: str = ""  # the style of the paragraph that the Enter key begins
    font: str = ""  # where it is not that of the document

    def xml(self, name: str) -> str:
        """The style; within it the schema fixes the order."""
        own = name in _OWN_TO_WORD
        kind = 'w:default="1"' if name == "Normal" else "" if own else 'w:customStyle="1"'
        called = name.lower() if name[:4] in ("Head", "Foot") else name
        return (
            f'<w:style w:type="paragraph" {kind} w:styleId="{style_id(name)}"><w:name w:val="{called}"/>'
            + ('<w:basedOn w:val="Normal"/>' if name != "Normal" else "")
            + (f'<w:next w:val="{style_id(self.follower)}"/>' if self.follower else "")
            + f'<w:qFormat/><w:pPr>{"<w:keepNext/>" if self.stay else ""}<w:keepLines w:val="{int(self.stay)}"/>'
            + "<w:widowControl/>"
            + (f"<w:pBdr>{''.join(edge.xml() for edge in self.edges)}</w:pBdr>" if self.edges else "")
            + (_shade(self.shade) if self.shade else "")
            + (f'<w:tabs><w:tab w:val="right" w:pos="{_twips(self.right_tab)}"/></w:tabs>' if self.right_tab else "")
            + f'<w:spacing w:before="{_twips(self.before)}" w:after="{_twips(self.after)}"'
            + f' w:line="{_twips(self.size * self.leading)}" w:lineRule="atLeast"/>'
            + f'<w:ind w:left="{_twips(self.left)}" w:right="{_twips(self.right)}"/>'
            + ('<w:jc w:val="right"/>' if self.end else "")
            + f'<w:outlineLvl w:val="{self.outline}"/></w:pPr><w:rPr>{_font(self.font)}'
            + f'<w:b w:val="{int(self.bold)}"/><w:bCs w:val="{int(self.bold)}"/>'
            + f'<w:color w:val="{self.color}"/><w:spacing w:val="{_twips(self.size * self.tracking)}"/>'
            + f'<w:sz w:val="{round(self.size * 2)}"/><w:szCs w:val="{round(self.size * 2)}"/></w:rPr></w:style>'
        )


def style_id(name: str) -> str:
    """The id under which the document's parts know a style."""
    return name.replace(" ", "")


def styles_xml(layout: Layout, language: str) -> str:
    """The styles part: every style that a report uses, and no other."""
    design, colors = layout.design, layout.design.colors
    styles = {**_body(layout), **_tables(design), **_notices(design), **_furniture(layout)}
    usual = _usual_font(design)
    # The East Asian slot too: else Word takes such a font for ≥ or ½ where the reader's system is set so.
    # The latent defaults hide Word's 300 own styles, so that its gallery offers the report's styles alone.
    fonts = " ".join(f'w:{slot}="{escape(design.fonts.word)}"' for slot in ("ascii", "eastAsia", "hAnsi"))
    fonts += f' w:cs="{_COMPLEX}"'
    tongue = " ".join(f'w:{slot}="{escape(language)}"' for slot in ("val", "eastAsia", "bidi"))
    return (
        f"<w:styles {WORD}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts {fonts}/><w:lang {tongue}/></w:rPr>"
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        '<w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="1" w:defUnhideWhenUsed="1"'
        ' w:defQFormat="0" w:count="376"/>'
        + "".join(style.xml(name) for name, style in styles.items())
        + _unseen("character", "Default Paragraph Font")
        + _unseen("table", "Normal Table", "TableNormal", '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr>')
        + _unseen("numbering", "No List")
        + _mark("Gap", colors.gap_ink, Edge("bdr", 0.75, colors.gap_ink).xml() + _shade(colors.gap_shade), usual)
        + _mark("State Mark", colors.gap_ink, Edge("bdr", 1, colors.gap_ink, 2).xml(), usual)
        + _mark("Identity", colors.ink, "", usual)
        + "".join(_table(name, *look) for name, look in _rules(design).items())
        + "</w:styles>"
    )


def _body(layout: Layout) -> dict[str, ParagraphStyle]:
    design = layout.design
    sizes, colors, space, lead = design.sizes, design.colors, design.spacing, design.leading
    ink, quiet, accent, step = colors.ink, colors.quiet, colors.accent, design.columns.indent
    logo = {"Letterhead Logo": ParagraphStyle(sizes.body, ink, 1, after=space.block, follower="Laboratory")}
    return {
        "Normal": ParagraphStyle(sizes.body, ink, lead),
        **(logo if load_logo(layout.laboratory) else {}),
        "Laboratory": ParagraphStyle(sizes.laboratory, accent, 1.2, bold=True, follower="Laboratory Address"),
        "Laboratory Address": ParagraphStyle(sizes.small, quiet, 1.25),
        "Title": ParagraphStyle(sizes.title, ink, lead, end=True),
        "Heading 1": ParagraphStyle(
            sizes.section, accent, lead, bold=True, before=space.section, after=max(space.block - 1, 0),
            tracking=TRACKING, stay=True, edges=(Edge("bottom", 0.5, colors.rule, 1),), outline=0, follower="Body Text",
        ),
        "Heading Beside": ParagraphStyle(
            sizes.section, accent, lead, bold=True, tracking=TRACKING, stay=True, outline=0, follower="Body Text",
        ),
        "Heading 2": ParagraphStyle(
            sizes.part, ink, lead, bold=True, after=space.line, stay=True, outline=1,
            follower="Body Text",
        ),
        "Specimen": ParagraphStyle(sizes.specimen, ink, lead, before=space.block, stay=True, follower="Diagnosis"),
        "Diagnosis": ParagraphStyle(sizes.diagnosis, ink, 1.22, bold=True, left=step, follower="Received As"),
        "Diagnosis Detail": ParagraphStyle(sizes.detail, ink, lead, left=step),
        "Received As": ParagraphStyle(sizes.small, quiet, lead, before=1, left=step, follower="Specimen"),
        "Body Text": ParagraphStyle(sizes.body, ink, lead, before=space.line, after=space.line),
    }  # fmt: skip


def _tables(design: Design) -> dict[str, ParagraphStyle]:
    sizes, colors, lead, step = design.sizes, design.colors, design.leading, design.columns.indent
    return {
        "Pair Label": ParagraphStyle(sizes.body, colors.quiet, lead),
        "Pair Label 2": ParagraphStyle(sizes.body, colors.quiet, lead, left=step),
        "Pair Label 3": ParagraphStyle(sizes.body, colors.quiet, lead, left=2 * step),
        "Pair Answer": ParagraphStyle(sizes.body, colors.ink, lead),
        "Column Head": ParagraphStyle(sizes.small, colors.quiet, lead, stay=True),
        "Cell": ParagraphStyle(sizes.body, colors.ink, lead),
        "After Table": ParagraphStyle(1, colors.ink, 1, after=design.spacing.block),
        "Before Short": ParagraphStyle(1, colors.ink, 1, after=max(design.spacing.section - 1, 0)),
    }


def _notices(design: Design) -> dict[str, ParagraphStyle]:
    colors = design.colors

    def notice(bar: str, line: str, shade: str, ink: str, bold: bool) -> ParagraphStyle:
        return ParagraphStyle(
            design.sizes.body, ink, design.leading, bold=bold, before=design.spacing.line,
            after=design.spacing.block, left=10, right=9, shade=shade,
            font="" if ink == colors.ink and bar != colors.gap_ink else _usual_font(design),
            edges=(Edge("top", 1, line, 2), Edge("left", 2.5, bar, 8), Edge("bottom", 1, line, 2),
                   Edge("right", 1, line, 8)),
        )  # fmt: skip

    info = notice(colors.rule, colors.shade, colors.shade, colors.ink, False)
    return {
        "Notice State": notice(colors.gap_ink, colors.shade, colors.shade, colors.ink, True),
        "Notice Gap": notice(colors.gap_ink, colors.gap_ink, colors.gap_shade, colors.gap_ink, True),
        "Notice Info": info,
        "Notice Beside": replace(info, before=0, after=0),
    }


def _furniture(layout: Layout) -> dict[str, ParagraphStyle]:
    design, width = layout.design, layout.text_width
    sizes, colors = design.sizes, design.colors
    rule = Edge("bottom", 0.5, colors.rule, 3)
    return {
        "Header": ParagraphStyle(sizes.furniture, colors.ink, design.leading, after=3, edges=(rule,), right_tab=width),
        "Footer": ParagraphStyle(sizes.furniture, colors.quiet, 1.2, right_tab=width),
    }


def _rules(design: Design) -> dict[str, tuple[float, str, str]]:
    """Table styles: the space above and below a row, the line between rows, the line below the header row."""
    hair = Edge("insideH", 0.375, design.colors.rule)
    bottom = Edge("bottom", 0.375, design.colors.rule)
    line = design.spacing.line / 2
    return {
        "Identification": (line, "", ""),
        "Letterhead": (design.spacing.block / 2, Edge("bottom", 1.25, design.colors.accent).xml(), ""),
        "Part": (line, "", ""),
        "Short": (0, "", ""),
        "Pairs": (line, bottom.xml() + hair.xml(), ""),
        "Findings": (0.5, bottom.xml() + hair.xml(), head_rule(design)),
    }


def head_rule(design: Design) -> str:
    """The line below the names of a table's columns."""
    return Edge("bottom", 0.75, design.colors.quiet).xml()


def _table(name: str, padding: float, rules: str, head: str) -> str:
    sides = (("top", padding), ("left", 0), ("bottom", padding), ("right", 0 if name == "Letterhead" else 8))
    borders = f"<w:tcBorders>{head}</w:tcBorders>"
    margins = "".join(f'<w:{side} w:w="{_twips(width)}" w:type="dxa"/>' for side, width in sides)
    return (
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{name}"><w:name w:val="{name}"/>'
        '<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        + (f"<w:tblBorders>{rules}</w:tblBorders>" if rules else "")
        + f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
        + (f'<w:tblStylePr w:type="firstRow"><w:tcPr>{borders}</w:tcPr></w:tblStylePr>' if head else "")
        + "</w:style>"
    )


def _usual_font(design: Design) -> str:
    """The standard layout's own font, where a laboratory's design names another; "" where it does not.

    The state, the patient in the head of each page and gaps are set in it: a font can draw any letter for another.
    """
    usual = load_layout().design.fonts.word
    return usual if usual != design.fonts.word else ""


def _font(name: str) -> str:
    return f'<w:rFonts w:ascii="{escape(name)}" w:eastAsia="{escape(name)}" w:hAnsi="{escape(name)}"/>' if name else ""


def _mark(name: str, color: str, box: str = "", font: str = "") -> str:
    """A character style: bold, and boxed where it marks something, so that it stands out in black and white too."""
    return (
        f'<w:style w:type="character" w:customStyle="1" w:styleId="{style_id(name)}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="DefaultParagraphFont"/><w:qFormat/>'
        f'<w:rPr>{_font(font)}<w:b/><w:bCs/><w:color w:val="{color}"/>{box}</w:rPr></w:style>'
    )


def _unseen(kind: str, name: str, identity: str = "", properties: str = "") -> str:
    return (
        f'<w:style w:type="{kind}" w:default="1" w:styleId="{identity or style_id(name)}"><w:name w:val="{name}"/>'
        f'<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/>{properties}</w:style>'
    )


def _shade(color: str) -> str:
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{color}"/>'


def _twips(points: float) -> int:
    return round(points * 20)
