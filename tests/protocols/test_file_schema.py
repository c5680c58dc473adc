"""The schemas of the files of a protocol: every file that loads keeps them, and a wrong shape breaks them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from reportgen.protocols.file_schema import FRAGMENT, protocol_schema
from reportgen.reading.model_schema import Schema
from reportgen.scenarios.schema import FILE_SCHEMAS
from tests.acceptance.scenarios import FILES as SCENARIOS
from tests.protocols.test_load import WRONG_SHAPE
from tests.support.json_schema import keeps
from tests.support.toy import BUILT_IN, WORDING, toy_protocol

OURS = sorted(
    path
    for pattern in ("protocols/*/protocol.yaml", "protocols/*/wording.yaml", "starter/*.yaml")
    for path in BUILT_IN.glob(pattern)
)
FRAGMENTS = sorted(BUILT_IN.glob("protocols/fragments/*.yaml"))
FULL = """
- id: growth
  kind: choice
  title: Growth
  multiple: yes
  source: {book: 1}
  choices:
    - {id: 5, omit: true, response: {kind: quantity, unit: mm, required: false, decimals: 1}}
    - {id: other, fill_in: true, followups: [{id: why, kind: text, title: Why, maximum: 20}]}
- {id: size, kind: quantity, title: Size, unit: mm, units: {cm: 10, m: "1000"}, minimum: 0.5, source: {book: p1}}
"""


class _Loader(yaml.SafeLoader):
    """Takes a file as an editor does: with numbers, and with yes and no, but without dates."""


_Loader.yaml_implicit_resolvers = {
    letter: [each for each in resolvers if not each[0].endswith("timestamp")]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@cache
def schema_of(file: str) -> Schema:
    """The schema of a file of a protocol or of a fragment, by its name."""
    return protocol_schema(file) if file == FRAGMENT else FILE_SCHEMAS[file]()


def loaded(text: str) -> Any:
    return yaml.load(text, _Loader)


@pytest.mark.parametrize("path", [*OURS, *SCENARIOS], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_file_of_ours_keeps_its_schema(path: Path) -> None:
    kind = path.name if path.name in FILE_SCHEMAS else "scenarios.yaml"
    assert keeps(loaded(path.read_text(encoding="utf-8")), schema_of(kind))


@pytest.mark.parametrize("path", FRAGMENTS, ids=lambda path: path.stem)
def test_every_fragment_keeps_its_schema(path: Path) -> None:
    assert keeps(loaded(path.read_text(encoding="utf-8")), schema_of(FRAGMENT))


def test_numbers_and_yes_may_be_typed_without_quotes() -> None:
    text = toy_protocol(FULL).replace('version: "1"', "version: 1.0")
    assert keeps(loaded(text), schema_of("protocol.yaml"))


@pytest.mark.parametrize(("old", "new", "path", "mark"), WRONG_SHAPE)
def test_what_loading_refuses_for_its_shape_breaks_it(old: str, new: str, path: str, mark: str) -> None:
    text = toy_protocol()
    assert keeps(loaded(text), schema_of("protocol.yaml"))
    assert not keeps(loaded(text.replace(old, new, 1)), schema_of("protocol.yaml"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{id: 5,", "{id: 5, labl: x,"), ("kind: quantity, unit: mm, required", "kind: panel, required"),
        ("omit: true", "omit: perhaps"), ("multiple: yes", "multiple: many"), ("id: other,", ""), ("cm: 10", "cm: ten"),
        ("kind: quantity, title: Size", "title: Size"), ("id: size", "id: my size"), ("decimals: 1", "decimal: 1"),
        ("source: {book: 1}", "source: book"), ("  choices:\n", "  choices: []\n  further:\n"),
    ],
)  # fmt: skip
def test_a_wrong_element_breaks_it(old: str, new: str) -> None:
    assert old in FULL
    assert not keeps(loaded(toy_protocol(FULL.replace(old, new, 1))), schema_of("protocol.yaml"))


@pytest.mark.parametrize(
    ("old", "new"),
    [("override: true", "overide: true"), ("when: site is answered,", ""), ("say: Toy diagnosis", "gap: true"),
     ("source: {book: p2}", "source: p2"), ("[{id: plain, when: site is answered, say: Toy", "{id: a, say: Toy")],
)  # fmt: skip
def test_a_wrong_sentence_breaks_it(old: str, new: str) -> None:
    assert keeps(loaded(WORDING), schema_of("wording.yaml"))
    assert old in WORDING
    text = WORDING.replace(old, new, 1)
    text = text.replace("source: {book: p2}}]", "source: {book: p2}}") if "{id: a, say: Toy" in text else text
    assert not keeps(loaded(text), schema_of("wording.yaml"))


@pytest.mark.parametrize("text", ["scenarios: []", "{scenarios: [{says: [x]}]}", "{scenarios: [{name: x, sayz: [x]}]}",
                                  "{scenarios: [{name: x, advisories: {A1: loud}}]}"])  # fmt: skip
def test_a_wrong_scenario_breaks_it(text: str) -> None:
    assert not keeps(loaded(text), schema_of("scenarios.yaml"))
