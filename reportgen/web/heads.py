"""The head of a case file: whose it is, told without the rest of the file being read.

A list of thousands of cases cannot wait until each was checked. What is told here is for finding a case and for finding
twins; what the case comes to, its evaluation says.
"""

from __future__ import annotations

import json
import re
from enum import Enum
from typing import Any, NamedTuple

import yaml

from reportgen.cases.twins import Filed, Person
from reportgen.cases.typing import at_midnight
from reportgen.findings import Place
from reportgen.protocols.compiled import CompiledForm
from reportgen.reading.characters import normal
from reportgen.reading.yaml_text import NULL
from reportgen.web.entries import shown

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_PARTS = b"\nparts:"
_MORE = re.compile(rb"\n[^\s#\-]")  # a further key behind the parts
_OF_CASES = {"protocol", "accession", "patient", "parts"}


class Kind(Enum):
    """What a file is."""

    case = "case"
    other = "other"  # in order, and of something else
    unreadable = "unreadable"


class Head(NamedTuple):
    """What a file says of its case; the texts are empty where it says nothing that can be read."""

    kind: Kind = Kind.unreadable
    accession: str = ""
    patient: str = ""
    mrn: str = ""
    birth_date: str = ""

    def filed(self, name: str) -> Filed:
        """The same as what is compared between files; `name` is the file's."""
        place = Place(name)
        return Filed(self.accession, place, Person(self.mrn, self.patient, self.birth_date, place))


def head_of(content: bytes, name: str, form: CompiledForm) -> Head:
    """The head of a file, which answers the form; never raises for what is wrong with it."""
    try:
        return head_in(_data(content, name), form)
    except (yaml.YAMLError, ValueError, RecursionError):
        return Head()


def head_in(data: object, form: CompiledForm) -> Head:
    """The head in the data of a file that was read."""
    if not isinstance(data, dict):
        return Head(Kind.other if data else Kind.unreadable)
    if not _OF_CASES.intersection(data):
        return Head(Kind.other if data else Kind.unreadable)
    patient = data.get("patient")
    of_patient = patient if isinstance(patient, dict) else {}
    return Head(
        Kind.case,
        _said(form, "accession", data.get("accession")),
        _said(form, "patient.name", of_patient.get("name")),
        _said(form, "patient.mrn", of_patient.get("mrn")),
        at_midnight(_said(form, "patient.birth_date", of_patient.get("birth_date"))),
    )


def _said(form: CompiledForm, path: str, node: object) -> str:
    """A text of the head; "" where it is not known."""
    found = shown(form.slots[path].element, node)
    return "" if found.undetermined else " ".join(normal(found.value).split())


def _data(content: bytes, name: str) -> object:
    """The top of a file as texts, mappings and lists."""
    text = content.removeprefix(b"\xef\xbb\xbf")
    if name.lower().endswith(".json"):
        return json.loads(text, parse_int=str, parse_float=str)
    at = text.find(_PARTS)
    if at >= 0 and not _MORE.search(text, at + len(_PARTS)):
        try:
            return _plain(yaml.compose(text[: at + 1].decode() + "parts:\n", Loader=_LOADER))
        except yaml.YAMLError:  # the words were inside a text
            pass
    return _plain(yaml.compose(text.decode(), Loader=_LOADER))


def _plain(node: Any) -> object:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value if isinstance(key, yaml.ScalarNode)}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each) for each in node.value]
    if not isinstance(node, yaml.ScalarNode) or (not node.style and node.value in NULL):
        return None
    return node.value
