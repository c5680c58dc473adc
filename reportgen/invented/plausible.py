"""Plausible cases: site, procedure, size and findings that go together, as `plausible.yaml` of a protocol tells.

`reportgen.invented.cases` shows what a protocol can say; these cases resemble a day's work. What is plausible is
medicine, so it is written beside the protocol. This file only draws.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from reportgen import template_files
from reportgen.findings import Finding, did_you_mean, refuse
from reportgen.invented.patients import Data, head
from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.own_protocols import FOLDER, PLAUSIBLE
from reportgen.pipeline import Settings, check
from reportgen.protocols.load import load_protocol
from reportgen.reading.readers import read_content, read_file
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
    age: str = Field(default="30..85", pattern=r"^\d{1,3}\.\.\d{1,3}$")
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
    (shown, patterns), settings = _patterns(protocol, laboratory), Settings(laboratory=laboratory)
    for number in range(1, count + 1):
        random = Random(f"{protocol}/{seed}/{number}")  # noqa: S311 - no secret
        (pattern,) = random.choices(patterns, [each.weight for each in patterns])
        errors: tuple[Finding, ...] = ()
        for _ in range(_TRIES):
            case = _case(protocol, pattern, random, f"{prefix}{number:05d}", first)
            errors = check(source_of(case), settings).errors
            if not errors:
                yield case
                break
        else:
            path, hint = f"{pattern.name} › {errors[0].path}", "correct the pattern"
            raise refuse("T401", f"is refused in every case drawn ({errors[0].code})", shown, path, hint=hint)


def _patterns(protocol: str, laboratory: Laboratory | None) -> tuple[str, tuple[Pattern, ...]]:
    """The file as messages call it, and its patterns."""
    brought = laboratory.bringing(protocol) if laboratory else None
    shown = f"{FOLDER}/{protocol}/{PLAUSIBLE}"
    path = brought.folder / shown if brought else template_files.path(shown)
    shown = str(path) if brought else shown
    if not path.is_file():
        hint = f"write {PLAUSIBLE} beside its protocol.yaml, or leave out --plausible"
        raise refuse("T402", "is missing: the protocol has no plausible cases", shown, protocol, hint=hint)
    return shown, shaped(PlausibleFile, read_file(path, name=shown)).cases


def _case(protocol: str, pattern: Pattern, random: Random, accession: str, collected: date) -> Data:
    age = int(_drawn_text(pattern.age, random))
    born = collected - timedelta(days=int(age * _YEAR) + random.randrange(1, 360))
    place = random.choice(_places(pattern.places)) if pattern.places else {}
    part = {"label": "A", "protocol": protocol, **_drawn({**place, **pattern.answers}, random)}
    return {**head(random, accession, collected, born, pattern.sex), "parts": [part]}


@lru_cache(maxsize=1)
def _all_places(text: str) -> dict[str, list[dict[str, str]]]:
    return TypeAdapter(dict[str, list[dict[str, str]]]).validate_python(plain(read_content(text.encode(), _PLACES)))


def _places(name: str) -> list[dict[str, str]]:
    """Sites with their sides and topographies; raises T402 for a list that there is not."""
    known = _all_places(template_files.path(_PLACES).read_text(encoding="utf-8"))
    if name not in known:
        raise refuse("T402", "there is no such list of places", _PLACES, name, hint=did_you_mean(name, known))
    return known[name]


def _drawn(answers: Mapping[str, Any], random: Random) -> Data:
    """The answers with one of each list, and with numbers in place of ranges; without those that are empty."""
    made = {path: _answer(answer, random) for path, answer in answers.items()}
    return {path: answer for path, answer in made.items() if answer not in ("", None, {}, [])}


def _answer(answer: Any, random: Random) -> Any:
    if isinstance(answer, list) and answer:  # a list in a list is an answer of several choices
        picked = random.choice(answer)
        return picked if isinstance(picked, list) else _answer(picked, random)
    if isinstance(answer, Mapping):
        return _drawn(answer, random)
    return _drawn_text(answer, random) if isinstance(answer, str) else answer


def _drawn_text(text: str, random: Random) -> str:
    return _RANGE.sub(lambda found: _number(Decimal(found[1]), Decimal(found[2]), random), text)


def _number(low: Decimal, high: Decimal, random: Random) -> str:
    """A number between both, with as many decimals as the one that has more."""
    low, high = sorted((low, high))
    exponents = (each.as_tuple().exponent for each in (low, high))
    places = max(-each for each in exponents if isinstance(each, int))
    step = Decimal(1).scaleb(-places)
    return str(low + step * random.randint(0, int((high - low) / step)))
