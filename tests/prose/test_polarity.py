"""Which things a clause affirms and which it denies, by cues before and behind them."""

from __future__ import annotations

import pytest

from reportgen.prose.model import Group, Mention
from reportgen.prose.polarity import PolarityReader, stain_mentions

STAINS = Group(
    id="stains",
    title="Stain",
    texts=("t",),
    panel="stains",
    yes=("positive", "positive for >", "express >"),
    no=("negative", "negative for >"),
    weak=("staining", "stain for >"),
    also={"AA": ("alpha",)},
)
NAMES: dict[str, tuple[str, ...]] = {f"stains.{name}": (name,) for name in ("AA", "BB", "CC", "S100")}
THINGS = Group(
    id="things",
    title="Thing",
    texts=("t",),
    yes=("present", "seen"),
    no=("absent",),
    elsewhere=("control",),
    mentions=(
        Mention(id="one", words=("one",), bare="yes"),
        Mention(id="two", words=("two",), bare="yes"),
        Mention(id="done", words=("done",), bare="no"),
    ),
)
NEGATIONS = ("no", "not", "without", "neither", "nor", "lacks")


def said(group: Group, clause: str) -> dict[str, bool]:
    reader = PolarityReader(group, NEGATIONS, stain_mentions(group, NAMES) if group.panel else {})
    return {claim.mention.id: claim.affirmed for claim in reader.claims(clause)}


@pytest.mark.parametrize(
    ("clause", "claims"),
    [
        ("AA and BB are positive, CC is negative", {"AA": True, "BB": True, "CC": False}),
        ("positive for AA and BB and negative for CC", {"AA": True, "BB": True, "CC": False}),
        ("negative for foo, AA, and S-100", {"AA": False, "S100": False}),
        ("AA+, BB-, CC (-)", {"AA": True, "BB": False, "CC": False}),
        ("positive (AA, BB) and negative (CC)", {"AA": True, "BB": True, "CC": False}),
        ("alpha shows no staining", {"AA": False}),
        ("no AA or BB staining", {"AA": False, "BB": False}),
        ("they do not express AA", {"AA": False}),
        ("AA shows strong staining", {"AA": True}),
        ("staining for AA is negative", {"AA": False}),
        ("AA was done", {}),
        ("AA-positive cells", {}),
    ],
)
def test_stains(clause: str, claims: dict[str, bool]) -> None:
    assert said(STAINS, clause) == claims


@pytest.mark.parametrize(
    ("clause", "claims"),
    [
        ("there is one", {"one": True}),
        ("no one or two", {"one": False, "two": False}),
        ("one is present, two is absent", {"one": True, "two": False}),
        ("one is not seen", {"one": False}),
        ("one: no", {"one": False}),
        ("present one: no", {}),
        ("one: twice", {}),
        ("the other shows one, this one is not", {}),
        ("one without two", {"two": False}),
        ("neither one nor two", {"one": False, "two": False}),
        ("no one, two is present", {"one": False}),
        ("one does not jump", {}),
        ("one and the rest are absent", {}),
        ("the control shows one", {}),
        ("it is done", {"done": False}),
        ("it is not done", {"done": True}),
    ],
)
def test_things(clause: str, claims: dict[str, bool]) -> None:
    found = said(THINGS, clause)
    assert {id: found.get(id) for id in claims} == claims
    assert set(found) <= {*claims, "one", "two"}
    assert claims or not found


def test_a_sentence_of_nothing_but_a_turn_says_nothing() -> None:
    reader = PolarityReader(THINGS, NEGATIONS, {})
    assert list(reader.sentence_claims([])) == []
    assert [claim.mention.id for claim in reader.sentence_claims(["one is absent"])] == ["one"]
