"""The profile of a laboratory on the command line: the same for every command, named in three ways."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from reportgen.cli.options import chosen_laboratory
from tests.acceptance.support import CHECKOUT
from tests.cli.program import invoke
from tests.support.labs import write_lab
from tests.support.toy import Templates

SAMPLE = CHECKOUT / "samples" / "shave-biopsy.yaml"
LAB = """\
protocols:
  aismn:
    wording: {comment.recommendation.re_excision: {say: Please re-excise.}}
    elements: {ulceration: {status: core}, lymphovascular: {title: Vessels}}
"""


def text_of(folder: Path, *more: str, env: dict[str, str] | None = None) -> str:
    out = folder / "out"
    done = invoke("render", str(SAMPLE), "--format", "txt", "-o", str(out), "--overwrite", *more, cwd=folder, env=env)
    assert done.code == 0, done.err
    return " ".join((out / "shave-biopsy.txt").read_text(encoding="utf-8").split())


def test_a_report_is_made_with_the_profile_that_is_named(tmp_path: Path) -> None:
    write_lab(tmp_path / "lab", LAB)
    words = "Please re-excise."
    assert words not in text_of(tmp_path)
    assert words in text_of(tmp_path, "--lab", "lab")
    assert words in text_of(tmp_path, env={"REPORTGEN_LAB": "lab"})
    (tmp_path / "reportgen.toml").write_text('lab = "lab"\n', encoding="utf-8")
    assert words in text_of(tmp_path)
    assert words not in text_of(tmp_path, "--lab", "none")


@pytest.mark.parametrize(
    "command",
    [
        ("check", str(SAMPLE)), ("explain", str(SAMPLE)), ("schema", "aismn"), ("protocols", "show", "aismn"),
        ("new", "case", "aismn", "-o", "new.yaml"), ("new", "table", "aismn", "-o", "new.csv"),
        ("synth", "aismn", "-n", "2", "-o", "synth"),
    ],
)  # fmt: skip
def test_every_command_that_needs_a_protocol_takes_the_profile(command: tuple[str, ...], tmp_path: Path) -> None:
    write_lab(tmp_path / "lab", LAB)
    own, built_in = (invoke(*command, "--lab", lab, *more, cwd=tmp_path) for lab, more in
                     (("lab", ()), ("none", ("--overwrite",) if command[0] in ("new", "synth") else ())))  # fmt: skip
    assert (own.code, built_in.code) == (0, 0), own.err + built_in.err
    if command[0] not in ("new", "synth"):
        assert own.out != built_in.out
    refused = invoke(*command, "--lab", "nowhere", cwd=tmp_path)
    assert refused.code == 1
    assert "T410" in refused.err


def test_a_batch_uses_the_profile_and_renders_again_when_it_changes(tmp_path: Path) -> None:
    write_lab(tmp_path / "lab", LAB)
    assert invoke("synth", "aismn", "-n", "3", "-f", "csv", "-o", "t.csv", "--lab", "lab", cwd=tmp_path).code == 0
    command = ("batch", "t.csv", "-o", "out", "--format", "txt", "--lab", "lab", "--json", "-j", "1")
    assert invoke(*command, cwd=tmp_path).code == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*.txt")}
    assert all(b"Example Laboratory 1.0" in data for data in before.values())
    kept = json.loads(invoke(*command, cwd=tmp_path).out.splitlines()[-1])
    assert kept.get("kept", 3) == 3
    write_lab(tmp_path / "lab", LAB + "labels: {report_title: Other title}\n")
    assert invoke(*command, cwd=tmp_path).code == 0
    after = {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*.txt")}
    assert after.keys() == before.keys()
    assert all(b"Other title" in data for data in after.values())


def test_the_environment_of_the_tests_names_no_profile() -> None:
    assert "REPORTGEN_LAB" not in os.environ


def test_a_profile_that_breaks_a_protocol_is_told_whatever_the_case(tmp_path: Path) -> None:
    write_lab(tmp_path / "lab", "protocols: {general: {elements: {no_such_element: {title: X}}}}\n")
    done = invoke("check", str(SAMPLE), "--lab", "lab", cwd=tmp_path)
    assert done.code == 1
    assert "T402" in done.err


def test_a_protocol_that_is_broken_by_itself_keeps_no_profile_from_the_others(
    templates: Templates, tmp_path: Path
) -> None:
    templates.load("- {id: spot, kind: text, title: Spot, source: {book: p}}\n")
    (templates.folder / "protocols" / "broken").mkdir()
    (templates.folder / "protocols" / "broken" / "protocol.yaml").write_text("id: [", encoding="utf-8")
    write_lab(tmp_path / "lab", "labels: {stain: Marker}\n")
    laboratory = chosen_laboratory(str(tmp_path / "lab"))
    assert laboratory is not None


def test_a_profile_that_is_not_in_order_is_told_before_the_case(tmp_path: Path) -> None:
    wrong = "{elements: {no_such_element: {title: X}}}"
    write_lab(tmp_path / "lab", f"protocols: {{general: {wrong}, aismn: {wrong}}}\n")
    done = invoke("check", str(tmp_path / "no-such.yaml"), "--lab", "lab", cwd=tmp_path)
    assert done.code == 1
    assert "T402" in done.err
