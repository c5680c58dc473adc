"""How one answer is printed: as entered; what is derived is printed beside it and marked."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from reportgen.cases.answer_values import area_of_field, entered_area
from reportgen.cases.model import Answer, Chosen, Counted, Dated, Measured, Period, Pick, Undetermined, Value, Written
from reportgen.protocols.elements import Omit, Shown
from reportgen.reports.labels import Labels, day_in_words, number_in_words
from reportgen.units import rounded


def words_of(answer: Answer, labels: Labels) -> tuple[str, ...]:
    """The words of an answer for use inside a sentence, one item for each choice."""
    value = answer.value
    if type(value) is Chosen:
        return tuple([pick.with_response(_response(pick, labels)) for pick in value.picks])
    return (_words(value, labels),)


def response_words(answer: Answer, labels: Labels) -> str:
    """The words of what was entered with the answers of a list; "" for nothing."""
    picks = answer.value.picks if isinstance(answer.value, Chosen) else ()
    return labels.comma.join(filter(None, (_response(pick, labels) for pick in picks)))


def _response(pick: Pick, labels: Labels) -> str:
    return _words(pick.response, labels) if pick.response else ""


def _words(value: Value, labels: Labels) -> str:
    if type(value) is Written:
        return value.text
    match value:
        case Measured():
            return _rounded(value, number_in_words(value.entered, labels), labels)
        case Counted(number=count, per=per):
            number = number_in_words(str(count), labels)
            return labels.per.format(count=number, per=per) if per else number
        case Dated(day=day):
            return day_in_words(day, labels)
        case Period(text=text):
            return text
        case Undetermined(words=words):
            return words
    raise TypeError(type(value).__name__)


def _rounded(value: Measured, words: str, labels: Labels) -> str:
    """The words of a measurement, with the rounded one beside it where the element asks for that."""
    if not value.rounded:
        return words
    return labels.rounded.format(entered=words, rounded=number_in_words(value.rounded, labels))


def printed(answer: Answer, answers: Mapping[str, Answer], labels: Labels, between: str = "") -> str:
    """The answer as its pair prints it: in the protocol's own letters, derived values beside what was entered.

    `between` separates several choices in place of a semicolon.
    """
    value = answer.value
    if type(value) is Chosen:
        if omits_question(answer):
            return ""
        printed = [_picked(pick, labels) for pick in value.picks if pick.omit is Omit.nothing]
        return (between or labels.semicolon).join(printed)
    if type(value) is Written:
        return value.text
    match value:
        case Measured(quantity=quantity, unit=unit, factor=factor) if Decimal(factor) != 1 and quantity.unit != "x":
            converted = number_in_words(str(quantity.converted(Decimal(factor), unit)), labels)
            entered = number_in_words(value.entered, labels)
            return _rounded(value, labels.converted.format(entered=entered, converted=converted), labels)
        case Counted(per="10 HPF") as counted:
            return _with_area(counted, answer.path, answers, labels)
        case Undetermined(words=words, reason=reason):
            return labels.reason.format(words=words, reason=reason.rstrip(" .") or reason)  # it ends in a bracket
    return words_of(answer, labels)[0]


def omits_question(answer: Answer) -> bool:
    """Whether the synopsis prints nothing of the question, nor of what is below it."""
    picks = answer.value.picks if isinstance(answer.value, Chosen) else ()
    return any(pick.omit is Omit.question for pick in picks)


def _picked(pick: Pick, labels: Labels) -> str:
    """One chosen answer, with the response behind it."""
    text = _response(pick, labels)
    if not text or pick.print is Shown.answer:
        return pick.words
    return text if pick.is_own_words else labels.fill_in.format(answer=pick.words, text=text)


def _with_area(counted: Counted, path: str, answers: Mapping[str, Answer], labels: Labels) -> str:
    """The count per ten fields, with the count per mm² where the field is known; no field is assumed."""
    area = area_of_field(path, answers)
    count = number_in_words(str(counted.number), labels)
    if area is None:
        return labels.per.format(count=count, per=counted.per)
    if entered_area(path, answers) is not None:
        optics = labels.optics_area.format(area=words_of(answers[f"{path}.field_area"], labels)[0])
    else:
        number, objective = (words_of(answers[f"{path}.{name}"], labels)[0] for name in ("field_number", "objective"))
        optics = labels.optics_number.format(
            number=number, objective=objective, area=number_in_words(str(rounded(area, 3)), labels)
        )
    about = "~" if "~" in optics else ""
    per_mm2 = number_in_words(f"{counted.number.sign or about}{rounded(counted.number.largest / (area * 10))}", labels)
    return labels.per_area.format(count=count, per=counted.per, rounded=per_mm2, optics=optics)
