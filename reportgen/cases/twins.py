"""One identifier, two cases or two people: what only shows when the cases of a run are seen together."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from reportgen.cases.identifiers import identifier_key
from reportgen.cases.model import Case
from reportgen.findings import Finding, Place

_JOINERS = "\u200c\u200d"  # they shape letters, and tell no name from another


class Person(NamedTuple):
    """Whom a row or a file is about, as it says so."""

    mrn: str
    name: str
    birth_date: str
    place: Place


class People:
    """The medical record numbers of a run, each with the first who had it.

    Args:
        first: keeps a person under a number, and gives the first who was kept there; in memory where it is None.
    """

    def __init__(self, first: Callable[[str, Person], Person] | None = None) -> None:
        self._first = first or dict[str, Person]().setdefault

    def add(self, person: Person) -> tuple[Finding, Finding] | None:
        """Note one; a finding for this one and a finding for the first, where the number has two people (W314)."""
        first = self._first(identifier_key(person.mrn), person) if person.mrn.strip() else person
        what = [
            word
            for word, differs in (
                ("name", _are_two(first.name, person.name)),
                ("birth date", _are_two_days(first.birth_date, person.birth_date)),
            )
            if differs
        ]
        if not what:
            return None
        return _told(person, first, " and ".join(what)), _told(first, person, " and ".join(what))


class Cases:
    """The case files of a run, seen together."""

    def __init__(self) -> None:
        self._people = People()
        self._accessions: dict[str, Place] = {}

    def add(self, case: Case) -> tuple[Finding, ...]:
        """Note one; what it has in common with an earlier one and may not have (W314)."""
        found: list[Finding] = []
        accession = case.header.get("accession")
        if accession:
            other = self._accessions.setdefault(identifier_key(case.written("accession")), accession.place)
            if other != accession.place:
                message = f"is that of another case too: {other}"
                found.append(
                    Finding("W314", accession.place, "accession", message, "correct one, or keep one of the files")
                )
        mrn = case.header.get("patient.mrn")
        said = case.written("patient.mrn"), case.written("patient.name"), case.date_as_entered("patient.birth_date")
        pair = self._people.add(Person(*said, mrn.place if mrn else case.place))
        return (*found, *(pair[:1] if pair else ()))


def _told(one: Person, other: Person, what: str) -> Finding:
    hint = "find out which of the two is wrong, and correct it"
    return Finding("W314", one.place, "patient.mrn", f"goes with another {what} than in {other.place}", hint)


def _are_two(one: str, two: str) -> bool:
    """Whether two names are those of two people: neither has all the words of the other."""
    first, second = _words(one), _words(two)
    return bool(first and second) and not (first <= second or second <= first)


def _are_two_days(one: str, two: str) -> bool:
    """Whether two dates of birth cannot be one; `1961` may be `1961-04-02`."""
    return bool(one and two) and not (one.startswith(two) or two.startswith(one))


def _words(name: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign) and sign not in _JOINERS)
    return set("".join(sign if sign.isalnum() else " " for sign in kept).split())
