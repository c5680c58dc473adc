"""Plausible cases: site, procedure, size and findings that go together, as `plausible.yaml` of a protocol tells.

Where `reportgen.invented.cases` shows what a protocol can say, these cases resemble a day's work. What is plausible is
medicine and stands beside the protocol; this file only draws.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from reportgen import template_files
from reportgen.findings import refuse
from reportgen.invented.patients import Data, head
from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.own_protocols import FOLDER, PLAUSIBLE
from reportgen.pipeline import Settings, check
from reportgen.protocols.load import load_protocol
from reportgen.reading.readers import read_file
from reportgen.reading.shaped import shaped
from reportgen.reading.source import plain, source_of

_PLACES = f"{FOLDER}/places.yaml"
_RANGE = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)(?![\w.]\d)")
_TRIES = 60  # of drawing a case that no check refuses
_YEAR = 365.25  # days


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pattern(_Shape):
    """Cases of one kind.

    Attributes:
        name: what they are.
        weight: how often they occur among those of the protocol.
        age: in years, as 55..90.
        sex: those that one is drawn of.
        places: the list of places.yaml that site, laterality and topography are drawn of; "" if `answers` has them.
        answers: path or key → the answer, a list of those that one is drawn of, or a mapping of what is below. A number
            such as 3..12 is drawn between both. An answer of a list that is empty is not given.
    """

    name: str
    weight: int = Field(default=1, ge=1)
    age: str = "30..85"
    sex: tuple[str, ...] = ("female", "male")
    places: str = ""
    answers: dict[str, Any]


class PlausibleFile(_Shape):
    """What is plausible for a protocol: its source, and the patterns of its cases."""

    source: str
    cases: tuple[Pattern, ...] = Field(min_length=1)


def plausible_cases(
    protocol: str, count: int, seed: int, *, prefix: str, first: date, laboratory: Laboratory | None = None
) -> Iterator[Data]:
    """Plausible cases of one part, as the data of case files; the same seed gives the same cases.

    Args:
        protocol: its id.
        count: how many.
        seed: of the drawing.
        prefix: the beginning of every accession.
        first: the day on which all were collected.
        laboratory: the profile that may bring or change the protocol.

    Raises:
        FindingsError: E110 for an unknown protocol; T402 for one without `plausible.yaml`; T401 for patterns whose
            cases are refused.
    """
    load_protocol(protocol, laboratory)
    patterns, settings = _patterns(protocol, laboratory), Settings(laboratory=laboratory)
    for number in range(1, count + 1):
        random = Random(f"{protocol}/{seed}/{number}")  # noqa: S311 - no secret
        yield _case(protocol, patterns, random, f"{prefix}{number:05d}", first, settings)


def _patterns(protocol: str, laboratory: Laboratory | None) -> tuple[Pattern, ...]:
    brought = laboratory.bringing(protocol) if laboratory else None
    shown = f"{FOLDER}/{protocol}/{PLAUSIBLE}"
    path = brought.folder / shown if brought else template_files.path(shown)
    if not path.is_file():
        hint = f"write {PLAUSIBLE} beside its protocol.yaml, or leave out --plausible"
        raise refuse("T402", "has no plausible cases", str(path) if brought else shown, protocol, hint=hint)
    return shaped(PlausibleFile, read_file(path, name=str(path) if brought else shown)).cases


def _case(
    protocol: str, patterns: tuple[Pattern, ...], random: Random, accession: str, collected: date, settings: Settings
) -> Data:
    (pattern,) = random.choices(patterns, [each.weight for each in patterns])
    for _ in range(_TRIES):
        age = int(_drawn_text(pattern.age, random))
        born = collected - timedelta(days=int(age * _YEAR) + random.randrange(1, 360))
        place = random.choice(_places(pattern.places)) if pattern.places else {}
        part = {"label": "A", "protocol": protocol, **_drawn({**place, **pattern.answers}, random)}
        case = {**head(random, accession, collected, born, pattern.sex), "parts": [part]}
        errors = check(source_of(case), settings).errors
        if not errors:
            return case
    path, hint = f"{pattern.name} › {errors[0].path}", "correct the pattern"
    raise refuse(
        "T401", f"is refused in every case drawn: {errors[0].code}", f"{protocol}/{PLAUSIBLE}", path, hint=hint
    )


def _places(name: str) -> list[dict[str, Any]]:
    said = plain(read_file(template_files.path(_PLACES), name=_PLACES))
    if not isinstance(said, Mapping) or not isinstance(said.get(name), list):
        raise refuse("T402", "there is no such list of places", _PLACES, name)
    return list(said[name])


def _drawn(answers: Mapping[str, Any], random: Random) -> Data:
    """The answers with one of each list, and with numbers in place of ranges; without those that are empty."""
    made = {path: _answer(answer, random) for path, answer in answers.items()}
    return {path: answer for path, answer in made.items() if answer not in ("", None, {})}


def _answer(answer: Any, random: Random) -> Any:
    if isinstance(answer, list):  # a list in a list is an answer of several choices
        picked = random.choice(answer)
        return picked if isinstance(picked, list) else _answer(picked, random)
    if isinstance(answer, Mapping):
        return _drawn(answer, random)
    return _drawn_text(answer, random) if isinstance(answer, str) else answer


def _drawn_text(text: str, random: Random) -> str:
    return _RANGE.sub(lambda found: _number(Decimal(found[1]), Decimal(found[2]), random), text)


def _number(low: Decimal, high: Decimal, random: Random) -> str:
    """A number between both, with as many decimals as the one that has more."""
    exponents = (each.as_tuple().exponent for each in (low, high))
    places = max(-each for each in exponents if isinstance(each, int))
    step = Decimal(1).scaleb(-places)
    return str(low + step * random.randint(0, int((high - low) / step)))
