"""What each part of a case is, in a few words: its specimen and its diagnosis, as the report says them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reportgen.reports.model import Paragraph, Report, Role
from reportgen.web.document import OF_PART, Document
from reportgen.web.evaluation import Evaluation


class Called(NamedTuple):
    """A part in words; both are empty where the report says nothing of it yet."""

    specimen: str = ""
    diagnosis: str = ""


def called(evaluation: Evaluation, made: Document) -> dict[str, Called]:
    """The parts in words, by their labels; the label of the container replaces a specimen that is not entered."""
    labels = made.labels
    said = list(_said(evaluation.report)) if evaluation.report else []
    if len(said) != len(labels):
        said = [Called()] * len(labels)
    found = {}
    for label, one, part in zip(labels, said, made.parts, strict=True):
        received = part.get("received_as")
        specimen = one.specimen.removeprefix(f"{label}. ") or (received if isinstance(received, str) else "")
        found[label] = one._replace(specimen=specimen)
    return found


def _said(report: Report) -> Iterator[Called]:
    """Specimen and first line of the diagnosis of each part, in the order of the report."""
    now: Called | None = None
    for block in report.blocks():
        if not isinstance(block, Paragraph):
            continue
        text = " ".join(each.text for each in block.sentences if not each.gap).rstrip(":")
        if block.role is Role.specimen:
            if now:
                yield now
            now = Called(text)
        elif block.role is Role.diagnosis and now and not now.diagnosis:
            now = now._replace(diagnosis=text)
    if now:
        yield now


def copies(made: Document) -> list[tuple[str, ...]]:
    """The parts that say the same in every entry, as one that was just duplicated does, by their labels."""
    apart = {"label", "received_as", *OF_PART}
    groups: list[tuple[object, list[str]]] = []
    for label, part in zip(made.labels, made.parts, strict=True):
        said = {key: value for key, value in part.items() if key not in apart}
        if not said.keys() - {"protocol"}:
            continue
        same = next((labels for each, labels in groups if each == said), None)
        if same is None:
            groups.append((said, [label]))
        else:
            same.append(label)
    return [tuple(labels) for _, labels in groups if len(labels) > 1]


def listed(labels: Iterable[str]) -> str:
    """Labels as a sentence lists them: `A`, `A and B`, `A, B and C`."""
    names = list(labels)
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
