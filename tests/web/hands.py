"""Somebody at the page of a case: what they enter there, and what must hold after each of their steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from playwright.sync_api import Locator, Page

from tests.web.browser import until
from tests.web.page_and_file import Entered, Seen, at_rest, differing

WORDS = (
    "Firm papule",
    "growing slowly",
    "for a year",
    "rule out dermatofibroma",
    "left arm",
    "façade",
    "≥ 2 mm",
    "p < 0.05",
)
NUMBERS = ("0", "3", "12", "0.5", "1.25", "7 mm", "about 5", "90", "2026-11-19")
REFUSED = "Melanoma \u202e 2019."  # a sign that no case may hold


class Hands:
    """One case at work, with what its page must still show."""

    def __init__(self, page: Page, file: Path, chance: Random, done: Counter[str]) -> None:
        self.done = done
        self.page = page
        self.file = file
        self.chance = chance
        self.story: list[str] = []
        self.mine: dict[str, Entered] = {}  # what was entered here, and nothing has taken away since
        self.fault = ""
        self.end_of_fault: Callable[[], None] = lambda: None
        self.asked: list[str] = []  # addresses by which a report leaves the desk
        page.on("request", lambda request: self.asked.append(request.url))

    def tell(self, words: str) -> None:
        self.story.append(words)
        self.done[words.partition(" ")[0]] += 1

    # --- what must hold

    def look(self) -> Seen:
        """What the page says is what the file holds; what it does not hold is marked, and nothing leaves the desk."""
        seen = at_rest(self.page, self.file)
        for path, entered in self.mine.items():
            assert seen.controls.get(path) == entered, f"{path} no longer shows what was entered"
        unsaved = {each["path"] for each in seen.items}
        if seen.saved:
            assert not unsaved
            assert not seen.trouble
            assert seen.text is not None
            untold = differing(seen.controls, seen.text, self.file.name)
            assert not untold, f"said to be saved, page and file: {untold}"
            return seen
        assert seen.trouble, seen.said
        assert not seen.open, "a report can leave"
        assert "Nothing is missing" not in seen.bar
        assert seen.pill not in ("complete", "finalized")
        if seen.stuck:
            return seen
        told = {each["path"] for each in seen.items if each["why"]}
        assert set(seen.listed) == set(seen.marked) == told == unsaved
        if seen.text is not None:
            others = differing(seen.controls, seen.text, self.file.name)
            untold = {path: each for path, each in others.items() if path not in told}
            assert not untold, f"not said to be unsaved, page and file: {untold}"
        return seen

    # --- entries

    def controls(self, inputs: str) -> Locator:
        """The inputs of a kind in the sheet that is open, of those that can be seen."""
        for _ in range(3):
            found = self.page.locator(f".sheet:not([hidden]) .control :is({inputs}):visible")
            if found.count() and self.chance.random() < 0.8:
                break
            self.chance.choice(self.page.locator("[data-tab]").all()).click()
        return found

    def at(self, inputs: str) -> tuple[Locator, str] | None:
        """One of them, and the path of its control."""
        found = self.controls(inputs)
        if not (number := found.count()):
            return None
        handle = found.nth(self.chance.randrange(number)).element_handle()
        path = handle.evaluate("(each) => each.closest('.control').dataset.path")
        place = handle.evaluate(f"(each) => [...each.closest('.control').querySelectorAll({inputs!r})].indexOf(each)")
        self.story[-1] += f" {path}"
        return self.page.locator(f'[id="c:{path}"]').locator(inputs).nth(place), path

    def entered(self, path: str) -> None:
        """Note what a control shows after somebody entered it; its details go with another answer."""
        until(self.page, "!document.documentElement.dataset.held")
        now = at_rest(self.page, self.file)
        self.mine = {each: kept for each, kept in self.mine.items() if each != path and not each.startswith(f"{path}.")}
        if not now.stuck and path in now.controls:
            self.mine[path] = now.controls[path]

    def text(self) -> None:
        """Replace a text at once, as a paste does, and see that the page shows it."""
        self.put(" ".join(self.chance.sample(WORDS, self.chance.randint(1, 3))))

    def number(self) -> None:
        self.put(self.chance.choice(NUMBERS), "input.figure")

    def refused(self) -> None:
        self.put(REFUSED)

    def emptied(self) -> None:
        self.put("")

    def put(self, words: str, inputs: str = "textarea, input:not([type])") -> None:
        """Replace what one input holds, which then shows it."""
        if not (found := self.at(inputs)):
            return
        one, path = found
        self.write(one, words)
        self.entered(path)
        if one.is_visible():
            assert one.input_value() == words, "a text is not what was typed"

    def write(self, one: Locator, words: str) -> None:
        one.focus()
        self.page.keyboard.press("Control+a")
        if words:
            self.page.keyboard.insert_text(words)
        else:
            self.page.keyboard.press("Delete")

    def letters(self) -> None:
        """Type at the end of a text, letter by letter."""
        if not (found := self.at("textarea, input:not([type]):not(.figure)")):
            return
        one, path = found
        before = one.input_value()
        one.focus()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(" typed on")
        self.entered(path)
        if one.is_visible():
            assert one.input_value().split() == [*before.split(), "typed", "on"]

    def choice(self) -> None:
        """Click an answer; one that was picked is taken away by a click."""
        if found := self.at("label.choice"):
            found[0].click()
            self.entered(found[1])

    def key(self) -> None:
        """Press the letter of an answer. It may be taken for a word that goes on, and says so."""
        if found := self.at("input[data-key]:not([data-key=''])"):
            one, path = found
            one.focus()
            self.page.keyboard.press("Home")  # no word is being typed
            self.page.keyboard.press(one.get_attribute("data-key") or "")
            self.entered(path)

    def many(self) -> None:
        """Enter this and that without waiting for anything."""
        paths = []
        for _ in range(4):
            if self.chance.random() < 0.5 and (found := self.at("label.choice")):
                found[0].click(no_wait_after=True)
            elif found := self.at("textarea, input:not([type]):not(.figure)"):
                self.write(found[0], self.chance.choice(WORDS))
            if found:
                paths.append(found[1])
        for path in paths:
            self.entered(path)
