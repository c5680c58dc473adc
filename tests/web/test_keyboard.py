"""The keyboard of the desk: every key does what is said of it, and moving changes no text."""

from __future__ import annotations

from tests.web.one_case import HISTORY, Case

TEXTS = {
    "clinical history": "clinical_history",
    "microscopic description": "parts.A.microscopic",
    "gross description": "parts.A.gross.description",
    "address": "laboratory.address",
    "submitted by": "submitted_by",
}


def test_enter_shift_enter_find_and_tab_change_no_text(case: Case) -> None:
    before = case.saved()
    for words, path in TEXTS.items():
        for keys in (["Shift+Enter", "Enter", "Enter"], ["Tab", "Shift+Tab"]):
            assert case.find(words) == path
            assert case.page.evaluate(
                "(({ value, selectionStart, selectionEnd }) => value && [selectionStart, selectionEnd]"
                ".every((at) => at === value.length))(document.activeElement)"
            )
            for key in keys:
                case.keys.press(key)
                case.here()
            if keys[-1] == "Enter":
                assert case.here() != path or "last element" in case.remark()
    assert case.saved() == before


def test_enter_goes_through_the_whole_case_and_says_that_it_is_the_end(case: Case) -> None:
    before = case.saved()
    path, seen = case.here(), []
    while "last element" not in case.remark():
        seen.append(path)
        case.keys.press("Enter")
        path = case.here()
        assert len(seen) < 200
    assert {"clinical_history", "parts.A.gross.description", "parts.A.microscopic"} <= set(seen)
    for _ in seen[1:]:
        case.keys.press("Shift+Enter")
    assert case.here() == seen[0]
    assert case.saved() == before


def test_a_stray_letter_is_added_and_takes_the_place_of_nothing(case: Case) -> None:
    for words in ("gross description", "submitted by"):
        case.find(words)
        case.keys.press("x")
    case.keys.press("Tab")
    case.keys.press("Shift+Tab")
    case.keys.press("y")
    data = case.saved()
    assert data["submitted_by"].endswith("Clinicxy")
    assert data["parts"][0]["gross"]["description"].endswith("x")
    assert len(data["parts"][0]["gross"]["description"]) > 40


def test_enter_begins_a_new_line_once_something_is_typed_or_the_caret_moved(case: Case) -> None:
    case.find("clinical history")
    case.keys.type(" See photograph.")
    case.keys.press("Enter")
    case.keys.type("Third line.")
    case.keys.press("Control+Enter")
    assert case.here() != "clinical_history"
    assert case.saved()["clinical_history"] == f"{HISTORY} See photograph.\nThird line."
    case.find("clinical history")
    case.keys.press("End")
    case.keys.press("Enter")
    case.keys.press("Shift+Enter")
    assert case.here() != "clinical_history"


def test_a_text_that_is_emptied_is_told_and_undo_brings_it_back(case: Case) -> None:
    case.find("clinical history")
    case.keys.press("Control+a")
    case.keys.press("Delete")
    assert case.told("Firm papule")
    assert "clinical_history" not in case.saved()
    case.page.get_by_role("button", name="Undo").last.click()
    assert case.saved()["clinical_history"] == HISTORY
    case.find("clinical history")
    for _ in range(len(HISTORY)):
        case.keys.press("Backspace")
    assert case.told("Firm papule")
    case.page.get_by_role("button", name="Undo").last.click()
    assert case.saved()["clinical_history"] == HISTORY


def test_words_that_go_with_their_answer_are_told_and_undo_brings_them_back(case: Case) -> None:
    case.find("peripheral edge")
    for key in ("Backspace", case.pick_of("parts.A.margins.peripheral", "uninvolved")):
        case.find("peripheral edge")
        case.keys.press(key)
        assert case.told("tangentially sectioned")
        case.saved()
        case.page.get_by_role("button", name="Undo").last.click()
        assert case.part()["margins"]["peripheral"] == {
            "result": "cannot be assessed", "reason": "tangentially sectioned"
        }  # fmt: skip


def test_a_click_on_a_tab_esc_and_the_arrows_lose_no_focus(case: Case) -> None:
    case.page.get_by_role("button", name="Part A").click()
    assert case.here() == "parts.A.received_as"
    case.find("necrosis")
    case.keys.press("Escape")
    assert case.here() == "parts.A.necrosis"
    case.page.evaluate("document.activeElement.blur()")
    for key in ("ArrowDown", "ArrowUp", "Enter"):
        case.page.evaluate("document.activeElement.blur()")
        case.keys.press(key)
        assert case.here() == "parts.A.necrosis"
