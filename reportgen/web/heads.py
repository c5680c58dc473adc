"""The head of a case file: its accession and patient, read without the rest of the file.

A list of thousands of cases cannot wait until each is checked. A head serves to find a case and to find its twins; the
evaluation of a case says everything else.
"""

from __future__ import annotations

import json
import re
from enum import Enum
from typing import NamedTuple

import yaml

from reportgen.cases.twins import Filed, Person
from reportgen.cases.typing import at_midnight
from reportgen.findings import Place
from reportgen.protocols.compiled import CompiledForm
from reportgen.reading.characters import normal
from reportgen.reading.yaml_text import NULL
from reportgen.web.entries import shown

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
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
    """The head of a file, by the form of the head; never raises for what is wrong with it."""
    try:
        return head_in(_data(content, name), form)
    except (yaml.YAMLError, ValueError, RecursionError):
        return Head()


def head_in(data: object, form: CompiledForm) -> Head:
    """The head in the data of a file that was read."""
    if not isinstance(data, dict) or not _OF_CASES.intersection(data):
        return Head(Kind.other if data else Kind.unreadable)
    found = data.get("patient")
    patient = found if isinstance(found, dict) else {}
    name, mrn, born = (_said(form, f"patient.{key}", patient.get(key)) for key in ("name", "mrn", "birth_date"))
    return Head(Kind.case, _said(form, "accession", data.get("accession")), name, mrn, at_midnight(born))


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


def _plain(node: yaml.Node | None) -> object:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value if isinstance(key, yaml.ScalarNode)}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each) for each in node.value]
    if not isinstance(node, yaml.ScalarNode) or (not node.style and node.value in NULL):
        return None
    return node.value
