"""The values of a case's answers, as formulas have them: the other way round than `proofs.witness`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from reportgen.cases.answer_values import AnswerScope, area_of_field
from reportgen.cases.model import Answer, Case, Chosen, Counted, Dated, Measured, Part, Period, Undetermined, Written
from reportgen.language.conditions import compared
from reportgen.protocols.compiled import CONTAINER
from reportgen.protocols.proof.readings import Text
from reportgen.protocols.proof.scope import HEADER
from reportgen.units import Interval

_SIGNS = {"<": "<", "≤": "<=", ">": ">", "≥": ">="}


def values_of(case: Case, part: Part, texts: Mapping[str, Text]) -> dict[str, int]:
    """Variable → value for one part of a case."""
    values: dict[str, int] = {}
    words: dict[str, str] = {}
    for path, answer in part.answers.items():
        if path == answer.slot:
            _answer(path, answer, values, words, part.answers)
    for path, answer in case.header.items():
        if path == answer.slot:
            _answer(HEADER + path, answer, values, words, case.header)
    if part.received_as:
        values["received_as ?"] = 1
        words["received_as"] = part.received_as
    scope = AnswerScope.of_part(part, case.header)
    values |= {name: int(scope.reading(name).value is True) for name in CONTAINER}
    values |= {f"override.{name}": 1 for name in part.overrides}
    for row, group in scope.entries.items():
        panel = part.protocol.slots[group].panel
        name, result = part.answers.get(f"{row}.name"), part.answers.get(f"{row}.result")
        if panel and result and isinstance(result.value, Chosen):
            assert name, "a further stain has a name"
            values[f"{panel}.other = {result.value.picks[0].id}"] = 1
    age = scope.reading("case.age").value
    if isinstance(age, Interval):
        assert age.high is not None
        values |= {"case.age from": int(age.low), "case.age to": int(age.high)}
    _texts(scope, words, texts, values)
    return values


def _texts(scope: AnswerScope, words: dict[str, str], texts: Mapping[str, Text], values: dict[str, int]) -> None:
    for path, text in texts.items():
        said = words.get(path)
        if path not in words and isinstance(scope.reading(path).value, str):
            said = str(scope.reading(path).value)
        if said is None:
            continue
        values |= {f"{path} names {word}": int(bool(compared(said, "naming", word))) for word in text.looked_for}
        values |= {f"{path} is {word}": int(said == word) for word in text.equal}
        for other in text.others:
            if other in words:
                values[f"{path} names the words of {other}"] = int(bool(compared(said, "naming", words[other])))


def _answer(
    path: str, answer: Answer, values: dict[str, int], words: dict[str, str], answers: Mapping[str, Answer]
) -> None:
    values[f"{path} ?"] = 1
    match answer.value:
        case Undetermined(reason=reason):
            values[f"{path} cannot"] = 1
            words[f"{path}.reason"] = reason
        case Chosen(picks=picks):
            values |= {f"{path} = {pick.id}": 1 for pick in picks}
        case Measured(quantity=quantity, factor=factor):
            name = f"{path} #"
            values[name] = _steps(quantity.largest * Decimal(factor))
            values |= _sign(name, quantity.sign)
            if len(quantity.numbers) > 2:
                values |= {f"{path} in three": 1, f"{path} ×3": _steps(quantity.numbers[2] * Decimal(factor))}
        case Counted(number=count, per=per):
            name = f"{path} # {per}".rstrip()
            number = count.largest
            area = area_of_field(path, answers) if per == "mm²" else None
            if area is not None:
                values[f"{path} in a field of a tenth"] = 1
                number *= area * 10
            values |= {f"{path} per {per}": 1, name: _steps(number) if per == "mm²" else int(number)}
            values |= _sign(name, count.sign)
        case Dated(day=day):
            values |= {f"{path} year": day.year, f"{path} month": day.month - 1, f"{path} day": day.day - 1}
        case Period(text=text):
            year, _, month = text.partition("-")
            values |= {f"{path} year": int(year), f"{path} only {'month' if month else 'year'}": 1}
            values[f"{path} month"] = int(month or 1) - 1
        case Written(text=text):
            words[path] = text


def _steps(number: Decimal) -> int:
    return int(number * 10**6)


def _sign(name: str, sign: str) -> dict[str, int]:
    return {f"{name} {_SIGNS[sign]}": 1} if sign in _SIGNS else {}
