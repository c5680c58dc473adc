"""The door through which a Word template comes in: it is refused for whatever a letterhead never needs.

Nothing is repaired: what is found is named with its part, to be taken out in Word by the one who put it in.

Source: threats 13, 14 and 15 of the project's threat list.
"""

from __future__ import annotations

import lzma
import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from posixpath import normpath
from zipfile import BadZipFile, ZipFile

from lxml import etree

from reportgen.findings import Finding, FindingsError, Place
from reportgen.formats.design import contrast, is_pictures
from reportgen.laboratory.model import File

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{WORD}}}"
DOCUMENT = "word/document.xml"
_LARGEST, _RATIO, _PARTS = 50_000_000, 200, 500  # bytes unpacked, times its packed size, files
_SMALL = 1_000_000  # bytes that a part may unpack to whatever its ratio
_NEEDED = frozenset((DOCUMENT, "[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels"))
_ENDINGS = frozenset(("xml", "rels", "png", "jpg", "jpeg", "gif", "tif", "tiff", "bmp", "emf", "wmf", "odttf", "ttf"))
_RELATED = re.compile(r"/(?:relationships|relationships/metadata)/([A-Za-z-]+)$")
_RELATIONSHIPS = frozenset((
    "officeDocument", "core-properties", "extended-properties", "custom-properties", "thumbnail", "styles", "settings",
    "webSettings", "fontTable", "theme", "numbering", "header", "footer", "footnotes", "endnotes", "image", "hyperlink",
    "stylesWithEffects", "customXml", "customXmlProps", "glossaryDocument", "font", "people", "commentsIds",
))  # fmt: skip
_LINK = re.compile(r"^(https|mailto):", re.IGNORECASE)
_FIELDS = frozenset(("PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "STYLEREF", "SEQ", "HYPERLINK", "REF", "PAGEREF"))
_REFUSED = {
    "altChunk": "an imported file", "object": "an embedded object", "control": "an ActiveX control",
    "subDoc": "a sub-document", "attachedTemplate": "a template elsewhere", "mailMerge": "a mail merge",
    "ins": "a tracked insertion", "del": "a tracked deletion", "moveFrom": "a tracked move", "moveTo": "a tracked move",
}  # fmt: skip
_KINDS = re.compile(
    r"macroEnabled|vbaProject|activeX|oleObject|vnd\.ms-(?!word\.(?:stylesWithEffects|person))|application/x-|javascript|package$",
    re.IGNORECASE,
)
_ROOTS = {"[Content_Types].xml": "Types", "rels": "Relationships", DOCUMENT: "document"}
_PALE = frozenset(("background1", "background2", "light1", "light2"))  # theme colours that are those of the paper
_FAINT = 2.5  # contrast; a letterhead may be greyer than the words of a report
_SMALLEST = 13  # half points
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)


def opened(file: File) -> dict[str, bytes]:
    """The parts of a Word template by name.

    Raises:
        FindingsError: T414 for an archive that is broken, a bomb or ambiguous, and for whatever fetches, runs, imports
            or hides something: each with its part.
    """
    parts = _unpacked(file)
    findings = list(_in_parts(parts, file.shown))
    if findings:
        raise FindingsError(findings)
    return parts


def parsed(part: bytes) -> etree._Element:
    """A part as a tree; entities are not resolved and nothing is fetched."""
    return etree.fromstring(part, _PARSER)


def _unpacked(file: File) -> dict[str, bytes]:
    def no(message: str, hint: str = "save it again in Word as .docx") -> FindingsError:
        return FindingsError([Finding("T414", Place(file.shown), "", message, hint)])

    try:
        with ZipFile(BytesIO(file.data)) as package:
            entries = package.infolist()
            names = [entry.filename for entry in entries]
            if len(entries) > _PARTS or sum(entry.file_size for entry in entries) > _LARGEST:
                raise no("is far larger inside than a letterhead needs")
            if any(entry.file_size > max(_SMALL, _RATIO * entry.compress_size) for entry in entries):
                raise no("holds a part that is packed beyond all reason")
            if len({name.casefold() for name in names}) < len(names):
                raise no("holds two parts of one name")
            if any(_leaves(name) or entry.flag_bits & 1 for name, entry in zip(names, entries, strict=True)):
                raise no("holds a part with a name or a lock that Word does not write")
            parts = {name: package.read(name) for name in names if not name.endswith("/")}
    except (BadZipFile, EOFError, ValueError, NotImplementedError, OSError, RuntimeError, zlib.error, lzma.LZMAError):
        raise no("is not a Word file that can be read") from None
    if not parts.keys() >= _NEEDED:
        raise no("is not a Word document")
    return parts


def _leaves(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.split("/") or "\\" in name or ":" in name


def _in_parts(parts: dict[str, bytes], shown: str) -> Iterator[Finding]:
    for name, data in parts.items():
        if re.search(r"\.(bin|exe|dll|js|vbs|ole|swf|docm|dotm)$", name, re.IGNORECASE):
            yield _no(shown, name, "a macro or program stands in the file")
            continue
        ending = name.rpartition(".")[2]
        if ending not in _ENDINGS:
            yield _no(shown, name, "a part of this kind is not offered")
            continue
        if ending not in ("xml", "rels"):
            continue
        head = data[:4]
        if (
            head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00"))
            or b"<!DOCTYPE" in data
            or b"<!ENTITY" in data
        ):
            yield _no(shown, name, "declares a document type, or is not UTF-8")
            continue
        try:
            tree = parsed(data)
        except etree.XMLSyntaxError:
            yield _no(shown, name, "is not well-formed")
            continue
        if etree.QName(tree).localname != _ROOTS.get(name, _ROOTS.get(ending, etree.QName(tree).localname)):
            yield _no(shown, name, "is not what its name says")
        elif ending == "rels":
            yield from _relationships(tree, name, shown, parts)
        elif name == "[Content_Types].xml":
            kinds = [each.get("ContentType") or "" for each in tree]
            yield from (_no(shown, name, "names macros or embedded programs") for kind in kinds if _KINDS.search(kind))
        elif name.startswith("word/"):
            yield from _elements(tree, name, shown)


def _relationships(tree: etree._Element, name: str, shown: str, parts: dict[str, bytes]) -> Iterator[Finding]:
    folder = name.rpartition("_rels/")[0]
    mains = [each.get("Target") or "" for each in tree if (each.get("Type") or "").endswith("/officeDocument")]
    if (name == "_rels/.rels") is not ([each.lstrip("/") for each in mains] == [DOCUMENT]):
        yield _no(shown, name, "leads to another document than word/document.xml")
    for each in tree:
        kind = _RELATED.search(each.get("Type") or "")
        target, outside = each.get("Target") or "", (each.get("TargetMode") or "").lower() == "external"
        word = kind.group(1) if kind else "unknown"
        if word not in _RELATIONSHIPS:
            yield _no(shown, name, f"a relationship of the kind {word} is not offered")
        elif outside and (word != "hyperlink" or not _LINK.match(target)):
            yield _no(shown, name, f"a relationship of the kind {word} leads outside the file")
        elif not outside:
            path = target.lstrip("/") if target.startswith("/") else normpath(folder + target)
            if path not in parts and word not in ("thumbnail", "hyperlink"):
                yield _no(shown, name, f"a relationship of the kind {word} leads to a part that is not there")


def _elements(tree: etree._Element, name: str, shown: str) -> Iterator[Finding]:
    paragraph = 0
    for element in tree.iter():
        if not isinstance(element.tag, str):
            yield _no(shown, name, "a processing instruction or entity is not offered")
            continue
        tag = etree.QName(element).localname
        paragraph += tag == "p" and element.tag.startswith(W)
        where = f"{name}, paragraph {paragraph}" if paragraph else name
        value = (element.get(f"{W}val") or "").lower()
        if tag in _REFUSED and element.tag.startswith(W):
            yield _no(shown, where, f"{_REFUSED[tag]} is not offered")
        elif tag in ("vanish", "specVanish", "webHidden") and value not in ("0", "false", "off"):
            yield Finding("T413", Place(shown), where, "holds hidden text or a style that hides")
        elif tag in ("sz", "color", "rFonts") and element.tag.startswith(W) and _unreadable(element, value):
            message = "holds text that is too small or too pale to be read, or set in a font of pictures"
            yield Finding("T413", Place(shown), where, message)
        elif tag == "fldSimple":
            yield from _field(element.get(f"{W}instr") or "", where, shown)
    for instruction in _instructions(tree):
        yield from _field(instruction, name, shown)


def _unreadable(element: etree._Element, value: str) -> bool:
    """Whether a size or a colour leaves text that nobody sees; table styles may set white on a dark ground."""
    style = next(element.iterancestors(f"{W}style"), None)
    if style is not None and style.get(f"{W}type") not in ("paragraph", "character"):
        return False
    if next(element.iterancestors(f"{W}numbering"), None) is not None:
        return False  # bullets
    if etree.QName(element).localname == "rFonts":
        return any(is_pictures(str(family)) for family in element.attrib.values())
    if etree.QName(element).localname == "sz":
        return value.isdigit() and int(value) < _SMALLEST
    pale = (element.get(f"{W}themeColor") or "") in _PALE
    return pale or (bool(re.fullmatch(r"[0-9a-f]{6}", value)) and contrast(value, "ffffff") < _FAINT)


def _instructions(tree: etree._Element) -> Iterator[str]:
    """The instructions of fields, put together from the pieces between a field's begin and its result."""
    open_fields: list[list[str]] = []
    for element in tree.iter(f"{W}fldChar", f"{W}instrText", f"{W}delInstrText"):
        kind = element.get(f"{W}fldCharType")
        if kind == "begin":
            open_fields.append([])
        elif kind in ("separate", "end"):
            if open_fields and open_fields[-1]:
                yield "".join(open_fields[-1])
                open_fields[-1].clear()
            if kind == "end" and open_fields:
                open_fields.pop()
        elif open_fields:
            open_fields[-1].append(element.text or "")
        else:
            yield element.text or ""


def _field(instruction: str, where: str, shown: str) -> Iterator[Finding]:
    words = instruction.replace('"', " ").split()
    kind = words[0].upper() if words else ""
    if kind and kind not in _FIELDS:
        yield _no(shown, where, f"the field {kind[:20]} is not offered")


def _no(shown: str, path: str, message: str) -> Finding:
    return Finding("T414", Place(shown), path, message)
