"""The folders of a machine's fonts."""

from __future__ import annotations

import pytest

from reportgen import machine


def test_those_of_the_system_come_first_and_those_of_no_home_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "SYSTEM", ("/a",))
    monkeypatch.setattr(machine, "HOME", ("b",))
    monkeypatch.setenv("HOME", "/h")
    assert machine.font_folders() == ("/a", "/h/b")
    monkeypatch.delenv("HOME")
    assert machine.font_folders() == ("/a",)


def test_no_test_looks_at_the_fonts_of_this_machine() -> None:
    assert machine.font_folders() == ()
