"""A macro on the desk: one key fills its answers, everybody sees that they are the macro's, and an entry takes over."""

from __future__ import annotations

from typing import Any

import yaml
from playwright.sync_api import Browser, Page

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
