"""The fields of a form as elements: which kind of value each takes, in which unit, within which limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from reportgen.protocols.elements import LONGEST
from reportgen.sdc.model import Response
from reportgen.units import plain, read_quantity

_WHOLE = frozenset({
    "integer", "int", "long", "short", "byte", "nonnegativeinteger", "positiveinteger", "unsignedint", "unsignedlong",
    "unsignedshort", "unsignedbyte",
})  # fmt: skip
_DECIMAL = frozenset({"decimal", "float", "double"})
_TEXT = frozenset({"string", "anyuri", ""})
BOOLEAN = "boolean"
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]{1,12})?")
_IN_BRACKETS = re.compile(r"\(([^()]+)\)")
_READ = frozenset(
    {"maxlength", "mininclusive", "maxinclusive", "minexclusive", "maxexclusive", "fractiondigits", "totaldigits"}
)
_OF_ONE_COPY = frozenset({"quantenum", "quantifier"})
_MOST_DECIMALS = 6
_MOST_DIGITS = 9
_DIMENSIONS = 3


class Field(NamedTuple):
    """What a field becomes.

    Attributes:
        keys: the kind of the element, with the keys of its own.
        suffix: words of the form behind the field that are no unit; "" for none.
        changes: what was changed, with what became of it, and whether it was lost.
    """

    keys: dict[str, Any]
    suffix: str
    changes: tuple[tuple[str, str, bool], ...]


def field_of(response: Response) -> Field:
    """The kind of element that takes what a field takes."""
    unit, suffix = _unit(response)
    changes: list[tuple[str, str, bool]] = []
    limits = {name: value for name, value in response.limits.items() if value and not _allows(name)}
    for name in sorted(limits.keys() - _READ - _OF_ONE_COPY):
        changes.append((f"limit: {name} {limits[name]}", "not checked", True))
    whole, type = response.type in _WHOLE, response.type
    if whole or type in _DECIMAL or unit:
        keys = _number(limits, whole=whole, unit=unit)
        if whole and unit == "":
            keys = {"kind": "count", **{key: keys[key] for key in ("minimum", "maximum") if key in keys}}
        if type in _TEXT:
            keys |= {"dimensions": str(_DIMENSIONS)}
            changes.append(("text with a unit", f"asked as a number in {unit}", False))
        if any((_decimal(limits.get(name, "")) or 0) < 0 for name in ("mininclusive", "minexclusive")):
            changes.append(("negative numbers", "cannot be entered", True))
    elif type == "date":
        keys = {"kind": "date"}
    elif type == BOOLEAN:
        keys = {"kind": "choice", "other": "false", "choices": [{"id": "yes"}, {"id": "no"}]}
    else:
        keys = {"kind": "text"}
        if 0 < (_whole(limits.get("maxlength", "")) or 0) < LONGEST:
            keys["maximum"] = str(_whole(limits["maxlength"]))
        if type not in _TEXT:
            changes.append((f"data type: {type}", "asked as a text", False))
    return Field(keys, suffix, tuple(changes))


def _allows(name: str) -> bool:
    """Whether a limit says which comparators are taken, which a measurement takes anyway."""
    return name.startswith("allow")


def _number(limits: dict[str, str], *, whole: bool, unit: str) -> dict[str, Any]:
    keys: dict[str, Any] = {"kind": "quantity", "unit": unit or "none"}
    decimals, digits = 0 if whole else _whole(limits.get("fractiondigits", "")), _whole(limits.get("totaldigits", ""))
    if decimals is not None:
        keys["decimals"] = str(min(decimals, _MOST_DECIMALS))
    step = Decimal(1).scaleb(-int(keys.get("decimals", _MOST_DECIMALS)))
    least, above = _decimal(limits.get("mininclusive", "")), _decimal(limits.get("minexclusive", ""))
    most, below = _decimal(limits.get("maxinclusive", "")), _decimal(limits.get("maxexclusive", ""))
    minimum = least if above is None else above + step
    maximum = most if below is None else below - step
    if maximum is None and digits and digits < _MOST_DIGITS:
        maximum = Decimal(10) ** (digits - int(keys.get("decimals", 0))) - step
    if minimum is not None and maximum is not None and minimum > maximum:
        minimum = maximum = None
    keys |= {"minimum": f"{plain(minimum):f}"} if minimum and minimum > 0 else {}
    keys |= {"maximum": f"{plain(maximum):f}"} if maximum is not None and maximum >= 0 else {}
    return keys


def _decimal(text: str) -> Decimal | None:
    """A number of the form; None where there is none that a case could hold."""
    return Decimal(text) if _NUMBER.fullmatch(text.strip()) else None


def _whole(text: str) -> int | None:
    """A count of digits or characters; None where there is none."""
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else None


def _unit(response: Response) -> tuple[str, str]:
    """The unit of a field, and the words behind it that are more than the unit."""
    after = response.after
    named = [response.unit, after, *_IN_BRACKETS.findall(after)]
    units = sorted({unit for each in named for unit in _as_unit(each)}, key=lambda unit: (len(unit), unit))
    if not units:
        return "", after or response.unit
    says_unit = not after or any(True for _ in _as_unit(after)) or units[0] in _IN_BRACKETS.findall(after)
    return units[0], "" if says_unit else after


def _as_unit(words: str) -> Iterator[str]:
    """The words, if a measurement can be entered with them as its unit."""
    read = read_quantity(f"1 {words}") if words and " " not in words else None
    if read and len(read.numbers) == 1 and read.unit and not read.unit.startswith("("):
        yield read.unit
