"""A served desk, and a browser at it."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Dialog, Error, Locator, Page, sync_playwright

from tests.cli.program import run, start

# The first has no user interface and takes half the processor time of the others.
_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, _BROWSERS)), "")
_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    # What moves takes a twelfth of the processor time, and no test looks at it.
    "--disable-smooth-scrolling", "--animation-duration-scale=0", "--disable-threaded-animation", "--disable-lcd-text",
)  # fmt: skip

_UNTIL = """async (milliseconds) => {
  const ends = performance.now() + milliseconds;
  const look = async () => { try { return await (EXPRESSION); } catch { return null; } };
  for (;;) {
    const found = await look();
    if (found || performance.now() > ends) return found;
    await new Promise((again) => setTimeout(again, 15));
  }
}"""
_HERE = """!document.documentElement.dataset.held && {
  path: document.activeElement.closest('.control')?.dataset.path || '',
  isLines: document.activeElement.tagName === 'TEXTAREA',
}"""


class Served:
    """`reportgen serve` in a process of its own."""

    def __init__(self, folder: Path, *options: str, before: str = "") -> None:
        self.folder = folder
        self.process = start("serve", folder, "--port", "0", *options, cwd=folder, before=before)
        self.said: list[str] = []
        self.address = self._address()

    def _address(self) -> str:
        assert self.process.stderr
        for line in self.process.stderr:
            self.said.append(line)
            if "http://" in line:
                return line.strip()
        raise AssertionError(f"nothing was served: {self.said}")

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> str:
        """End it as Ctrl-C does; returns all that it said."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            out, err = self.process.communicate(timeout=15)
        finally:
            self.kill()
        return "".join(self.said) + out + err


@contextmanager
def served(folder: Path, *options: str, before: str = "") -> Iterator[Served]:
    """A desk for the time of a block."""
    made = Served(folder, *options, before=before)
    try:
        yield made
    finally:
        made.stop()


@contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium of this machine, without a window."""
    assert CHROMIUM
    with sync_playwright() as started:
        made = started.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS), env={**os.environ, "HOME": "/tmp"})
        try:
            yield made
        finally:
            made.close()


@contextmanager
def page_at(browser: Browser, address: str, passing: Sequence[str] = (), **options: Any) -> Iterator[Page]:
    """A page of a browser that knows nothing yet, opened by the start address.

    It fails on any error that a page logs, unless it has one of the words in `passing`.
    """
    context = browser.new_context(accept_downloads=True, **options)
    context.set_default_timeout(10_000)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.on("dialog", _accept)
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    context.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page = context.new_page()
    try:
        page.goto(address)
        yield page
        # what the page tells the person the browser logs as well
        expected = ("409", "422", "ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", *passing)
        unexpected = {error for error in errors if not any(word in error for word in expected)}
        assert not unexpected, "\n".join(sorted(unexpected))
    finally:
        context.close()


def _accept(dialog: Dialog) -> None:
    with suppress(Error):  # its page went away meanwhile
        dialog.accept()


def until(page: Page, expression: str) -> Any:
    """Wait until an expression is true; returns its value.

    Why the page itself looks again and again: each question from outside wakes five processes. Playwright's own way
    evaluates text inside the page, which the page's policy forbids.
    """
    ends = time.monotonic() + 10
    while (left := ends - time.monotonic()) > 0:
        try:
            if found := page.evaluate(_UNTIL.replace("EXPRESSION", expression), 1_000 * left):
                return found
        except Error:  # the page went elsewhere in that moment
            page.wait_for_timeout(25)
    raise AssertionError(f"never came true: {expression}")


class Typist:
    """Fills a case without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def here(self) -> str:
        """The path of the field that has the focus."""
        return str(until(self.page, _HERE)["path"])

    def go(self, path: str) -> None:
        """Press Enter until the field is reached; every field on the way stays as it is."""
        for _ in range(80):
            here = until(self.page, _HERE)
            if here["path"] == path:
                return
            self.page.keyboard.press("Control+Enter" if here["isLines"] else "Enter")
        raise AssertionError(f"{path} was not reached; the focus is at {self.here()}")

    def type(self, path: str, *keys: str) -> None:
        """Reach a field and press keys; a text of several letters is typed."""
        self.go(path)
        for number, key in enumerate(keys):
            if number and key[0].islower() and len(key) > 1:
                self.page.wait_for_timeout(270)  # words of the answer just picked, and no word typed into a choice
            if len(key) > 1 and key not in ("Enter", "Space", "Tab", "ArrowRight", "Backspace", "Delete"):
                self.page.keyboard.type(key)
            else:
                self.page.keyboard.press(key)


def saved(page: Page) -> None:
    """Wait until everything is saved and the report shows it."""
    until(
        page,
        "document.querySelector('[data-saved]')?.textContent === 'Saved' && document.documentElement.dataset.shown"
        " === JSON.parse(document.getElementById('state').dataset.state).revision",
    )


def open_case(page: Page, accession: str) -> None:
    """Open a case from the work list."""
    page.get_by_role("link", name=accession).click()
    until(page, "document.getElementById('report')?.contentDocument?.documentElement?.dataset.heard === 'yes'")


def paper(page: Page) -> str:
    """The words of the report on the screen, with single spaces."""
    return " ".join(str(page.evaluate("document.getElementById('report').contentDocument.body.innerText")).split())


def in_paper(page: Page, selector: str, words: str = "") -> Locator:
    """Something in the report on the screen."""
    return page.frame_locator("#report").locator(selector, has_text=words or None).first


def downloaded(page: Page, name: str, target: Path) -> bytes:
    """What a button of the page downloads."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name, exact=True).click()
    download.value.save_as(target)
    return target.read_bytes()


def cases(folder: Path, names: Sequence[str]) -> Path:
    """A folder with some of the samples."""
    folder.mkdir(exist_ok=True)
    for name in names:
        shutil.copy(Path(__file__).resolve().parents[2] / "samples" / f"{name}.yaml", folder)
    return folder


def drop_table(page: Page, folder: Path) -> None:
    """Drop a table of two cases on the work list, which starts a batch."""
    made = run("synth", "aismn", "-n", "2", "--seed", "7", "-f", "csv", "-o", folder / "made.csv")
    assert made.code == 0, made.both
    page.evaluate(
        """(text) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], "made.csv"));
          window.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
        }""",
        (folder / "made.csv").read_text(encoding="utf-8"),
    )
