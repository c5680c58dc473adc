"""What a Word template may hold: each element with those it may lie in, and the settings of each kind of thing.

An element that is not listed is refused. Source: ECMA-376, part 1, 17.2 to 17.16; what is left out there can hide,
clip, replace, move or turn words, or show others than those that were checked.
"""

from __future__ import annotations

_FLOW = frozenset(("body", "tc", "txbxContent", "hdr", "ftr", "footnote", "endnote"))
_INLINE = frozenset(("p", "hyperlink", "fldSimple"))
_RUN = frozenset(("r",))

PARENTS: dict[str, frozenset[str]] = {
    "body": frozenset(("document",)), "footnote": frozenset(("footnotes",)), "endnote": frozenset(("endnotes",)),
    "p": _FLOW, "tbl": _FLOW, "tr": frozenset(("tbl",)), "tc": frozenset(("tr",)), "txbxContent": frozenset(("txbx",)),
    "r": _INLINE, "hyperlink": frozenset(("p",)), "fldSimple": frozenset(("p", "hyperlink")),
    "t": _RUN, "br": _RUN, "cr": _RUN, "ptab": _RUN, "noBreakHyphen": _RUN, "softHyphen": _RUN, "drawing": frozenset(
        ("r", "Choice")), "fldChar": _RUN, "instrText": _RUN, "footnoteReference": _RUN, "endnoteReference": _RUN,
    "footnoteRef": _RUN, "endnoteRef": _RUN, "separator": _RUN, "continuationSeparator": _RUN,
    "tab": frozenset(("r", "tabs")),
    "tblPr": frozenset(("tbl", "style", "tblStylePr")), "tblPrEx": frozenset(("tr",)),
    "tblGrid": frozenset(("tbl",)), "trPr": frozenset(("tr", "style", "tblStylePr")),
    "tcPr": frozenset(("tc", "style", "tblStylePr")), "sectPr": frozenset(("body", "pPr")),
    "pPr": frozenset(("p", "style", "tblStylePr", "pPrDefault", "lvl")),
    "rPr": frozenset(("r", "pPr", "style", "tblStylePr", "rPrDefault", "lvl", "fldChar")),
}  # fmt: skip
ANYWHERE = frozenset(("bookmarkStart", "bookmarkEnd"))

_RUN_PROPERTIES = frozenset((
    "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "outline", "shadow", "emboss",
    "imprint", "noProof", "snapToGrid", "vanish", "webHidden", "specVanish", "color", "spacing", "w", "kern",
    "position", "sz", "szCs", "highlight", "u", "bdr", "shd", "vertAlign", "rtl", "cs", "lang",
))  # fmt: skip
_PARAGRAPH_PROPERTIES = frozenset((
    "pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "numPr", "suppressLineNumbers", "pBdr", "shd",
    "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct", "autoSpaceDE", "autoSpaceDN",
    "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing", "mirrorIndents", "suppressOverlap",
    "jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl", "cnfStyle", "rPr", "sectPr",
))  # fmt: skip
_TABLE_PROPERTIES = frozenset((
    "tblStyle", "bidiVisual", "tblStyleRowBandSize", "tblStyleColBandSize", "tblW", "jc", "tblCellSpacing", "tblInd",
    "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook", "tblCaption", "tblDescription",
))  # fmt: skip
PROPERTIES: dict[str, frozenset[str]] = {
    "rPr": _RUN_PROPERTIES, "pPr": _PARAGRAPH_PROPERTIES, "tblPr": _TABLE_PROPERTIES, "tblPrEx": _TABLE_PROPERTIES,
    "trPr": frozenset((
        "cnfStyle", "gridBefore", "gridAfter", "wBefore", "wAfter", "cantSplit", "trHeight", "tblHeader",
        "tblCellSpacing", "jc",
    )),
    "tcPr": frozenset((
        "cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders", "shd", "noWrap", "tcMar", "textDirection",
        "vAlign", "hideMark",
    )),
    "sectPr": frozenset((
        "headerReference", "footerReference", "footnotePr", "endnotePr", "type", "pgSz", "pgMar", "paperSrc",
        "pgBorders", "pgNumType", "cols", "formProt", "vAlign", "noEndnote", "titlePg", "textDirection", "bidi",
        "rtlGutter", "docGrid",
    )),
}  # fmt: skip
REPEATED = frozenset(("headerReference", "footerReference"))  # settings that may come twice in one place

_FAR = (-99_999.0, 99_999.0)  # any plain number: what it does to a text is worked out where the text is
_SIDE = {"w": (0.0, 1_000.0)}
LIMITS: dict[str, dict[str, tuple[float, float]]] = {  # element → its numbers: least and most, as Word counts them
    "sz": {"val": _FAR}, "szCs": {"val": _FAR}, "w": {"val": _FAR}, "position": {"val": _FAR}, "kern": {"val": _FAR},
    "spacing": {
        "val": _FAR, "before": (0, 32_000), "after": (0, 32_000), "line": (0, 2_400), "beforeLines": (0, 1_000),
        "afterLines": (0, 1_000),
    },
    "ind": dict.fromkeys((
        "left", "right", "start", "end", "firstLine", "hanging", "leftChars", "rightChars", "startChars", "endChars",
        "firstLineChars", "hangingChars",
    ), _FAR),
    "tab": {"pos": _FAR},
    "pgSz": {"w": (1, 32_000), "h": (1, 32_000)},
    "pgMar": dict.fromkeys(("left", "right", "top", "bottom", "header", "footer", "gutter"), _FAR),
    "cols": {"num": (1, 45), "space": (0, 10_000)}, "col": {"w": (1, 32_000), "space": (0, 10_000)},
    "gridCol": {"w": (0, 32_000)}, "tblW": {"w": (0, 32_000)}, "tcW": {"w": (0, 32_000)},
    "tblInd": {"w": (-1_500, 4_000)}, "tblCellSpacing": {"w": (0, 400)}, "trHeight": {"val": (0, 6_000)},
    "gridSpan": {"val": (1, 63)}, "gridBefore": {"val": (0, 63)}, "gridAfter": {"val": (0, 63)},
    "wBefore": {"w": (0, 10_000)}, "wAfter": {"w": (0, 10_000)},
    "left": _SIDE, "right": _SIDE, "top": _SIDE, "bottom": _SIDE, "start": _SIDE, "end": _SIDE,  # of a cell
}  # fmt: skip
EDGED = frozenset(("rPr", "pBdr", "tblBorders", "tcBorders", "pgBorders"))
BORDERS = {  # border → the most of its width, in eighths of a point; one across a cell would strike out its words
    "bdr": 24, "top": 48, "left": 48, "start": 48, "bottom": 48, "right": 48, "end": 48, "between": 24, "bar": 48,
    "insideH": 48, "insideV": 48, "tl2br": 0, "tr2bl": 0,
}  # fmt: skip
# Namespaces of drawings, within which docx_drawings looks.
DRAWN = (
    "http://schemas.openxmlformats.org/drawingml/2006/",
    "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
    "http://schemas.openxmlformats.org/markup-compatibility/2006",
)
UPRIGHT = ("", "lrTb", "lrTbV", "tb")  # what textDirection may say

IN_WORDS: dict[str, tuple[str, str]] = {  # element → what it is, what to do
    "altChunk": ("an imported file", "paste its text into the template"),
    "object": ("an embedded object", "paste it as a picture"),
    "control": ("an ActiveX control", "delete it"),
    "subDoc": ("a sub-document", "paste its text into the template"),
    "attachedTemplate": ("a template elsewhere", "detach it in Word: Developer, Document Template"),
    "mailMerge": ("a mail merge", "turn the mail merge off: Mailings, Start Mail Merge, Normal Word Document"),
    "ins": ("a tracked insertion", "accept or reject all changes in Word"),
    "del": ("a tracked deletion", "accept or reject all changes in Word"),
    "moveFrom": ("a tracked move", "accept or reject all changes in Word"),
    "moveTo": ("a tracked move", "accept or reject all changes in Word"),
    "pict": ("a drawing of the old kind (VML)", "insert the picture or shape again in a current version of Word"),
    "framePr": ("a text frame", "use a table or a text box"),
    "AlternateContent": ("content of which programs show one version or another", "insert it again in plain form"),
    "bdo": ("text turned against its direction", "type the text again"),
    "dir": ("text turned against its direction", "type the text again"),
    "ruby": ("a phonetic guide", "type the text without it"),
    "oMath": ("a formula", "type it as text"),
    "oMathPara": ("a formula", "type it as text"),
    "fitText": ("text squeezed to a width", "turn Fit Text off"),
    "eastAsianLayout": ("text set as two lines in one", "turn it off"),
    "effect": ("animated text", "turn the effect off"),
    "em": ("emphasis marks over the letters", "use bold or italic"),
    "tcFitText": ("text squeezed to the width of its cell", "turn Fit Text off in the options of the cell"),
    "hidden": ("a hidden row", "show the row"),
    "lnNumType": ("line numbers", "turn line numbers off: a number beside an answer could be read as part of it"),
    "sym": ("a symbol from a font of pictures", "use a character of the text font, or a picture"),
    "numPicBullet": ("a list with pictures as bullets", "choose a plain bullet"),
    "background": ("a background color of the page", "set the page color to none"),
    "textDirection": ("text that runs up or down", "let it run from left to right"),
}
