"""Our styles brought into a laboratory's Word template: what it has under the same name stays its own."""

from __future__ import annotations

from lxml import etree

from reportgen.formats.docx_styles import styles_xml
from reportgen.formats.docx_xml import W, name_of, parsed, serialized
from reportgen.formats.layout import Layout

_STYLES = "word/styles.xml"
_EFFECTS = "word/stylesWithEffects.xml"
_TYPES = "[Content_Types].xml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CORE = (
    "docProps/core.xml",
    "application/vnd.openxmlformats-package.core-properties+xml",
    f"{_PACKAGE}/relationships/metadata/core-properties",
)


def merged(parts: dict[str, bytes], layout: Layout, language: str) -> tuple[dict[str, bytes], dict[str, str]]:
    """The parts with every style that a report's blocks use, and our id of each → the id it has in this template."""
    parts = _without_effects(parts)
    theirs = parsed(parts[_STYLES]) if _STYLES in parts else None
    ours = parsed(styles_xml(layout, language).encode())
    if theirs is None:
        theirs = ours
        parts = _with_part(parts, _STYLES)
    names = {name_of(style).casefold(): style.get(f"{W}styleId") or "" for style in theirs.iter(f"{W}style")}
    ids = set(names.values())
    known: dict[str, str] = {}
    new = []
    for style in ours.iter(f"{W}style"):
        id = style.get(f"{W}styleId") or ""
        there = names.get(name_of(style).casefold())
        known[id] = there if there is not None else _free(id, ids)
        if there is None:
            style.attrib.pop(f"{W}default", None)
            style.set(f"{W}styleId", known[id])
            new.append(style)
    if theirs is not ours:
        for style in new:
            for tag in ("basedOn", "next"):
                each = style.find(f"{W}{tag}")
                if each is not None:
                    each.set(f"{W}val", known.get(each.get(f"{W}val") or "", "Normal"))
            theirs.append(style)
    return _with_core({**parts, _STYLES: serialized(theirs)}), known


def _free(id: str, taken: set[str]) -> str:
    while id in taken:
        id += "x"
    taken.add(id)
    return id


def _with_core(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The package with a place for the file's own properties, where it has none."""
    name, kind, relation = _CORE
    types, related = parsed(parts[_TYPES]), parsed(parts["_rels/.rels"])
    named = {each.get("PartName") for each in types}
    if f"/{name}" not in named:
        etree.SubElement(types, f"{{{_PACKAGE}/content-types}}Override", PartName=f"/{name}", ContentType=kind)
    cores = [each for each in related if (each.get("Type") or "").endswith("/core-properties")]
    for each in cores:
        related.remove(each)
    ids = {each.get("Id") or "" for each in related}
    etree.SubElement(
        related, f"{{{_PACKAGE}/relationships}}Relationship", Id=_free("rIdCore", ids), Type=relation, Target=name
    )
    kept = {key: data for key, data in parts.items() if not key.startswith("docProps/core")}
    return {**kept, _TYPES: serialized(types), "_rels/.rels": serialized(related)}


def _without_effects(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The package without the second copy of its styles that Word 2010 wrote: it would no longer be the same."""
    if _EFFECTS not in parts:
        return parts
    types, related = parsed(parts[_TYPES]), parsed(parts["word/_rels/document.xml.rels"])
    for tree, key in ((types, "PartName"), (related, "Target")):
        for each in list(tree):
            if (each.get(key) or "").rpartition("/")[2] == _EFFECTS.rpartition("/")[2]:
                tree.remove(each)
    kept = {key: data for key, data in parts.items() if key != _EFFECTS}
    return {**kept, _TYPES: serialized(types), "word/_rels/document.xml.rels": serialized(related)}


def _with_part(parts: dict[str, bytes], name: str) -> dict[str, bytes]:
    """The package with a styles part that it did not have."""
    types, related = parsed(parts[_TYPES]), parsed(parts["word/_rels/document.xml.rels"])
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"
    etree.SubElement(types, f"{{{_PACKAGE}/content-types}}Override", PartName=f"/{name}", ContentType=kind)
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
    ids = {each.get("Id") or "" for each in related}
    etree.SubElement(
        related,
        f"{{{_PACKAGE}/relationships}}Relationship",
        Id=_free("rIdStyles", ids),
        Type=relation,
        Target="styles.xml",
    )
    return {**parts, _TYPES: serialized(types), "word/_rels/document.xml.rels": serialized(related)}
