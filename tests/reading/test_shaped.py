"""A source as a model: what does not fit is named with its place, all at once, and never with its value."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ConfigDict

from reportgen.findings import FindingsError
from reportgen.reading.readers import read_text
from reportgen.reading.shaped import shaped


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    number: int


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    inner: Inner


def test_what_fits_is_given_its_types() -> None:
    made = shaped(Outer, read_text("name: x\ninner: {number: '3'}\nmore: y\n", name="f"), leave={"more"})
    assert (made.name, made.inner.number) == ("x", 3)


def test_everything_that_does_not_fit_is_named_at_its_place() -> None:
    with pytest.raises(FindingsError) as caught:
        shaped(Outer, read_text("inner:\n  number: SECRET\n  othr: 1\n", name="f"))
    found = [(finding.code, finding.path, finding.place.line) for finding in caught.value.findings]
    assert found == [("T401", "name", 1), ("T401", "inner.number", 2), ("T401", "inner.othr", 3)]
    assert "SECRET" not in str(caught.value)
