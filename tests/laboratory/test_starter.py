"""The starters of a profile and of a protocol: in order as they are, and with every line of them taken into use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportgen.laboratory.read import load_laboratory
from reportgen.laboratory.starter import starter
from reportgen.profiles.check import check
from reportgen.proofs.prove import prove
from reportgen.protocols.load import load_protocol
from reportgen.reading.readers import read_file
from reportgen.scenarios.files import run_profile
from reportgen.scenarios.read import read_scenarios
from reportgen.scenarios.run import Runner
from tests.cli.program import invoke
from tests.support.labs import write_lab


def test_the_starter_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "lab.yaml").write_text(starter("Our Laboratory"), encoding="utf-8")
    made = load_laboratory(tmp_path)
    assert made.spec.name == "Our Laboratory"
    assert load_protocol("aismn", made).changes == ()


def test_its_examples_are_in_order_once_they_are_uncommented(tmp_path: Path) -> None:
    text = re.sub(r"^# ((?: *)(?:- |[\w.]+: ?|\d).*|    (?:1 |Any).*)$", r"\1", starter("Our Laboratory"), flags=re.M)
    text = "\n".join(
        line for line in text.splitlines() if not re.match(r"(Use|See|extends|layout|  (logo|css|html|word))", line)
    )
    text = text.replace("…", "Words.")
    (tmp_path / "lab.yaml").write_text(text, encoding="utf-8")
    made = load_laboratory(tmp_path)
    assert made.spec.letterhead is not None
    assert made.spec.letterhead.address.splitlines() == ["1 Sample Street", "Anytown, ST 00000"]
    assert len(load_protocol("aismn", made).changes) >= 5


# ------------------------------------------------------------------------------------------- a protocol's starter


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile with a protocol as it is begun."""
    folder = write_lab(tmp_path_factory.mktemp("begun") / "lab")
    assert invoke("new", "protocol", "basal", "--title", "Basal cell tumor", "--lab", folder).code == 0
    return folder


def test_a_new_protocol_is_in_order(profile: Path) -> None:
    made = load_laboratory(profile)
    assert load_protocol("basal", made).protocol.title == "Basal cell tumor"
    assert check(made) == []


def test_its_reports_say_what_its_scenarios_expect(profile: Path) -> None:
    (result,) = run_profile(load_laboratory(profile))
    assert (result.run, result.findings) == (6, ())


def test_nothing_is_wrong_with_what_it_says_in_any_case(profile: Path) -> None:
    proof = prove("basal", load_laboratory(profile))
    assert proof.holds
    assert proof.asked > 20


def test_its_scenarios_say_every_sentence_of_its_own(profile: Path) -> None:
    source = read_file(profile / "protocols/basal/scenarios.yaml")
    runner = Runner(load_laboratory(profile))
    reports = [runner.run(each).report for each in read_scenarios(source, lambda name, place: source)]
    spoken = {each.clause for report in reports if report for each in report.sentences()}
    assert {"diagnosis.headline.named", "diagnosis.headline.withheld", "comment.feature.absent"} <= spoken


@pytest.mark.parametrize(
    "title", ['Carcinoma: "basal cell", nodular', "Yes", "Karzinom – Größe", "x # y", "[a, b]", "007"]
)
def test_any_title_can_be_given(title: str, tmp_path: Path) -> None:
    folder = write_lab(tmp_path / "lab")
    assert invoke("new", "protocol", "own", "--title", title, "--lab", folder).code == 0
    assert load_protocol("own", load_laboratory(folder)).protocol.title == title


@pytest.mark.parametrize(
    ("id", "more", "code"),
    [
        ("basal", (), "E501"),
        ("../basal", (), "T401"),
        ("my basal", (), "T401"),
        ("b # c", (), "T401"),
        ("case\nid: x", (), "E002"),
        ("", (), "T401"),
        ("own", ("--title", "{{ sight }}"), "T402"),
    ],
)
def test_what_would_not_be_in_order_is_not_written(id: str, more: tuple[str, ...], code: str, profile: Path) -> None:
    before = {path: path.read_bytes() for path in profile.rglob("*") if path.is_file()}
    done = invoke("new", "protocol", id, *more, "--lab", profile)
    assert (done.code, code in done.err, done.out) == (1, True, "")
    assert {path: path.read_bytes() for path in profile.parent.rglob("*") if path.is_file()} == before


def test_a_protocol_needs_a_profile_to_be_in() -> None:
    done = invoke("new", "protocol", "own", "--lab", "none")
    assert (done.code, "T410" in done.err) == (1, True)
