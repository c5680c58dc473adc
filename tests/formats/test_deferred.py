"""Imports that wait: nothing is loaded until it is used, and what is used is the real thing."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator

import pytest

from reportgen.formats.deferred import deferred

NAME = "colorsys"  # a small module that the tests have no other use for


@pytest.fixture(autouse=True)
def _unloaded() -> Iterator[None]:
    before = sys.modules.pop(NAME, None)
    yield
    sys.modules.pop(NAME, None)
    if before:
        sys.modules[NAME] = before


def test_an_import_waits_until_something_is_called() -> None:
    with deferred(NAME):
        hls = importlib.import_module(NAME).rgb_to_hls
    assert NAME not in sys.modules
    assert hls(0, 0, 0) == (0.0, 0.0, 0.0)
    assert NAME in sys.modules


def test_an_import_waits_until_something_is_looked_into() -> None:
    with deferred(NAME):
        hls = importlib.import_module(NAME).rgb_to_hls
    assert NAME not in sys.modules
    assert hls.__defaults__ is None
    assert NAME in sys.modules


def test_what_is_loaded_already_stays() -> None:
    module = importlib.import_module(NAME)
    with deferred(NAME):
        assert importlib.import_module(NAME) is module
    assert sys.modules[NAME] is module
