"""Protocols that a profile brings: read with it, held apart from what is built in, and none of them stops another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reportgen.findings import Finding, FindingsError
from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.read import load_laboratory
from reportgen.profiles.accepted import checked
from reportgen.protocols import load
from reportgen.protocols.checks import protocol
from reportgen.protocols.compiled import Compiled
from reportgen.protocols.load import load_each, load_protocol, protocol_ids, read_protocol, usable_protocols
from tests.support.labs import HEAD, bring, lab, refused, write_lab
from tests.support.toy import WORDING, codes, toy_protocol

BUILT_IN = protocol_ids()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A profile that brings a protocol of one element."""
    write_lab(tmp_path / "lab")
    bring(tmp_path / "lab", "own", toy_protocol(id="own"), WORDING)
    return tmp_path / "lab"


def loaded(folder: Path, id: str = "own") -> Laboratory:
    """The profile, in which everything but this protocol can be used."""
    made = load_laboratory(folder)
    assert {each for each, found in load_each(made) if isinstance(found, FindingsError)} <= {id}
    assert set(BUILT_IN) <= usable_protocols(made).keys() | {id}
    return made


def test_a_protocol_of_a_profile_is_one_like_any_other(own: Path) -> None:
    made = loaded(own)
    assert protocol_ids(made) == tuple(sorted((*BUILT_IN, "own")))
    assert load_protocol("own", made).protocol.title == "Toy"
    assert protocol_ids() == BUILT_IN
    (finding,) = refused(lambda: load_protocol("own"))
    assert finding.code == "E110"
    assert "own" in refused(lambda: load_protocol("none", made))[0].hint


def test_it_may_use_the_fragments_that_are_built_in(own: Path) -> None:
    text = toy_protocol(id="own", extra="use: [laterality]\nchange: {elements: {laterality: {status: optional}}}\n")
    bring(own, "own", text, WORDING)
    assert load_protocol("own", loaded(own)).slots["laterality"].element.status == "optional"
    bring(own, "own", toy_protocol(id="own", extra="use: [lateralty]\n"), WORDING)
    (finding,) = refused(lambda: load_protocol("own", loaded(own)))
    assert (finding.code, finding.hint) == ("T402", 'did you mean "laterality"?')


@pytest.mark.parametrize("name", ["protocol.yaml", "wording.yaml"])
def test_the_profile_s_hash_and_the_protocol_s_cover_every_byte(own: Path, name: str) -> None:
    before = loaded(own)
    with (own / "protocols/own" / name).open("a", encoding="utf-8") as file:
        file.write("# a remark\n")
    after = loaded(own)
    assert after.hash != before.hash
    assert load_protocol("own", after).hash != load_protocol("own", before).hash


def test_a_profile_is_read_whole(own: Path) -> None:
    made = loaded(own)
    (own / "protocols/own/wording.yaml").unlink()
    assert load_protocol("own", made).protocol.wording.diagnosis[0].clauses[0].say == "Toy diagnosis"


def test_a_protocol_needs_no_wording(own: Path) -> None:
    (own / "protocols/own/wording.yaml").unlink()
    assert load_protocol("own", loaded(own)).protocol.wording.diagnosis[0].id == "own_diagnosis"


def test_scenarios_are_no_part_of_what_reports_are_made_with(own: Path) -> None:
    before = loaded(own).hash
    (own / "protocols/own/scenarios.yaml").write_text("scenarios: []\n", encoding="utf-8")
    assert loaded(own).hash == before
    assert load_protocol("own", loaded(own)).protocol.id == "own"


def test_findings_name_the_file_in_the_profile(own: Path) -> None:
    bring(own, "own", toy_protocol(id="own"), WORDING.replace("Toy diagnosis", "'{{ sight }}'"))
    (finding,) = refused(lambda: load_protocol("own", loaded(own)))
    assert (finding.code, finding.place.file) == ("T402", str(own / "protocols/own/wording.yaml"))
    again = refused(lambda: load_protocol("own", loaded(own)))
    assert again == (finding,)


def test_its_folder_has_its_id(own: Path) -> None:
    bring(own, "own", toy_protocol(id="other"), WORDING)
    (finding,) = refused(lambda: load_protocol("own", loaded(own)))
    assert (finding.code, finding.path) == ("T401", "id")


@pytest.mark.parametrize("id", BUILT_IN)
def test_it_takes_the_place_of_a_built_in_one_in_its_profile_alone(own: Path, id: str) -> None:
    bring(own, id, toy_protocol(id=id), WORDING)
    made = load_protocol(id, loaded(own, id))
    assert made.protocol.title == "Toy"
    assert made.prose.words.groups == ()
    assert load_protocol(id).protocol.title != "Toy"


# ---------------------------------------------------------------------------------- files that cannot be used


def linked(folder: Path) -> None:
    (folder / "wording.yaml").rename(folder.parent.parent / "elsewhere.yaml")
    (folder / "wording.yaml").symlink_to(folder.parent.parent / "elsewhere.yaml")


def linked_folder(folder: Path) -> None:
    folder.rename(folder.parent.parent / "elsewhere")
    folder.symlink_to(folder.parent.parent / "elsewhere")


def too_large(folder: Path) -> None:
    (folder / "wording.yaml").write_text("#" * 1_100_000, encoding="utf-8")


def misspelt(folder: Path) -> None:
    (folder / "scenario.yaml").write_text("scenarios: []\n", encoding="utf-8")


def not_in_a_folder(folder: Path) -> None:
    (folder.parent / "own.yaml").write_text(toy_protocol(id="own"), encoding="utf-8")


def not_utf_8(folder: Path) -> None:
    (folder / "wording.yaml").write_bytes(WORDING.encode("utf-16"))


SPOILED = [
    (linked, "T411", "wording.yaml"),
    (linked_folder, "T411", "protocol.yaml"),
    (too_large, "T411", "wording.yaml"),
    (misspelt, "T401", "scenario.yaml"),
    (not_in_a_folder, "T401", ""),
    (not_utf_8, "E001", ""),
]


@pytest.mark.parametrize(("spoil", "code", "path"), SPOILED)
def test_a_protocol_that_cannot_be_read_is_told_and_stops_nothing_else(
    spoil: object, code: str, path: str, own: Path
) -> None:
    assert callable(spoil)
    spoil(own / "protocols/own")
    made = loaded(own)
    assert "own" in protocol_ids(made)
    (finding,) = refused(lambda: load_protocol("own", made))
    assert (finding.code, finding.path) == (code, path)
    assert str(own / "protocols") in finding.place.file
    assert finding.step


def test_what_lies_beside_protocols_is_left_alone(own: Path) -> None:
    (own / "protocols/README.md").write_text("Ours.", encoding="utf-8")
    (own / "protocols/own/sheet.xlsx").write_bytes(b"PK")
    (own / "protocols/.git").mkdir()
    assert load_protocol("own", loaded(own)).protocol.id == "own"
    assert protocol_ids(loaded(own)) == tuple(sorted((*BUILT_IN, "own")))


# ------------------------------------------------------------------------------------ profiles on one another


def test_a_profile_has_the_protocols_of_those_below_it_and_changes_them_by_id(own: Path, tmp_path: Path) -> None:
    changes = "extends: ../lab\nprotocols: {own: {wording: {diagnosis.headline.plain: {say: Ours}}}}\n"
    made = lab(tmp_path / "high", changes, head=HEAD.replace("Example", "High"))
    clause = load_protocol("own", made).protocol.wording.diagnosis[0].clauses[0]
    assert (clause.say, clause.source["laboratory"]) == ("Ours", "High Laboratory 1.0")
    assert load_protocol("own", load_laboratory(own)).protocol.wording.diagnosis[0].clauses[0].say == "Toy diagnosis"
    assert [each.folder.name for each in (made.bringing("own"), made.bringing("aismn")) if each] == ["lab"]


def test_two_profiles_do_not_bring_the_same_protocol(own: Path, tmp_path: Path) -> None:
    write_lab(tmp_path / "high", "extends: ../lab\n")
    bring(tmp_path / "high", "own", toy_protocol(id="own"), WORDING)
    found = refused(lambda: load_protocol("own", loaded(tmp_path / "high")))
    assert codes(found) == [("T404", "own")]
    assert str(own / "protocols/own") in found[0].message


# ----------------------------------------------------------------------------------------- the record of checks


class Checks:
    """Which protocols are checked whenever a profile is loaded anew."""

    def __init__(self, profile: Path, patch: pytest.MonkeyPatch) -> None:
        self.profile = profile
        self.asked: list[str] = []
        self.whole = protocol.check_protocol
        patch.setattr(protocol, "check_protocol", self.check)
        patch.setattr(load, "_frozen", load._FrozenTemplates())

    def check(self, made: Compiled, *more: Any) -> list[Finding]:
        self.asked.append(made.protocol.id)
        return self.whole(made, *more)

    def afresh(self) -> list[str]:
        load._outcome.cache_clear()
        self.asked.clear()
        load_protocol("own", load_laboratory(self.profile))
        return self.asked


def test_what_was_recorded_as_in_order_is_not_checked_again(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checks = Checks(own, monkeypatch)
    assert checks.afresh() == ["own"]
    path, data = checked(load_laboratory(own))
    path.write_bytes(data)
    assert checks.afresh() == []
    with monkeypatch.context() as another:
        another.setattr(load, "VERSION", "9.9")
        assert checks.afresh() == ["own"]
    assert checks.afresh() == []
    write_lab(own, "labels: {negations: nicht kein}\n")
    assert checks.afresh() == ["own"]
    path.write_bytes(b"\xff\xfe")
    assert checks.afresh() == ["own"]


def test_a_record_makes_nothing_in_order_that_has_changed(own: Path) -> None:
    path, data = checked(load_laboratory(own))
    path.write_bytes(data)
    bring(own, "own", toy_protocol(id="own"), WORDING.replace("Toy diagnosis", "'{{ sight }}'"))
    assert [each.code for each in refused(lambda: load_protocol("own", load_laboratory(own)))] == ["T402"]


def test_the_whole_can_be_read_without_being_checked(own: Path) -> None:
    bring(own, "own", toy_protocol(id="own", extra="use: [laterality]\n"), WORDING.replace("site is", "sight is"))
    assert read_protocol("own", load_laboratory(own)).get("wording") is not None
