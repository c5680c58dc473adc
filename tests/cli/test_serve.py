"""`reportgen serve`: what it says at its start, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest

from tests.cli.program import SAMPLES, invoke, run


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    outcome = run("serve", tmp_path / "none", "--port", "0")
    assert (outcome.code, outcome.out) == (1, "")
    assert "E009" in outcome.err
    assert "is not a folder" in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("port", ["-1", "65536", "x"])
def test_a_port_that_is_none_is_a_wrong_use(tmp_path: Path, port: str) -> None:
    assert invoke("serve", tmp_path, "--port", port).code == 2


def test_a_profile_that_is_not_in_order_is_told_before_anything_is_served(tmp_path: Path) -> None:
    with mock.patch("reportgen.web.serve.serve") as served:
        outcome = invoke("serve", tmp_path, "--lab", tmp_path / "none")
    assert outcome.code == 1
    assert not served.called


def test_an_engine_that_cannot_follow_the_profile_is_told_before_anything_is_served(tmp_path: Path) -> None:
    with mock.patch("reportgen.web.serve.serve") as served:
        styled = invoke("serve", tmp_path, "--lab", SAMPLES / "profiles" / "dermatopathology", "--pdf-engine", "typst")
        unknown = invoke("serve", tmp_path, "--pdf-engine", "prince")
    assert (styled.code, unknown.code) == (1, 2)
    assert " T420 " in styled.err
    assert not served.called


def test_the_address_is_told_on_standard_error_alone(tmp_path: Path) -> None:
    def serve(folder: Path, laboratory: object, lab: str, port: int, tell: object, pdf_engine: str) -> None:
        assert (folder, laboratory, lab, port, pdf_engine) == (tmp_path, None, "none", 8765, "weasyprint")
        assert callable(tell)
        tell("http://127.0.0.1:8765/start?token=x")

    with mock.patch("reportgen.web.serve.serve", serve):
        outcome = invoke("serve", tmp_path, "--lab", "none", "--pdf-engine", "weasyprint")
    assert (outcome.code, outcome.out) == (0, "")
    assert "  http://127.0.0.1:8765/start?token=x\n" in outcome.err
    assert "can read every case" in outcome.err


def test_ctrl_c_ends_it_without_a_word_too_many(tmp_path: Path) -> None:
    with mock.patch("reportgen.web.serve.serve", side_effect=KeyboardInterrupt):
        outcome = invoke("serve", tmp_path)
    assert outcome.code == 130
    assert outcome.both in ("", "stopped\n")
