"""Ids made of titles: readable, each once, always the same."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.protocols.elements import RESERVED
from reportgen.sdc.names import Names, answer_ids, is_other, slug

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@pytest.mark.parametrize(
    ("title", "id"),
    [
        ("Tumor Size (Note A)", "tumor_size"),
        ("Patient's age", "patient_age"),
        ("Größe / Breite", "groe_breite"),
        ("4 o'clock", "item_4_oclock"),
        ("Label", "label_"),
        ("None (explain)", "none_"),
        ("皮膚", "item"),
        ("Distance of the lesion from the closest peripheral margin", "distance_of_the_lesion_from_the"),
    ],
)
def test_an_id_is_made_of_words(title: str, id: str) -> None:
    assert Names().of_element(title) == id


def test_ids_of_one_level_differ() -> None:
    names = Names()
    assert [names.of_element("Margin"), names.of_element("", "Margin"), names.of_element("Margin applies")] == [
        "margin", "margin_2", "margin_applies_2",
    ]  # fmt: skip


def test_ids_of_protocols() -> None:
    assert [slug(title) for title in ("SKIN: Punch (Biopsy)", "皮膚", "2-part form")] == [
        "skin-punch",
        "form",
        "item-2-part-form",
    ]


@pytest.mark.parametrize(
    ("title", "other"),
    [("Other (specify)", True), ("other", True), ("Other, please specify:", True), ("Other tissue (specify)", False)],
)
def test_other(title: str, other: bool) -> None:
    assert is_other(title) is other


def test_answers_are_called_as_they_are_printed() -> None:
    labels = ['a "b"', "a b", "Other (specify)", "other; more", "1 o'clock"]
    assert answer_ids(labels, 2) == ["a b 2", "a b", "other", "other more", "1 o'clock"]


@given(st.lists(st.text(max_size=90), max_size=6, unique_by=str.casefold))
@settings(max_examples=60)
def test_no_id_is_what_another_answer_is_printed_as(labels: list[str]) -> None:
    found = answer_ids(labels, None)
    assert found == answer_ids(labels, None)
    assert len({id.casefold() for id in found}) == len(labels)
    assert all(
        id.casefold() != other.casefold()
        for id, own in zip(found, labels, strict=True)
        for other in labels
        if other != own
    )


@given(st.lists(st.text(max_size=60), max_size=6))
@settings(max_examples=60)
def test_ids_of_elements_are_ids(titles: list[str]) -> None:
    names = Names()
    found = [names.of_element(title) for title in titles]
    assert len({id.casefold() for id in found}) == len(titles)
    assert all(_ID.fullmatch(id) and len(id) <= 60 and id not in RESERVED for id in found)
