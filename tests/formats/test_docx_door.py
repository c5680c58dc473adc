"""The door through which a Word template comes in: each hostile file is refused with the part that is at fault."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from reportgen.findings import Finding, FindingsError
from reportgen.formats.docx_door import opened, require_none
from reportgen.formats.docx_merge import merged
from reportgen.formats.docx_sight import style_faults
from reportgen.formats.layout import load_layout
from reportgen.laboratory.model import File
from tests.formats.word_templates import (
    BODY,
    RELATED,
    SHAVE,
    TYPES,
    changed_part,
    filled,
    good,
    let_in,
    packed,
    parts_of,
    text_of,
    with_body,
    with_footnote,
    with_part,
    with_relation,
    with_type,
    without_part,
)
from tests.formats.word_templates import refused as findings_of
from tests.support.labs import refused as all_findings_of

GOOD = good()
HEADER = next(name for name in parts_of(GOOD) if name.startswith("word/header"))
STYLES = "word/styles.xml"
PICTURE = "https://evil.example/x.png"


def _refused(data: bytes, code: str, path: str, words: str = "") -> None:
    """The door refuses it with this code at this part."""
    _at_fault(all_findings_of(lambda: let_in(data)), code, path, words)


def _at_fault(findings: tuple[Finding, ...], code: str, path: str, words: str) -> None:
    assert (code, path) in {(each.code, each.path.partition(",")[0]) for each in findings}, findings
    assert {each.code for each in findings} <= {"T413", "T414", "T422"}
    assert {each.place.file for each in findings} == {"letter.docx"}
    assert words in " ".join(each.message for each in findings)


def _looked_through(data: bytes) -> None:
    """What becomes of a template before it is filled: through the door, with our styles in it, and those looked at."""
    parts, styles = merged(let_in(data), load_layout(), "en")
    require_none(style_faults(parts, styles), File("letter.docx", Path("letter.docx"), data))


def _run(inside: str, properties: str = "") -> str:
    return f"<w:p><w:r><w:rPr>{properties}</w:rPr>{inside}</w:r></w:p>"


def _twice(name: str) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        for each, part in parts_of(GOOD).items():
            package.writestr(each, part)
        with pytest.warns(UserWarning, match="Duplicate name"):
            package.writestr(name, b"<a/>")
    return target.getvalue()


def test_the_template_itself_passes(tmp_path: Path) -> None:
    theirs, kept = parts_of(GOOD), opened(File("letter.docx", tmp_path, GOOD))
    words = [name for name in theirs if re.match(r"word/(header\d|footer\d|styles|numbering)\.xml", name)]
    assert [name for name in words if kept[name] != theirs[name]] == []
    assert [name for name in kept if name.startswith(("customXml", "docProps/thumb", "word/stylesWith"))] == []


@pytest.mark.parametrize(
    "data",
    [b"", b"words", b"PK\x03\x04" + b"\x00" * 200, GOOD[: len(GOOD) // 2], b"{\\rtf1 words}", b"\xd0\xcf\x11\xe0" * 99],
    ids=["empty", "text", "head only", "half", "rtf", "ole"],
)
def test_what_is_no_zip_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(FindingsError) as caught:
        opened(File("letter.docx", tmp_path / "letter.docx", data))
    (finding,) = caught.value.findings
    assert (finding.code, finding.place.file, finding.path) == ("T414", "letter.docx", "")
    assert "is not a Word file" in finding.message


def test_what_does_not_begin_as_a_zip_does_not_come_to_the_door(tmp_path: Path) -> None:
    assert {each.code for each in all_findings_of(lambda: filled(tmp_path / "lab", b"words"))} == {"T411"}


@pytest.mark.parametrize("name", [BODY, TYPES, RELATED])
def test_a_zip_that_is_no_word_document_is_refused(name: str) -> None:
    _refused(without_part(GOOD, name), "T414", "", "is not a Word document")


def test_bombs_are_refused() -> None:
    _refused(with_part(GOOD, "word/media/zeros.png", bytes(100_000_000)), "T414", "", "far larger")
    _refused(with_part(GOOD, "word/media/zeros.png", bytes(20_000_000)), "T414", "", "beyond all reason")
    _refused(with_part(GOOD, BODY, bytes(20_000_000)), "T414", "", "beyond all reason")
    many = packed(parts_of(GOOD) | {f"word/media/{number}.png": b"" for number in range(600)})
    _refused(many, "T414", "", "far larger")


def test_a_part_that_is_longer_than_it_says_is_refused() -> None:
    size = len(parts_of(GOOD)[BODY]).to_bytes(4, "little")
    lying = GOOD.replace(size, (10).to_bytes(4, "little"))
    assert lying != GOOD
    _refused(lying, "T414", "", "is not a Word file")


def test_two_parts_of_one_name_are_refused() -> None:
    _refused(_twice(BODY), "T414", "", "two parts of one name")
    _refused(with_part(GOOD, "Word/Document.xml", "<a/>"), "T414", "", "two parts of one name")


@pytest.mark.parametrize("name", ["../evil.xml", "word/../../evil.xml", "/etc/passwd", "word\\evil.xml", "C:/evil.xml"])
def test_names_that_lead_out_are_refused(name: str, tmp_path: Path) -> None:
    found = findings_of(tmp_path / "lab", with_part(GOOD, name, "<a/>"))
    assert [(each.code, each.path) for each in found] == [("T414", "")]
    assert "with a name or a lock" in found[0].message
    assert not (tmp_path.parent / "evil.xml").exists()


@pytest.mark.parametrize("name", [BODY, HEADER, STYLES, TYPES, RELATED, "docProps/core.xml"])
def test_document_types_are_refused(name: str) -> None:
    part = parts_of(GOOD)[name].decode()
    head = part.index("?>") + 2
    secret = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    laughs = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]>'
    for kind in (secret, laughs, '<!DOCTYPE a SYSTEM "http://evil.example/a.dtd">', "<!DOCTYPE a>"):
        data = with_part(GOOD, name, part[:head] + kind + part[head:])
        _refused(data, "T414", name, "document type")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_parts_that_are_not_utf8_are_refused(encoding: str) -> None:
    part = parts_of(GOOD)[BODY].decode().replace("UTF-8", "UTF-16", 1)
    _refused(with_part(GOOD, BODY, part.encode(encoding)), "T414", BODY, "not UTF-8")


@pytest.mark.parametrize("part", ["<w:document>", "<a><b></a>", "", "words", "<a>&x;</a>", "<a/><b/>", "<a>\x01</a>"])
def test_broken_xml_is_refused(part: str) -> None:
    _refused(with_part(GOOD, BODY, part), "T414", BODY, "not well-formed")


_OUTSIDE = {
    "template": ("attachedTemplate", "https://evil.example/x.dotm", "word/_rels/settings.xml.rels"),
    "picture": ("image", PICTURE, RELATED),
    "picture on a share": ("image", "\\\\evil\\share\\x.png", RELATED),
    "file link": ("hyperlink", "file:///etc/passwd", RELATED),
    "script link": ("hyperlink", "javascript:alert(1)", RELATED),
    "share link": ("hyperlink", "\\\\evil\\share", RELATED),
    "plain http": ("hyperlink", "http://evil.example/", RELATED),
    "header elsewhere": ("header", "https://evil.example/header1.xml", RELATED),
    "styles elsewhere": ("styles", "https://evil.example/styles.xml", RELATED),
    "frame": ("frame", "https://evil.example/", RELATED),
    "sub-document": ("subDocument", "https://evil.example/x.docx", RELATED),
    "object": ("oleObject", "https://evil.example/x.doc", RELATED),
    "properties elsewhere": ("extended-properties", "https://evil.example/app.xml", "_rels/.rels"),
}


@pytest.mark.parametrize("which", _OUTSIDE)
def test_what_leads_outside_is_refused(which: str) -> None:
    kind, target, part = _OUTSIDE[which]
    data, said = GOOD, "a link leads outside the file" if kind == "hyperlink" else "a relationship of the kind"
    if part not in parts_of(data):
        empty = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        data = with_part(data, part, empty)
    _refused(with_relation(data, kind, target, outside=True, part=part), "T414", part, said)


@pytest.mark.parametrize("target", ["https://pathology.example/reports", "mailto:office@pathology.example"])
def test_a_link_to_a_page_is_accepted(target: str, tmp_path: Path) -> None:
    assert filled(tmp_path / "lab", with_relation(GOOD, "hyperlink", target, outside=True), SHAVE)


@pytest.mark.parametrize("kind", ["vbaProject", "control", "package", "oleObject", "aFChunk", "attachedToolbars", "x"])
def test_relationships_that_no_letter_needs_are_refused(kind: str) -> None:
    data = with_relation(with_part(GOOD, "word/thing.xml", "<a/>"), kind, "thing.xml")
    _refused(data, "T414", RELATED, "is not offered")


def test_a_relationship_to_nothing_is_refused() -> None:
    for target in ("nothing.png", "../../etc/passwd", "/etc/passwd"):
        _refused(with_relation(GOOD, "image", target), "T414", RELATED, "does not exist")


@pytest.mark.parametrize(
    "name",
    ["word/vbaProject.bin", "word/activeX/activeX1.bin", "word/embeddings/oleObject1.bin", "word/x.exe", "word/X.VBS"],
)
def test_programs_are_refused(name: str) -> None:
    _refused(with_part(GOOD, name, b"\xd0\xcf\x11\xe0"), "T414", name, "macro or program")


@pytest.mark.parametrize(
    "kind",
    [
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
        "application/vnd.ms-office.vbaProject",
        "application/vnd.ms-office.activeX+xml",
        "application/vnd.openxmlformats-officedocument.oleObject",
        "application/x-msdownload",
        "application/vnd.openxmlformats-officedocument.package",
    ],
)
def test_content_types_of_programs_are_refused(kind: str) -> None:
    _refused(with_type(GOOD, "word/thing.xml", kind), "T414", TYPES, "macros or embedded")
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    _refused(changed_part(GOOD, TYPES, main, kind), "T414", TYPES, "macros or embedded")


_ELEMENTS = {
    '<w:altChunk r:id="rId1" xmlns:r="urn:x"/>': "an imported file",
    _run("<w:object/>"): "an embedded object",
    _run("<w:control/>"): "an ActiveX control",
    "<w:subDoc/>": "a sub-document",
    '<w:p><w:ins w:id="1" w:author="x"><w:r><w:t>new</w:t></w:r></w:ins></w:p>': "a tracked insertion",
    '<w:p><w:del w:id="1" w:author="x"><w:r><w:delText>old</w:delText></w:r></w:del></w:p>': "a tracked deletion",
    '<w:p><w:moveFrom w:id="1" w:author="x"/></w:p>': "a tracked move",
    '<w:p><w:moveTo w:id="1" w:author="x"/></w:p>': "a tracked move",
    "<?word run?>": "a processing instruction",
}


@pytest.mark.parametrize("xml", _ELEMENTS, ids=_ELEMENTS.values())
def test_elements_that_bring_something_in_are_refused(xml: str) -> None:
    _refused(with_body(xml, GOOD), "T414", BODY, _ELEMENTS[xml])


def test_settings_that_fetch_are_refused() -> None:
    for tag in ("attachedTemplate", "mailMerge"):
        data = changed_part(GOOD, "word/settings.xml", "</w:settings>", f"<w:{tag}/></w:settings>")
        _refused(data, "T414", "word/settings.xml", "is not offered")


def _simple(instruction: str) -> str:
    return f'<w:p><w:fldSimple w:instr="{instruction}"><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p>'


def _complex(*pieces: str, result: bool = True) -> str:
    inside = "".join(_run(f"<w:instrText>{piece}</w:instrText>")[5:-6] for piece in pieces)
    kinds = ("begin", "separate", "end") if result else ("begin", "end", "")
    begin, between, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' if kind else "" for kind in kinds)
    return f"<w:p>{begin}{inside}{between}{end}</w:p>"


_FIELDS = (
    "DDEAUTO c:\\\\windows\\\\cmd.exe", "DDE x y", "INCLUDETEXT /etc/passwd", "INCLUDEPICTURE https://evil.example/x",
    "DATE", "TIME", "AUTHOR", "FILENAME \\p", "USERNAME", "MACROBUTTON x", "QUOTE 68", "ASK x", "FILLIN x", "IMPORT x",
    "MERGEFIELD x", "DATABASE x", "SET x y", "= 1 + 1", "includetext x", "LINK Excel.Sheet.8 x", "DOCPROPERTY Title",
)  # fmt: skip


@pytest.mark.parametrize("instruction", _FIELDS)
def test_fields_that_fetch_or_change_are_refused(instruction: str) -> None:
    _refused(with_body(_simple(instruction), GOOD), "T414", BODY, "the field")
    _refused(with_body(_complex(instruction), GOOD), "T414", BODY, "the field")
    halves = (instruction[:1], instruction[1:3], instruction[3:])
    _refused(with_body(_complex(*halves, result=False), GOOD), "T414", BODY, "the field")


@pytest.mark.parametrize("name", [HEADER, "word/footnotes.xml"])
def test_fields_in_other_parts_are_refused(name: str) -> None:
    data = changed_part(with_footnote("x", GOOD), name, "<w:p>", _complex("DDE", "AUTO x") + "<w:p>")
    _refused(data, "T414", name, "the field DDEAUTO")


def test_a_field_inside_a_harmless_one_is_refused() -> None:
    inner = _complex("INCLUDE", "TEXT x")[5:-6]
    outer = (
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText> PAGE </w:instrText></w:r>{inner}'
        '<w:r><w:fldChar w:fldCharType="separate"/><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    _refused(with_body(outer, GOOD), "T414", BODY, "the field INCLUDETEXT")
    _refused(with_body(_run("<w:instrText>DDE x</w:instrText>"), GOOD), "T414", BODY, "the field DDE")


@pytest.mark.parametrize("instruction", ["PAGE", " NUMPAGES  \\* MERGEFORMAT ", "page", "SECTIONPAGES"])
def test_fields_that_count_pages_are_accepted(instruction: str, tmp_path: Path) -> None:
    words = instruction.replace('"', "&quot;")
    assert filled(tmp_path / "lab", with_body(_simple(words) + _complex(words[:3], words[3:]), GOOD))


@pytest.mark.parametrize("hiding", ["<w:vanish/>", '<w:vanish w:val="1"/>', "<w:specVanish/>", "<w:webHidden/>"])
def test_hidden_text_is_refused(hiding: str) -> None:
    run = _run("<w:t>hidden</w:t>", hiding)
    _refused(with_body(run, GOOD), "T413", BODY, "hidden")
    _refused(changed_part(GOOD, HEADER, "<w:p>", run + "<w:p>"), "T413", HEADER, "hidden")
    style = f'<w:style w:type="character" w:styleId="Gone"><w:name w:val="Gone"/><w:rPr>{hiding}</w:rPr></w:style>'
    data = changed_part(GOOD, STYLES, "</w:styles>", f"{style}</w:styles>")
    _refused(data, "T413", STYLES, "hidden")


@pytest.mark.parametrize("size", ["1", "2", "12"])
def test_tiny_text_is_refused(size: str) -> None:
    _refused(with_body(_run("<w:t>x</w:t>", f'<w:sz w:val="{size}"/>'), GOOD), "T413", BODY, "6.5 is the least")


def test_text_that_only_says_it_is_not_hidden_is_accepted(tmp_path: Path) -> None:
    data = with_body(_run("<w:t>shown</w:t>", '<w:vanish w:val="0"/><w:sz w:val="14"/>'), GOOD)
    assert text_of(filled(tmp_path / "lab", data)).startswith("shown")


def test_every_finding_is_named_at_once(tmp_path: Path) -> None:
    data = with_body(_simple("DATE") + _run("<w:t>x</w:t>", "<w:vanish/>"), GOOD)
    findings = findings_of(tmp_path / "lab", with_relation(data, "image", PICTURE, outside=True))
    assert [(each.code, each.path) for each in findings] == [
        ("T413", f"{BODY}, paragraph 2"),
        ("T414", RELATED),
        ("T414", f"{BODY}, paragraph 1"),
    ]


def test_parts_under_other_names_are_not_passed_by() -> None:
    field = f"<w:footnotes xmlns:w='x'>{_simple('DDEAUTO c')}</w:footnotes>"
    for name in ("word/footnotes.dat", "word/footnotes.XML", "word/footnotes"):
        _refused(with_part(GOOD, name, field), "T414", name, "of this kind")


def test_the_document_that_word_opens_is_the_one_that_is_checked() -> None:
    other = with_part(GOOD, "word/other.xml", parts_of(GOOD)[BODY])
    moved = changed_part(other, "_rels/.rels", 'Target="word/document.xml"', 'Target="word/other.xml"')
    _refused(moved, "T414", "_rels/.rels", "leads to another document")
    _refused(with_part(GOOD, "_rels/.rels", "<a/>"), "T414", "_rels/.rels", "not what its name says")
    _refused(with_part(GOOD, "[Content_Types].xml", "<a/>"), "T414", TYPES, "not what its name says")


_UNSEEN = {
    '<w:color w:val="FFFFFF"/>': "#ffffff on #ffffff is too pale", '<w:color w:val="F0F0F0"/>': "too pale",
    '<w:sz w:val="4"/>': "its size is 2 points", '<w:rFonts w:ascii="Wingdings"/>': "Wingdings, a font of pictures",
    '<w:color w:val="000000" w:themeColor="background1"/>': "too pale", "<w:strike/>": "struck through",
    '<w:dstrike w:val="1"/>': "struck through twice", '<w:w w:val="1"/>': "scaled to 1 %",
    '<w:spacing w:val="-100"/>': "-5 points apart", '<w:position w:val="-60"/>': "raised or lowered by -30 points",
    '<w:highlight w:val="black"/>': "#000000 on #000000", "<w:outline/>": "hollow", "<w:emboss/>": "embossed",
    '<w:color w:val="101010"/><w:shd w:val="clear" w:fill="202020"/>': "#101010 on #202020",
    '<w:color w:val="101010"/><w:shd w:val="solid" w:color="202020"/>': "#101010 on #202020",
    '<w:color w:val="101010"/><w:shd w:val="pct50" w:color="202020" w:fill="FFFFFF"/>': "#101010 on #202020",
}  # fmt: skip


@pytest.mark.parametrize("property", _UNSEEN)
def test_text_that_nobody_sees_is_refused_wherever_it_is_set(property: str) -> None:
    run = _run("<w:t>x</w:t>", property)
    _refused(with_body(run, GOOD), "T413", BODY, _UNSEEN[property])
    style = f'<w:style w:type="%s" w:styleId="X"><w:name w:val="%s"/><w:rPr>{property}</w:rPr></w:style></w:styles>'
    named = changed_part(GOOD, STYLES, "</w:styles>", style % ("paragraph", "Diagnosis"))
    _at_fault(all_findings_of(lambda: _looked_through(named)), "T422", STYLES, _UNSEEN[property])
    theirs = changed_part(GOOD, STYLES, "</w:styles>", style % ("character", "Quiet"))
    _looked_through(theirs)  # where no words are in it, it does no harm
    used = with_body(_run("<w:t>x</w:t>", '<w:rStyle w:val="X"/>'), theirs)
    _refused(used, "T413", BODY, _UNSEEN[property])


def test_a_torn_stream_is_no_word_file() -> None:
    with ZipFile(BytesIO(GOOD)) as package:
        entry = package.getinfo(BODY)
    start = entry.header_offset + 30 + len(BODY) + 10
    torn = GOOD[:start] + bytes(byte ^ 0x5A for byte in GOOD[start : start + 40]) + GOOD[start + 40 :]
    _refused(torn, "T414", "", "is not a Word file")
