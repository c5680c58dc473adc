"""A macro on the desk: one key fills its answers, everybody sees that they are the macro's, and an entry takes over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Page

from reportgen.protocols.load import load_protocol, protocol_ids
from tests.support.toy import toy_data
from tests.web.browser import Served, open_case, page_at, saved
from tests.web.one_case import Case

GIVEN = ("type", "irritation", "atypia")
HEAD = {"protocol": "seborrheic", "procedure": "shave biopsy", "laterality": "left"}


def shown(page: Page) -> dict[str, str]:
    """The answer that each of the fields shows, and with a star one that is said to be the macro's."""
    found = {}
    for path in GIVEN:
        picked = page.locator(f'[id="c:parts.A.{path}"] input:checked').evaluate_all("(all) => all.map((i) => i.value)")
        said = page.locator(f'[id="e:parts.A.{path}"]').inner_text()
        found[path] = " ".join(picked) + "*" * said.startswith("Given by the macro")
    return found


def answers(case: Case) -> dict[str, Any]:
    return {path: each for path, each in case.part().items() if path in (*GIVEN, "macro")}


@contextmanager
def macro_case(browser: Browser, desk: Served, protocol: str) -> Iterator[Case]:
    """A case that has a site and its side; its macros have the focus."""
    accession = f"T-{protocol}"
    file = desk.folder / f"{accession}.yaml"
    head = {"protocol": protocol, "laterality": "left"}
    file.write_text(yaml.safe_dump(toy_data(head, accession=accession), sort_keys=False), encoding="utf-8")
    with page_at(browser, desk.address) as page:
        open_case(page, accession)
        case = Case(page, file)
        assert case.find("macro") == "parts.A.macro"
        yield case
    file.unlink()


def entered(case: Case) -> dict[str, Any]:
    """What the part has beyond what it began with."""
    return {path: each for path, each in case.part().items() if path not in ("label", "protocol", "laterality", "site")}


NEXT = "parts.A.procedure"
MACROS = [(id, macro.id) for id in protocol_ids() for macro in load_protocol(id).protocol.macros]


@pytest.mark.parametrize("protocol", sorted({id for id, _ in MACROS}))
def test_the_word_of_each_macro_picks_it_and_nothing_else(
    shared_browser: Browser, shared_desk: Served, protocol: str
) -> None:
    with macro_case(shared_browser, shared_desk, protocol) as case:
        before = entered(case)
        for word in [word for id, word in MACROS if id == protocol]:
            for typed, delay in ((word, 0), (word.upper(), 0), (word, 110)):
                case.find("macro")
                case.keys.type(typed, delay=delay)
                assert case.here() == NEXT
                assert entered(case) == {**before, "macro": word}
                assert case.notice == ""
                case.find("macro")
                case.keys.press("Backspace")


def test_a_wrong_word_at_the_macros_enters_nothing(shared_browser: Browser, shared_desk: Served) -> None:
    with macro_case(shared_browser, shared_desk, "seborrheic") as case:
        before = entered(case)
        for word in ("verruca", "sx", "iskx", "skin", "fepp", "lentig?", "blx"):
            case.find("macro")
            case.keys.type(word, delay=30)
            case.keys.press("Escape")
            assert case.told(f"“{word}” was typed at Macro. No macro has this word")
            assert entered(case) == before, word
            case.find("macro")


def test_letters_that_are_no_word_answer_one_question_each(shared_browser: Browser, shared_desk: Served) -> None:
    with macro_case(shared_browser, shared_desk, "seborrheic") as case:
        before = entered(case)
        case.keys.type("is", delay=60)  # the macro with the key i, and the next question
        assert entered(case) == {**before, "macro": "isk", "procedure": "shave biopsy"}
        case.find("procedure")
        case.keys.press("Backspace")
        case.find("macro")
        for key in "se":  # one begins a word that the other does not go on with
            case.keys.press(key)
            case.page.wait_for_timeout(300)
        assert entered(case) == {**before, "macro": "isk"}
        case.find("macro")
        for key in "ve":
            case.keys.press(key)
            case.page.wait_for_timeout(300)
        assert entered(case) == {**before, "macro": "vv", "procedure": "excision"}
        case.find("macro")
        case.keys.press("s")
        case.page.wait_for_timeout(600)  # at the macros themselves, a slow word harms nothing
        case.keys.press("k")
        assert entered(case) == {**before, "macro": "sk", "procedure": "excision"}


def test_a_macro_is_found_by_its_word(shared_browser: Browser, shared_desk: Served) -> None:
    with macro_case(shared_browser, shared_desk, "seborrheic") as case:
        case.find("procedure")
        for word in ("sk", "A lentigo"):
            assert case.find(word) == "parts.A.macro"
            case.find("procedure")


def test_one_key_fills_the_answers_and_an_entry_takes_over(shared_browser: Browser, shared_desk: Served) -> None:
    file = shared_desk.folder / "macro.yaml"
    file.write_text(yaml.safe_dump(toy_data(HEAD, accession="T-macro"), sort_keys=False), encoding="utf-8")
    with page_at(shared_browser, shared_desk.address) as page:
        open_case(page, "T-macro")
        case = Case(page, file)
        assert case.find("macro") == "parts.A.macro"
        case.keys.press("k")
        saved(page)
        assert answers(case) == {"macro": "sk"}
        assert shown(page) == {
            "type": "seborrheic keratosis*",
            "irritation": "not identified*",
            "atypia": "not identified*",
        }
        case.find("irritation")
        case.keys.press(case.pick_of("parts.A.irritation", "present"))
        saved(page)
        assert answers(case) == {"macro": "sk", "irritation": "present"}
        assert shown(page)["irritation"] == "present"
        case.find("irritation")
        case.keys.press("Backspace")
        saved(page)
        assert answers(case) == {"macro": "sk"}
        assert shown(page)["irritation"] == "not identified*"
        case.find("macro")
        case.keys.press("v")
        saved(page)
        assert shown(page)["type"] == "verruca*"
        page.reload()
        assert shown(page)["type"] == "verruca*"
        case.find("macro")
        case.keys.press("Backspace")
        saved(page)
        assert answers(case) == {}
        assert shown(page) == dict.fromkeys(GIVEN, "")
    file.unlink()
