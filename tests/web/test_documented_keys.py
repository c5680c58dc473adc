"""Every key that docs/sign-out-desk.md lists is pressed, and does what is said of it; the page lists the same keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from tests.web.browser import until
from tests.web.one_case import SAMPLES, Case

DOCUMENT = SAMPLES.parent / "docs" / "sign-out-desk.md"


def documented() -> list[set[str]]:
    """The keys in the first column of each table of keys."""
    tables = [part for part in DOCUMENT.read_text("utf-8").split("\n\n") if part.startswith("| key |")]
    return [set(re.findall("`([^`]+)`", "".join(row.split("|")[1] for row in table.splitlines()))) for table in tables]


class Hand:
    """Presses keys at an element of the case, and looks at what comes of it."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.page = case.page

    def at(self, name: str, *keys: str) -> str:
        """Find an element, press keys there; where the focus is then."""
        self.case.find(name)
        for key in keys:
            self.case.keys.press(key)
        return self.case.here()

    def answers(self, name: str, keys: tuple[str, ...], answer: str | None) -> bool:
        self.at(name, *keys)
        return bool(self.case.part().get(name.replace(" ", "_")) == answer)

    def focused(self, answer: str, *keys: str) -> bool:
        return bool(self.at("necrosis", *keys) and self.page.evaluate(f"document.activeElement.value === {answer!r}"))

    def opens(self, dialog: str, key: str) -> bool:
        self.at("necrosis", key)
        is_open = self.page.locator(f"dialog#{dialog}").is_visible()
        self.case.keys.press("Escape")
        return is_open

    def next_open(self) -> bool:
        self.at("metastasis", "Backspace")
        self.case.saved()
        return self.at("purpose", "Alt+o") == "parts.A.metastasis"

    def takes_back(self) -> bool:
        self.at("solar", "n")
        self.case.saved()
        with self.page.expect_navigation():
            self.case.keys.press("Control+z")
        return "solar_elastosis" not in self.case.part()

    def back_in_report(self) -> bool:
        self.page.frame_locator("#report").locator("td[data-path='parts.A.growth']").click()
        assert self.case.here() == "parts.A.growth"
        self.case.keys.press("Escape")
        return bool(self.page.evaluate("document.activeElement.id === 'report'"))

    def gone(self, key: str, expression: str) -> bool:
        """Press a key outside of every field and wait until something is so."""
        if key != "ArrowUp":
            self.page.evaluate("document.activeElement.blur()")
        self.case.keys.press(key)
        until(self.page, expression)
        return True

    def opens_first_case(self) -> bool:
        self.case.keys.press("Escape")
        self.gone("ArrowDown", "document.activeElement.matches('#rows a')")
        self.case.keys.press("Enter")
        until(self.page, "location.pathname.startsWith('/cases/')")
        return True


def in_a_case(hand: Hand) -> Mapping[str, Callable[[], bool]]:
    """What each key in a case is to do."""
    at = hand.at
    return {
        "a letter": lambda: hand.answers("ulceration", ("p",), "present"),
        "a digit": lambda: hand.answers("topography", ("Backspace", "6"), "C44.6"),
        "Enter": lambda: at("necrosis", "Enter") == "parts.A.perineural",
        "↓": lambda: at("necrosis", "ArrowDown") == "parts.A.perineural",
        "Shift Enter": lambda: at("perineural", "Shift+Enter") == "parts.A.necrosis",
        "↑": lambda: at("perineural", "ArrowUp") == "parts.A.necrosis",
        "Ctrl Enter": lambda: at("clinical history", "x", "Control+Enter") == "prior_slides",
        "→": lambda: hand.focused("present", "ArrowRight"),
        "←": lambda: hand.focused("not identified", "ArrowRight", "ArrowLeft"),
        "Space": lambda: hand.answers("collagen trapping", ("ArrowRight", "Space"), "present"),
        "Backspace": lambda: hand.answers("ulceration", ("Backspace",), None),
        "Delete": lambda: hand.answers("ulceration", ("p", "Shift+Enter", "Delete"), None),
        "/": lambda: hand.opens("find", "/"),
        "Ctrl K": lambda: hand.opens("find", "Control+k"),
        "Alt O": hand.next_open,
        "Alt 0": lambda: at("necrosis", "Alt+0") == "patient.name",
        "Alt 1": lambda: at("necrosis", "Alt+1") == "parts.A.received_as",
        "Esc": hand.back_in_report,
        "Ctrl Z": hand.takes_back,
        "?": lambda: hand.opens("help", "?"),
        "g": lambda: hand.gone("g", "document.readyState === 'complete' && document.querySelector('#rows a')"),
    }


def on_the_list(hand: Hand) -> Mapping[str, Callable[[], bool]]:
    """What each key on the work list is to do."""
    return {
        "↓": lambda: hand.gone("ArrowDown", "document.activeElement === document.querySelector('#rows a')"),
        "↑": lambda: hand.gone("ArrowUp", "document.activeElement.matches('[data-search]')"),
        "/": lambda: hand.gone("/", "document.activeElement.matches('[data-search]')"),
        "n": lambda: hand.gone("n", "document.querySelector('dialog#new-case').open"),
        "Enter": hand.opens_first_case,
    }


def test_every_documented_key_does_what_is_said_of_it(case: Case) -> None:
    hand = Hand(case)
    tables = in_a_case(hand), on_the_list(hand)
    assert documented() == [set(table) for table in tables]
    assert set(case.page.locator("dialog#help kbd").all_text_contents()) == documented()[0]
    for table in tables:
        for key, does in table.items():
            assert does(), key
