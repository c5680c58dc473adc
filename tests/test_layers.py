"""Layers: where the templates are."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen import layers
from reportgen.findings import FindingsError


def test_the_built_in_folder_holds_all_that_the_program_needs() -> None:
    folder = layers.built_in()
    for name in ("case.yaml", "labels/en.yaml", "layouts/standard", "protocols/aismn/protocol.yaml"):
        assert (folder / name).exists()


def test_a_file_is_found_and_a_missing_one_or_a_folder_is_not() -> None:
    assert layers.find("labels/en.yaml") == (layers.built_in() / "labels" / "en.yaml",)
    assert layers.find("nothing.yaml") == ()
    assert layers.find("labels") == ()


def test_a_package_without_templates_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layers.built_in.cache_clear()
    monkeypatch.setattr(layers, "__file__", str(tmp_path / "reportgen" / "layers.py"))
    try:
        with pytest.raises(FindingsError) as caught:
            layers.built_in()
    finally:
        layers.built_in.cache_clear()
    assert [finding.code for finding in caught.value.findings] == ["S603"]
    assert caught.value.environment


def test_templates_inside_the_package_go_before_those_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "reportgen" / layers.BUILT_IN_PACKAGED
    beside = tmp_path / "templates"
    layers.built_in.cache_clear()
    monkeypatch.setattr(layers, "__file__", str(tmp_path / "reportgen" / "layers.py"))
    try:
        (beside / "protocols").mkdir(parents=True)
        assert layers.built_in() == beside
        layers.built_in.cache_clear()
        (inside / "protocols").mkdir(parents=True)
        assert layers.built_in() == inside
    finally:
        layers.built_in.cache_clear()
