"""Files that are no form, or that mean harm: each is refused with its line, and nothing is written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reportgen.findings import Finding
from reportgen.sdc import xml_text
from reportgen.sdc.xml_text import DEPTH_LIMIT, read_xml
from tests.cli.program import files_below, invoke
from tests.sdc.forms import asked, form
from tests.support.labs import refused, write_lab

BOMB = '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<FormDesign title="&b;"/>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>\n<FormDesign>&x;</FormDesign>'
LOADED = '\n\n<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><FormDesign/>'
DEEP = "<FormDesign>" + "\n<Section>" * 5_000
HOSTILE: dict[str, tuple[str | bytes, str, int]] = {  # name → content, code of the finding, its line
    "entities": (BOMB, "E023", 2),
    "a file": (OUTSIDE, "E023", 1),
    "a type elsewhere": (LOADED, "E023", 3),
    "a type in UTF-16": (BOMB.replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16"), "E023", 2),
    "an entity without a type": ("<FormDesign>\n&x;</FormDesign>", "E006", 2),
    "nothing": ("", "E006", 1),
    "no XML": ("id: form\n", "E006", 1),
    "a workbook": (b"PK\x03\x04\x00\x00", "E006", 1),
    "half a form": ('<FormDesign>\n<Body ID="1">', "E006", 2),
    "an attribute twice": ('<FormDesign\n ID="1" ID="2"/>', "E006", 2),
    "deep": (DEEP, "E007", DEPTH_LIMIT + 1),
    "no such encoding": ('<?xml version="1.0" encoding="klingon"?><FormDesign/>', "E006", 1),
    "an encoding of several bytes": ('<?xml version="1.0" encoding="utf-7"?><FormDesign/>', "E006", 1),
    "not UTF-8": (b'<FormDesign\nformTitle="M\xfcller"/>', "E006", 2),
    "a control character": ("<FormDesign>\n\x08</FormDesign>", "E006", 2),
    "words turned around": ('<FormDesign>\n\n<Section title="\u202eEVITAGEN"/></FormDesign>', "E005", 3),
    "a private letter": ('<FormDesign>\n<Section title="\ue000"/></FormDesign>', "E004", 2),
    "another document": ("<html>\n<body/></html>", "E024", 1),
}


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_lab(tmp_path_factory.mktemp("xml") / "lab")


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_and_nothing_is_written(name: str, profile: Path, tmp_path: Path) -> None:
    content, code, line = HOSTILE[name]
    path = tmp_path / "form.xml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    before = list(files_below(profile))
    outcome = invoke("import", "sdc", path, "--lab", profile)
    assert outcome.code == 1
    assert outcome.err.startswith(f"{path}:{line}:"), outcome.err
    assert f" {code} " in outcome.err
    assert "hostname" not in outcome.err.replace("file:///etc/hostname", "")
    assert list(files_below(profile)) == before


def found(path: Path) -> Finding:
    (only,) = refused(lambda: read_xml(path))
    return only


def test_what_is_no_file_or_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(tmp_path / "missing.xml").code == "E009"
    assert found(tmp_path).code == "E009"
    os.mkfifo(tmp_path / "pipe")
    assert found(tmp_path / "pipe").code == "E009"
    large = tmp_path / "large.xml"
    with large.open("wb") as file:
        file.truncate(xml_text.SIZE_LIMIT + 1)
    assert found(large).code == "E008"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_encodings_are_read_as_they_are_declared(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "form.xml"
    declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    path.write_bytes(f'{declared}<FormDesign formTitle="Größe"/>'.encode(encoding))
    assert read_xml(path).get("formtitle") == "Größe"


def test_what_cannot_be_seen_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "form.xml"
    path.write_text(form(asked("1", "Ma\u00adr\u200bgin\u2060")), encoding="utf-8")
    top = read_xml(path)
    (question,) = top.below("body")[0].below("childitems")[0].children
    assert question.get("title") == "Margin"


def test_names_lose_their_namespace_and_their_capitals(tmp_path: Path) -> None:
    path = tmp_path / "form.xml"
    path.write_text(
        '<s:FORMDESIGN xmlns:s="urn:x" xmlns:o="urn:o" Id="1" o:note="x">\n<s:Body> a </s:Body></s:FORMDESIGN>'
    )
    top = read_xml(path)
    assert (top.tag, top.attributes, top.place.line) == ("formdesign", {"id": "1"}, 1)
    assert (top.children[0].tag, top.children[0].text.strip(), top.children[0].place.line) == ("body", "a", 2)
