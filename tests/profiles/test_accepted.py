"""Upgrades: what a release changes beneath a laboratory's changes is named, and nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from reportgen import template_files
from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.read import load_laboratory
from reportgen.profiles.accepted import Ground, acceptance, differences, moved
from reportgen.protocols.files import built_in_ids
from tests.support.labs import refused, write_lab

LAB = """\
labels: {page: Sheet, sections: {gross: Gross examination}}
design: {colors: {accent: "0b4f3c"}}
protocols:
  aismn:
    wording:
      comment.recommendation.re_excision: {say: Please re-excise.}
      comment.necrosis.present: {say: There is necrosis.}
      comment.mitoses: {append: [{id: few, when: mitoses == 1, say: One mitosis.}]}
      comment.lymphovascular: {remove: [present]}
    elements: {ulceration: {status: core}}
    thresholds: {mitoses_high: 15}
    advisories: {A1.1: {say: Think again.}}
"""


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the built-in templates with two protocols, in which a test plays the next release."""
    copy, protocols = tmp_path / "templates", [id for id in built_in_ids() if id not in ("aismn", "general")]
    shutil.copytree(template_files.folder(), copy, ignore=shutil.ignore_patterns(*protocols))
    monkeypatch.setattr(template_files, "folder", lambda: copy)
    return copy


@pytest.fixture
def accepted(release: Path, tmp_path: Path) -> Laboratory:
    made = load_laboratory(write_lab(tmp_path / "lab", LAB))
    path, data = acceptance(made)
    path.write_bytes(data)
    return made


def upgrade(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_profile_that_was_not_accepted_says_so(release: Path, tmp_path: Path) -> None:
    found = differences(load_laboratory(write_lab(tmp_path / "lab", LAB)))
    assert {each.ground for each in found} == {Ground.unknown}
    assert len(found) == 10
    assert list(moved(load_laboratory(tmp_path / "lab"))) == []


def test_after_it_was_accepted_all_is_as_it_was(accepted: Laboratory) -> None:
    found = differences(accepted)
    assert {each.ground for each in found} == {Ground.same}
    (words,) = [each for each in found if each.address.endswith("re_excision")]
    (field,) = words.fields
    assert field[0] == "say"
    assert str(field[1]).startswith("Re-excision is recommended")
    assert field[2] == "Please re-excise."
    assert all(each.place.line for each in found)


def test_an_upgrade_names_exactly_the_changes_whose_ground_moved(release: Path, accepted: Laboratory) -> None:
    wording, protocol = "protocols/aismn/wording.yaml", "protocols/aismn/protocol.yaml"
    upgrade(release, wording, "say: Re-excision is recommended to ensure complete removal and to exclude",
            "say: Re-excision is advised, to remove the neoplasm completely and to exclude")  # fmt: skip
    upgrade(release, wording, "say: Fascia or muscle is involved.", "say: Fascia is involved.")  # not beneath a change
    upgrade(
        release,
        "protocols/fragments/invasion.yaml",
        "say: Lymphovascular invasion is present.",
        "say: Vessels are invaded.",
    )
    upgrade(release, protocol, "title: Ulceration\n", "title: Epidermal ulcer\n")
    upgrade(release, "labels/en.yaml", "page: Page", "page: Side")
    upgrade(release, "layouts/standard/design.yaml", 'accent: "1f3f5f"', 'accent: "203f5f"')
    beneath = {each.address for each in differences(accepted) if each.ground is Ground.moved}
    assert beneath == {
        "protocols.aismn.wording.comment.recommendation.re_excision",
        "protocols.aismn.wording.comment.lymphovascular.remove",
        "protocols.aismn.elements.ulceration",
        "labels.page",
        "design.colors.accent",
    }
    assert [finding.code for finding in moved(accepted)] == ["W303"] * 5
    path, data = acceptance(accepted)
    path.write_bytes(data)
    assert {each.ground for each in differences(accepted)} == {Ground.same}


def test_a_changed_condition_beneath_changed_words_is_named(release: Path, accepted: Laboratory) -> None:
    was, now = "base_not_seen and (biopsy or margined)", "base_not_seen and (biopsy or margined) and tumor"
    upgrade(release, "protocols/aismn/wording.yaml", f"when: {was}\n", f"when: {now}\n")
    (difference,) = [each for each in differences(accepted) if each.ground is Ground.moved]
    assert isinstance(difference.was, dict)
    assert isinstance(difference.now, dict)
    assert (difference.was["when"], difference.now["when"]) == (was, now)
    assert difference.was["say"] == difference.now["say"]


def test_a_change_whose_thing_is_gone_is_refused(release: Path, accepted: Laboratory) -> None:
    upgrade(release, "protocols/aismn/wording.yaml", "      - id: re_excision\n", "      - id: reexcision\n")
    (finding,) = refused(lambda: differences(accepted))
    assert (finding.code, "comment.recommendation.reexcision" in finding.hint) == ("T402", True)


def test_a_record_that_cannot_be_read_is_refused(accepted: Laboratory) -> None:
    for text in ("", "[]", "{}", '{"ground": []}', "\x00"):
        (accepted.own.folder / "accepted.json").write_text(text, encoding="utf-8")
        (finding,) = refused(lambda: differences(accepted))
        assert finding.code == "T410", text


def test_the_record_is_the_same_for_the_same_profile(accepted: Laboratory) -> None:
    path, data = acceptance(accepted)
    assert path.read_bytes() == data
    assert json.loads(data)["profile"] == "Example Laboratory"
    assert load_laboratory(accepted.own.folder) == accepted  # the record is no part of what reports are made with


def test_each_profile_of_a_stack_has_its_own_ground(release: Path, tmp_path: Path) -> None:
    own = "protocols: {{aismn: {{wording: {{comment.necrosis.present: {{say: {words}}}}}}}}}\n"
    write_lab(tmp_path / "low", own.format(words="Necrosis."))
    high = load_laboratory(write_lab(tmp_path / "high", "extends: ../low\n" + own.format(words="There is necrosis.")))
    path, data = acceptance(high)
    path.write_bytes(data)
    write_lab(tmp_path / "low", own.format(words="Necrosis is there."))
    found = {each.profile.folder.name: each.ground for each in differences(load_laboratory(tmp_path / "high"))}
    assert found == {"low": Ground.unknown, "high": Ground.moved}
