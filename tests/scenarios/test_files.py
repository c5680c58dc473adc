"""`reportgen template test`: the scenario files of a profile and of its protocols."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.program import SAMPLES, invoke
from tests.support.labs import bring, write_lab
from tests.support.toy import WORDING, toy_protocol

OWN = """
base: shave-biopsy
scenarios:
  - name: a sentence of ours
    says: [Please re-excise.]
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a profile that changes a sentence and brings a protocol, each with its scenarios."""
    change = "protocols: {aismn: {wording: {comment.recommendation.re_excision: {say: Please re-excise.}}}}\n"
    write_lab(tmp_path / "lab", change, scenarios_yaml=OWN)
    (tmp_path / "lab/cases").mkdir()
    shutil.copy(SAMPLES / "shave-biopsy.yaml", tmp_path / "lab/cases")
    assert invoke("new", "protocol", "basal", "--title", "Basal cell tumor", "--lab", tmp_path / "lab").code == 0
    return tmp_path


def edit(place: Path, old: str, new: str) -> None:
    path = place / "lab/protocols/basal/scenarios.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_all_scenarios_are_run_or_those_of_one_protocol(place: Path) -> None:
    done = invoke("template", "test", "lab", cwd=place)
    ours, theirs = (
        "lab/scenarios.yaml: 1 scenario, 0 failed",
        "lab/protocols/basal/scenarios.yaml: 6 scenarios, 0 failed",
    )
    assert (done.code, done.out.splitlines()) == (0, [ours, theirs])
    assert invoke("template", "test", "lab", "basal", cwd=place).out.splitlines() == [theirs]
    assert invoke("template", "test", "--lab", "lab", "basal", cwd=place).out.splitlines() == [theirs]
    assert invoke("template", "test", "--lab", "lab", "aismn", cwd=place).out.splitlines() == [ours]
    assert invoke("template", "test", "lab", "basal", "--lab", "lab", cwd=place).code == 2


def test_a_failure_is_told_with_its_line_and_what_the_report_says(place: Path) -> None:
    edit(place, "The lesion measures 12 mm.", "The lesion measures 13 mm.")
    done = invoke("template", "test", "lab", "basal", cwd=place)
    assert done.code == 1
    line, count = done.out.splitlines()
    assert line.startswith("lab/protocols/basal/scenarios.yaml:")
    assert (
        'T450 the feature is present › comment: "The lesion measures 13 mm." is expected; the report says "The' in line
    )
    assert count == "lab/protocols/basal/scenarios.yaml: 6 scenarios, 1 failed"
    data = json.loads(invoke("template", "test", "lab", "--json", cwd=place).out)
    assert (data["scenarios"], data["failed"], data["in_order"]) == (7, 1, False)
    assert [each["code"] for each in data["findings"]] == ["T450"]


def test_a_case_that_the_scenarios_change_is_held_to_its_own_advisories(place: Path) -> None:
    edit(place, "size: 12 mm", "size: 25 cm")
    done = invoke("template", "test", "lab", "basal", cwd=place)
    assert "T450 case › advisories: large: nothing is expected; note is raised" in done.out


def test_a_file_that_cannot_be_followed_is_told_and_stops_no_other(place: Path) -> None:
    edit(place, "    never: [measures]\n", "    nevr: [measures]\n")
    done = invoke("template", "test", "lab", cwd=place)
    assert done.code == 1
    assert "T401 scenarios › nothing is said of a size that was not entered › nevr: is not known here" in done.out
    assert "lab/scenarios.yaml: 1 scenario, 0 failed" in done.out


def test_a_protocol_that_is_not_in_order_is_told_and_no_scenario_is_run(place: Path) -> None:
    folder = bring(place / "lab", "torn", toy_protocol(id="torn"), WORDING.replace("site is", "sight is"))
    shutil.copy(place / "lab/protocols/basal/scenarios.yaml", folder)
    done = invoke("template", "test", "lab", "torn", cwd=place)
    assert (done.code, [line.split()[1] for line in done.out.splitlines()]) == (1, ["T402", "T402", "0"])


@pytest.mark.parametrize(
    ("base", "code"),
    [("zzz", "T411"), ("../../secret", "T411"), ("broken", "E006"), ("/etc/passwd", "T411")],
)
def test_a_named_case_is_a_file_of_the_profile(base: str, code: str, place: Path) -> None:
    (place / "lab/cases/broken.yaml").write_text("a: [", encoding="utf-8")
    (place / "lab/scenarios.yaml").write_text(OWN.replace("shave-biopsy", base), encoding="utf-8")
    done = invoke("template", "test", "lab", "aismn", cwd=place)
    assert (done.code, code in done.out) == (1, True)


def test_without_scenarios_the_command_says_how_to_write_one(tmp_path: Path) -> None:
    write_lab(tmp_path / "lab")
    done = invoke("template", "test", "lab", cwd=tmp_path)
    assert (done.code, "T401 there are no scenarios (write protocols/ID/scenarios.yaml" in done.err) == (1, True)
    done = invoke("template", "test", "lab", "bbc", cwd=tmp_path)
    assert (done.code, "T402 bbc: the protocol does not exist" in done.err) == (1, True)
    assert "T410" in invoke("template", "test", "--lab", "none", cwd=tmp_path).err
