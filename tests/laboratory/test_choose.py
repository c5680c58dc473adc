"""Which profile is used: the option before the environment, this before the folder's reportgen.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.laboratory.choose import choose
from tests.support.labs import HEAD, refused, write_lab


@pytest.fixture
def three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("option", "variable", "file"):
        write_lab(tmp_path / name, head=HEAD.replace("Example Laboratory", name))
    (tmp_path / "reportgen.toml").write_text('lab = "file"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REPORTGEN_LAB", raising=False)
    return tmp_path


def name_of(named: str = "") -> str:
    made = choose(named)
    return made.spec.name if made else "built-in"


def test_the_order_of_precedence(three: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert name_of() == "file"
    monkeypatch.setenv("REPORTGEN_LAB", str(three / "variable"))
    assert name_of() == "variable"
    assert name_of("option") == "option"
    assert name_of("none") == "built-in"
    monkeypatch.setenv("REPORTGEN_LAB", "none")
    assert name_of() == "built-in"


def test_without_any_of_them_the_built_in_templates_are_used(three: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (three / "below").mkdir()
    monkeypatch.chdir(three / "below")
    assert choose() is None
    (three / "reportgen.toml").unlink()
    monkeypatch.chdir(three)
    assert choose() is None


@pytest.mark.parametrize("text", ["lab = ", "lab = 3", "labs = 'x'", "\xff"])
def test_a_configuration_that_cannot_be_followed_is_refused(text: str, three: Path) -> None:
    (three / "reportgen.toml").write_text(text, encoding="latin-1")
    (finding,) = refused(choose)
    assert finding.code == "T410"
    assert "reportgen.toml" in finding.place.file


@pytest.mark.parametrize("text", ["", 'lab = "none"'])
def test_a_configuration_may_name_none(text: str, three: Path) -> None:
    (three / "reportgen.toml").write_text(text, encoding="utf-8")
    assert choose() is None
