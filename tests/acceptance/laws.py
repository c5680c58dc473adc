"""The laws of every report, whatever was entered; `violations` names each one that a report breaks.

One recommendation at most. No sentence that leans on what was not entered or does not apply. Biopsies have edges,
excisions have margins. "(see comment)" if and only if there is a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reportgen.reports.model import Heading, Paragraph, Report, Role, Sentence
from tests.acceptance.support import Data, entered, is_biopsy, said

_OWN_WORDS = (".override", ".entered")


@dataclass(frozen=True)
class Share:
    """What a report says of one part, the label as received left out."""

    part: Data
    protocol: str
    diagnosis: list[Sentence]
    comment: list[Sentence]


def shares(report: Report, data: Data) -> list[Share]:
    """The diagnosis (header line first) and the comment of each part."""
    diagnoses: list[list[Sentence]] = []
    comments: dict[str, list[Sentence]] = {part["label"]: [] for part in data["parts"]}
    label = data["parts"][0]["label"]
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Heading):
                label = block.text.partition(". ")[0]
            elif isinstance(block, Paragraph) and section.id == "comment":
                comments[label] += block.sentences
            elif isinstance(block, Paragraph) and section.id == "diagnosis":
                if block.role is Role.specimen:
                    diagnoses.append([])
                diagnoses[-1] += (sentence for sentence in block.sentences if sentence.clause)
    return [
        Share(part, part.get("protocol") or data["protocol"], diagnosis, comments[part["label"]])
        for part, diagnosis in zip(data["parts"], diagnoses, strict=True)
    ]


def violations(report: Report, data: Data) -> list[str]:
    """The laws that a report breaks, in words."""
    found = list(_unlicensed(report, data))
    for share in shares(report, data):
        found += [*_recommendations(share), *_wrong_words(share, data), *_wrong_reference(share)]
    return found


def _unlicensed(report: Report, data: Data) -> Iterator[str]:
    there = entered(data)
    idle = {pair.path for pair in report.pairs() if pair.gap or pair.text == "Not applicable"}
    for sentence in said(report):
        for used in () if sentence.gap else sentence.answers:
            if used.path not in there:
                yield f"leans on {used.path}, which was not entered: {sentence.text}"
            if used.path in idle:
                yield f"leans on {used.path}, which does not apply: {sentence.text}"


def _recommendations(share: Share) -> Iterator[str]:
    found = [
        sentence
        for sentence in share.comment
        if sentence.clause.startswith("comment.recommendation.") or re.search(r"\brecommend", sentence.text)
    ]
    if len(found) > 1:
        yield f"recommends twice: {[sentence.text for sentence in found]}"


def _wrong_words(share: Share, data: Data) -> Iterator[str]:
    """What is composed keeps to its word; what the pathologist wrote herself is left out."""
    biopsy = is_biopsy(share.part)
    if share.protocol != "aismn" or biopsy is None:
        return
    procedure = share.part.get("procedure")
    mohs = "Mohs debulking" in (
        procedure,
        isinstance(procedure, dict) and procedure.get("result"),
    )  # has edges too; the surgeon assesses the margins
    wrong = r"\bmargins?\b(?! are assessed by Mohs surgery)" if biopsy or mohs else r"\bedges?\b"
    texts = {
        " ".join(text.split()).rstrip(" .") for text in _texts(share.part) if re.search(wrong, text, re.IGNORECASE)
    }
    own = sorted(texts, key=len, reverse=True)
    for sentence in (*share.diagnosis, *share.comment):
        composed = sentence.text
        for text in own:
            composed = re.sub(re.escape(text), "", composed, flags=re.IGNORECASE)
        if not sentence.clause.endswith(_OWN_WORDS) and re.search(wrong, composed, re.IGNORECASE):
            yield f"wrong word: {sentence.text}"


def _texts(node: Any) -> Iterator[str]:
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        if isinstance(value, str):
            yield value
        else:
            yield from _texts(value)


def _wrong_reference(share: Share) -> Iterator[str]:
    """The first line of the diagnosis refers to the comment, where there is one; a gap refers to nothing."""
    _, *lines = share.diagnosis
    for number, line in enumerate(lines):
        refers = bool(re.search(r"\bsee comment\)?\.?$", line.text))
        if refers is not (number == 0 and bool(share.comment) and not line.gap):
            yield f"{'refers' if refers else 'does not refer'} to the comment: {line.text}"
