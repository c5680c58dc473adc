"""The text file: at most 80 columns, nothing lost, ready to be pasted into a laboratory system."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import formats
from reportgen.formats.columns import columns
from reportgen.formats.layout import load_layout
from reportgen.reports.model import Cell, Heading, Pair, Pairs, Report, Role, Section, Table
from tests.formats.readback import expected_body, expected_pairs, read_text, squeeze
from tests.formats.specimen import (
    CHARACTERS,
    HOSTILE,
    MARK,
    REPORT,
    finalized,
    long_report,
    pairs,
    paragraph,
    with_sections,
    with_text,
)

_TEXTS = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=300).filter(
    lambda text: bool(squeeze(text)) and ":" not in text and "." not in text
)


def rendered(report: Report) -> str:
    return formats.render(report, "txt", load_layout()).decode()


def lines(report: Report) -> list[str]:
    return rendered(report).split("\n")


def holds(report: Report) -> None:
    printed = formats.render(report, "txt", load_layout())
    back = read_text(printed, report)
    assert back.body == expected_body(report)
    assert back.pairs == expected_pairs(report)
    assert max(map(columns, printed.decode().split("\n"))) <= 80


@pytest.mark.parametrize(
    "report",
    [REPORT, finalized(), long_report(5), with_text(HOSTILE), with_text(CHARACTERS), with_text("W" * 400)],
    ids=["specimen", "finalized", "long", "hostile", "characters", "wide"],
)
def test_the_body_and_its_pairs_are_those_of_the_report(report: Report) -> None:
    holds(report)


@given(_TEXTS)
def test_any_text_is_kept_within_eighty_columns(text: str) -> None:
    holds(with_text(text))


def test_lines_end_plainly() -> None:
    printed = rendered(REPORT)
    assert printed.endswith("=\n")
    assert not set(printed) & set("\r\t\f\v\ufeff")
    assert not [line for line in printed.split("\n") if line != line.rstrip()]
    assert "\n\n\n" not in printed


@pytest.mark.parametrize("report", [REPORT, finalized()], ids=["draft", "finalized"])
def test_state_and_patient_stand_at_the_top_and_at_the_end(report: Report) -> None:
    rule = "=" * 80
    frame = [rule, *([MARK] if report is REPORT else []), "Sample, Alexandra · MRN 000123 · S26-01234", rule]
    assert lines(report)[: len(frame)] == frame
    assert lines(report)[-len(frame) - 1 : -1] == frame
    assert ("DRAFT" in rendered(report)) is (report is REPORT)


def test_the_record_is_the_last_thing_before_the_frame() -> None:
    before = rendered(REPORT).split("=" * 80)[2]
    assert squeeze(before).endswith(squeeze("".join(REPORT.furniture.record)))


def test_sections_are_set_off_by_a_rule_in_their_own_words() -> None:
    printed = lines(REPORT)
    for section in REPORT.sections:
        place = printed.index(section.title)
        assert printed[place - 1] == ""
        assert printed[place + 1] == "-" * 80


def test_answers_stand_in_a_column_and_hang() -> None:
    answer = "one two three four five six seven eight nine ten eleven twelve thirteen"
    printed = lines(with_sections(Section("s", "Synoptic", (pairs([("Necrosis", answer)]),))))
    first = printed.index("Necrosis:                     one two three four five six seven eight nine ten")
    assert printed[first + 1] == f"{'':30}eleven twelve thirteen"


def test_what_hangs_below_another_is_indented() -> None:
    block = Pairs((Pair("Deep edge", "Involved"), Pair("Location", "central", depth=1), Pair("Block", "A2", depth=2)))
    printed = lines(with_sections(Section("s", "Synoptic", (block,))))
    assert "Deep edge:                    Involved" in printed
    assert "  Location:                   central" in printed
    assert "    Block:                    A2" in printed


def test_a_long_label_has_its_answer_below() -> None:
    label = "A label of more than thirty columns"
    printed = lines(with_sections(Section("s", "Synoptic", (pairs([(label, "Present")]),))))
    assert printed[printed.index(f"{label}:") + 1] == f"{'':30}Present"


def test_diagnosis_lines_hang_below_their_specimen() -> None:
    blocks = (
        paragraph("A. Skin, biopsy:", role=Role.specimen),
        paragraph("Diagnosis " * 12, role=Role.diagnosis),
        paragraph("(received as x)", role=Role.received),
    )
    printed = lines(with_sections(Section("d", "Diagnosis", blocks)))
    start = printed.index("A. Skin, biopsy:")
    assert all(line.startswith("  ") for line in printed[start + 1 : start + 4])


def test_table_columns_line_up() -> None:
    rows = ((Cell("SMA"), Cell("Positive"), Cell("90 %")), (Cell("Caldesmon"), Cell("[PENDING]", True), Cell("")))
    table = Table(("Stain", "Result", "Extent"), rows)
    printed = lines(with_sections(Section("i", "Stains", (Heading("A. Arm"), table))))
    start = printed.index("Stain      Result     Extent")
    assert printed[start + 1 : start + 3] == ["SMA        Positive   90 %", "Caldesmon  [PENDING]"]


def test_a_table_that_is_too_wide_names_the_column_of_every_cell() -> None:
    result = "Positive in most of the cells, more so at the base"
    row = (Cell("SMA"), Cell(result), Cell(""), Cell("Strong"), Cell("A1, A2 and A3"))
    report = with_sections(
        Section("i", "Stains", (Table(("Stain", "Result", "Extent", "Intensity", "Block or slide"), (row,)),))
    )
    printed = lines(report)
    start = printed.index("SMA")
    assert printed[start + 1 : start + 5] == [
        "  Result ...................  Positive in most of the cells, more so at the base",
        "  Intensity ................  Strong",
        "  Block or slide ...........  A1, A2 and A3",
        "",
    ]
    holds(report)


def test_a_table_keeps_its_columns_up_to_the_last_column_of_the_line() -> None:
    fits = Table(("Stain", "Result"), ((Cell("S" * 10), Cell("R" * 68)),))
    assert "S" * 10 + "  " + "R" * 68 in lines(with_sections(Section("i", "Stains", (fits,))))
    wider = Table(("Stain", "Result"), ((Cell("S" * 10), Cell("R" * 69)),))
    holds(with_sections(Section("i", "Stains", (wider,))))


def test_the_same_report_gives_the_same_bytes() -> None:
    assert rendered(REPORT) == rendered(REPORT._replace())


@pytest.mark.parametrize(
    "word", ["表皮過角化", "สมชายใจดี", "ọ̀ṣunG̃ua", "נגטיב"], ids=["Chinese", "Thai", "Yoruba", "Hebrew"]
)
def test_a_table_keeps_its_columns_in_every_script(word: str) -> None:
    rows = (("SMA", word, "weak"), (word, "positive", word), ("S100", "negative", ""))
    table = Table(("Stain", word, "Intensity"), tuple(tuple(Cell(text) for text in row) for row in rows))
    printed = lines(with_sections(Section("x", "Stains", (table,))))
    found = [line for line in printed if line.startswith(("Stain ", "SMA", word, "S100"))]
    assert len(found) == 4
    starts = [columns(line[: line.index(text)]) for line, text in zip(found[:3], (word, word, "positive"), strict=True)]
    assert len(set(starts)) == 1


def test_a_long_chinese_comment_stays_within_eighty_columns() -> None:
    holds(with_text("表皮過角化及角化不全，真皮淺層血管周圍淋巴細胞浸潤。" * 20))


def test_a_name_from_right_to_left_has_a_line_of_its_own() -> None:
    patient = ("محمد العلي", "000123", "26-01234")
    printed = lines(REPORT._replace(furniture=REPORT.furniture._replace(patient=patient)))
    assert printed[2:5] == list(patient)
