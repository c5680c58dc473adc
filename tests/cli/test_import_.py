"""`reportgen import sdc` and `new protocol --from`: what is written, what is printed, and what is never replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import files_below, invoke
from tests.sdc.forms import ANSWERS, FILE, SKIN_PUNCH, asked, filled, form, written
from tests.support.labs import write_lab

ID = "skin-punch-demonstration-form"


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return write_lab(tmp_path / "lab")


def test_a_form_becomes_a_protocol(profile: Path) -> None:
    outcome = invoke("import", "sdc", FILE, "--lab", profile)
    assert outcome.code == 0
    folder = profile / "protocols" / ID
    names = ["protocol.yaml", "scenarios.yaml", "import.md"]
    paths, told = outcome.out.splitlines()[:6], outcome.out.splitlines()[6:]
    schemas = [f"{name}.schema.json" for name in ("protocol", "wording", "scenarios")]
    assert paths == [str(folder / name) for name in names] + [str(profile / "schemas" / name) for name in schemas]
    for name in names[:2]:
        (first, *_) = (folder / name).read_text(encoding="utf-8").splitlines()
        assert (folder / first.removeprefix("# yaml-language-server: $schema=")).is_file()
    assert told[:4] == ["lost: injected form (1)", "lost: look-up (1)", "lost: rule (2)",
                        "changed: a question without words below one of several answers (1)"]  # fmt: skip
    assert list(files_below(folder)) == sorted(names)
    assert f"{ID} 1.0" in invoke("protocols", "--lab", profile).out


def test_nothing_is_replaced_without_the_option(profile: Path, tmp_path: Path) -> None:
    assert invoke("import", "sdc", FILE, "--lab", profile).code == 0
    protocol = profile / "protocols" / ID / "protocol.yaml"
    protocol.write_text(protocol.read_text(encoding="utf-8") + "# ours\n", encoding="utf-8")
    refused = invoke("import", "sdc", FILE, "--lab", profile)
    assert (refused.code, "E501" in refused.err) == (1, True)
    assert protocol.read_text(encoding="utf-8").endswith("# ours\n")
    assert invoke("import", "sdc", FILE, "--lab", profile, "--overwrite").code == 0
    assert "# ours" not in protocol.read_text(encoding="utf-8")


def test_sentences_of_the_laboratory_stay_and_must_fit_the_new_form(profile: Path, tmp_path: Path) -> None:
    assert invoke("import", "sdc", FILE, "--lab", profile).code == 0
    wording = profile / "protocols" / ID / "wording.yaml"
    clause = "{id: seen, when: edge == 'Seen', say: The edge is seen., source: {form: edge}}"
    wording.write_text(f"comment: [{{id: edge, title: Edge, clauses: [{clause}]}}]\n", encoding="utf-8")
    assert invoke("import", "sdc", FILE, "--lab", profile, "--overwrite").code == 0
    assert "in order" in invoke("template", "check", profile).out
    other = written(tmp_path, form(asked("1", "Q")))
    refused = invoke("import", "sdc", other, "--lab", profile, "--id", ID, "--overwrite")
    assert (refused.code, "T402" in refused.err) == (1, True)
    assert "Features" in (profile / "protocols" / ID / "protocol.yaml").read_text(encoding="utf-8")


def test_a_new_protocol_is_made_from_a_form(profile: Path) -> None:
    outcome = invoke("new", "protocol", "skin", "--from", FILE, "--lab", profile)
    assert outcome.code == 0
    assert (profile / "protocols/skin/import.md").is_file()
    refused = invoke("new", "protocol", "other", "--from", FILE, "--title", "Other", "--lab", profile)
    assert (refused.code, "the file has a title" in refused.err) == (2, True)


def test_a_filled_form_becomes_a_case(profile: Path, tmp_path: Path) -> None:
    path, case = written(tmp_path, filled(SKIN_PUNCH, ANSWERS)), tmp_path / "case.yaml"
    early = invoke("import", "sdc", path, "--lab", profile, "--case", case)
    assert (early.code, "import the form itself first" in early.err, case.exists()) == (1, True, False)
    assert invoke("import", "sdc", FILE, "--lab", profile).code == 0
    outcome = invoke("import", "sdc", path, "--lab", profile, "--case", case)
    assert (outcome.code, outcome.out) == (0, f"{case}\n")
    text = case.read_text(encoding="utf-8")
    assert text.startswith("# Imported from a filled form. Enter the head of the case:")
    for key, value in {"name": "Invented", "mrn": '"000001"', "birth_date": "1970-01-01", "sex": "male"}.items():
        text = text.replace(f"{key}: ", f"{key}: {value}", 1)
    for key, value in {"accession": "S26-1", "collected": "2026-01-05", "received": "2026-01-06"}.items():
        text = text.replace(f"\n{key}:\n", f"\n{key}: {value}\n", 1)
    case.write_text(text.replace("submitted_by:\n", "submitted_by: Dr. Example\n"), encoding="utf-8")
    assert invoke("check", case, "--lab", profile).code == 0
    assert invoke("import", "sdc", path, "--lab", profile, "--case", case).code == 1
    assert case.read_text(encoding="utf-8") != text


def test_a_filled_form_that_cannot_be_carried_writes_nothing(profile: Path, tmp_path: Path) -> None:
    assert invoke("import", "sdc", FILE, "--lab", profile).code == 0
    path, case = written(tmp_path, filled(SKIN_PUNCH, {"18": "ZZPHI"})), tmp_path / "case.yaml"
    outcome = invoke("import", "sdc", path, "--lab", profile, "--case", case)
    assert (outcome.code, "E106 18:" in outcome.err, case.exists()) == (1, True, False)
    assert "ZZPHI" not in outcome.both


def test_a_profile_is_needed() -> None:
    outcome = invoke("import", "sdc", FILE, "--lab", "none")
    assert (outcome.code, "T410" in outcome.err) == (1, True)
