"""Layers: where the templates are, and a laboratory's folder laid over them."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen import layers
from reportgen.findings import FindingsError


def test_the_built_in_folder_holds_all_that_the_program_needs() -> None:
    folder = layers.built_in()
    for name in ("case.yaml", "labels/en.yaml", "layouts/standard", "protocols/aismn/protocol.yaml"):
        assert (folder / name).exists()


def test_a_laboratory_s_file_comes_after_the_built_in_one(tmp_path: Path) -> None:
    (tmp_path / "labels").mkdir()
    own = tmp_path / "labels" / "en.yaml"
    own.write_text("x: y", encoding="utf-8")
    assert layers.find("labels/en.yaml") == (layers.built_in() / "labels" / "en.yaml",)
    assert layers.find("labels/en.yaml", tmp_path) == (layers.built_in() / "labels" / "en.yaml", own)
    assert layers.find("case.yaml", tmp_path) == (layers.built_in() / "case.yaml",)


def test_a_file_of_the_laboratory_alone_is_found_and_a_missing_one_is_not(tmp_path: Path) -> None:
    own = tmp_path / "more.yaml"
    own.write_text("x: y", encoding="utf-8")
    assert layers.find("more.yaml", tmp_path) == (own,)
    assert layers.find("nothing.yaml", tmp_path) == ()
    assert layers.find("labels", tmp_path) == ()


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
