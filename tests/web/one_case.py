"""One case, opened in a browser, with its file."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Browser, Page

from reportgen.reading.readers import read_file
from reportgen.reading.source import plain
from tests.web.browser import Served, Typist, page_at, until

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
HISTORY = "Firm papule, growing slowly for a year.\nRule out dermatofibroma."

_IDLE = """!document.documentElement.dataset.held
  && import('/static/sending.js').then(async (sending) => ({ saved: await sending.idle() }))"""


class Case:
    """One case file, opened in the browser."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self.file = file
        self.keys = page.keyboard

    def find(self, words: str) -> str:
        """Find an element by its name; the path of what has the focus then."""
        self.keys.press("Control+k")
        until(self.page, "document.getElementById('find').open")
        self.keys.insert_text(words)
        self.keys.press("Enter")
        return self.here()

    def here(self) -> str:
        return Typist(self.page).here()

    def saved(self) -> Any:
        """What the file holds as soon as everything is saved."""
        assert until(self.page, _IDLE)["saved"]
        return plain(read_file(self.file))

    def part(self) -> Any:
        return self.saved()["parts"][0]

    def remark(self) -> str:
        return self.page.locator("[data-remark]").inner_text()

    @property
    def notice(self) -> str:
        return self.page.locator("#notice").inner_text()

    def told(self, words: str) -> bool:
        """Whether the notice comes to say some words; a slow page needs a moment for it."""
        with suppress(AssertionError):
            until(self.page, f"document.getElementById('notice').innerText.includes({json.dumps(words)})")
        return words in self.notice

    def answered(self, path: str) -> Any:
        """The answer to one question of the part."""
        return self.part().get(path)

    def pick_of(self, path: str, answer: str) -> str:
        """The key that an answer shows."""
        return str(self.page.locator(f'[id="c:{path}"] input[value="{answer}"]').first.get_attribute("data-key"))


@contextmanager
def opened(browser: Browser, desk: Served, name: str) -> Iterator[Case]:
    """The shave biopsy of the samples in a file of its own."""
    file = desk.folder / f"{name}.yaml"
    data = yaml.safe_load((SAMPLES / "shave-biopsy.yaml").read_text("utf-8"))
    data |= {"accession": f"T-{name[:40]}", "clinical_history": HISTORY}
    file.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
    with page_at(browser, desk.address) as page:
        page.get_by_role("link", name=data["accession"]).click()
        until(page, "document.getElementById('report')?.contentDocument?.documentElement?.dataset.heard === 'yes'")
        yield Case(page, file)
        file.unlink()


def slow(page: Page, seconds: float, end: Callable[[Any], None] = lambda route: route.continue_()) -> None:
    """Answer each entry only after a while."""

    def later(route: Any) -> None:
        time.sleep(seconds)
        end(route)

    page.route("**/entries", later)
