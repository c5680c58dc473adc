"""No printed sentence asserts what an answer denies, over invented cases; `true-when.yaml` says when each is true."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest

from reportgen.pipeline import Settings, check, preview
from tests.acceptance.laws import Share, shares
from tests.acceptance.oracle.advice import pending
from tests.acceptance.oracle.making import Maker
from tests.acceptance.oracle.plain import CORE, Data, Part
from tests.acceptance.support import HERE, read_data, source

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
SEEDS, CASES = (range(50), 1_000) if LONG else (range(4), 400)
NOTHING = "-"


def units() -> list[Data]:
    """The table: pieces of sentences, and when each is true."""
    return list(read_data(HERE / "oracle" / "true-when.yaml")["units"])


def answers(part: Part, path: str) -> set[str]:
    """What a part answers under a path of the table, or what follows from its answers; `-` for nothing."""
    if path == "kind":
        return {part.kind or NOTHING}
    if path == "residual":
        return {part.residual or NOTHING}
    if path == "core":
        return {"positive" if part.positive(*CORE) else "not positive"}
    if path == "pending":
        return {"yes" if pending(part) else "no"}
    node = part.node(path)
    if isinstance(node, list):
        return {str(each.get("result") if isinstance(each, dict) else each) for each in node}
    return {part.said(path) or NOTHING}


def holds(part: Part, wanted: Any) -> bool:
    """Whether one of the sets of answers fits."""
    sets = wanted if isinstance(wanted, list) else [wanted]
    return any(all(answers(part, path).intersection(allowed) for path, allowed in each.items()) for each in sets)


def repeats(part: Part, found: re.Match[str], paths: list[str]) -> bool:
    """Whether the groups of a pattern repeat the words of these answers."""
    return all(_plain(part.said(path)) == _plain(said) for path, said in zip(paths, found.groups(), strict=False))


def _plain(text: str | None) -> str:
    """A text without the signs that print in another way than they are typed."""
    return (text or "").replace("≥", ">=").replace("≤", "<=").replace(" ", "")


def composed(share: Share) -> Iterator[str]:
    """The sentences that the program composed: no gap, none of the pathologist's own words, not the header line."""
    for sentence in (*share.diagnosis[1:], *share.comment):
        if not sentence.gap and ".override" not in sentence.clause:
            yield sentence.text.replace("\u00a0", " ")


def reports(seed: int, count: int) -> Iterator[tuple[Data, list[Share]]]:
    """Invented cases that are in order, and what their reports say."""
    maker = Maker(seed)
    for _ in range(count):
        data = maker.case()
        checked = check(source(data))
        if not any(finding.code == "E201" for finding in checked.findings):
            yield data, shares(preview(checked, Settings()), data)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_no_sentence_asserts_what_an_answer_denies(seed: int) -> None:
    table = [(re.compile(unit["says"]), re.compile(unit.get("unless", "(?!)")), unit) for unit in units()]
    false, unknown, seen = set[str](), set[str](), 0
    for data, said in reports(seed + 1000, CASES):
        for share, entered in zip(said, data["parts"], strict=True):
            part = Part(entered, data)
            for text in composed(share):
                fitting = [(says.search(text), unit) for says, unless, unit in table if not unless.search(text)]
                here = [(found, unit) for found, unit in fitting if found]
                seen += 1
                if not here:
                    unknown.add(text)
                for found, unit in here:
                    if not (holds(part, unit["true_when"]) and repeats(part, found, unit.get("equals", []))):
                        false.add(f"{text} [{unit['says']}]")
    assert sorted(false) == []
    assert sorted(unknown) == [], "sentences that nobody has reviewed"
    assert seen > CASES
