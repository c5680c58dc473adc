"""The door through which a Word template comes in: it is refused for whatever a letterhead never needs.

What no reader of a report sees is taken out (docx_tidy). All else that is not on the list is named with its place, to
be taken out in Word by the one who put it in.

Source: threats 13, 14 and 15 of the project's threat list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial

from lxml import etree

from reportgen.findings import FindingsError, refuse
from reportgen.formats.docx_archive import NO_DOCUMENT, unpacked
from reportgen.formats.docx_drawings import drawing_faults
from reportgen.formats.docx_elements import LINK, LINK_HINT, element_faults
from reportgen.formats.docx_limits import limit_faults
from reportgen.formats.docx_pages import block_faults, height_faults, page_faults
from reportgen.formats.docx_sight import text_faults
from reportgen.formats.docx_tags import tag_faults
from reportgen.formats.docx_tidy import is_dropped, is_dropped_kind, tidied
from reportgen.formats.docx_xml import DOCUMENT, Fault, local, parsed, target_of
from reportgen.laboratory.model import File

_no = partial(Fault, "T414")
_LINKS = "word/_rels/document.xml.rels"
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
    require_none(_unsound(parts), file)
    found = [*_in_package(parts)]
    parts = tidied(parts)
    require_none((*found, *element_faults(parts)), file)
    require_none((*tag_faults(parts), *page_faults(parts)), file)
    require_none(limit_faults(parts), file)
    looks = (block_faults, height_faults, drawing_faults, text_faults)
    require_none((fault for look in looks for fault in look(parts)), file)
    return parts


def require_none(faults: Iterable[Fault], file: File) -> None:
    """Go no further with a fault: each check takes for granted what the one before it asks for."""
    findings = [each.finding(file.shown) for each in dict.fromkeys(faults)]
    if findings:
        raise FindingsError(findings)


def _unpacked(file: File) -> dict[str, bytes]:
    def no(message: str) -> FindingsError:
        return refuse("T414", message, file.shown, hint="save it again in Word as .docx")

    parts = unpacked(file.data, no)
    if _LINKS not in parts:
        raise no(NO_DOCUMENT)
    return parts


def _unsound(parts: dict[str, bytes]) -> Iterator[Fault]:
    """T414 for parts that are programs, of an unknown kind, or no XML that can be read safely."""
    for name, data in parts.items():
        ending = name.rpartition(".")[2]
        if is_dropped(name):
            continue
        if re.search(r"\.(bin|exe|dll|js|vbs|ole|swf|docm|dotm)$", name, re.IGNORECASE):
            yield _no(name, "holds a macro or program")
        elif ending not in _ENDINGS:
            yield _no(name, "a part of this kind is not offered")
        elif ending in ("xml", "rels"):
            if data[:4].startswith(_OTHER_ENCODINGS) or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
                yield _no(name, "declares a document type, or is not UTF-8")
                continue
            try:
                parsed(data)
            except etree.XMLSyntaxError:
                yield _no(name, "is not well-formed")


def _in_package(parts: dict[str, bytes]) -> Iterator[Fault]:
    """T414 for what the lists of parts and relationships bring in."""
    for name, data in parts.items():
        ending = name.rpartition(".")[2]
        if ending not in ("xml", "rels") or is_dropped(name):
            continue
        tree = parsed(data)
        if local(tree) != _ROOTS.get(name, _ROOTS.get(ending, local(tree))):
            yield _no(name, "is not what its name says")
        elif ending == "rels":
            yield from _relationships(tree, name, parts)
        elif name == "[Content_Types].xml":
            kept = [each for each in tree if not is_dropped((each.get("PartName") or "").lstrip("/"))]
            if any(_KINDS.search(each.get("ContentType") or "") for each in kept):
                yield _no(name, "names macros or embedded programs")


def _relationships(tree: etree._Element, name: str, parts: dict[str, bytes]) -> Iterator[Fault]:
    folder = name.rpartition("_rels/")[0]
    mains = [each.get("Target") or "" for each in tree if (each.get("Type") or "").endswith("/officeDocument")]
    if (name == "_rels/.rels") is not ([each.lstrip("/") for each in mains] == [DOCUMENT]):
        yield _no(name, "leads to another document than word/document.xml")
    for each in tree:
        kind = _RELATED.search(each.get("Type") or "")
        word = kind[1] if kind else "unknown"
        if is_dropped_kind((each.get("Type") or "").rpartition("/")[2]):
            continue
        if word not in _RELATIONSHIPS:
            yield _no(name, f"a relationship of the kind {word} is not offered")
        elif (each.get("TargetMode") or "").lower() == "external":
            target = each.get("Target") or ""
            if word != "hyperlink":
                yield _no(name, f"a relationship of the kind {word} leads outside the file")
            elif not LINK.match(target):
                what = f"a link leads outside the file to “{target[:60]}”"
                yield _no(name, f"{what}, which is neither a page (https:) nor an address", LINK_HINT)
        elif word != "hyperlink":
            path = target_of(each, folder)
            if path not in parts or is_dropped(path):
                yield _no(name, f"a relationship of the kind {word} leads to a part that does not exist")
