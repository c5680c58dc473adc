"""The files of an imported form: in order as they are, with a list that a person can read."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.read import load_laboratory
from reportgen.protocols.load import load_protocol
from reportgen.sdc.files import protocol_files, summary
from tests.cli.program import invoke
from tests.sdc.forms import FILE, SKIN_PUNCH, answer, asked, choice, form, read, section
from tests.support.labs import refused, write_lab


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile with the imported form."""
    folder = write_lab(tmp_path_factory.mktemp("sdc") / "lab")
    assert invoke("import", "sdc", FILE, "--lab", folder, "--id", "skin").code == 0
    return folder


@pytest.fixture(scope="module")
def own(profile: Path) -> Laboratory:
    return load_laboratory(profile)


def test_the_profile_is_in_order_and_its_scenarios_hold(profile: Path) -> None:
    assert "in order" in invoke("template", "check", profile).out
    assert "1 scenario, 0 failed" in invoke("template", "test", profile).out
    assert invoke("protocols", "show", "skin", "--lab", profile).code == 0


def test_the_list_tells_everything_by_the_id_of_the_form(profile: Path) -> None:
    text = (profile / "protocols/skin/import.md").read_text(encoding="utf-8")
    assert text.startswith(
        "# Skin punch, demonstration form: what became of the form\n\nskin_punch.xml asks 21 questions.\n"
    )
    assert "## Lost\n\n| id in the form | line | what | outcome |\n" in text
    assert "| 71 | 111 | look-up | its answers come from a service; asked as a text |\n" in text
    assert "| 43 | 83 | words behind the field: per 10 fields | part of the name |\n" in text
    assert text.endswith("| GenericHeaderText | Skin Pathology Case Summary |\n| Category | Skin |\n")


def test_the_same_form_gives_the_same_bytes(profile: Path, own: Laboratory, tmp_path: Path) -> None:
    contents, losses = protocol_files(read(tmp_path, SKIN_PUNCH), "skin", own)
    text = (profile / "protocols/skin/protocol.yaml").read_text(encoding="utf-8")
    made = contents[profile / "protocols/skin/protocol.yaml"].decode()
    assert made.splitlines()[2:] == text.splitlines()[2:]  # but for the name of the file
    assert made.splitlines()[1] == "# Imported from form.xml. import.md tells what of the form was lost or changed."
    assert summary(losses)[:3] == ["lost: injected form (1)", "lost: look-up (1)", "lost: rule (2)"]


def test_the_id_comes_from_the_title(own: Laboratory, tmp_path: Path) -> None:
    contents, _ = protocol_files(read(tmp_path, form(asked("1", "Q"))), "", own)
    assert {path.parent.name for path in contents} == {"small-form"}


def test_an_id_that_is_none_is_refused(own: Laboratory, tmp_path: Path) -> None:
    for id in ("../../elsewhere", "two words"):
        found = refused(lambda id=id: protocol_files(read(tmp_path, SKIN_PUNCH), id, own))
        assert [each.code for each in found] == ["T401"]


def test_a_form_that_makes_too_large_a_protocol_is_refused(own: Laboratory, tmp_path: Path) -> None:
    text = form(*(asked(str(number), "word " * 400) for number in range(600)))
    (found,) = refused(lambda: protocol_files(read(tmp_path, text), "large", own))
    assert (found.code, found.place.file) == ("E008", str(tmp_path / "form.xml"))


def large() -> str:
    """A form of 240 questions in 20 sections, each question with six answers."""

    def question(id: str) -> str:
        return choice(id, f"Question {id}", *(answer(f"{id}.{number}", f"Answer {number}") for number in range(6)))

    return form(
        *(
            section(f"S{part}", f"PART {part}", *(question(f"{part}.{number}") for number in range(12)))
            for part in range(20)
        )
    )


def test_240_questions_are_loaded_and_checked_at_once(own: Laboratory, tmp_path: Path) -> None:
    contents, losses = protocol_files(read(tmp_path, large()), "large", own)
    assert losses == ()
    own.own.folder.joinpath("protocols/large").mkdir()
    for path, data in contents.items():
        path.write_bytes(data)
    laboratory = load_laboratory(own.own.folder)
    begun = time.process_time()
    made = load_protocol("large", laboratory, recheck=True)
    taken = time.process_time() - begun
    assert len(made.slots) == 240
    assert taken < 1  # some 0.1 s
