"""Text to typed values: each kind of element takes what it should and names why it does not take the rest."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from reportgen.cases.model import Chosen, Counted, Dated, Measured, Undetermined, Value, Written
from reportgen.cases.typing import Entered, Misfit, typed
from reportgen.protocols.elements import ElementBase
from tests.protocols.test_elements import element

ONE = element(
    kind="choice",
    undetermined="cannot be determined",
    choices=[{"id": "focal"}, {"id": "not identified", "label": "none seen"}, {"id": "odd", "fill_in": True}],
)
MANY = element(
    kind="choice",
    multiple=True,
    other=False,
    choices=[
        {"id": "a"},
        {"id": "b", "omit": "true"},
        {"id": "x", "fill_in": True},
        {"id": "y", "fill_in": True},
        {"id": "none", "exclusive": True},
    ],
)
SIZE = element(
    kind="quantity", unit="mm", units={"cm": "10"}, dimensions=3, minimum="1", maximum="100", undetermined="cannot say"
)
LENGTH = element(kind="quantity", unit="mm")
COUNT = element(kind="count", per=["10 HPF", "mm²"], maximum="50")
PLAIN = element(kind="count")
TEXT = element(kind="text", maximum=20)
LINES = element(kind="text", lines=True, maximum=20)
DAY = element(kind="date")
GROUP = element(kind="group", elements=[])


def value(kind: ElementBase, *texts: str | Entered, own: str = "", reason: str = "", per: str = "") -> Value:
    entered = tuple(text if isinstance(text, Entered) else Entered(text) for text in texts)
    return typed(kind, entered, own, reason, per)


def misfit(kind: ElementBase, *texts: str | Entered, **more: str) -> str:
    with pytest.raises(Misfit) as caught:
        value(kind, *texts, **more)
    assert caught.value.message
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "id", "printed"),
    [
        ("focal", "focal", "focal"),
        ("Focal", "focal", "focal"),
        ("  not   identified ", "not identified", "none seen"),
        ("NOT IDENTIFIED", "not identified", "none seen"),
    ],
)
def test_a_choice_is_known_by_its_id_whatever_its_case_and_spaces(text: str, id: str, printed: str) -> None:
    chosen = value(ONE, text)
    assert isinstance(chosen, Chosen)
    assert [(pick.id, pick.printed) for pick in chosen.picks] == [(id, printed)]


@pytest.mark.parametrize("text", ["foca", "focal.", "none seen", "no", "true", "cannot be", "1", "focal, odd"])
def test_anything_else_is_no_answer(text: str) -> None:
    assert misfit(ONE, text) == "E103"


def test_the_hint_is_the_nearest_answer_or_all_of_them() -> None:
    with pytest.raises(Misfit) as caught:
        value(ONE, "focl")
    assert caught.value.hint == 'did you mean "focal"?'
    with pytest.raises(Misfit) as caught:
        value(ONE, "zzz")
    assert caught.value.hint == "one of: focal, not identified, odd, other, cannot be determined"


def test_a_fill_in_prints_its_answer_and_the_pathologist_s_words() -> None:
    chosen = value(ONE, "odd", own="own words")
    assert isinstance(chosen, Chosen)
    assert [(pick.words, pick.text, pick.printed) for pick in chosen.picks] == [("odd", "own words", "odd (own words)")]


ASKING = element(
    kind="choice",
    choices=[
        {"id": "at", "response": {"kind": "quantity", "unit": "mm", "units": {"cm": "10"}, "maximum": "90"}},
        {"id": "nodes", "response": {"kind": "count", "required": "false"}, "print": "response"},
        {"id": "on", "response": {"kind": "date"}, "print": "answer"},
        {"id": "said", "response": {"kind": "text", "maximum": "20"}},
    ],
)


@pytest.mark.parametrize(
    ("id", "text", "stored", "printed"),
    [
        ("at", "1.50 cm", "1.50 cm", "at (1.50 cm)"),
        ("nodes", "12", "12", "12"),
        ("nodes", "", "", "nodes"),
        ("on", "2026-01-02", "2026-01-02", "on"),
        ("said", "two  words", "two words", "said (two words)"),
    ],
)
def test_a_response_has_the_type_that_its_answer_asks_for(id: str, text: str, stored: str, printed: str) -> None:
    chosen = value(ASKING, id, own=text)
    assert isinstance(chosen, Chosen)
    assert [(pick.id, pick.text, pick.printed) for pick in chosen.picks] == [(id, stored, printed)]


@pytest.mark.parametrize(
    ("id", "text", "code"),
    [
        ("at", "", "E109"), ("at", "5", "E105"), ("at", "95 mm", "E104"), ("at", "far", "E106"),
        ("nodes", "1.5", "E104"), ("on", "yesterday", "E107"), ("said", "x" * 21, "E112"),
    ],
)  # fmt: skip
def test_a_response_of_another_type_is_refused(id: str, text: str, code: str) -> None:
    assert misfit(ASKING, id, own=text) == code


MISFITS: list[tuple[str, ElementBase, tuple[str | Entered, ...], dict[str, str]]] = [
    ("E109", ONE, ("odd",), {}),
    ("E204", ONE, ("focal",), {"own": "words"}),
    ("E204", ONE, ("focal",), {"reason": "why"}),
    ("E204", ONE, (Entered("focal", "words"),), {}),
    ("E108", ONE, ("focal", "odd"), {}),
    # several answers
    ("E203", MANY, ("a", "a"), {}),
    ("E203", MANY, ("x", "x"), {"own": "words"}),
    ("E202", MANY, ("a", "none"), {}),
    ("E202", MANY, ("none", "b"), {}),
    ("E103", MANY, ("a", "c"), {}),
    ("E109", MANY, ("a", "x"), {}),
    ("E109", MANY, ("x", "y"), {"own": "one text for two"}),
    ("E109", MANY, (Entered("x", "words"), "y"), {}),
    ("E204", MANY, ("a",), {"own": "words"}),
    ("E204", MANY, (Entered("a", "words"), Entered("x", "words")), {}),
    ("E204", MANY, (Entered("x", "words"),), {"own": "more words"}),
    # cannot be determined
    ("E109", ONE, ("cannot be determined",), {}),
    ("E109", ONE, ("cannot be determined ()",), {}),
    ("E203", ONE, ("cannot be determined (one)",), {"reason": "two"}),
    ("E204", ONE, ("cannot be determined (one)",), {"own": "words"}),
    ("E103", ONE, ("cannot be determined (one",), {}),
    ("E103", MANY, ("cannot be determined (why)",), {}),
    # measurements
    ("E106", SIZE, ("1,5 mm",), {}),
    ("E106", SIZE, ("1 000 mm",), {}),
    ("E106", SIZE, ("about 5 mm",), {}),
    ("E106", SIZE, ("-5 mm",), {}),
    ("E106", SIZE, ("5e1 mm",), {}),
    ("E106", SIZE, ("nan mm",), {}),
    ("E106", SIZE, ("<5 x 4 mm",), {}),
    ("E105", SIZE, ("5",), {}),
    ("E105", SIZE, ("5 in",), {}),
    ("E105", SIZE, ("5 MM",), {}),
    ("E105", SIZE, ("5 mm2",), {}),
    ("E108", SIZE, ("1 x 2 x 3 x 4 mm",), {}),
    ("E108", LENGTH, ("1 x 2 mm",), {}),
    ("E104", SIZE, ("100.1 mm",), {}),
    ("E104", SIZE, ("10.1 cm",), {}),
    ("E104", SIZE, ("0.9 mm",), {}),
    ("E104", SIZE, ("50 x 0.5 mm",), {}),
    ("E108", SIZE, ("5 mm", "6 mm"), {}),
    ("E204", SIZE, ("5 mm",), {"own": "words"}),
    ("E204", SIZE, ("5 mm",), {"reason": "why"}),
    ("E109", SIZE, ("cannot say",), {}),
    # counts
    ("E105", COUNT, ("3",), {}),
    ("E105", COUNT, ("3 per field",), {}),
    ("E201", COUNT, ("3 per 10 HPF",), {"per": "mm²"}),
    ("E106", COUNT, ("3,5 per mm²",), {}),
    ("E106", COUNT, ("few per 10 HPF",), {}),
    ("E104", COUNT, ("51 per 10 HPF",), {}),
    ("E104", COUNT, ("3.5 per 10 HPF",), {}),
    ("E105", PLAIN, ("3 per 10 HPF",), {}),
    ("E104", PLAIN, ("3.5",), {}),
    ("E106", PLAIN, ("3 mm",), {}),
    # texts and dates
    ("E112", TEXT, ("x" * 21,), {}),
    ("E112", LINES, ("x" * 10 + "\n" + "y" * 10,), {}),
    ("E108", TEXT, ("one", "two"), {}),
    ("E107", DAY, ("2026-1-1",), {}),
    ("E107", DAY, ("20260101",), {}),
    ("E107", DAY, ("01/02/2026",), {}),
    ("E107", DAY, ("2026-02-30",), {}),
    ("E107", DAY, ("2026-13-01",), {}),
    ("E107", DAY, ("0000-01-01",), {}),
    ("E107", DAY, ("2026-01-01T10:00",), {}),
    ("E107", DAY, ("２０２６-01-01",), {}),
    ("E107", DAY, ("today",), {}),
    ("E108", GROUP, ("x",), {}),
]


@pytest.mark.parametrize(("code", "kind", "texts", "more"), MISFITS)
def test_what_does_not_fit_says_why(
    code: str, kind: ElementBase, texts: tuple[str | Entered, ...], more: dict[str, str]
) -> None:
    assert misfit(kind, *texts, **more) == code


FITS: list[tuple[ElementBase, tuple[Any, ...], dict[str, str], type, str]] = [
    (ONE, ("cannot be determined (too thin)",), {}, Undetermined, "cannot be determined|too thin"),
    (ONE, ("Cannot  be determined",), {"reason": "too thin"}, Undetermined, "cannot be determined|too thin"),
    (ONE, ("cannot be determined (a (b) c)",), {}, Undetermined, "cannot be determined|a (b) c"),
    (ONE, ("cannot be determined (same)",), {"reason": "same"}, Undetermined, "cannot be determined|same"),
    (SIZE, ("1.5 cm",), {}, Measured, "1.5 cm|10"),
    (SIZE, ("12 x 8 mm",), {}, Measured, "12 × 8 mm|1"),
    (SIZE, (">= 100 mm",), {}, Measured, "≥100 mm|1"),
    (SIZE, ("1 mm",), {}, Measured, "1 mm|1"),
    (COUNT, ("3 per 10 HPF",), {}, Counted, "3|10 HPF"),
    (COUNT, ("3",), {"per": "10 HPF"}, Counted, "3|10 HPF"),
    (COUNT, ("3 per 10 HPF",), {"per": "10 HPF"}, Counted, "3|10 HPF"),
    (COUNT, ("2.5",), {"per": "mm2"}, Counted, "2.5|mm²"),
    (COUNT, ("<1 / 10  HPF",), {}, Counted, "<1|10 HPF"),
    (PLAIN, ("0",), {}, Counted, "0|"),
    (TEXT, ("  two   words\nhere ",), {}, Written, "two words here"),
    (LINES, (" one   line \n\n two\n",), {}, Written, "one line\n\ntwo"),
    (TEXT, ("x" * 20,), {}, Written, "x" * 20),
    (DAY, (" 2024-02-29 ",), {}, Dated, "2024-02-29"),
]


def shown(given: Value) -> str:
    match given:
        case Undetermined(words=words, reason=reason):
            return f"{words}|{reason}"
        case Measured(quantity=quantity, factor=factor):
            return f"{quantity}|{factor}"
        case Counted(number=count, per=per):
            return f"{count}|{per}"
        case Written(text=text):
            return text
        case Dated(day=day):
            assert isinstance(day, date)
            return day.isoformat()
    return str(given)


@pytest.mark.parametrize(("kind", "texts", "more", "type", "printed"), FITS)
def test_what_fits_is_kept_as_entered(
    kind: ElementBase, texts: tuple[str, ...], more: dict[str, str], type: type, printed: str
) -> None:
    given = value(kind, *texts, **more)
    assert isinstance(given, type)
    assert shown(given) == printed


def test_each_fill_in_of_a_list_keeps_its_own_words() -> None:
    chosen = value(MANY, Entered("x", "words of x"), "a", Entered("y", "words of y"))
    assert isinstance(chosen, Chosen)
    assert [pick.printed for pick in chosen.picks] == ["x (words of x)", "a", "y (words of y)"]
    chosen = value(MANY, Entered("x", "words of x"), "y", own="words of y")
    assert isinstance(chosen, Chosen)
    assert [pick.printed for pick in chosen.picks] == ["x (words of x)", "y (words of y)"]


def test_no_misfit_holds_the_text() -> None:
    for _, kind, texts, more in MISFITS:
        with pytest.raises(Misfit) as caught:
            value(kind, *(f"ZZPHI {text}" if isinstance(text, str) else text for text in texts), **more)
        assert "ZZPHI" not in caught.value.message + caught.value.hint + str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [("2026–11–16", "hyphens"), ("2026-11-16 14:30", "time of day"), ("2026-11-16T14:30:00Z", "time of day")],
)
def test_what_is_wrong_with_a_date_is_said(text: str, words: str) -> None:
    with pytest.raises(Misfit) as caught:
        typed(DAY, (Entered(text),), "", "", "")
    assert (caught.value.code, words in caught.value.message) == ("E107", True)
    assert typed(DAY, (Entered("2026-11-16 00:00"),), "", "", "") == Dated(date(2026, 11, 16))
