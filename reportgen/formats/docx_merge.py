"""Our styles brought into a laboratory's Word template: what it has under the same name stays its own."""

from __future__ import annotations

from lxml import etree

from reportgen.formats.docx_styles import styles_xml
from reportgen.formats.docx_xml import STYLES, W, name_of, parsed, serialized, value
from reportgen.formats.layout import Layout

_TYPES, _ROOT, _DOCUMENT = "[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CORE = "docProps/core.xml"


def merged(parts: dict[str, bytes], layout: Layout, language: str) -> tuple[dict[str, bytes], dict[str, str]]:
    """The parts with every style that a report's blocks use, and our id of each → the id it has in this template."""
    ours = parsed(styles_xml(layout, language).encode())
    theirs = parsed(parts[STYLES]) if STYLES in parts else None
    if theirs is None:
        known = {id: id for id in (value(style, "styleId") for style in ours.iter(f"{W}style"))}
    else:
        known = _add_styles(theirs, ours)
    types, root, document = (parsed(parts[name]) for name in (_TYPES, _ROOT, _DOCUMENT))
    if theirs is None:
        office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"
        _list_part(types, STYLES, kind)
        _relate(document, "rIdStyles", f"{office}/styles", "styles.xml")
    for each in [each for each in root if (each.get("Type") or "").endswith("/core-properties")]:
        root.remove(each)
    _list_part(types, _CORE, "application/vnd.openxmlformats-package.core-properties+xml")
    _relate(root, "rIdCore", f"{_PACKAGE}/relationships/metadata/core-properties", _CORE)
    kept = {name: data for name, data in parts.items() if not name.startswith("docProps/core")}
    changed = {STYLES: ours if theirs is None else theirs, _TYPES: types, _ROOT: root}
    changed |= {_DOCUMENT: document} if theirs is None else {}
    return {**kept, **{name: serialized(tree) for name, tree in changed.items()}}, known


def _add_styles(theirs: etree._Element, ours: etree._Element) -> dict[str, str]:
    """Add to their styles those of ours that they lack; our id of each style → the id it has among theirs."""
    names = {name_of(style).casefold(): value(style, "styleId") for style in theirs.iter(f"{W}style")}
    ids, known, new = set(names.values()), dict[str, str](), list[etree._Element]()
    for style in ours.iter(f"{W}style"):
        id, there = value(style, "styleId"), names.get(name_of(style).casefold())
        known[id] = there if there is not None else _free(id, ids)
        if there is None:
            style.attrib.pop(f"{W}default", None)
            style.set(f"{W}styleId", known[id])
            new.append(style)
    for style in new:
        for each in style.iterchildren(f"{W}basedOn", f"{W}next"):
            each.set(f"{W}val", known.get(value(each), "Normal"))
        theirs.append(style)
    return known


def _free(id: str, taken: set[str]) -> str:
    while id in taken:
        id += "x"
    taken.add(id)
    return id


def _list_part(types: etree._Element, name: str, kind: str) -> None:
    """Give a part its content type, where it has none."""
    if f"/{name}" not in {each.get("PartName") for each in types}:
        etree.SubElement(types, f"{{{_PACKAGE}/content-types}}Override", PartName=f"/{name}", ContentType=kind)


def _relate(related: etree._Element, id: str, kind: str, target: str) -> None:
    """Add a relationship, under an id that no other has."""
    free = _free(id, {each.get("Id") or "" for each in related})
    etree.SubElement(related, f"{{{_PACKAGE}/relationships}}Relationship", Id=free, Type=kind, Target=target)
