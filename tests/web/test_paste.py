"""Pasting, seen in a browser: tidied in the field with a word about it, never cut, and told where none can print it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.cli.program import loaded
from tests.web.browser import cases, open_case, page_at, paper, saved, served, until
from tests.web.test_tidying import PASTED

HISTORY = "#i\\:clinical_history"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cases(tmp_path_factory.mktemp("paste") / "cases", ["unfinished"])


@pytest.fixture(scope="module")
def page(folder: Path, shared_browser: Browser) -> Iterator[Page]:
    with served(folder) as desk, page_at(shared_browser, desk.address) as made:
        open_case(made, "S26-01909")
        yield made


def paste(page: Page, text: str) -> None:
    page.locator(HISTORY).focus()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)
    page.keyboard.press("Tab")
    saved(page)


def test_a_pasted_text_is_tidied_in_its_field(page: Page, folder: Path) -> None:
    kept = [pair for pair in PASTED if "\x0b" not in pair[0]]  # the browser's own insertion makes a line end of it
    paste(page, "\n".join(text for text, _, _ in kept))
    said = page.locator("#t\\:clinical_history")
    assert f"{len(kept)} characters were changed in what was entered" in said.inner_text()
    said.locator("summary").click()
    assert "Character 18, after “mela”: soft hyphen, left out" in said.inner_text()
    expected = "\n".join(tidied for _, tidied, _ in kept)
    assert page.locator(HISTORY).input_value() == expected == loaded(folder / "unfinished.yaml")["clinical_history"]
    said.get_by_role("button", name="Close").click()
    assert said.count() == 0


def test_a_caret_stays_where_it_was(page: Page) -> None:
    paste(page, "melanoma of the skin")
    page.locator(HISTORY).focus()
    page.locator(HISTORY).evaluate("each => each.setSelectionRange(4, 4)")
    page.keyboard.insert_text("\u00ad")
    until(page, "document.getElementById('t:clinical_history')")
    page.keyboard.type("X")
    saved(page)
    assert page.locator(HISTORY).input_value() == "melaXnoma of the skin"


def test_nothing_of_a_long_text_is_cut(page: Page, folder: Path) -> None:
    text = "Firm papule. " * 1_500
    paste(page, text)
    assert page.locator(HISTORY).input_value() == text
    assert loaded(folder / "unfinished.yaml")["clinical_history"] == text.strip()
    assert text.strip() in paper(page)
    paste(page, text + text[:600])
    told = "Has 20,100 characters, and a report can hold 20,000 here: shorten it."
    assert page.locator("#e\\:clinical_history").inner_text() == told
    assert page.locator(HISTORY).input_value() == text + text[:600]
    paste(page, "Firm papule.")
    assert page.locator("#e\\:clinical_history").inner_text() == ""


def test_what_no_font_has_is_told_at_its_field(page: Page) -> None:
    paste(page, "Firm papule \u2713 seen.")
    said = page.locator("#e\\:clinical_history").inner_text()
    assert said.startswith("Character 13, after “papule”, is \u2713, U+2713 (check mark).")
    assert "No font has it" in said or "Only a font of this machine has it" in said
    paste(page, "Firm papule.")
