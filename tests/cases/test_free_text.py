"""Free text against the answers: sets of invented texts that a pathologist can read, in tests/prose/sets.

Each set has a half that was seen while the words were made and halves that were written before and not tuned to.
"""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reportgen.cases.validate import Validation, validate
from reportgen.reading.readers import read_text

SETS = Path(__file__).parents[1] / "prose" / "sets"
HALVES = ("design", "held-out", "second", "third", "fourth", "fifth", "sixth", "seventh")
FREE_TEXT = {"W306", "W307"}


@cache
def entries(name: str) -> list[tuple[dict[str, Any], str, Validation]]:
    """Each text of a set with what is said of it, and what validation makes of a case with it."""
    data = yaml.safe_load((SETS / f"{name}.yaml").read_text(encoding="utf-8"))
    return [(each, text, checked(each["of"], each["in"], text)) for each in data for text in each["texts"]]


BASES: dict[str, Any] = yaml.load((SETS / "cases.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)


def checked(of: str, place: str = "", text: str = "", **answers: Any) -> Validation:
    base = copy.deepcopy(BASES[of])
    part = {"label": "A", **base["part"], **answers}
    case: dict[str, Any] = {
        "accession": "S26-09900",
        "patient": base["patient"],
        "collected": "2026-11-16",
        "received": "2026-11-17",
        "submitted_by": "Dr. Example",
        "parts": [part],
    }
    if place:
        node: dict[str, Any] = case if place == "clinical_history" else part
        *above, last = place.split(".")
        for step in above:
            node = node.setdefault(step, {})
        node[last] = text
    return validate(read_text(json.dumps(case), name="case.json"))


def alarms(validation: Validation) -> list[str]:
    codes = [finding.code for finding in validation.findings]
    stops = [scope.truth(f"container.other_{what}").truth for scope in validation.scopes for what in ("side", "region")]
    return codes + ["stop"] * sum(stop is True for stop in stops)


@pytest.mark.parametrize("of", sorted(BASES))
def test_the_cases_themselves_are_in_order(of: str) -> None:
    assert alarms(checked(of)) == []


@pytest.mark.parametrize("half", HALVES)
def test_no_consistent_text_is_flagged(half: str) -> None:
    found = [(text, alarms(validation)) for _, text, validation in entries(f"consistent-{half}")]
    assert [each for each in found if each[1]] == []


@pytest.mark.parametrize("half", HALVES)
def test_most_contradictions_are_found(half: str) -> None:
    texts = entries(f"contradictions-{half}")
    found = [bool(alarms(validation)) for _, _, validation in texts]
    assert sum(found) >= 0.85 * len(texts)


@pytest.mark.parametrize("half", ["third", "fourth", "fifth", "sixth", "seventh"])
def test_a_finding_names_the_answer_that_is_contradicted(half: str) -> None:
    wrong = []
    for each, text, validation in entries(f"contradictions-{half}"):
        listed = each["against"]
        paths = [listed] if isinstance(listed, str) else listed
        for finding in validation.findings:
            named = (finding.path, *finding.others)
            if not any(path in name for path in paths for name in named):
                wrong.append((text, finding.code, named))
    assert wrong == []


def test_the_sets_are_large_enough() -> None:
    assert sum(len(entries(f"consistent-{half}")) for half in HALVES) >= 300
    contradictions = [each for half in HALVES for each in entries(f"contradictions-{half}")]
    assert len(contradictions) >= 150
    kinds = {each["kind"] for each, _, _ in contradictions}
    assert len(kinds) >= 12
    for kind in kinds:
        own = [(text, validation) for each, text, validation in contradictions if each["kind"] == kind]
        missed = [text for text, validation in own if not alarms(validation)]
        assert len(missed) <= len(own) / 4, (kind, missed)


def test_both_places_are_named() -> None:
    (finding,) = checked("shave", "microscopic", "There are zones of tumor necrosis.").findings
    assert (finding.code, finding.path) == ("W306", "parts.A.microscopic")
    assert finding.others == ("parts.A.necrosis",)
    assert "parts.A.necrosis (case.json:1:" in finding.message
    (finding,) = checked("shave", "clinical_history", "Nodule of the right forearm.").findings
    assert (finding.code, finding.path, finding.others) == ("W307", "clinical_history", ("parts.A.laterality",))


def test_a_history_of_two_parts_needs_to_agree_with_one() -> None:
    data = {
        "protocol": "general",
        "accession": "S26-1",
        "patient": {"name": "Invented, Ida"},
        "clinical_history": "Papule of the left cheek. Nodule of the right thigh.",
        "parts": [
            {"label": "A", "site": "left cheek", "laterality": "left", "procedure": "shave", "diagnosis": "Nevus."},
            {"label": "B", "site": "right thigh", "laterality": "right", "procedure": "shave", "diagnosis": "Nevus."},
        ],
    }
    assert validate(read_text(json.dumps(data), name="case.json")).findings == ()
    data["clinical_history"] = "Papules of the left back."
    assert {each.code for each in validate(read_text(json.dumps(data), name="case.json")).findings} == {"W307"}


def test_a_block_of_a_stain_that_the_list_leaves_out() -> None:
    base = checked("shave", "stains.CD68", "negative")
    assert alarms(base) == []
    data = copy.deepcopy(BASES["shave"]["part"])
    data["stains"]["S100"] = {"result": "negative", "block": "B3"}
    case = {"accession": "S26-1", "patient": {"name": "Invented, Ida"}, "parts": [{"label": "A", **data}]}
    findings = validate(read_text(json.dumps(case), name="case.json")).findings
    assert [(each.code, each.path) for each in findings] == [("W306", "parts.A.stains.S100.block")]


def test_a_topography_that_does_not_cover_the_site_is_refused() -> None:
    for site, topography, fits in (
        ("left distal forearm", "C44.6", True),
        ("left distal forearm", "C44.4", False),
        ("left cheek", "C44.3", True),
        ("left cheek", "C44.6", False),
    ):
        found = checked("shave", site=site, topography=topography, received_as=site).findings
        refused = [each.path for each in found if each.code == "E201"]
        assert refused == ([] if fits else ["parts.A.topography"]), (site, topography)


_RESULT = st.sampled_from(("present", "not identified"))
_STAIN = st.sampled_from(("positive", "negative"))
_FORMS = ("{} is {}.", "{}: {}.", "{} - {}", "{} {}")


@given(
    findings=st.fixed_dictionaries(dict.fromkeys(("necrosis", "perineural", "lymphovascular", "ulceration"), _RESULT)),
    stains=st.fixed_dictionaries(dict.fromkeys(("SMA", "desmin", "CD10", "S100", "SOX10"), _STAIN)),
    deep=st.sampled_from(("involved", "uninvolved")),
    mitoses=st.integers(1, 40),
    size=st.integers(2, 60),
    form=st.sampled_from(_FORMS),
    order=st.randoms(),
)
def test_what_is_said_truly_of_the_answers_is_never_flagged(
    findings: dict[str, str], stains: dict[str, str], deep: str, mitoses: int, size: int, form: str, order: Any
) -> None:
    names = {"perineural": "Perineural invasion", "lymphovascular": "Lymphovascular invasion"}
    said = [form.format(names.get(each, each.capitalize()), result) for each, result in findings.items()]
    said += [form.format(each, result) for each, result in stains.items()]
    said += [form.format("The deep margin", deep), f"There are {mitoses} mitoses per 10 HPF.", f"A tumor of {size} mm."]
    for result in ("positive", "negative"):
        own = [each for each, given_result in stains.items() if given_result == result]
        if own:
            said += [f"The tumor cells are {result} for {', '.join(own)}.", f"{' and '.join(own)} are {result}."]
    order.shuffle(said)
    answers = {
        **findings,
        "stains": stains,
        "margins": {"deep": deep, "peripheral": deep},
        "mitoses": f"{mitoses} per 10 HPF",
        "size": f"{size} mm",
    }
    text = "\n".join(said)
    codes = {each.code for each in checked("shave", "microscopic", text, **answers).findings}
    assert not codes & FREE_TEXT, (text, codes)


@pytest.mark.parametrize(("label", "alarms"), [("b", 0), ("B", 0), ("\uff22", 0), ("c", 1)])
def test_a_block_of_another_part_is_no_contradiction_however_its_label_is_written(label: str, alarms: int) -> None:
    part = copy.deepcopy(BASES["shave"]["part"])
    part["gross"] = {"blocks": [{"id": "A1", "contents": "tips"}], "description": "The margin is shown in block B2."}
    parts = [{"label": "A", **part}, {"label": label, **BASES["shave"]["part"]}]
    case = {"accession": "S26-1", "patient": {"name": "Invented, Ida"}, "parts": parts}
    findings = validate(read_text(json.dumps(case), name="case.json")).findings
    assert [each.code for each in findings if each.path == "parts.A.gross.description"] == ["W306"] * alarms
