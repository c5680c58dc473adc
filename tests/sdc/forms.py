"""Forms written for these tests: one with every construct, and the means to write and to fill others."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.own_protocols import FILES, FOLDER
from reportgen.laboratory.starter import with_protocol
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.load import load_protocol
from reportgen.sdc.files import protocol_files
from reportgen.sdc.form import read_form
from reportgen.sdc.model import Form, Loss
from reportgen.sdc.xml_text import read_xml

NAMESPACE = "urn:ihe:qrph:sdc:2016"
FILE = Path(__file__).parent / "skin_punch.xml"
SKIN_PUNCH = FILE.read_text(encoding="utf-8")
ANSWERS: dict[str, str | bool] = {
    "4": True, "14": True, "14.value": "1.5", "17": "2026-01-05", "18": "3", "19": "true", "20": "X1", "32": True,
    "33": True, "33.value": "on top", "35": True, "37": "40", "39": "odd", "41": "1.2", "42": "2.5", "43": "12",
    "46": True, "48": True, "50": "left", "71": "Arm", "82": "Nothing else.",
}  # fmt: skip


def tag(name: str, inside: str = "", **attributes: str | int) -> str:
    """An element, with its attributes."""
    said = "".join(f" {key}={quoteattr(str(value))}" for key, value in attributes.items())
    return f"<{name}{said}>{inside}</{name}>\n"


def form(*items: str, more: str = "", behind: str = "", **attributes: str | int) -> str:
    """A form; `more` comes before its body, `behind` after it."""
    body = tag("Body", tag("ChildItems", "".join(items)))
    known: dict[str, str | int] = {"ID": "F1", "formTitle": "Small form", "version": "1"}
    return tag("FormDesign", more + body + behind, **{"xmlns": NAMESPACE, **known, **attributes})


def section(id: str, title: str, *items: str, more: str = "", **attributes: str | int) -> str:
    return tag("Section", more + tag("ChildItems", "".join(items)), ID=id, title=title, **attributes)


def asked(
    id: str, title: str, kind: str = "string", *below: str, more: str = "", after: str = "", **limits: str
) -> str:
    """A question with a field of a data type."""
    field = tag("ResponseField", tag("Response", tag(kind, **limits)) + after)
    return tag("Question", more + field + _below(below), ID=id, title=title)


def choice(id: str, title: str, *answers: str, below: tuple[str, ...] = (), most: int = 1, more: str = "") -> str:
    """A question with a list of answers."""
    field = tag("ListField", tag("List", "".join(answers)), maxSelections=most)
    return tag("Question", more + field + _below(below), ID=id, title=title)


def answer(id: str, title: str, *below: str, more: str = "", kind: str = "", **attributes: str) -> str:
    """An answer; `kind` is the data type of its field, if it has one."""
    field = tag("ListItemResponseField", tag("Response", tag(kind)), responseRequired="true") if kind else ""
    return tag("ListItem", more + field + _below(below), ID=id, title=title, **attributes)


def note(id: str, title: str, more: str = "") -> str:
    return tag("DisplayedItem", more, ID=id, title=title)


def report(words: str) -> str:
    """The property that says what the report prints."""
    return tag("Property", propName="reportText", val=words)


NO_TEXT = report("{no text}")


def _below(items: tuple[str, ...]) -> str:
    return tag("ChildItems", "".join(items)) if items else ""


def filled(form: str, answers: Mapping[str, str | bool]) -> str:
    """The form with answers: a question by its id, an answer by its id (True), its field by `ID.value`."""
    ET.register_namespace("", NAMESPACE)
    top = ET.fromstring(form)
    left = dict(answers)
    for node in top.iter():
        id, name = node.get("ID", ""), _name(node)
        if name == "ListItem":
            node.attrib.pop("selected", None)
            if left.pop(id, False):
                node.set("selected", "true")
        key = f"{id}.value" if name == "ListItem" else id
        value = left.get(key) if name in ("ListItem", "Question") else None
        if isinstance(value, str) and (fields := list(_fields(node))):
            fields[0].set("val", value)
            del left[key]
    assert not left, left
    return ET.tostring(top, encoding="unicode")


def _fields(node: ET.Element) -> Iterator[ET.Element]:
    """The typed elements of the field of an item, not those of items below it."""
    for child in node:
        if _name(child) in ("ResponseField", "ListItemResponseField"):
            for response in child:
                yield from response if _name(response) == "Response" else ()
        elif _name(child) == "ListField":
            for service in [each for each in child if _name(each) == "LookupEndPoint"]:
                found = ET.SubElement(service, service.tag.replace("LookupEndPoint", "ResponseValue"))
                yield ET.SubElement(found, service.tag.replace("LookupEndPoint", "CodeText"))


def _name(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]


def written(folder: Path, text: str, name: str = "form.xml") -> Path:
    """The text as a file in a folder."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path, text: str, wanted: str = "") -> Form:
    """A form from its text."""
    return read_form(read_xml(written(folder, text)), wanted)


def imported(text: str, folder: Path, laboratory: Laboratory) -> tuple[Compiled, Laboratory, tuple[Loss, ...]]:
    """The protocol of a form, the laboratory with it, and what was lost; nothing is written into the profile."""
    contents, losses = protocol_files(read(folder, text), "toy", laboratory)
    files = {path: data for path, data in contents.items() if path.name in FILES}
    assert {path.parent for path in contents} == {laboratory.own.folder / FOLDER / "toy"}
    own = with_protocol(laboratory, "toy", files)
    return load_protocol("toy", own), own, losses
