"""A case: frozen, without defaults for findings, and with one fingerprint for one content."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reportgen.cases import model
from reportgen.cases.model import Case
from reportgen.cases.validate import validate
from reportgen.reading.readers import read_file, read_text
from tests.support.toy import BUILT_IN, source_of, toy_data, valid_case

SAMPLES = sorted((BUILT_IN.parent / "samples").glob("*.yaml"))
FULL = yaml.load((BUILT_IN.parent / "samples" / "shave-biopsy.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)


def case_of(data: object) -> Case:
    validation = validate(source_of(data))
    assert not validation.refused, [finding.as_line(show_values=True) for finding in validation.findings]
    assert validation.case is not None
    return validation.case


def shuffled(value: Any, draw: Any) -> Any:
    match value:
        case dict():
            keys = draw(st.permutations(list(value)))
            return {key: shuffled(value[key], draw) for key in keys}
        case list():
            return [shuffled(item, draw) for item in value]
    return value


@given(st.data())
def test_the_order_of_keys_does_not_change_the_fingerprint(data: st.DataObject) -> None:
    assert case_of(shuffled(FULL, data.draw)).fingerprint() == case_of(FULL).fingerprint()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_yaml_and_json_of_one_case_have_one_fingerprint(path: Any) -> None:
    data = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    one = valid_case(read_file(path))
    two = valid_case(source_of(data))
    three = valid_case(read_text(yaml.safe_dump(data, allow_unicode=True), name="c.yaml"))
    assert one is not None
    assert two is not None
    assert three is not None
    assert one.fingerprint() == two.fingerprint() == three.fingerprint()
    assert len(one.fingerprint()) == 64


def test_what_is_left_empty_does_not_change_the_fingerprint() -> None:
    empty = {
        **FULL,
        "reported": None,
        "parts": [{**FULL["parts"][0], "lymphovascular": "", "molecular": {"TP53": None}}],
    }
    assert case_of(empty).fingerprint() == case_of(FULL).fingerprint()
    dumped = yaml.safe_dump(empty, allow_unicode=True)
    assert "null" in dumped
    case = valid_case(read_text(dumped, name="c.yaml"))
    assert case is not None
    assert case.fingerprint() == case_of(FULL).fingerprint()


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    match value:
        case dict():
            return [leaf for key, item in value.items() for leaf in leaves(item, (*path, key))]
        case list():
            return [leaf for index, item in enumerate(value) for leaf in leaves(item, (*path, index))]
    return [path]


def value_at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    first, *rest = path
    inner = changed(value[first], tuple(rest), new)
    return {**value, first: inner} if isinstance(value, dict) else [*value[:first], inner, *value[first + 1 :]]


WORDS = (
    "changed", "none known", "suspected", "focal", "marked", "moderate", "equivocal", "negative",
    "focally positive", "weak", "uninvolved", "not identified", "not specified", "present", "mixed", "partly",
    "subcutis", "punch biopsy", "male", "C44.7", "2 mm", "20 ×", "5 %", "4", "mm²", "2026-11-17", "2026-11-18",
    "1961-04-03", "multinucleated giant cells", "left arm",
)  # fmt: skip


def test_any_other_answer_gives_another_fingerprint() -> None:
    """Other words take the place of each answer; every valid case has a fingerprint of its own."""
    alone, own = set(), case_of(FULL).fingerprint()
    for path in leaves(FULL):
        seen = [own]
        for word in WORDS:
            if word != value_at(FULL, path) and len(seen) <= 3:  # a text takes any word
                case = valid_case(source_of(changed(FULL, path, word)))
                seen += [case.fingerprint()] if case else []
        assert len(set(seen)) == len(seen), path
        if len(seen) == 1:
            alone.add(".".join(map(str, path)))
    # Here no other word makes a valid case by itself.
    assert alone == {"protocol", "parts.0.topography", "parts.0.margins.peripheral.result"}


def test_digits_count_as_entered() -> None:
    one, two = (
        case_of(toy_data({"gross": {"specimen_size": text}}, protocol="aismn")) for text in ("1.0 mm", "1.00 mm")
    )
    assert one.fingerprint() != two.fingerprint()


def test_the_protocol_is_part_of_the_content_and_its_file_is_not() -> None:
    part = {"site": "arm", "laterality": "left"}
    general, aismn = (case_of(toy_data(part, protocol=id)) for id in ("general", "aismn"))
    assert general.fingerprint() != aismn.fingerprint()


def test_nothing_in_a_case_has_a_default_that_could_be_a_finding() -> None:
    """Fields that hold what was found must be given; only what may be absent from the words is empty by default."""
    kinds = [each for each in vars(model).values() if getattr(each, "__module__", "") == model.__name__]
    assert len([each for each in kinds if hasattr(each, "_fields") or is_dataclass(each)]) >= 11
    defaults: dict[str, object] = {}
    for kind in kinds:
        defaults |= {f"{kind.__name__}.{name}": given for name, given in getattr(kind, "_field_defaults", {}).items()}
        for field in fields(kind) if is_dataclass(kind) else ():
            if field.default is not MISSING:
                defaults[f"{kind.__name__}.{field.name}"] = field.default
            elif field.default_factory is not MISSING:
                defaults[f"{kind.__name__}.{field.name}"] = field.default_factory()
    assert defaults == {
        "Counted.per": "", "Answer.by": None, "Part.received_as": "", "Part.acknowledged": {}, "Part.overrides": {},
    }  # fmt: skip


def test_an_empty_case_has_no_answers_at_all() -> None:
    case = case_of({"accession": "S1", "patient": {"name": "N"}, "parts": [{"label": "A", "protocol": "aismn"}]})
    assert dict(case.parts[0].answers) == {}
    assert sorted(case.header) == ["accession", "patient.name"]


def test_a_case_is_frozen() -> None:
    case = case_of(FULL)
    for value in (case, case.parts[0], *case.parts[0].answers.values()):
        name = "label" if isinstance(value, model.Part) else "header" if isinstance(value, Case) else "path"
        with pytest.raises(AttributeError):
            setattr(value, name, "x")


def test_header_entries_are_read_by_kind() -> None:
    case = case_of(FULL)
    assert case.written("accession") == "S26-01234"
    assert case.written("collected") == ""
    assert case.written("nothing") == ""
    day = case.day("collected")
    assert day is not None
    assert day.isoformat() == "2026-11-16"
    assert case.day("accession") is None
    assert json.loads(json.dumps(case.fingerprint())) == case.fingerprint()
