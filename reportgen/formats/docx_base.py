"""The empty Word file that a report is filled into, made once for each layout: parts, settings, page and styles.

Why not python-docx's own template: it brings 160 styles, a thumbnail, a date of 2013 and another author's name.
"""

from __future__ import annotations

from html import escape
from io import BytesIO

import docx
from docx.shared import Pt

from reportgen.formats.design import Design
from reportgen.formats.docx_pack import CONTENT_TYPES, EARLIEST, compress, pack
from reportgen.formats.docx_styles import WORD, styles_xml
from reportgen.formats.layout import CONTINUED, Layout
from reportgen.formats.logo import load_logo

_OPEN = "http://schemas.openxmlformats.org"
DECLARATION = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>"
CORE_PROPERTIES = (  # the element that holds a file's own properties
    f'cp:coreProperties xmlns:cp="{_OPEN}/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
_RELATED = f"{_OPEN}/officeDocument/2006/relationships"
_DOCUMENTS = "application/vnd.openxmlformats-officedocument"
_ROOT_PARTS = (  # part, its content type, the relationship that leads to it
    ("word/document.xml", f"{_DOCUMENTS}.wordprocessingml.document.main+xml", f"{_RELATED}/officeDocument"),
    ("docProps/app.xml", f"{_DOCUMENTS}.extended-properties+xml", f"{_RELATED}/extended-properties"),
    (
        "docProps/core.xml",
        "application/vnd.openxmlformats-package.core-properties+xml",
        f"{_OPEN}/package/2006/relationships/metadata/core-properties",
    ),
)
_WORD_PARTS = (
    *(
        (f"word/{name}.xml", f"{_DOCUMENTS}.wordprocessingml.{name}+xml", f"{_RELATED}/{name}")
        for name in ("styles", "settings", "fontTable")
    ),
    ("word/theme/theme1.xml", f"{_DOCUMENTS}.theme+xml", f"{_RELATED}/theme"),
)
# Mode 15 is Word 2013 and later: without it the title bar says "compatibility mode" and tables hang into the margin.
_COMPATIBILITY = (
    ("compatibilityMode", 15),
    ("overrideTableStyleFontSizeAndJustification", 1),
    ("enableOpenTypeFeatures", 1),
    ("doNotFlipMirrorIndents", 1),
    ("differentiateMultirowTableHeaders", 1),
)


def base(layout: Layout, language: str, generator: str) -> bytes:
    """The empty Word file for a layout, a BCP 47 language tag and the name of the program that writes it."""
    parts = {name: compress(data) for name, data in _skeleton(layout, language, generator).items()}
    document = docx.Document(BytesIO(pack(parts, EARLIEST)))
    page, margins = document.sections[0], layout.design.margins
    page.page_width, page.page_height = Pt(layout.paper.width), Pt(layout.paper.height)
    # A part that goes on is named in the rows of its table and not in the head of the page.
    page.top_margin, page.right_margin = Pt(margins.top - CONTINUED), Pt(margins.right)
    page.bottom_margin, page.left_margin = Pt(margins.bottom), Pt(margins.left)
    page.header_distance, page.footer_distance = Pt(margins.top * 0.28), Pt(margins.bottom * 0.4)
    page.header.is_linked_to_previous = page.footer.is_linked_to_previous = False
    logo = load_logo(layout.laboratory)
    if logo:
        paragraph = document.add_paragraph(style="Letterhead Logo")
        picture = paragraph.add_run().add_picture(BytesIO(logo.data), width=Pt(logo.width))
        picture._inline.docPr.set("descr", logo.alt)
        picture._inline.docPr.set("name", "Logo")
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _skeleton(layout: Layout, language: str, generator: str) -> dict[str, bytes]:
    design = layout.design
    parts = {
        CONTENT_TYPES: _content_types(),
        "_rels/.rels": _relationships(_ROOT_PARTS, ""),
        "word/_rels/document.xml.rels": _relationships(_WORD_PARTS, "word/"),
        "word/document.xml": f"<w:document {WORD}><w:body><w:sectPr/></w:body></w:document>",
        "docProps/app.xml": f'<Properties xmlns="{_OPEN}/officeDocument/2006/extended-properties">'
        f"<Application>{escape(generator)}</Application></Properties>",
        "docProps/core.xml": f"<{CORE_PROPERTIES}/>",
        "word/styles.xml": styles_xml(layout, language),
        "word/settings.xml": _settings(language),
        "word/fontTable.xml": f'<w:fonts {WORD}><w:font w:name="{escape(design.fonts.word)}">'
        f'<w:altName w:val="{escape(design.fonts.pdf)}"/></w:font></w:fonts>',
        "word/theme/theme1.xml": _theme(design),
    }
    return {name: f"{DECLARATION}\n{text}".encode() for name, text in parts.items()}


def _settings(language: str) -> str:
    compatibility = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
        for name, value in _COMPATIBILITY
    )
    return (
        f'<w:settings {WORD}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/><w:autoHyphenation w:val="0"/>'
        f'<w:characterSpacingControl w:val="doNotCompress"/><w:compat>{compatibility}</w:compat>'
        f'<w:themeFontLang w:val="{escape(language)}"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
        "</w:settings>"
    )


def _theme(design: Design) -> str:
    """The palette and fonts that Word offers; the styles name theirs outright, but a Word file has to bring a theme."""
    colors, name = design.colors, escape(design.name)
    font = f'<a:latin typeface="{escape(design.fonts.word)}"/><a:ea typeface=""/><a:cs typeface=""/>'
    slots = {
        "dk1": colors.ink, "lt1": "ffffff", "dk2": colors.accent, "lt2": colors.shade, "accent1": colors.accent,
        "accent2": colors.quiet, "accent3": colors.rule, "accent4": colors.gap_ink, "accent5": colors.gap_shade,
        "accent6": colors.shade, "hlink": colors.accent, "folHlink": colors.quiet,
    }  # fmt: skip
    palette = "".join(f'<a:{slot}><a:srgbClr val="{color}"/></a:{slot}>' for slot, color in slots.items())
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    plain, lines = 3 * fill, 3 * f"<a:ln>{fill}</a:ln>"
    effects = 3 * "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'<a:theme xmlns:a="{_OPEN}/drawingml/2006/main" name="{name}"><a:themeElements>'
        f'<a:clrScheme name="{name}">{palette}</a:clrScheme><a:fontScheme name="{name}">'
        f"<a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="{name}"><a:fillStyleLst>{plain}</a:fillStyleLst><a:lnStyleLst>{lines}'
        f"</a:lnStyleLst><a:effectStyleLst>{effects}</a:effectStyleLst><a:bgFillStyleLst>{plain}</a:bgFillStyleLst>"
        "</a:fmtScheme></a:themeElements></a:theme>"
    )


def _content_types() -> str:
    overrides = "".join(
        f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind, _ in _ROOT_PARTS + _WORD_PARTS
    )
    return (
        f'<Types xmlns="{_OPEN}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relationships(parts: tuple[tuple[str, str, str], ...], folder: str) -> str:
    entries = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{part.removeprefix(folder)}"/>'
        for number, (part, _, kind) in enumerate(parts, start=1)
    )
    return f'<Relationships xmlns="{_OPEN}/package/2006/relationships">{entries}</Relationships>'
