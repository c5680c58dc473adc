"""What the workbook offers to who edits it: drop-downs, headings that stay, rows set in, and cells that stay text."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from reportgen.sheets.kinds import SHEETS, SheetPlan
from reportgen.sheets.write import workbook
from tests.sheets.test_read import SMALL


@pytest.mark.parametrize("plan", SHEETS, ids=lambda plan: plan.name)
def test_every_sheet_helps_who_edits_it(plan: SheetPlan) -> None:
    book = load_workbook(io.BytesIO(workbook(SMALL)))
    assert book.sheetnames == ["Form", "Sentences", "Sources", "Cases"]
    sheet = book[plan.name]
    assert [cell.value for cell in sheet[1]] == list(plan.columns)
    assert all(cell.value for cell in sheet[2])
    assert str(sheet["A2"].value).startswith("# ")
    assert sheet.freeze_panes == "D3"
    assert {cell.number_format for row in sheet.iter_rows() for cell in row} == {"@"}
    assert {sheet.column_dimensions[letter].number_format for letter in "ABCD"} == {"@"}  # of rows that are added
    drop_downs = {str(rule.sqref)[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert drop_downs["B"] == f'"{",".join(plan.kinds)}"'
    assert all(len(words) <= 257 for words in drop_downs.values())  # more than a spreadsheet takes
    assert all(next(iter(rule.sqref.ranges)).max_row > 300 for rule in sheet.data_validations.dataValidation)


def test_rows_are_set_in_by_their_depth() -> None:
    sheet = load_workbook(io.BytesIO(workbook(SMALL)))["Form"]
    assert [(sheet.cell(row, 2).value, sheet.cell(row, 3).alignment.indent) for row in (3, 8, 9)] == [
        ("protocol", 0),
        ("section", 1),
        ("question", 2),
    ]


def test_the_same_protocol_gives_the_same_bytes() -> None:
    assert workbook(SMALL) == workbook(SMALL)


def test_a_sign_before_a_text_is_not_dropped_when_someone_edits_the_cell() -> None:
    fact = {"id": "small", "when": "'a' in features and size < 3"}
    sheet = load_workbook(io.BytesIO(workbook({"protocol": {"id": "x", "facts": [fact]}})))["Sentences"]
    cell = next(cell for cell in sheet[3] if cell.value == fact["when"])
    assert cell.quotePrefix
    assert not sheet["C3"].quotePrefix
