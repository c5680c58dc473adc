"""Whether a part of a Word template is built of what docx_allowed lists, and its fields of page numbers and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from lxml import etree

from reportgen.formats.docx_allowed import ANYWHERE, DRAWN, IN_WORDS, PARENTS, PROPERTIES, UPRIGHT
from reportgen.formats.docx_xml import FILLED, NUMBERING, STYLES, Fault, W, is_on, local, parsed, styled, value, words

LINK = re.compile(r"^(https://|mailto:)", re.IGNORECASE)
LINK_HINT = "let the link begin with https:// or mailto:"
_no = partial(Fault, "T414")
_TEXTS = frozenset(("t", "instrText", "posOffset", "align"))
_HIDING = ("vanish", "specVanish", "webHidden")
_HIDDEN = "holds hidden text", "turn Hidden off in Font, or delete the text"
_INSTRUCTION = "a processing instruction or entity is not offered", "save it again in Word"
_REFUSED_SETTINGS = ("attachedTemplate", "mailMerge")
_WITHOUT_WORDS = ("theme", "fonts", "webSettings", "styles", "numbering", "settings", "Sources", "recipients")
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


def element_faults(parts: dict[str, bytes]) -> Iterator[Fault]:
    """T413 and T414 for elements, settings and fields that the template may not hold, each with its paragraph."""
    for name, data in parts.items():
        if not name.startswith("word/") or not name.endswith(".xml"):
            continue
        tree = parsed(data)
        if FILLED.match(name):
            yield from _structure(tree, name)
            yield from _fields(tree, name)
        elif name == STYLES:
            yield from _styles(tree)
        elif name == NUMBERING:
            yield from _lists(tree)
        elif local(tree) == "settings":
            yield from (_refused(tag, name) for tag in _REFUSED_SETTINGS for _ in tree.iter(f"{W}{tag}"))
        elif local(tree) not in _WITHOUT_WORDS:
            yield _no(name, "is a part of words that no page of the template leads to")


def _structure(tree: etree._Element, name: str) -> Iterator[Fault]:
    count, refused = 0, None
    for element in tree.iter():
        tag = local(element)
        count += element.tag == f"{W}p"
        where = f"{name}, paragraph {count or 1}" if element is not tree else name
        if refused is not None and refused in element.iterancestors():
            continue  # it is named already
        if not tag:
            yield _no(where, *_INSTRUCTION)
            continue
        if not _belongs(element, tag):
            refused = element
            yield _refused(tag, where)
        elif _is_hiding(element, tag):
            yield Fault("T413", where, *_HIDDEN)
        if _holds_words(element, tag) or any(_JINJA.search(str(each)) for each in element.attrib.values()):
            yield Fault(
                "T408", where, "words or a placeholder are outside the text", "type the placeholder as plain text"
            )
        if element.tag == f"{W}p":
            yield from _merged_away(element, where)


def _is_hiding(element: etree._Element, tag: str) -> bool:
    return tag in _HIDING and element.tag == f"{W}{tag}" and is_on(element)


def _belongs(element: etree._Element, tag: str) -> bool:
    """Whether an element may be where it is."""
    above = element.getparent()
    inside = local(above) if above is not None else ""
    if element.tag != f"{W}{tag}":
        if tag == "AlternateContent":
            return inside == "r" and [local(each) for each in element] == ["Choice"] and _is_shape(element[0])
        is_drawn = str(etree.QName(element).namespace or "").startswith(DRAWN)
        return (is_drawn and next(element.iterancestors(f"{W}drawing"), None) is not None) or (
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
    """Whether a choice is one drawing, and needs nothing but what every program draws."""
    known = "http://schemas.microsoft.com/office/word/2010/wordprocessing"
    needed = (choice.get("Requires") or "").split()
    is_known = all((choice.nsmap.get(each) or "") in (f"{known}Shape", f"{known}Group") for each in needed)
    return [local(each) for each in choice] == ["drawing"] and bool(needed) and is_known


def _holds_words(element: etree._Element, tag: str) -> bool:
    text, tail = element.text or "", element.tail or ""
    return bool(tail.strip()) or (bool(text.strip()) and tag not in _TEXTS)


def _merged_away(paragraph: etree._Element, where: str) -> Iterator[Fault]:
    """T413 for words in a cell that is joined to the one before or above it, which shows its own words alone."""
    cell = next(paragraph.iterancestors(f"{W}tc"), None)
    if cell is None or not words(paragraph).strip():
        return
    for tag in ("vMerge", "hMerge"):
        merge = cell.find(f"{W}tcPr/{W}{tag}")
        if merge is not None and value(merge) != "restart":
            message = "words are in a cell that is merged into another, where they are not visible"
            yield Fault("T413", where, message, "move the words, or split the cells")


def _styles(tree: etree._Element) -> Iterator[Fault]:
    for element in tree.iter():
        tag = local(element)
        if tag and not _is_hiding(element, tag) and not _is_unlisted(element, tag):
            continue
        where = styled(STYLES, next(element.iterancestors(f"{W}style"), None))
        if not tag:
            yield _no(where, *_INSTRUCTION)
        elif _is_hiding(element, tag):
            yield Fault("T413", where, *_HIDDEN)
        else:
            yield _refused(tag, where)


def _is_unlisted(element: etree._Element, tag: str) -> bool:
    """Whether a setting of a style is not listed."""
    above = element.getparent()
    listed = PROPERTIES.get(local(above) if above is not None else "")
    is_upright = tag != "textDirection" or value(element) in UPRIGHT
    return not is_upright or (listed is not None and tag not in listed)


def _lists(tree: etree._Element) -> Iterator[Fault]:
    """T414 for lists that write words before each of their lines, and for pictures as bullets."""
    for _ in tree.iter(f"{W}numPicBullet"):
        yield _refused("numPicBullet", NUMBERING)
    for level in tree.iter(f"{W}lvl"):
        prefix, kind = value(level.find(f"{W}lvlText")), value(level.find(f"{W}numFmt")) or "decimal"
        left = _LIST_WORDS.sub("", prefix)
        if (left and not (kind == "bullet" and len(prefix.strip()) == 1)) or kind not in _NUMBERS:
            what = f"the words “{prefix}”" if left else f"numbers as words ({kind})"
            hint = "choose plain bullets or numbers for the list; type the words as text"
            yield _no(NUMBERING, f"a list writes {what} before each of its lines", hint)
        for setting in level.iterfind(f"{W}pPr/*"):
            if local(setting) not in PROPERTIES["pPr"]:
                yield _refused(local(setting), NUMBERING)


@dataclass
class _Field:
    """A field that has begun: its instruction so far, and whether it shows its result, so that it was checked."""

    instruction: str = ""
    shows: bool = False

    def checked(self, where: str) -> Iterator[Fault]:
        """What is wrong with its instruction, once."""
        if not self.shows:
            self.shows = True
            yield from _instruction(self.instruction, where)


def _fields(tree: etree._Element, name: str) -> Iterator[Fault]:
    """What is wrong with the instruction of each field, and with the words in fields."""
    count, open_fields = 0, list[_Field]()
    for element in tree.iter():
        tag = local(element)
        count += element.tag == f"{W}p"
        where = f"{name}, paragraph {count}" if count else name
        if tag == "fldSimple":
            instruction = value(element, "instr")
            yield from _instruction(instruction, where)
            for text in element.iter(f"{W}t"):
                yield from _result(instruction, text.text or "", where)
        elif tag == "fldChar":
            kind = value(element, "fldCharType")
            if kind == "begin":
                open_fields.append(_Field())
            elif open_fields and kind in ("separate", "end"):
                yield from open_fields[-1].checked(where)
                if kind == "end":
                    open_fields.pop()
        elif tag == "instrText":
            if open_fields:
                open_fields[-1].instruction += element.text or ""
            else:
                yield from _instruction(element.text or "", where)
        elif element.tag == f"{W}t" and open_fields:
            if not all(field.shows for field in open_fields):
                yield _within("are in the code of a field, where they are not visible", where)
            else:
                yield from _result(open_fields[-1].instruction, element.text or "", where)
    for field in open_fields:
        yield from field.checked(name)
        yield _no(name, "a field has no end", "delete the field and insert it again")


def _instruction(instruction: str, where: str) -> Iterator[Fault]:
    typed = instruction.replace('"', " ").split()
    kind = typed[0].upper()[:20] if typed else ""
    if not kind or _COUNTS.fullmatch(instruction):
        return
    if kind == "HYPERLINK":
        link = _LINKS.fullmatch(instruction)
        target = (link[1] or link[2] or "") if link else "?"
        if target and not LINK.match(target):
            message = f"the field HYPERLINK leads to “{target[:60]}”, which is neither a page (https:) nor an address"
            yield _no(where, message, LINK_HINT)
    elif kind in _DATES:
        hint = "delete it: the report prints its own dates, for example {{ case.collected }}"
        yield _no(where, f"the field {kind} is not offered: it shows another day on another day", hint)
    else:
        hint = "type the words as text; fields may count pages (PAGE, NUMPAGES) and link to https pages"
        yield _no(where, f"the field {kind} is not offered", hint)


def _result(instruction: str, text: str, where: str) -> Iterator[Fault]:
    """What is wrong with words in a field's result."""
    if _JINJA.search(text):
        yield _within("for a placeholder are inside a field, which replaces them", where)
    elif _COUNTS.fullmatch(instruction) and not _COUNTED.fullmatch(text):
        yield _within("are inside a page number, which replaces them", where)


def _within(what: str, where: str) -> Fault:
    return _no(where, f"words {what}", "type them outside the field")


def _refused(tag: str, where: str) -> Fault:
    what, hint = IN_WORDS.get(tag, (f"something that no letter needs ({tag})", "delete it, or type it as plain text"))
    return _no(where, f"{what} is not offered", hint)
