"""`reportgen render`: one case and many, finalizing, refusals that leave everything as it was, and no leaks."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from reportgen.pipeline import check
from tests.cli.program import MARK, START, edited, environment, files_below, invoke, run, sample

EVERY = "docx,pdf,html,txt"


def text_of(folder: Path, name: str) -> str:
    return (folder / f"{name}.txt").read_text(encoding="utf-8")


# ------------------------------------------------------------------ what is written, and where


def test_every_format_of_one_case(tmp_path: Path) -> None:
    outcome = invoke("render", sample("shave-biopsy"), "--format", EVERY, "-o", tmp_path)
    assert outcome.code == 0
    assert outcome.err == ""
    written = [Path(line) for line in outcome.out.splitlines()]
    assert [path.name for path in written] == [f"shave-biopsy.{format}" for format in EVERY.split(",")]
    assert all(path.stat().st_size > 1000 for path in written)
    assert [path.read_bytes()[:4] for path in written][:2] == [b"PK\x03\x04", b"%PDF"]
    assert sorted(files_below(tmp_path)) == sorted(path.name for path in written)


def test_without_an_output_folder_documents_lie_beside_the_case(tmp_path: Path) -> None:
    case = Path(shutil.copy(sample("shave-biopsy"), tmp_path))
    assert invoke("render", case, "-f", "txt").code == 0
    assert list(files_below(tmp_path)) == ["shave-biopsy.txt", "shave-biopsy.yaml"]


def test_docx_and_pdf_are_the_usual_formats(tmp_path: Path) -> None:
    assert invoke("render", sample("unfinished"), "-o", tmp_path).code == 0
    assert list(files_below(tmp_path)) == ["unfinished.docx", "unfinished.pdf"]


def test_formats_may_be_given_in_any_case_and_twice(tmp_path: Path) -> None:
    outcome = invoke("render", sample("unfinished"), "-f", " TXT, html,txt", "-o", tmp_path)
    assert outcome.code == 0
    assert list(files_below(tmp_path)) == ["unfinished.html", "unfinished.txt"]


def test_missing_folders_are_made(tmp_path: Path) -> None:
    assert invoke("render", sample("unfinished"), "-f", "txt", "-o", tmp_path / "a" / "b").code == 0
    assert list(files_below(tmp_path)) == ["a/b/unfinished.txt"]


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_paper(paper: str, tmp_path: Path) -> None:
    assert invoke("render", sample("unfinished"), "-f", "pdf", "--paper", paper, "-o", tmp_path).code == 0
    box = PdfReader(tmp_path / "unfinished.pdf").pages[0].mediabox
    assert (round(box.width), round(box.height)) == {"letter": (612, 792), "a4": (595, 842)}[paper]


def test_the_coding_line_is_printed_where_it_was_asked_for(tmp_path: Path) -> None:
    for options, expected in (((), False), (("--coding",), True)):
        folder = tmp_path / str(expected)
        assert invoke("render", sample("shave-biopsy"), "-f", "txt", "-o", folder, *options).code == 0
        assert ("ICD-O-3 8897/1" in text_of(folder, "shave-biopsy")) is expected


# ------------------------------------------------------------------ refusals


def test_an_existing_document_is_not_replaced_unasked(tmp_path: Path) -> None:
    (tmp_path / "unfinished.txt").write_text("old", encoding="utf-8")
    refused = invoke("render", sample("unfinished"), "-f", "html,txt", "-o", tmp_path)
    assert refused.code == 1
    assert "E501" in refused.err
    assert "--overwrite" in refused.err
    assert list(files_below(tmp_path)) == ["unfinished.txt"]
    assert text_of(tmp_path, "unfinished") == "old"
    assert invoke("render", sample("unfinished"), "-f", "html,txt", "-o", tmp_path, "--overwrite").code == 0
    assert "4 items are open" in text_of(tmp_path, "unfinished")


def test_strict_names_each_open_item_once_and_writes_nothing(tmp_path: Path) -> None:
    outcome = invoke("render", sample("unfinished"), "-f", "txt", "-o", tmp_path, "--strict")
    assert outcome.code == 1
    paths = re.findall(r"E302 parts\.A\.(\S+):", outcome.err)
    assert sorted(paths) == ["perineural", "stains.S100", "stains.SMA", "stains.desmin"]
    assert len(outcome.err.splitlines()) == 4
    assert list(files_below(tmp_path)) == []
    assert invoke("render", sample("shave-biopsy"), "-f", "txt", "-o", tmp_path, "--strict").code == 0


def test_strict_names_what_no_element_stands_for(tmp_path: Path) -> None:
    case = edited(
        tmp_path / "case.yaml",
        ('fascicles: "yes"', 'fascicles: "no"'),
        ("  name: Example Dermatopathology Laboratory\n", ""),
        ("perineural:", "perineural: not identified"),
        ("pending", "positive"),
        (", birth_date: 1980-01-31", ""),
    )
    outcome = invoke("render", case, "-f", "txt", "--strict")
    assert outcome.code == 1
    assert "E302 laboratory.name:" in outcome.err
    assert "E302 patient.birth_date:" in outcome.err
    assert "E302 parts.A.override.diagnosis: is held back: [PENDING: Diagnosis" in outcome.err
    assert list(files_below(tmp_path)) == ["case.yaml"]


def test_a_stop_blocks_until_it_is_acknowledged(tmp_path: Path) -> None:
    outcome = invoke("render", sample("q2-metastatic"), "-f", "txt", "-o", tmp_path)
    assert outcome.code == 1
    assert re.findall(r"E301 parts\.A\.(A\d+)", outcome.err) == ["A4", "A5"]
    assert "acknowledge: {A4: " in outcome.err
    assert list(files_below(tmp_path)) == []
    words = "acknowledge: {A4: seen with the surgeon, A5: lung nodules are known}\nprotocol: aismn"
    case = edited(tmp_path / "case.yaml", ("protocol: aismn", words), name="q2-metastatic")
    assert invoke("render", case, "-f", "txt").code == 0
    text = " ".join(text_of(tmp_path, "case").split())
    assert "High-grade appearance: seen with the surgeon; Metastasis: lung nodules are known." in text


def warned(tmp_path: Path, *more: tuple[str, str]) -> Path:
    """A case that is complete and raises one warning."""
    return edited(tmp_path / "warned.yaml", ("S100: negative", "S100: positive"), *more, name="q1-excision")


def test_a_warning_is_printed_with_its_part_and_its_words_wherever_a_case_is_rendered(tmp_path: Path) -> None:
    case = warned(tmp_path)
    raised = [each for _, each in check(case).advisories if each.warns]
    assert raised
    for more in ((), ("--strict", "--overwrite"), ("--finalized-by", "Dr. X", "--at", "2026-11-23", "--overwrite")):
        outcome = invoke("render", case, "-f", "txt", *more)
        lines = [line for line in outcome.err.splitlines() if re.search(r": warning \w+ parts\.A: ", line)]
        wanted = [f"{each.title}: {each.say}" for each in raised]
        assert [line.partition(" parts.A: ")[2] for line in lines] == wanted, more
        assert all(line.startswith(f"{case}:") for line in lines)
    assert invoke("render", sample("q1-excision"), "-f", "txt", "-o", tmp_path).err == ""


def test_finalizing_needs_every_warning_acknowledged_in_words(tmp_path: Path) -> None:
    case = warned(tmp_path)
    ids = sorted(each.id for _, each in check(case).advisories if each.warns)
    by = ("--finalized-by", "Dr. X", "--at", "2026-11-23T14:30")
    outcome = invoke("render", case, "-f", "txt", *by)
    assert outcome.code == 1
    assert sorted(re.findall(r"E304 parts\.A\.(\w+):", outcome.err)) == ids
    assert all(f'part A: acknowledge: {{{id}: "…"}}' in outcome.err for id in ids)
    assert list(files_below(tmp_path)) == ["warned.yaml"]
    for reason, code in (("known and seen", 0), ("ok", 1), ("… … …", 1)):
        said = ", ".join(f'{id}: "{reason}"' for id in ids)
        warned(tmp_path, ("protocol: aismn", f"acknowledge: {{{said}}}\nprotocol: aismn"))
        outcome = invoke("render", case, "-f", "txt", *by, "--overwrite")
        assert outcome.code == code, outcome.err
        assert ("E305" in outcome.err) == bool(code)
    text = " ".join(text_of(tmp_path, "warned").split())
    assert "Prepared for sign-out by Dr. X" in text
    assert "known and seen" in text
    assert not re.search(rf"\b({'|'.join(ids)})\b", text)


def test_the_same_is_told_to_programs(tmp_path: Path) -> None:
    case = warned(tmp_path)
    outcome = invoke("render", case, sample("q2-metastatic"), "-f", "txt", "-o", tmp_path, "--json")
    first, second = json.loads(outcome.out)["cases"]
    assert outcome.code == 1
    assert (first["in_order"], first["documents"]) == (True, [str(tmp_path / "warned.txt")])
    assert first["counts"]["warnings"] == first["counts"]["not_acknowledged"] > 0
    assert first["verdict"] == json.loads(invoke("check", case, "--json").out)["cases"][0]["verdict"]
    assert (second["in_order"], second["documents"], second["verdict"]) == (False, [], "refused")
    assert {each["code"] for each in second["findings"]} == {"E301"}
    assert invoke("render", case, "--json", "--watch").code == 2


def test_bad_cases_do_not_keep_good_ones_from_being_rendered(tmp_path: Path) -> None:
    bad = edited(tmp_path / "bad.yaml", ("growth: infiltrative", "growth: infiltrativ"))
    out = tmp_path / "out"
    cases = (sample("unfinished"), bad, tmp_path / "none.yaml", sample("q2-metastatic"), sample("punch-clear"))
    outcome = invoke("render", *cases, "-f", "txt,html", "-o", out)
    assert outcome.code == 1
    assert list(files_below(out)) == ["punch-clear.html", "punch-clear.txt", "unfinished.html", "unfinished.txt"]
    assert len(outcome.out.splitlines()) == 4
    codes = [found[1] for line in outcome.err.splitlines() if (found := re.search(r" ([A-Z]\d{3}) ", line))]
    assert codes == ["E103", "E009", "E301", "E301"]
    assert ':13: E103 parts.A.growth: is not an answer (did you mean "infiltrative"?)' in outcome.err


def test_two_cases_of_one_name_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    twins = []
    for folder, name in (("a", "case.yaml"), ("b", "CASE.json")):
        (tmp_path / folder).mkdir()
        twins.append(Path(shutil.copy(sample("unfinished"), tmp_path / folder / name)))
    outcome = invoke("render", *twins, "-f", "txt", "-o", tmp_path / "out")
    assert outcome.code == 1
    assert "E505" in outcome.err
    assert not (tmp_path / "out").exists()


def test_one_case_given_twice_is_rendered_once(tmp_path: Path) -> None:
    outcome = invoke("render", sample("unfinished"), sample("unfinished"), "-f", "txt", "-o", tmp_path)
    assert outcome.code == 0
    assert len(outcome.out.splitlines()) == 1


def test_a_warning_is_shown_and_refuses_nothing(tmp_path: Path) -> None:
    case = edited(tmp_path / "case.yaml", ("clinical_history: Nodule of the shoulder.", "clinical_history: TBD"))
    outcome = invoke("render", case, "-f", "txt")
    assert outcome.code == 0
    assert "W302 clinical_history:" in outcome.err
    assert outcome.out == f"{tmp_path / 'case.txt'}\n"


# ------------------------------------------------------------------ finalizing

FINAL = ("--finalized-by", "Dr. Paula  Sample", "--at", "2026-11-23T14:30")


def test_a_complete_case_can_be_finalized_by_name_and_time(tmp_path: Path) -> None:
    assert invoke("render", sample("punch-clear"), "-f", EVERY, "-o", tmp_path, *FINAL).code == 0
    text = text_of(tmp_path, "punch-clear")
    assert "DRAFT" not in text
    assert "Prepared for sign-out by Dr. Paula Sample, 2026-11-23T14:30." in text


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (FINAL[:2], 1, "E303 needs both a name and a time"),
        (FINAL[2:], 1, "E303 needs both a name and a time"),
        (("--finalized-by", " ", *FINAL[2:]), 1, "E303"),
        ((*FINAL[:2], "--at", "yesterday"), 1, "E107 --at"),
        (("--finalized-by", "Dr\x07", *FINAL[2:]), 1, "E004 --finalized-by"),
        (("--finalized-by", "Dr \u202ea", *FINAL[2:]), 1, "E005 --finalized-by"),
        ((*FINAL[:2], "--at", "2026-11-23\u202e14:30"), 1, "E005 --at"),
    ],
)
def test_finalizing_asks_for_a_printable_name_and_a_time(
    options: tuple[str, ...], code: int, told: str, tmp_path: Path
) -> None:
    outcome = invoke("render", sample("punch-clear"), "-f", "txt,docx", "-o", tmp_path, *options)
    assert outcome.code == code
    assert told in outcome.err
    assert list(files_below(tmp_path)) == []


def test_an_open_case_cannot_be_finalized(tmp_path: Path) -> None:
    outcome = invoke("render", sample("unfinished"), "-f", "txt", "-o", tmp_path, *FINAL)
    assert outcome.code == 1
    assert "E303 parts.A.perineural: is not entered" in outcome.err
    assert list(files_below(tmp_path)) == []


# ------------------------------------------------------------------ usage


@pytest.mark.parametrize(
    "arguments",
    [
        ("render",),
        ("render", "x.yaml", "-f", "txt,odt"),
        ("render", "x.yaml", "-f", ","),
        ("render", "x.yaml", "--paper", "a3"),
        ("render", "x.yaml", "--nonsense"),
    ],
)
def test_a_command_that_is_not_understood_ends_with_2(arguments: tuple[str, ...]) -> None:
    outcome = invoke(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert "Usage: reportgen render" in outcome.err


# ------------------------------------------------------------------ nothing leaks


def test_a_patient_is_named_in_documents_alone(tmp_path: Path) -> None:
    case = edited(
        tmp_path / "case.yaml",
        ("Draft, Dorothea", MARK),
        ("Nodule of the shoulder.", MARK),
        ("S100: pending", "S100: pending, other: [{name: " + MARK + ", result: pending}]"),
        ("growth: infiltrative", f"growth: {{result: other, text: {MARK}}}"),
    )
    good = run("--verbose", "render", case, "-f", EVERY, "-o", tmp_path / "out")
    assert good.code == 0
    assert good.err.splitlines()[0] == f"1 read {case}"
    strict = run("--verbose", "render", case, "-f", "txt", "--strict")
    assert strict.code == 1
    assert "parts.A.stains.other.1.result" in strict.err
    wrong = edited(tmp_path / "wrong.yaml", ("mitoses: 1 per 10 HPF", f"mitoses: {MARK} per {MARK}"))
    bad = run("--verbose", "render", wrong, "-f", "txt")
    assert "E106" in bad.err
    assert MARK not in "".join(text for each in (good, strict, bad) for text in (each.out, each.err))
    assert MARK in (tmp_path / "out" / "case.txt").read_text(encoding="utf-8")
    assert MARK in run("render", wrong, "-f", "txt", "--show-values").err


# ------------------------------------------------------------------ the engine that is started before it is asked for


@pytest.mark.parametrize(
    ("name", "more", "code"),
    [("shave-biopsy", (), 0), ("nothing", (), 1), ("q2-metastatic", (), 1), ("shave-biopsy", ("--paper", "a9"), 2)],
)
def test_no_process_is_left_behind(name: str, more: tuple[str, ...], code: int, tmp_path: Path) -> None:
    command = [sys.executable, "-c", START, "render", str(sample(name)), "-f", "pdf", "-o", str(tmp_path), *more]
    with subprocess.Popen(
        command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        assert process.wait(60) == code
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)  # its group has no member any more
