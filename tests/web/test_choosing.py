"""One of many protocols is found by a few letters, without a mouse, and nothing that cannot be seen is chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from reportgen.protocols.load import load_protocol, protocol_ids
from reportgen.reading.readers import read_file
from reportgen.reading.source import plain
from reportgen.web.choosing import _FEW, protocols, to_choose
from tests.support.toy import Templates
from tests.web.asgi import visitor
from tests.web.browser import Served, page_at

KIND = "- {id: kind, kind: choice, title: Kind, choices: [{id: shared}, {id: own %d}], source: {book: p}}"


def test_few_protocols_are_offered_without_a_search_and_many_with_one(templates: Templates, tmp_path: Path) -> None:
    for number in range(_FEW):
        templates.write(KIND % number, id=f"toy{number}")
    folder = tmp_path / "cases"
    folder.mkdir()
    assert "new-words" not in visitor(folder).get("/").text
    assert to_choose(None) == {"protocols": protocols(None), "many": False}
    templates.write(KIND % 9, id="one-more")
    said = visitor(folder).get("/").text
    assert 'id="new-words"' in said
    assert said.count('name="protocol" value=') == _FEW + 1


def test_a_protocol_is_found_by_what_it_alone_says(templates: Templates) -> None:
    for number in range(_FEW):
        templates.write(KIND % number, id=f"toy{number}")
    templates.write("- {id: size, kind: quantity, title: Size, unit: '', source: {book: p}}", id="broken")
    offered = {each["id"]: (each["more"], each["macros"]) for each in to_choose(None)["protocols"]}  # type: ignore[attr-defined]
    assert offered["toy3"] == ("own 3", ())
    assert offered["broken"] == ("", ())


@pytest.fixture(scope="module")
def new_case(shared_browser: Browser, shared_desk: Served) -> Iterator[Page]:
    with page_at(shared_browser, shared_desk.address) as page:
        page.keyboard.press("n")
        yield page


def searched(page: Page, words: str) -> list[str]:
    """The protocols that are left of the list after some words were typed."""
    page.locator("#new-words").press("Control+a")
    page.keyboard.insert_text(words)
    shown = page.locator("#new-protocols label:visible input").evaluate_all("(all) => all.map((each) => each.value)")
    said = page.locator("#new-found").inner_text()
    assert said == (f"{len(shown)} of {len(protocol_ids())} protocols" if shown else "No protocol has these words.")
    return list(shown)


def test_each_protocol_is_found_by_its_title_and_id_and_each_macro_by_its_word(new_case: Page) -> None:
    made = {id: load_protocol(id).protocol for id in protocol_ids()}
    macros = [(macro.id, id) for id, each in made.items() for macro in each.macros]
    assert len(macros) >= 10
    for words, id in [*((each.title.upper(), id) for id, each in made.items()), *((id, id) for id in made)]:
        assert id in searched(new_case, words)
    for words, id in macros:
        assert searched(new_case, words) == [id]


def test_letters_begin_words_and_the_order_stays(new_case: Page) -> None:
    assert searched(new_case, "melan") == ["melanoma", "melanoma-in-situ", "nevus"]
    assert searched(new_case, "situ mel") == ["melanoma-in-situ"]
    assert searched(new_case, "elanoma") == []
    assert searched(new_case, "fibroepithelial pol") == ["seborrheic"]
    assert new_case.get_by_text("fep: Fibroepithelial polyp").is_visible()
    assert searched(new_case, "angioleiom") == ["leiomyoma"]
    assert searched(new_case, "sk") == ["seborrheic"]  # the word of a macro, and not everything of the skin
    assert len(searched(new_case, "ski")) > 5


def test_what_the_search_hides_is_not_chosen(new_case: Page) -> None:
    searched(new_case, "melan")
    new_case.keyboard.press("ArrowDown")
    chosen = "document.querySelector('#new-protocols input:checked')?.value"
    assert new_case.evaluate(chosen) == "melanoma"
    new_case.keyboard.press("ArrowDown")
    new_case.keyboard.press("ArrowDown")
    assert new_case.evaluate(chosen) == "nevus"
    for _ in range(3):
        new_case.keyboard.press("ArrowUp")
    assert new_case.evaluate("document.activeElement.id") == "new-words"
    assert new_case.evaluate(chosen) == "melanoma"
    searched(new_case, "melan nev")
    assert new_case.evaluate(chosen) is None
    searched(new_case, "zzz")
    new_case.keyboard.press("Enter")
    assert new_case.locator("#new-case").is_visible()


BEGUN = (
    (("merkel", "Enter"), "merkel"),  # one is left
    (("melan", "ArrowDown", "ArrowDown", "Enter"), "melanoma-in-situ"),
    (("melan", "Enter", "ArrowDown", "Enter"), "melanoma-in-situ"),  # of several, none is begun at once
    (("melan", "ArrowDown", "ArrowUp", "Enter"), "melanoma"),
    (("", "ArrowDown", "ArrowDown", "Space", "Enter"), "aismn"),
)


def test_a_case_is_begun_with_the_protocol_that_was_found(shared_browser: Browser, shared_desk: Served) -> None:
    with page_at(shared_browser, shared_desk.address) as page:
        for number, (keys, protocol) in enumerate(BEGUN):
            accession = f"CH-{number}"
            page.keyboard.press("n")
            page.keyboard.type(accession)
            page.keyboard.press("Tab")
            page.keyboard.type(keys[0])
            for key in keys[1:]:
                page.keyboard.press(key)
            page.wait_for_url("**/cases/*")
            file = shared_desk.folder / f"{accession}.yaml"
            assert plain(read_file(file))["protocol"] == protocol, keys  # type: ignore[index]
            page.goto(shared_desk.address)
            file.unlink()


def test_the_buttons_are_seen_without_scrolling(new_case: Page) -> None:
    for height in (500, 768, 900, 1400):
        new_case.set_viewport_size({"width": 1024, "height": height})
        new_case.reload()
        new_case.keyboard.press("n")
        assert new_case.locator("#new-protocols label:visible").count() == len(protocol_ids())
        whole, seen = new_case.evaluate(
            "(({ scrollHeight, clientHeight }) => [scrollHeight, clientHeight])(document.getElementById('new-case'))"
        )
        assert whole <= seen, height
        assert new_case.get_by_role("button", name="Begin").is_visible()


def test_without_a_protocol_no_case_begins(shared_browser: Browser, shared_desk: Served) -> None:
    with page_at(shared_browser, shared_desk.address) as page:
        page.keyboard.press("n")
        page.keyboard.type("CH-none")
        searched(page, "zzz")
        page.get_by_role("button", name="Begin").click()
        page.get_by_text("Choose a protocol for part A.").wait_for()
        assert not re.search("CH-none", " ".join(each.name for each in shared_desk.folder.iterdir()))
