"""Whether a part of a Word template is built of what docx_allowed lists, and its fields of page numbers and links."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from reportgen.findings import Finding, Place
from reportgen.formats.docx_allowed import ANYWHERE, DRAWN, IN_WORDS, PARENTS, PROPERTIES, UPRIGHT
from reportgen.formats.docx_xml import FILLED, STYLES, W, is_on, local, name_of, parsed, value, words

LINK = re.compile(r"^(https://|mailto:)", re.IGNORECASE)
_TEXTS = frozenset(("t", "instrText", "posOffset", "align"))
_HIDING = ("vanish", "specVanish", "webHidden")
_REFUSED_SETTINGS = ("attachedTemplate", "mailMerge")
_COUNTS = re.compile(
    r"\s*(PAGE|NUMPAGES|SECTION|SECTIONPAGES)(\s+\\\*\s*(MERGEFORMAT|CHARFORMAT|ARABIC|ROMAN|ALPHABETIC))*\s*",
    re.IGNORECASE,
)
_LINKS = re.compile(r'\s*HYPERLINK\s+(?:"([^"]*)"|([^\s"\\]+))?(?:\s*\\[lot]\s*(?:"[^"]*"|\w+)?|\s*\\[hmn])*\s*', re.I)
_DATES = ("DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE", "EDITTIME")
_COUNTED = re.compile(r"\s*[\w.\-]{0,6}\s*")
_JINJA = re.compile(r"\{[{%#]")
_LIST_WORDS = re.compile(r"%\d|[^\w]|_")
_NUMBERS = (
    "bullet", "decimal", "decimalZero", "lowerLetter", "upperLetter", "lowerRoman", "upperRoman", "ordinal", "none",
)  # fmt: skip


def element_findings(parts: dict[str, bytes], shown: str) -> Iterator[Finding]:
    """T413 and T414 for elements, settings and fields that the template may not hold, each with its paragraph."""
    for name, data in parts.items():
        if not name.startswith("word/") or not name.endswith(".xml"):
            continue
        tree = parsed(data)
        if FILLED.match(name):
            yield from _structure(tree, name, shown)
            yield from _fields(tree, name, shown)
        elif name == STYLES:
            yield from _styles(tree, shown)
        elif name == "word/numbering.xml":
            yield from _lists(tree, name, shown)
        elif local(tree) == "settings":
            for tag in _REFUSED_SETTINGS:
                yield from (_refused(tag, name, shown) for _ in tree.iter(f"{W}{tag}"))
        elif not _is_plain(tree):
            yield Finding("T414", Place(shown), name, "is a part of words that no page of the template leads to")


def _is_plain(tree: etree._Element) -> bool:
    """Whether a part is one of Word's lists and settings, which hold no words of a page."""
    return local(tree) in ("theme", "fonts", "webSettings", "styles", "numbering", "settings", "Sources", "recipients")


def _structure(tree: etree._Element, name: str, shown: str) -> Iterator[Finding]:
    count, refused = 0, None
    for element in tree.iter():
        tag = local(element)
        count += element.tag == f"{W}p"
        where = f"{name}, paragraph {count or 1}" if element is not tree else name
        if refused is not None and refused in element.iterancestors():
            continue  # it is named already
        if not tag:
            yield _no(shown, where, "a processing instruction or entity is not offered", "save it again in Word")
            continue
        above = element.getparent()
        if not _belongs(element, tag, above):
            refused = element
            yield _refused(tag, where, shown)
        elif tag in _HIDING and element.tag == f"{W}{tag}" and is_on(element):
            yield _hidden(where, shown)
        if _holds_words(element, tag) or any(_JINJA.search(str(each)) for each in element.attrib.values()):
            message = "words or a placeholder are outside the text"
            yield Finding("T408", Place(shown), where, message, "type the placeholder as plain text")
        if element.tag == f"{W}p":
            yield from _merged_away(element, where, shown)


def _belongs(element: etree._Element, tag: str, above: etree._Element | None) -> bool:
    """Whether an element is one that may stand where it does."""
    inside = local(above) if above is not None else ""
    if element.tag != f"{W}{tag}":
        namespace = str(etree.QName(element).namespace or "")
        if tag == "AlternateContent":
            return (
                inside == "r"
                and all(local(each) == "Choice" for each in element)
                and len(element) == 1
                and (len(element[0]) == 1 and local(element[0][0]) == "drawing" and _is_shape(element[0]))
            )
        return (namespace.startswith(DRAWN) and next(element.iterancestors(f"{W}drawing"), None) is not None) or (
            tag == "Choice" and inside == "AlternateContent"
        )
    if above is None:
        return True
    if tag in PARENTS:
        return inside in PARENTS[tag]
    if tag == "textDirection":
        return value(element) in UPRIGHT and inside in PROPERTIES
    if tag in ANYWHERE:
        return True
    for outer in (above, *above.iterancestors()):
        if local(outer) in PROPERTIES:
            return tag in PROPERTIES[local(outer)] if outer is above else local(outer) != "rPr"
        if local(outer) in ("tblGrid", "footnotePr", "endnotePr"):
            return True
    return False


def _is_shape(choice: etree._Element) -> bool:
    known = "http://schemas.microsoft.com/office/word/2010/wordprocessing"
    needed = (choice.get("Requires") or "").split()
    return bool(needed) and all((choice.nsmap.get(each) or "") in (f"{known}Shape", f"{known}Group") for each in needed)


def _holds_words(element: etree._Element, tag: str) -> bool:
    text, tail = element.text or "", element.tail or ""
    return bool(tail.strip()) or (bool(text.strip()) and tag not in _TEXTS)


def _merged_away(paragraph: etree._Element, where: str, shown: str) -> Iterator[Finding]:
    """T413 for words in a cell that is joined to the one before or above it, which shows its own words alone."""
    cell = next(paragraph.iterancestors(f"{W}tc"), None)
    if cell is None or not words(paragraph).strip():
        return
    for tag in ("vMerge", "hMerge"):
        merge = cell.find(f"{W}tcPr/{W}{tag}")
        if merge is not None and value(merge) != "restart":
            message = "words are in a cell that is merged into another, where they are not visible"
            yield Finding("T413", Place(shown), where, message, "move the words, or split the cells")


def _styles(tree: etree._Element, shown: str) -> Iterator[Finding]:
    for element in tree.iter():
        tag, above = local(element), element.getparent()
        style = next(element.iterancestors(f"{W}style"), None)
        where = STYLES if style is None else f"{STYLES}, style “{name_of(style)}”"
        if not tag:
            yield _no(shown, where, "a processing instruction or entity is not offered", "save it again in Word")
        elif tag in _HIDING and element.tag == f"{W}{tag}" and is_on(element):
            yield _hidden(where, shown)
        elif _is_unlisted(element, tag, above):
            yield _refused(tag, where, shown)


def _is_unlisted(element: etree._Element, tag: str, above: etree._Element | None) -> bool:
    """Whether a setting of a style is one that is not listed."""
    inside = local(above) if above is not None else ""
    listed = inside not in PROPERTIES or tag in PROPERTIES[inside]
    return not listed or (tag == "textDirection" and value(element) not in UPRIGHT)


def _lists(tree: etree._Element, name: str, shown: str) -> Iterator[Finding]:
    """T414 for lists that write words before each of their lines, and for pictures as bullets."""
    for _ in tree.iter(f"{W}numPicBullet"):
        yield _refused("numPicBullet", name, shown)
    for level in tree.iter(f"{W}lvl"):
        prefix, kind = value(level.find(f"{W}lvlText")), value(level.find(f"{W}numFmt")) or "decimal"
        left = _LIST_WORDS.sub("", prefix)
        if (left and not (kind == "bullet" and len(prefix.strip()) == 1)) or kind not in _NUMBERS:
            what = f"the words “{prefix}”" if left else f"numbers as words ({kind})"
            yield _no(
                shown, name, f"a list writes {what} before each of its lines",
                "choose plain bullets or numbers for the list; type the words as text",
            )  # fmt: skip
        for setting in level.iterfind(f"{W}pPr/*"):
            if local(setting) not in PROPERTIES["pPr"]:
                yield _refused(local(setting), name, shown)


def _fields(tree: etree._Element, name: str, shown: str) -> Iterator[Finding]:
    """Findings for each field's instruction and for what stands within fields."""
    count, open_fields = 0, []
    for element in tree.iter():
        tag = local(element)
        count += element.tag == f"{W}p"
        where = f"{name}, paragraph {count}" if count else name
        if tag == "fldSimple":
            instruction = value(element, "instr")
            yield from _instruction(instruction, where, shown)
            for text in element.iter(f"{W}t"):
                yield from _result(instruction, text.text or "", where, shown)
        elif tag == "fldChar":
            kind = value(element, "fldCharType")
            if kind == "begin":
                open_fields.append(_Field())
            elif open_fields and kind in ("separate", "end"):
                yield from open_fields[-1].told(where, shown)
                open_fields[-1].shows = True
                if kind == "end":
                    open_fields.pop()
        elif tag == "instrText":
            if open_fields:
                open_fields[-1].instruction += element.text or ""
            else:
                yield from _instruction(element.text or "", where, shown)
        elif element.tag == f"{W}t" and open_fields:
            if not all(field.shows for field in open_fields):
                yield _within("are in the code of a field, where they are not visible", where, shown)
            else:
                yield from _result(open_fields[-1].instruction, element.text or "", where, shown)
    for field in open_fields:
        yield from field.told(name, shown)
        yield _no(shown, name, "a field has no end", "delete the field and insert it again")


class _Field:
    """A field that has begun: its instruction so far, and whether its result is being shown."""

    def __init__(self) -> None:
        self.instruction = ""
        self.shows = False
        self.is_told = False

    def told(self, where: str, shown: str) -> Iterator[Finding]:
        """What is wrong with its instruction, once."""
        if not self.is_told:
            yield from _instruction(self.instruction, where, shown)
        self.is_told = True


def _instruction(instruction: str, where: str, shown: str) -> Iterator[Finding]:
    typed = instruction.replace('"', " ").split()
    kind = typed[0].upper()[:20] if typed else ""
    if not kind or _COUNTS.fullmatch(instruction):
        return
    link = _LINKS.fullmatch(instruction)
    if kind == "HYPERLINK":
        target = (link[1] or link[2] or "") if link else "?"
        if target and not LINK.match(target):
            message = f"the field HYPERLINK leads to “{target[:60]}”, which is neither a page (https:) nor an address"
            yield _no(shown, where, message, "let the link begin with https:// or mailto:")
    elif kind in _DATES:
        hint = "delete it: the report prints its own dates, for example {{ case.collected }}"
        yield _no(shown, where, f"the field {kind} is not offered: it shows another day on another day", hint)
    else:
        hint = "type the words as text; fields may count pages (PAGE, NUMPAGES) and link to https pages"
        yield _no(shown, where, f"the field {kind} is not offered", hint)


def _result(instruction: str, text: str, where: str, shown: str) -> Iterator[Finding]:
    """What is wrong with words that stand in a field's result."""
    if _JINJA.search(text):
        yield _within("for a placeholder stand in a field, which puts its own in their place", where, shown)
    elif _COUNTS.fullmatch(instruction) and not _COUNTED.fullmatch(text):
        yield _within("stand in a page number, which takes their place", where, shown)


def _within(what: str, where: str, shown: str) -> Finding:
    return _no(shown, where, f"words {what}", "type them outside the field")


def _hidden(where: str, shown: str) -> Finding:
    return Finding("T413", Place(shown), where, "holds hidden text", "turn Hidden off in Font, or delete the text")


def _refused(tag: str, where: str, shown: str) -> Finding:
    what, hint = IN_WORDS.get(tag, (f"something that no letter needs ({tag})", "delete it, or type it as plain text"))
    return _no(shown, where, f"{what} is not offered", hint)


def _no(shown: str, path: str, message: str, hint: str = "") -> Finding:
    return Finding("T414", Place(shown), path, message, hint)
