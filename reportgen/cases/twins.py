"""One identifier, two cases or two people: what only shows when the cases of a run are seen together."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import NamedTuple

from reportgen.cases.identifiers import identifier_key
from reportgen.cases.model import Case
from reportgen.findings import Finding, Place

_NAMED = 3  # files that a finding names
_JOINERS = "\u200c\u200d"  # they shape letters, and tell no name from another


class Person(NamedTuple):
    """Whom a row or a file is about, as it says so."""

    mrn: str
    name: str
    birth_date: str
    place: Place


class People:
    """The medical record numbers of a run, each with the first who had it.

    `first` keeps a person under a number, and gives the first who was kept there; without it, memory does.
    """

    def __init__(self, first: Callable[[str, Person], Person] | None = None) -> None:
        self._first = first or dict[str, Person]().setdefault

    def add(self, person: Person) -> tuple[Finding, Finding] | None:
        """Note one; a finding for this one and a finding for the first, where the number has two people (W314)."""
        first = self._first(identifier_key(person.mrn), person) if person.mrn.strip() else person
        what = _differing(first, person)
        return (_told(person, first, what), _told(first, person, what)) if what else None


class Filed(NamedTuple):
    """What a case file says of its number and its patient."""

    accession: str
    place: Place
    person: Person


def filed(case: Case) -> Filed:
    """What a case says of its number and its patient."""
    accession, mrn = case.header.get("accession"), case.header.get("patient.mrn")
    said = case.written("patient.mrn"), case.written("patient.name"), case.date_as_entered("patient.birth_date")
    place = accession.place if accession else case.place
    return Filed(case.written("accession"), place, Person(*said, mrn.place if mrn else case.place))


def twins(files: Mapping[str, Filed]) -> dict[str, tuple[Finding, ...]]:
    """What two case files have in common and may not have, told at both (W314), by the names of the files."""
    found: dict[str, list[Finding]] = {}
    people: dict[str, tuple[str, Person]] = {}
    numbers: dict[str, list[str]] = {}
    for name, file in files.items():
        if file.accession.strip():
            numbers.setdefault(identifier_key(file.accession), []).append(name)
    for names in numbers.values():
        for name in names if len(names) > 1 else ():
            others = [str(files[other].place) for other in names if other != name]
            found.setdefault(name, []).append(_same_number(files[name], others))
    for name, file in files.items():
        if file.person.mrn.strip():
            known, person = people.setdefault(identifier_key(file.person.mrn), (name, file.person))
            if what := _differing(person, file.person):
                found.setdefault(name, []).append(_told(file.person, person, what))
                found.setdefault(known, []).append(_told(person, file.person, what))
    return {name: tuple(each) for name, each in found.items()}


def _same_number(one: Filed, others: list[str]) -> Finding:
    more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
    hint = "correct the wrong one, or keep one of the files"
    return Finding("W314", one.place, "accession", f"is also in {', '.join(others[:_NAMED])}{more}", hint)


def _differing(one: Person, two: Person) -> str:
    """What two people of one number do not share; "" where they may be one."""
    names, days = _are_two(one.name, two.name), _are_two_days(one.birth_date, two.birth_date)
    return " and ".join(["name"] * names + ["birth date"] * days)


def _told(one: Person, other: Person, what: str) -> Finding:
    hint = "correct the wrong one; for a name that has changed, enter both: New, Name (formerly Old)"
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
