"""What a Word template holds for those who edit it, taken out; what could cut off a text, made to grow with it.

Whatever is changed here cannot take a word from a page: controls that fetch their text from elsewhere become the text
they hold, heights that are fixed become heights at least, remarks of reviewers go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable
from functools import partial

from lxml import etree

from reportgen.formats.docx_xml import (
    FILLED,
    NUMBERING,
    STYLES,
    WP,
    WPS,
    A,
    W,
    local,
    number,
    owner,
    parsed,
    serialized,
    value,
    words,
)

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MICROSOFT = "http://schemas.microsoft.com/office/word/2010/"
_SHAPES = (f"{_MICROSOFT}wordprocessingShape", f"{_MICROSOFT}wordprocessingGroup")
_PLACES = f"{_MICROSOFT}wordprocessingDrawing"
_TYPES = "[Content_Types].xml"
_SETTINGS = "word/settings.xml"
# What is left out governs how Word edits, shows, protects or fetches, or what its colors are called.
_KEPT_SETTINGS = frozenset((
    "zoom", "mirrorMargins", "evenAndOddHeaders", "defaultTabStop", "autoHyphenation", "hyphenationZone",
    "consecutiveHyphenLimit", "doNotHyphenateCaps", "characterSpacingControl", "footnotePr", "endnotePr", "compat",
    "themeFontLang", "decimalSymbol", "listSeparator", "attachedTemplate", "mailMerge",
))  # fmt: skip
_WIDEST_TAB = 2_000
_DROPPED = re.compile(
    r"^(customXml/|docMetadata/|docProps/(custom\.xml|thumbnail\.)|word/glossary/"
    r"|word/fonts/|word/(_rels/)?(webSettings\.xml|comments\w*\.xml|people\.xml|stylesWithEffects\.xml|printerSettings\d*\.bin))"
)
_DROPPED_KINDS = frozenset((
    "customXml", "customXmlProps", "custom-properties", "thumbnail", "glossaryDocument", "comments", "commentsExtended",
    "commentsIds", "commentsExtensible", "people", "classificationlabels", "stylesWithEffects", "printerSettings",
    "font", "webSettings",
))  # fmt: skip
_UNSEEN = (
    "proofErr", "permStart", "permEnd", "commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef",
    "lastRenderedPageBreak", "rPrChange", "pPrChange", "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange",
    "tblGridChange", "numberingChange", "tblpPr", "tblOverlap", "printerSettings", "divId", "sdtPr", "sdtEndPr",
    "smartTagPr", "customXmlPr",
)  # fmt: skip
_WRAPPERS = ("sdtContent", "sdt", "smartTag", "customXml")
_PROPERTIES = ("rPr", "pPr", "tblPr", "trPr", "tcPr", "sectPr")
_LEAST_LINE, _ONE_LINE = 168, "240"  # in 240ths of a line
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_TAG = re.compile(r"\{[{%#].*?[}%#]\}")
_BLOCK = re.compile(r"\bblock\b")


def is_dropped(name: str) -> bool:
    """Whether a part is one that no reader of a report sees."""
    return bool(_DROPPED.match(name))


def is_dropped_kind(kind: str) -> bool:
    """Whether a relationship leads to such a part."""
    return kind in _DROPPED_KINDS


def tidied(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The parts of a template without what only its editors need; a part in which nothing changes stays as it is."""
    kept = {name: data for name, data in parts.items() if not is_dropped(name)}
    for name, data in kept.items():
        change = _change(name, kept)
        kept[name] = _changed(data, change) if change else data
    return kept


def _change(name: str, kept: Container[str]) -> Callable[[etree._Element], None] | None:
    """What is to be done to the tree of a part."""
    if name == _TYPES or name.endswith(".rels"):
        return partial(_unlist, kept)
    if name == _SETTINGS:
        return _settle
    if name == "word/fontTable.xml":
        return _drop_own_fonts
    if FILLED.match(name):
        return _tidy_words
    return _tidy if name in (STYLES, NUMBERING) else None


def _changed(data: bytes, change: Callable[[etree._Element], None]) -> bytes:
    tree = parsed(data)
    before = etree.tostring(tree)
    change(tree)
    return serialized(tree) if etree.tostring(tree) != before else data


def _unlist(kept: Container[str], tree: etree._Element) -> None:
    """Take what is dropped out of a list of parts or relationships."""
    for each in list(tree):
        part = each.get("PartName")
        if is_dropped_kind((each.get("Type") or "").rpartition("/")[2]) or (
            part is not None and part.lstrip("/") not in kept
        ):
            tree.remove(each)


def _drop_own_fonts(tree: etree._Element) -> None:
    """Take fonts in the file, or in place of others, out of the table: they can draw any letter as another."""
    for each in list(tree.iter(f"{W}*")):
        if local(each).startswith("embed") or local(each) == "altName":
            _out(each)


def _settle(tree: etree._Element) -> None:
    """Take out the settings that no page needs."""
    for child in list(tree):
        tab = number(value(child)) if local(child) == "defaultTabStop" else 0
        if local(child) not in _KEPT_SETTINGS or tab is None or not 0 <= tab <= _WIDEST_TAB:
            tree.remove(child)
        elif local(child) == "compat":
            for each in list(child):
                if local(each) != "compatSetting":
                    child.remove(each)
        child.tail = None
    tree.text = None


def _tidy(tree: etree._Element) -> None:
    """Take out what only editors see, and let grow what is of one height."""
    for choice in list(tree.iter(f"{_MC}AlternateContent")):
        _choose(choice)
    for element in _found(tree, _UNSEEN):
        _out(element)
    for element in _found(tree, _WRAPPERS):
        _unwrap(element)
    for element in _found(tree, _PROPERTIES):
        for child in list(element.iterchildren("{*}*")):
            if not str(child.tag).startswith(W):
                element.remove(child)  # effects of later versions: they can empty or cover letters
    for grid in _found(tree, ("docGrid",)):
        if value(grid, "charSpace") or value(grid, "type") not in ("", "default", "lines"):
            _out(grid)  # it sets each letter into a cell of its own
    for table in tree.iter(f"{W}tblPr"):
        _say_plain_look(table)
    for element in tree.iter(f"{W}trHeight", f"{W}spacing"):
        _let_grow(element)


def _tidy_words(tree: etree._Element) -> None:
    """The same in a part that holds words, with its drawings and placeholders."""
    _tidy(tree)
    _let_drawings_grow(tree)
    for paragraph in tree.iter(f"{W}p"):
        _set_plain_tags(paragraph)
        if _BLOCK.search(words(paragraph)):
            for row in paragraph.iterancestors(f"{W}tr"):
                for keep in row.findall(f"{W}trPr/{W}cantSplit"):
                    _out(keep)


def _found(tree: etree._Element, names: Iterable[str]) -> list[etree._Element]:
    return list(tree.iter(*(f"{W}{name}" for name in names)))


def _choose(alternative: etree._Element) -> None:
    """Decide an alternative that Word and LibreOffice decide in one way: draw shapes, drop older ways."""
    choices = alternative.findall(f"{_MC}Choice")
    fallback = alternative.find(f"{_MC}Fallback")
    if len(choices) != 1:
        return
    needed = {choices[0].nsmap.get(prefix) for prefix in (choices[0].get("Requires") or "").split()}
    if needed and needed <= set(_SHAPES):
        if fallback is not None:
            alternative.remove(fallback)
    elif needed == {_PLACES} and local(_above(alternative)) in ("anchor", "inline"):
        for child in list(fallback if fallback is not None else ()):
            alternative.addprevious(child)
        _out(alternative)


def _above(element: etree._Element) -> etree._Element:
    above = element.getparent()
    assert above is not None  # noqa: S101 - the root is none of the elements looked for
    return above


def _out(element: etree._Element) -> None:
    _above(element).remove(element)


def _unwrap(element: etree._Element) -> None:
    """Put what an element holds in its place."""
    for child in list(element):
        element.addprevious(child)
    _out(element)


def _say_plain_look(table: etree._Element) -> None:
    """Say of a table that it has no special rows and columns where it does not say so: programs guess differently."""
    if local(_above(table)) != "tbl" or table.find(f"{W}tblStyle") is None:
        return
    look = table.find(f"{W}tblLook")
    if look is None:
        look = etree.Element(f"{W}tblLook")
        behind = [at for at, each in enumerate(table) if local(each) in ("tblCaption", "tblDescription")]
        table.insert(min(behind, default=len(table)), look)
    if not look.attrib:
        look.set(f"{W}val", "0600")
        for name in ("firstRow", "lastRow", "firstColumn", "lastColumn", "noHBand", "noVBand"):
            look.set(f"{W}{name}", str(int(name.startswith("no"))))


def _let_grow(element: etree._Element) -> None:
    """Let a row or a line that is of one height whatever it holds grow with what it holds."""
    rule = "hRule" if local(element) == "trHeight" else "lineRule"
    if value(element, rule) == "exact":
        element.set(f"{W}{rule}", "atLeast")
    line = number(value(element, "line"))
    if line is not None and line < _LEAST_LINE and value(element, "lineRule") in ("", "auto"):
        element.set(f"{W}line", _ONE_LINE)


def _let_drawings_grow(tree: etree._Element) -> None:
    """Let text boxes grow, and let the text run round what lies in front of it."""
    for element in list(tree.iter(f"{A}extLst", f"{{{_PLACES}}}sizeRelH", f"{{{_PLACES}}}sizeRelV")):
        _out(element)
    for body in tree.iter(f"{WPS}bodyPr"):
        for child in list(body):
            if local(child) in ("noAutofit", "normAutofit", "spAutoFit"):
                body.remove(child)
        at = 1 if len(body) and local(body[0]) == "prstTxWarp" else 0
        body.insert(at, etree.Element(f"{A}spAutoFit"))
        for name in ("vertOverflow", "horzOverflow", "numCol", "spcCol"):
            body.attrib.pop(name, None)
        body.set("wrap", "square")
    for anchor in tree.iter(f"{WP}anchor"):
        loose = anchor.find(f"{WP}wrapNone")
        if loose is not None and anchor.get("behindDoc") not in ("1", "true"):
            anchor.replace(loose, etree.Element(f"{WP}wrapSquare", wrapText="bothSides"))
            anchor.set("allowOverlap", "0")


def _set_plain_tags(paragraph: etree._Element) -> None:
    """Replace special spaces in a placeholder: with them it looks the same but is not recognized."""
    text = words(paragraph)
    if not _SPACES.search(text):
        return
    plain = _TAG.sub(lambda found: _SPACES.sub(" ", found[0]), text)
    at = 0
    for piece in paragraph.iter(f"{W}t"):
        if owner(piece) is paragraph:
            long = len(piece.text or "")
            piece.text = plain[at : at + long]
            at += long
            if piece.text != piece.text.strip():
                piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
