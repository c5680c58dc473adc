"""The one form in which protocols are written. That all of it is read again is tested with the workbooks."""

from __future__ import annotations

import pytest

from reportgen.reading.yaml_writing import written

LONG = "The lesion extends to the deep margin, and to the peripheral margin between 3 and 6 o'clock " * 3


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({}, "{}\n"),
        ({"version": "2.0", "maximum": "40", "code": "8890/1"}, 'version: "2.0"\nmaximum: 40\ncode: 8890/1\n'),
        ({"multiple": "true", "props": {"complete": "yes"}}, 'multiple: true\nprops: {complete: "yes"}\n'),
        ({"units": {"cm": "10"}, "key": ""}, 'units: {cm: 10}\nkey: ""\n'),
        ({"say": "{{ size }}: x"}, 'say: "{{ size }}: x"\n'),
        ({"when": "growth == 'mixed'"}, "when: growth == 'mixed'\n"),
        ({"a": "b #c", "d": ["e: f", "g, h", "#i"]}, 'a: "b #c"\nd: ["e: f", "g, h", "#i"]\n'),
        ({"a": None, "b": [], "c": ["x", None]}, "a:\nb: []\nc: [x, ~]\n"),
        ({"a": "one\ntwo"}, "a: |-\n  one\n  two\n"),
        ({"day": "2026-01-05", "mrn": "000001"}, 'day: "2026-01-05"\nmrn: "000001"\n'),
    ],
)
def test_a_file_has_one_form(data: dict[str, object], text: str) -> None:
    assert written(data) == text


def test_what_is_long_takes_several_lines() -> None:
    text = written({"say": LONG.strip(), "order": [f"word_{number}" for number in range(20)], "list": [{"say": LONG}]})
    assert text.startswith("say: >-\n  The lesion")
    assert max(map(len, text.splitlines()[:6])) <= 120
    assert "order:\n  [word_0, word_1" in text
    assert f'list:\n  - say: "{LONG}"\n' in text  # a space at its end, which folding would lose


def test_no_text_of_a_case_is_folded_or_a_number() -> None:
    assert written({"maximum": "40", "about": LONG.strip()}, of_cases=True) == f'maximum: "40"\nabout: {LONG.strip()}\n'
