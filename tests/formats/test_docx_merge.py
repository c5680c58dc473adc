"""Our styles in a laboratory's Word template: added once, theirs kept, and a package that lacks a part gets it."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from lxml import etree

from reportgen.formats.docx_merge import merged
from reportgen.formats.docx_styles import styles_xml
from reportgen.formats.layout import load_layout
from tests.formats.word_templates import (
    BODY,
    RELATED,
    TYPES,
    W,
    changed_part,
    filled,
    good,
    packed,
    parts_of,
    text_of,
    tree_of,
    with_part,
    without_part,
)

STYLES = "word/styles.xml"
CORE = "docProps/core.xml"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006"


def _merge(data: bytes) -> tuple[bytes, dict[str, str]]:
    parts, known = merged(parts_of(data), load_layout(), "en-US")
    return packed({CORE: b"<a/>", **parts}), known


def _name(style: etree._Element) -> str:
    name = style.find(f"{W}name")
    return (name.get(f"{W}val") or "").casefold() if name is not None else ""


def _styles(tree: etree._Element) -> dict[str, etree._Element]:
    """Styles by name; each stands there once."""
    found = list(tree.iter(f"{W}style"))
    by_name = {_name(style): style for style in found}
    assert len(by_name) == len(found)
    return by_name


def _ours() -> dict[str, etree._Element]:
    return _styles(etree.fromstring(styles_xml(load_layout(), "en-US").encode()))


def _without_styles(data: bytes) -> bytes:
    parts = parts_of(without_part(data, STYLES))
    for name, pattern in (
        (RELATED, rb'<Relationship [^>]*/styles"[^>]*/>'),
        (TYPES, rb'<Override [^>]*/styles.xml"[^>]*/>'),
    ):
        parts[name], count = re.subn(pattern, b"", parts[name])
        assert count == 1
    return packed(parts)


def _without_core(data: bytes) -> bytes:
    parts = parts_of(without_part(data, CORE))
    for name, pattern in (
        ("_rels/.rels", rb'<Relationship [^>]*core.xml"[^>]*/>'),
        (TYPES, rb'<Override [^>]*core.xml"[^>]*/>'),
    ):
        parts[name], count = re.subn(pattern, b"", parts[name])
        assert count == 1
    return packed(parts)


def _relations(data: bytes, part: str, kind: str) -> list[str | None]:
    found = list(tree_of(data, part))
    assert len({each.get("Id") for each in found}) == len(found)
    return [each.get("Target") for each in found if (each.get("Type") or "").endswith(f"/{kind}")]


def _overrides(data: bytes, name: str) -> int:
    return sum(each.get("PartName") == f"/{name}" for each in tree_of(data, TYPES))


def test_every_style_of_ours_is_there_once() -> None:
    made, _ = _merge(good())
    assert set(_ours()) <= set(_styles(tree_of(made, STYLES)))
    ids = [style.get(f"{W}styleId") for style in tree_of(made, STYLES).iter(f"{W}style")]
    assert len(set(ids)) == len(ids)


def test_merging_again_adds_nothing() -> None:
    once, known = _merge(good())
    twice, again = _merge(once)
    assert len(tree_of(twice, STYLES).findall(f"{W}style")) == len(tree_of(once, STYLES).findall(f"{W}style"))
    assert known == again
    assert parts_of(once)[STYLES] == parts_of(twice)[STYLES]


def test_styles_of_theirs_stay_as_they_are() -> None:
    theirs = _styles(tree_of(good(), STYLES))
    made = _styles(tree_of(_merge(good())[0], STYLES))
    assert len(set(theirs) & set(_ours())) >= 4
    assert {name: etree.tostring(style, method="c14n") for name, style in theirs.items()} == {
        name: etree.tostring(made[name], method="c14n") for name in theirs
    }


def test_a_style_of_their_own_design_wins(tmp_path: Path) -> None:
    def big(document: Document) -> None:
        document.styles.add_style("Specimen", WD_STYLE_TYPE.PARAGRAPH).font.size = 508000

    made = _styles(tree_of(filled(tmp_path / "lab", good(big)), STYLES))
    size = made["specimen"].find(f"{W}rPr/{W}sz")
    assert size is not None
    assert size.get(f"{W}val") == "80"


def test_ids_lead_to_the_style_of_the_same_name() -> None:
    made, known = _merge(good())
    ours = {style.get(f"{W}styleId") or "": name for name, style in _ours().items()}
    theirs = {style.get(f"{W}styleId") or "": name for name, style in _styles(tree_of(made, STYLES)).items()}
    assert {id: theirs[target] for id, target in known.items()} == ours


def test_an_id_that_means_another_style_of_theirs_is_not_taken(tmp_path: Path) -> None:
    clash = '<w:style w:type="paragraph" w:styleId="Specimen"><w:name w:val="Address"/></w:style></w:styles>'
    data = changed_part(good(), STYLES, "</w:styles>", clash)
    made, known = _merge(data)
    assert known["Specimen"] != "Specimen"
    by_id = {style.get(f"{W}styleId"): name for name, style in _styles(tree_of(made, STYLES)).items()}
    assert (by_id["Specimen"], by_id[known["Specimen"]]) == ("address", "specimen")
    used = {each.get(f"{W}val") for each in tree_of(filled(tmp_path / "lab", data)).iter(f"{W}pStyle")}
    assert known["Specimen"] in used
    assert "Specimen" not in used


def test_a_style_of_ours_stands_on_the_id_in_this_template() -> None:
    data = changed_part(good(), STYLES, 'w:styleId="Normal"', 'w:styleId="Standard"')
    made, known = _merge(data)
    assert known["Normal"] == "Standard"
    new = [
        style for name, style in _styles(tree_of(made, STYLES)).items() if name not in _styles(tree_of(data, STYLES))
    ]
    bases = [each.get(f"{W}val") for style in new for each in style.iter(f"{W}basedOn", f"{W}next")]
    assert "Standard" in bases
    assert "Normal" not in bases


def test_no_second_default_comes_in() -> None:
    made, _ = _merge(good())
    defaults = [
        style.get(f"{W}type") for style in tree_of(made, STYLES).iter(f"{W}style") if style.get(f"{W}default") == "1"
    ]
    assert sorted(map(str, defaults)) == ["character", "numbering", "paragraph", "table"]


def test_every_style_that_is_used_exists(tmp_path: Path) -> None:
    made = filled(tmp_path / "lab", good())
    ids = {style.get(f"{W}styleId") for style in tree_of(made, STYLES).iter(f"{W}style")}
    used = {each.get(f"{W}val") for each in tree_of(made).iter(f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle")}
    assert len(used) > 5
    assert used <= ids


def test_a_package_without_styles_gets_ours(tmp_path: Path) -> None:
    data = _without_styles(good())
    made, known = _merge(data)
    assert all(id == target for id, target in known.items())
    assert set(_styles(tree_of(made, STYLES))) == set(_ours())
    assert _relations(made, RELATED, "styles") == ["styles.xml"]
    assert _overrides(made, STYLES) == 1
    report = docx.Document(BytesIO(filled(tmp_path / "lab", data)))
    assert "Specimen" in [style.name for style in report.styles]


def test_a_package_without_properties_gets_ours(tmp_path: Path) -> None:
    data = filled(tmp_path / "lab", _without_core(good()))
    assert _relations(data, "_rels/.rels", "core-properties") == [CORE]
    assert _overrides(data, CORE) == 1
    assert docx.Document(BytesIO(data)).core_properties.content_status == "draft"


def test_properties_under_another_name_are_replaced(tmp_path: Path) -> None:
    parts = parts_of(good())
    data = with_part(without_part(good(), CORE), "docProps/core1.xml", parts[CORE])
    data = changed_part(data, "_rels/.rels", CORE, "docProps/core1.xml")
    data = changed_part(data, TYPES, f"/{CORE}", "/docProps/core1.xml")
    made = filled(tmp_path / "lab", data)
    assert _relations(made, "_rels/.rels", "core-properties") == [CORE]
    assert "docProps/core1.xml" not in parts_of(made)
    assert b"Letter of theirs" not in b"".join(parts_of(made).values())


def test_the_letter_itself_is_not_touched() -> None:
    made, _ = _merge(good())
    theirs, ours = parts_of(good()), parts_of(made)
    same = set(theirs) - {STYLES, TYPES, RELATED, "_rels/.rels", CORE, "word/stylesWithEffects.xml"}
    assert BODY in same
    assert [name for name in same if theirs[name] != ours[name]] == []
    assert text_of(made) == text_of(good())
