"""The door through which a Word template comes in: it is refused for whatever a letterhead never needs.

What no reader of a report sees is taken out (docx_tidy). All else that is not on the list is named with its place, to
be taken out in Word by the one who put it in.

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
from reportgen.formats.docx_drawings import drawing_findings
from reportgen.formats.docx_elements import LINK, element_findings
from reportgen.formats.docx_heights import height_findings
from reportgen.formats.docx_limits import limit_findings
from reportgen.formats.docx_pages import block_findings, page_findings
from reportgen.formats.docx_sight import text_findings
from reportgen.formats.docx_tags import tag_findings
from reportgen.formats.docx_tidy import is_dropped, is_dropped_kind, tidied
from reportgen.formats.docx_xml import DOCUMENT, local, parsed
from reportgen.laboratory.model import File

_LARGEST, _RATIO, _PARTS = 50_000_000, 200, 500  # bytes unpacked, times its packed size, files
_SMALL = 1_000_000  # bytes that a part may unpack to whatever its ratio
_NEEDED = frozenset((DOCUMENT, "[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels"))
_ENDINGS = frozenset(("xml", "rels", "png", "jpg", "jpeg", "gif", "tif", "tiff", "bmp", "emf", "wmf", "odttf", "ttf"))
_RELATED = re.compile(r"/(?:relationships|relationships/metadata)/([A-Za-z-]+)$")
_RELATIONSHIPS = frozenset((
    "officeDocument", "core-properties", "extended-properties", "styles", "settings", "webSettings", "fontTable",
    "theme", "numbering", "header", "footer", "footnotes", "endnotes", "image", "hyperlink", "font",
))  # fmt: skip
_KINDS = re.compile(
    r"macroEnabled|vbaProject|activeX|oleObject|vnd\.ms-|application/x-|javascript|package$",
    re.IGNORECASE,
)
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00")
_ROOTS = {"[Content_Types].xml": "Types", "rels": "Relationships", DOCUMENT: "document"}


def opened(file: File) -> dict[str, bytes]:
    """The parts of a Word template by name.

    Raises:
        FindingsError: T414 for an archive that is broken, a bomb or ambiguous, and for whatever fetches, runs, imports
            or hides something: each with its part; T408 and T416 for placeholders that are not whole.
    """
    parts = _unpacked(file)
    _require([*_unsound(parts, file.shown)])
    found = [*_in_package(parts, file.shown)]
    parts = tidied(parts)
    _require([*found, *element_findings(parts, file.shown)])
    _require([*tag_findings(parts, file.shown), *page_findings(parts, file.shown)])
    _require([*limit_findings(parts, file.shown)])
    looks = (block_findings, height_findings, drawing_findings, text_findings)
    _require([finding for look in looks for finding in look(parts, file.shown)])
    return parts


def _require(findings: list[Finding]) -> None:
    """Go no further with findings: each look takes for granted what the one before it asks for."""
    if findings:
        raise FindingsError(list(dict.fromkeys(findings)))


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


def _unsound(parts: dict[str, bytes], shown: str) -> Iterator[Finding]:
    """T414 for parts that are programs, of an unknown kind, or no XML that can be read safely."""
    for name, data in parts.items():
        ending = name.rpartition(".")[2]
        if re.search(r"\.(bin|exe|dll|js|vbs|ole|swf|docm|dotm)$", name, re.IGNORECASE) and not is_dropped(name):
            yield _no(shown, name, "holds a macro or program")
        elif ending not in _ENDINGS and not is_dropped(name):
            yield _no(shown, name, "a part of this kind is not offered")
        elif ending in ("xml", "rels") and not is_dropped(name):
            if data[:4].startswith(_OTHER_ENCODINGS) or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
                yield _no(shown, name, "declares a document type, or is not UTF-8")
                continue
            try:
                parsed(data)
            except etree.XMLSyntaxError:
                yield _no(shown, name, "is not well-formed")


def _in_package(parts: dict[str, bytes], shown: str) -> Iterator[Finding]:
    """T414 for what the lists of parts and relationships bring in."""
    for name, data in parts.items():
        ending = name.rpartition(".")[2]
        if ending not in ("xml", "rels") or is_dropped(name):
            continue
        tree = parsed(data)
        if local(tree) != _ROOTS.get(name, _ROOTS.get(ending, local(tree))):
            yield _no(shown, name, "is not what its name says")
        elif ending == "rels":
            yield from _relationships(tree, name, shown, parts)
        elif name == "[Content_Types].xml":
            kept = [each for each in tree if not is_dropped((each.get("PartName") or "").lstrip("/"))]
            kinds = [each.get("ContentType") or "" for each in kept]
            yield from (_no(shown, name, "names macros or embedded programs") for kind in kinds if _KINDS.search(kind))


def _relationships(tree: etree._Element, name: str, shown: str, parts: dict[str, bytes]) -> Iterator[Finding]:
    folder = name.rpartition("_rels/")[0]
    mains = [each.get("Target") or "" for each in tree if (each.get("Type") or "").endswith("/officeDocument")]
    if (name == "_rels/.rels") is not ([each.lstrip("/") for each in mains] == [DOCUMENT]):
        yield _no(shown, name, "leads to another document than word/document.xml")
    for each in tree:
        kind = _RELATED.search(each.get("Type") or "")
        target, outside = each.get("Target") or "", (each.get("TargetMode") or "").lower() == "external"
        word = kind.group(1) if kind else "unknown"
        if is_dropped_kind((each.get("Type") or "").rpartition("/")[2]):
            continue
        if word not in _RELATIONSHIPS:
            yield _no(shown, name, f"a relationship of the kind {word} is not offered")
        elif outside and word == "hyperlink" and not LINK.match(target):
            message = (
                f"a link leads outside the file to “{target[:60]}”, which is neither a page (https:) nor an address"
            )
            yield _no(shown, name, message, "let the link begin with https:// or mailto:")
        elif outside and word != "hyperlink":
            yield _no(shown, name, f"a relationship of the kind {word} leads outside the file")
        elif not outside:
            path = target.lstrip("/") if target.startswith("/") else normpath(folder + target)
            if (path not in parts or is_dropped(path)) and word not in ("thumbnail", "hyperlink"):
                yield _no(shown, name, f"a relationship of the kind {word} leads to a part that does not exist")


def _no(shown: str, path: str, message: str, hint: str = "") -> Finding:
    return Finding("T414", Place(shown), path, message, hint)
