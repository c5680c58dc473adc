"""A protocol as a whole: put together from its two files, each part where the other cannot hide it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from reportgen.protocols.load import load_protocol
from reportgen.protocols.model import Advisory, Clause, Contradiction, Form, Judgement, Level, Protocol, Statement


def test_a_protocol_is_a_form_and_what_is_made_of_it() -> None:
    assert set(Protocol.model_fields) == set(Form.model_fields) | set(Judgement.model_fields)
    assert not set(Form.model_fields) & set(Judgement.model_fields)
    made = load_protocol("aismn").protocol
    assert isinstance(made, Form)
    assert made.sections
    assert made.wording.comment
    assert made.summary


def test_levels_grow_louder() -> None:
    assert [level.value for level in Level] == ["note", "warning", "stop"]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Advisory, {"id": "A", "title": "A", "levels": [], "source": {"book": "p"}}),
        (Advisory, {"id": "A", "title": "A", "levels": [{"level": "loud", "when": "x", "say": "y"}], "source": {}}),
        (Statement, {"id": "s", "title": "S", "clauses": []}),
        (Contradiction, {"id": "c", "when": "x", "say": "y", "elements": ["one"]}),
        (Clause, {"id": "c", "when": "x"}),
        (Clause, {"id": "c d", "when": "x", "say": "y"}),
    ],
)
def test_what_says_nothing_or_stands_alone_is_refused(kind: type[Clause], data: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        kind.model_validate(data)


def test_a_statement_is_not_overridden_unless_it_says_so() -> None:
    clause = {"id": "c", "when": "true", "say": "x"}
    statement = Statement.model_validate({"id": "s", "title": "S", "clauses": [clause]})
    assert not statement.override
    assert not statement.lines
    assert not statement.clauses[0].gap
