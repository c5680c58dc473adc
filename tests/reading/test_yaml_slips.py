"""Slips of the pen are told in plain words."""

from __future__ import annotations

import pytest

from reportgen.findings import FindingsError
from reportgen.reading.readers import read_text


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("a:\n\tb: c\n", "spaces"),
        ("say: {{ site }} here\n", "quotes"),
        ("say: {{ site }}\n", "quotes"),
        ("- {{ site }} here\n", "quotes"),
        ("say: 'Paget's disease'\n", "apostrophe"),
        ("say: seen: at the edge\n", "colon"),
    ],
)
def test_the_next_step_is_told(text: str, step: str) -> None:
    with pytest.raises(FindingsError) as caught:
        read_text(text, name="lab.yaml")
    assert any(finding.code == "E006" and step in finding.step for finding in caught.value.findings)


def test_another_text_that_is_no_yaml_gets_the_step_of_the_catalogue() -> None:
    with pytest.raises(FindingsError) as caught:
        read_text("a: [b\n", name="lab.yaml")
    assert caught.value.findings[0].hint == ""
