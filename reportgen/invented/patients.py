"""The head of an invented case: a patient, dates and names that nobody could take for real ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

Data = dict[str, Any]
_NAMES = ("Ada", "Ben", "Cleo", "Dov", "Eva", "Finn", "Gil", "Hana", "Ida", "Jon", "Kai", "Lea", "Max", "Noa", "Otto")
_CLINICS = ("Example Skin Clinic", "Sample Street Practice", "Invented Hospital, Outpatients")


def head(random: Random, accession: str, collected: date, born: date, sexes: Sequence[str]) -> Data:
    """The head of a case, marked as test data; `sexes` are those that one is drawn of."""
    return {
        "purpose": "test data",
        "accession": accession,
        "patient": {
            "name": f"Test, {random.choice(_NAMES)} {letters(random)}",
            "mrn": f"{random.randrange(10**5):06d}",
            "birth_date": str(born),
            "sex": random.choice(sexes),
        },
        "collected": str(collected),
        "received": str(collected + timedelta(days=random.randrange(3))),
        "submitted_by": f"Dr. {random.choice(_NAMES)} Example, {random.choice(_CLINICS)}",
        **({"clinical_history": "Invented history."} if random.random() < 0.5 else {}),
        "laboratory": {"name": "Example Dermatopathology Laboratory", "address": "1 Sample Street, Anytown"},
    }


def letters(random: Random) -> str:
    """An invented word of four letters."""
    return "".join(random.choice("abcdefghijklmnoprstuvw") for _ in range(4)).title()
