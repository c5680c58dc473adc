"""Sides and regions: words, letters, neighbors, what lies in what."""

from __future__ import annotations

import pytest

from reportgen.protocols.load import load_protocol

BODY = load_protocol("general").prose.body


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("left arm", ["left"]),
        ("L arm", ["left"]),
        ("(L) arm", ["left"]),
        ("lt. arm", ["left"]),
        ("Rt arm", ["right"]),
        ("left-sided nodule", ["left"]),
        ("arm, R", ["right"]),
        ("bilateral arms", ["both"]),
        ("R/O nevus", []),
        ("L5 region", []),
        ("L-spine", []),
        ("lateral arm", []),
        ("bright red", []),
        ("midline of the back", ["midline"]),
    ],
)
def test_words_and_letters_for_sides(text: str, sides: list[str]) -> None:
    assert list(dict.fromkeys(each.id for each in BODY.sides_in(text))) == sides


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("upper limb", "forearm", True),
        ("finger", "upper limb", True),
        ("forearm", "thigh", False),
        ("shoulder", "upper arm", True),
        ("shoulder", "upper back", True),
        ("scalp", "forearm", False),
        ("upper back", "back", True),
        ("cheek", "face", True),
        ("cheek", "ear", True),
        ("nose", "ear", False),
        ("upper back", "lower back", False),
    ],
)
def test_regions_agree_where_they_may_be_one_place(one: str, other: str, agree: bool) -> None:
    assert BODY.agree(one, other) is agree
    assert BODY.agree(other, one) is agree


def test_the_longest_name_of_a_region_is_taken() -> None:
    assert [each.id for each in BODY.regions_in("lower leg and upper back")] == ["lower leg", "upper back"]


def test_a_side_belongs_to_the_region_beside_it() -> None:
    assert BODY.sided("a papule of the left distal forearm") == [("left", "forearm")]
    assert BODY.sided("forearm, L.") == [("left", "forearm")]
    assert BODY.sided("left tip. The arm") == []


def test_every_region_named_by_another_is_there() -> None:
    for region in BODY.regions.values():
        assert {*region.within, *region.near} <= BODY.regions.keys(), region.id
