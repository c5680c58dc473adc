"""What headings call a part: letter, side and site, the side once, whatever the form asks."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen import compose
from reportgen.reports.model import Heading, Pairs, Report
from tests.acceptance.support import base, source
from tests.support.toy import Templates, said, toy_data


def headings(report: Report) -> set[str]:
    """The headings and captions of parts, wherever they are printed."""
    blocks = list(report.blocks())
    captions = {block.caption for block in blocks if isinstance(block, Pairs)} - {""}
    return captions | {block.text for block in blocks if isinstance(block, Heading)}


def of_parts(*changes: dict[str, Any], protocol: str = "aismn") -> set[str]:
    """The headings of one part for each set of changes, and of a last one that makes them several."""
    data = base("shave-biopsy")
    part = data["parts"][0]
    del part["topography"], part["received_as"]
    if protocol == "general":
        data["protocol"] = protocol
        part = {"label": "A", "procedure": "biopsy", "diagnosis": "Nevus", "laterality": "right", "comment": "None."}
    data["parts"] = [
        part | change | {"label": chr(ord("A") + number)} for number, change in enumerate((*changes, {"site": "lip"}))
    ]
    return headings(compose(source(data)))


@pytest.mark.parametrize("protocol", ["aismn", "general"])
def test_parts_that_differ_in_their_side_alone_are_told_apart(protocol: str) -> None:
    made = of_parts(
        {"site": "cheek", "laterality": "left"}, {"site": "cheek", "laterality": "right"},
        {"site": "left cheek", "laterality": "left"}, {"site": "nose", "laterality": "midline"},
        {"site": "nose", "laterality": "not specified"}, protocol=protocol,
    )  # fmt: skip
    assert {"A. Left cheek", "B. Right cheek", "C. Left cheek", "D. Midline nose", "E. Nose"} <= made
    assert len(made) == 6


def test_a_site_keeps_its_letters() -> None:
    made = of_parts(
        *({"site": site, "laterality": "not specified"} for site in ("p16 area", "ﬁnger", "ßcalp", "scalp"))
    )
    assert {"A. p16 area", "B. ﬁnger", "C. ßcalp", "D. Scalp"} <= made


def test_a_site_that_was_not_entered_is_a_gap() -> None:
    made = of_parts({"site": None, "laterality": "left"}, {"site": "cheek", "laterality": None})
    assert {"A. [NOT ENTERED]", "B. Cheek"} <= made


def test_a_form_without_a_site_is_headed_by_its_letter_and_its_label_as_received(templates: Templates) -> None:
    wording = said("- {id: one, when: kind is answered, say: X, source: {book: p}}").replace("site", "kind")
    templates.load("- {id: kind, kind: text, title: Kind, source: {book: p}}", wording=wording, site="")
    data = toy_data({"kind": "a"}, {"kind": "b", "received_as": "left arm"})
    for part in data["parts"]:
        del part["site"]
    assert headings(compose(source(data))) == {"A", 'B. (received as "left arm")'}
