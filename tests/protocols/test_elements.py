"""Elements as data: no finding has a default, every choice takes "other", and nothing can be changed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from reportgen.protocols import elements, model
from reportgen.protocols.elements import ChoiceElement, Element, QuantityElement

ADAPTER: TypeAdapter[Element] = TypeAdapter(Element)


def element(**data: object) -> Element:
    return ADAPTER.validate_python({"id": "x", "title": "X", **data})


def models() -> list[type[BaseModel]]:
    found = [
        each
        for module in (elements, model)
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, BaseModel) and each is not BaseModel
    ]
    return list(dict.fromkeys(found))


def test_no_model_has_a_field_that_could_hold_an_answer() -> None:
    """A default answer would need a place in the data: there is none, by any of the names one would give it."""
    names = {name for each in models() for name in each.model_fields}
    assert len(models()) >= 20
    assert len(names) >= 40
    assert not names & {"default", "value", "answer", "initial", "preset", "selected", "normal", "assume", "fallback"}


def test_every_default_is_structural() -> None:
    """What a protocol leaves out switches something off; it never says anything about a patient."""
    empty: tuple[object, ...] = ("", False, (), {}, None)
    structural = {
        "status",
        "chapter",
        "other",
        "dimensions",
        "minimum",
        "maximum",
        "bounds",
        "about",
        "waits",
        "print",
        "omit",
    }
    for each in models():
        for name, field in each.model_fields.items():
            default = None if field.is_required() else field.get_default(call_default_factory=True)
            assert default in empty or name in structural, f"{each.__name__}.{name} has the default {default!r}"


def test_every_model_is_frozen_and_closed() -> None:
    for each in models():
        assert each.model_config.get("frozen"), each
        assert each.model_config.get("extra") == "forbid", each


def test_a_choice_takes_other_with_words_of_its_own_unless_told_not_to() -> None:
    one = element(kind="choice", choices=[{"id": "a"}])
    assert isinstance(one, ChoiceElement)
    assert [(choice.id, choice.fill_in) for choice in one.choices] == [("a", False), ("other", True)]
    for word in ("false", "no", "False"):
        none = element(kind="choice", choices=[{"id": "a"}], other=word)
        assert isinstance(none, ChoiceElement)
        assert [choice.id for choice in none.choices] == ["a"]
    own = element(kind="choice", choices=[{"id": "other", "label": "something else"}, {"id": "a"}])
    assert isinstance(own, ChoiceElement)
    assert [choice.words for choice in own.choices] == ["something else", "a"]


@pytest.mark.parametrize("data", [{}, {"choices": []}, {"choices": [{"label": "a"}]}, {"choices": "a"}])
def test_a_choice_without_choices_is_refused(data: dict[str, object]) -> None:
    if data.get("choices") in ("a", None):
        with pytest.raises(ValidationError):
            element(kind="choice", other="no", **data)
    else:
        with pytest.raises(ValidationError):
            element(kind="choice", other="false", **data)


def test_a_unit_has_an_exact_factor() -> None:
    size = element(kind="quantity", unit="mm", units={"cm": "10"})
    assert isinstance(size, QuantityElement)
    assert (size.factor("mm"), size.factor("cm"), size.factor("m")) == (Decimal(1), Decimal(10), None)


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "quantity", "unit": "mm", "maximum": "nan"},
        {"kind": "quantity", "unit": "mm", "maximum": "inf"},
        {"kind": "quantity", "unit": "mm", "units": {"cm": "ten"}},
        {"kind": "quantity", "unit": "mm", "dimensions": "4"},
        {"kind": "quantity", "unit": "mm", "dimensions": "0"},
        {"kind": "text", "id": "1x"},
        {"kind": "text", "id": "a.b"},
        {"kind": "text", "id": "x" * 61},
        {"kind": "text", "chapter": "nowhere"},
        {"kind": "text", "status": "required"},
        {"kind": "boolean"},
        {},
    ],
)
def test_what_is_no_element_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        element(**data)


def test_the_report_prints_the_shorter_label() -> None:
    assert element(kind="text").name == "X"
    assert element(kind="text", label="Short").name == "Short"
