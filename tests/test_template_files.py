"""Template files: where the built-in templates are."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen import template_files
from reportgen.findings import FindingsError


def test_the_built_in_folder_holds_all_that_the_program_needs() -> None:
    folder = template_files.folder()
    for name in ("case.yaml", "labels/en.yaml", "layouts/standard", "protocols/aismn/protocol.yaml"):
        assert (folder / name).exists()


def test_a_file_is_found_and_a_missing_one_or_a_folder_is_not() -> None:
    assert template_files.path("labels/en.yaml") == template_files.folder() / "labels" / "en.yaml"
    for missing in ("nothing.yaml", "labels"):
        assert not template_files.exists(missing)
        with pytest.raises(FindingsError, match="S603"):
            template_files.path(missing)


def test_a_package_without_templates_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    template_files.folder.cache_clear()
    monkeypatch.setattr(template_files, "__file__", str(tmp_path / "reportgen" / "template_files.py"))
    try:
        with pytest.raises(FindingsError) as caught:
            template_files.folder()
    finally:
        template_files.folder.cache_clear()
    assert [finding.code for finding in caught.value.findings] == ["S603"]
    assert caught.value.environment


def test_templates_inside_the_package_go_before_those_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "reportgen" / template_files.PACKAGED
    beside = tmp_path / "templates"
    template_files.folder.cache_clear()
    monkeypatch.setattr(template_files, "__file__", str(tmp_path / "reportgen" / "template_files.py"))
    try:
        (beside / "protocols").mkdir(parents=True)
        assert template_files.folder() == beside
        template_files.folder.cache_clear()
        (inside / "protocols").mkdir(parents=True)
        assert template_files.folder() == inside
    finally:
        template_files.folder.cache_clear()
