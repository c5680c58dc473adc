"""The list of specimens received, held against the parts of the report: one that is missing on either side is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reportgen.cases.model import Answer, Part, Written
from reportgen.cases.part_labels import label_key
from reportgen.findings import Finding

_LIST = "specimens."  # in the head of a case: a letter and a description for each


def specimen_findings(header: Mapping[str, Answer], parts: Iterable[Part]) -> Iterator[Finding]:
    """W318 for letters listed twice, for letters that no part has, and for parts that the list leaves out."""
    listed = [
        (answer.value.text.strip(), answer)
        for path, answer in header.items()
        if path.startswith(_LIST) and path.endswith(".letter") and isinstance(answer.value, Written)
    ]
    if not listed:
        return
    labels, seen = {label_key(part.label): part for part in parts}, set[str]()
    for letter, answer in listed:
        if label_key(letter) in seen:
            yield Finding("W318", answer.place, answer.path, "is listed twice among the specimens")
        elif label_key(letter) not in labels:
            yield Finding("W318", answer.place, answer.path, "is a specimen that no part of this case reports")
        seen.add(label_key(letter))
    for label, part in labels.items():
        if label not in seen:
            yield Finding("W318", part.place, f"parts.{part.label}", "is not in the list of specimens received")
