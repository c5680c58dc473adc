"""Acceptance tests: cases as plain dictionaries, small changes to them, and what a report says.

What is expected stands in the tests and in the scenario files beside this one, written from the medicine and never
taken from the protocol: the protocol is what is being tested.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportgen.reading.readers import read_file
from reportgen.reading.source import Mapping as Source
from reportgen.reading.source import plain, source_of
from reportgen.reports.model import Report, Sentence
from reportgen.scenarios.said import section

CHECKOUT = Path(__file__).resolve().parents[2]
SAMPLES = CHECKOUT / "samples"
HERE = Path(__file__).resolve().parent
TEMPLATES = CHECKOUT / "templates"

Data = dict[str, Any]

BIOPSIES = ("shave biopsy", "punch biopsy", "incisional biopsy")
EXCISIONS = ("excisional biopsy", "excision", "wide local excision", "re-excision", "Mohs debulking")
ALIASES = {"alpha-SMA": "SMA", "h-caldesmon": "caldesmon"}  # other names that the scenarios use
NO_CLAIM = ("", "coding")  # clause ids of what is printed as entered


def read_data(path: Path) -> Data:
    """A YAML file as dictionaries, lists and texts."""
    data = plain(read_file(path))
    assert isinstance(data, dict)
    return data


def base_path(name: str) -> Path:
    """The file of a case of `samples/` or of `cases/` beside this file."""
    found = [folder / f"{name}.yaml" for folder in (SAMPLES, HERE / "cases") if (folder / f"{name}.yaml").exists()]
    assert len(found) == 1, f"{name} names no case, or two"
    return found[0]


@lru_cache(maxsize=64)
def _base(name: str) -> Data:
    return read_data(base_path(name))


def base(name: str) -> Data:
    """A fresh copy of a case of `samples/` or of `cases/` beside this file."""
    return copy.deepcopy(_base(name))


def changed(data: Data, changes: Mapping[str, Any]) -> Data:
    """The case with entries replaced by dotted path: of its first part, or `case.…` of its head, or `parts.B.…`.

    None takes an entry out, and it must have been there.
    """
    result = copy.deepcopy(data)
    for path, value in changes.items():
        node, key = _place(result, path)
        if value is None:
            del node[key]
        else:
            node[key] = copy.deepcopy(value)
    return result


def _place(data: Data, path: str) -> tuple[Data, str]:
    first, *rest = path.split(".")
    if first == "case":
        node, steps = data, rest
    elif first == "parts" and len(rest) > 1:
        node, steps = next(part for part in data["parts"] if part["label"] == rest[0]), rest[1:]
    else:
        node, steps = data["parts"][0], [first, *rest]
    for step in steps[:-1]:
        node = node.setdefault(step, {})
        assert isinstance(node, dict), f"{path}: {step} is an answer; replace it as a whole"
    return node, steps[-1]


def source(data: Data) -> Source:
    """The case as if read from a file; files themselves are read in tests/reading."""
    return source_of(data)


def said(report: Report) -> list[Sentence]:
    """The sentences that clauses say, gaps included."""
    return [sentence for sentence in report.sentences() if sentence.clause not in NO_CLAIM]


def headline(report: Report) -> Sentence:
    """The first line of the diagnosis below the header line."""
    return section(report, "diagnosis")[1]


def recommendations(report: Report) -> list[Sentence]:
    """Every sentence of the comment that recommends something, by its place or by its words."""
    return [
        sentence
        for sentence in section(report, "comment")
        if sentence.clause.startswith("comment.recommendation.") or re.search(r"\brecommend", sentence.text)
    ]


def open_names(report: Report) -> list[str]:
    """What the notice on page 1 names as open."""
    texts = [notice.text for notice in report.notices if notice.tone == "gap"]
    if not texts:
        return []
    (text,) = texts
    found = re.fullmatch(r"(\d+) items? (?:is|are) open: (.*)\.", text)
    assert found, text
    names = found[2].split("; ")
    assert len(names) == int(found[1]), text
    return names


def is_biopsy(part: Data) -> bool | None:
    """Whether a part is a biopsy; None where its procedure does not say."""
    procedure = part.get("procedure")
    if isinstance(procedure, dict):
        if procedure.get("result") == "other":
            counts_as = procedure.get("counts_as")
            said = counts_as.get("result") if isinstance(counts_as, dict) else counts_as
            return said == "biopsy" if said else None
        procedure = procedure.get("result")
    return True if procedure in BIOPSIES else False if procedure in EXCISIONS else None


def entered(data: Data) -> set[str]:
    """The paths of all that a case enters, with what stands above."""
    head = {key: value for key, value in data.items() if key != "parts"}
    paths = {f"case.{path}" for path in _paths(head, "")} | set(_paths(head, ""))
    for part in data["parts"]:
        prefix = f"parts.{part['label']}."
        paths |= {prefix + path for path in _paths(part, "")}
        if len(data["parts"]) == 1:
            paths |= {prefix + path for key in ("override", "acknowledge") for path in _paths({key: data.get(key)}, "")}
    return paths


def _paths(node: Any, above: str) -> Iterator[str]:
    """The paths of what is entered; a key without a value enters nothing."""
    items = node.items() if isinstance(node, dict) else enumerate(node, 1) if isinstance(node, list) else ()
    for key, value in items:
        if value not in (None, "", {}, []):
            name = ALIASES.get(str(key), str(key))
            path = f"{above}.{name}" if above else name
            yield path
            yield from _paths(value, path)
