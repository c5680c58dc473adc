"""The files of a profile's protocols, read anew after each save."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.laboratory.read import load_laboratory
from reportgen.laboratory.starter import protocol_starter
from reportgen.web.drafts import Draft, Drafts
from reportgen.web.folder import NoSuchCaseError
from tests.support.labs import write_lab

FILE = "protocols/basal/wording.yaml"


def laboratory_at(folder: Path) -> Path:
    """A profile that brings one protocol."""
    for path, content in protocol_starter("basal", "Basal cell carcinoma", write_lab(folder)).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    return laboratory_at(tmp_path / "lab")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def codes(draft: Draft) -> list[str]:
    return [each.code for each in draft.findings]


def test_nothing_is_read_again_until_a_file_is_saved(lab: Path) -> None:
    drafts = Drafts(load_laboratory(lab))
    first = drafts.draft("basal")
    assert drafts.draft("basal") is first
    assert (first.in_order, first.findings, len(first.scenarios)) == (True, (), 6)
    for name in ("protocols/basal/.wording.yaml.swp", "protocols/basal/wording.yaml~"):  # as editors keep them
        (lab / name).write_text("x")
        assert drafts.revision() == first.revision
    for name in ("lab.yaml", "signed.json", FILE, "protocols/basal/scenarios.yaml", "protocols/basal/cases/one.yaml"):
        before = drafts.revision()
        (lab / name).parent.mkdir(exist_ok=True)
        with (lab / name).open("a") as file:
            file.write("# seen\n")
        assert drafts.revision() != before
    assert drafts.draft("basal") is not first


def test_a_protocol_that_is_not_in_order_keeps_the_last_state_that_was(lab: Path) -> None:
    drafts = Drafts(load_laboratory(lab))
    edit(lab / FILE, "{{ size }}", "{{ sise }}")
    torn = drafts.draft("basal")
    assert (torn.in_order, codes(torn), torn.failures) == (False, ["T402"], None)
    assert torn.laboratory is not None  # that with which the desk began
    edit(lab / FILE, "{{ sise }}", "{{ size }}")
    edit(lab / FILE, "The lesion measures", "It measures")
    mended = drafts.draft("basal")
    assert (mended.in_order, codes(mended)) == (True, ["T450"])
    assert mended.laboratory != torn.laboratory
    assert len(mended.failures_of(mended.scenarios[0])) == 1
    assert mended.failures_of(mended.scenarios[1]) == ()


def test_a_protocol_that_never_was_in_order_has_no_last_state(lab: Path) -> None:
    edit(lab / FILE, "{{ size }}", "{{ sise }}")
    assert Drafts(load_laboratory(lab)).draft("basal").laboratory is None


def test_a_profile_that_cannot_be_read_is_told(lab: Path) -> None:
    drafts = Drafts(load_laboratory(lab))
    with (lab / "lab.yaml").open("a") as file:
        file.write("nonsense: 1\n")
    draft = drafts.draft("basal")
    assert (draft.in_order, codes(draft), draft.laboratory is None) == (False, ["T401"], False)


def test_scenarios_that_are_not_in_order_leave_the_last_ones(lab: Path) -> None:
    drafts = Drafts(load_laboratory(lab))
    drafts.draft("basal")
    edit(lab / "protocols/basal/scenarios.yaml", "never: [measures]", "nevr: [measures]")
    draft = drafts.draft("basal")
    assert (draft.in_order, codes(draft), len(draft.scenarios), draft.failures) == (True, ["T401"], 6, None)


def test_the_base_of_the_scenarios_is_held_to_its_own_remarks(lab: Path) -> None:
    edit(lab / "protocols/basal/scenarios.yaml", "size: 12 mm", "size: 25 cm")
    found = Drafts(load_laboratory(lab)).draft("basal").findings
    assert any("large: nothing is expected; note is raised" in each.message for each in found)


def test_a_protocol_of_a_profile_below_is_found_where_it_is(lab: Path, tmp_path: Path) -> None:
    above = write_lab(tmp_path / "above", "extends: ../lab\n")
    drafts = Drafts(load_laboratory(above))
    assert drafts.ids() == ("basal",)
    draft = drafts.draft("basal")
    assert (draft.profile.resolve(), draft.in_order, len(draft.scenarios)) == (lab, True, 6)


def test_a_protocol_may_come_and_go(lab: Path) -> None:
    drafts = Drafts(load_laboratory(lab))
    (lab / "protocols/new").mkdir()
    assert drafts.ids() == ("basal", "new")
    assert codes(drafts.draft("new")) == ["T411"]
    (lab / "protocols/new").rmdir()
    for id in ("new", "aismn", "..", ""):
        with pytest.raises(NoSuchCaseError):
            drafts.draft(id)
    assert Drafts(None).ids() == ()


def test_a_file_that_is_a_link_is_not_shown(lab: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret: 1\n")
    (lab / FILE).unlink()
    (lab / FILE).symlink_to(tmp_path / "secret")
    draft = Drafts(load_laboratory(lab)).draft("basal")
    assert (draft.lines["wording.yaml"], codes(draft)) == ((), ["T411"])


@settings(max_examples=30, deadline=None)
@given(st.text(alphabet=st.sampled_from("a:# -\n\r\t\x85\u2028\x0b\x0c")))
def test_lines_have_the_numbers_that_yaml_gives_them(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = laboratory_at(tmp_path_factory.mktemp("lab"))
    (folder / FILE).write_bytes(f"{text}\n\0: an end that no file may have".encode())
    found = Drafts(load_laboratory(folder)).draft("basal")
    last = max(each.place.line for each in found.findings)
    assert last <= len(found.lines["wording.yaml"])
