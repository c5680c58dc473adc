"""One case after the other, worked on at random by somebody who meets every fault there is."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

from playwright.sync_api import Browser, Error, Page, Route

from reportgen.web.evaluation import revision_of
from tests.cli.program import SAMPLES
from tests.web.browser import open_case, page_at, until
from tests.web.hands import WORDS, Hands
from tests.web.page_and_file import Seen, at_rest
from tests.web.workplace import Workplace

CASES = ("shave-biopsy", "shave-biopsy", "q1-biopsy", "unfinished", "three-parts", "punch-clear")
FAULTS = ("403", "404", "503", "507", "ERR_FAILED", "Failed to fetch")  # what a browser logs of them


class Worked(Hands):
    """One case at work, at a desk and a disk that have faults."""

    def __init__(self, place: Workplace, page: Page, file: Path, chance: Random, done: Counter[str]) -> None:
        super().__init__(page, file, chance, done)
        self.place = place

    def work(self, steps: int) -> None:
        """Do this and that, and look at the page after each step."""
        self.look()
        for _ in range(steps):
            doing = self.chance.choices(*zip(*_WEIGHTS, strict=True))[0]
            if self.fault and (doing in _FAULTS or (doing in _NEED_DESK and self.fault in ("kill", "gone"))):
                doing = Worked.mend
            self.tell(doing.__name__)
            doing(self)
            if self.look().stuck:
                self.settle()
                self.look()
        if self.fault:
            self.tell("mend")
            self.mend()
            self.look()

    # --- what is done with a case

    def undo(self) -> None:
        """Take the last entry back: what was entered here may be another now."""
        button = self.page.locator("button[data-undo]:not([disabled])")
        seen = self.look()
        if not (seen.saved and button.count()) or self.fault == "full":  # which refuses it, and says so
            return
        self.page.evaluate("() => { window.isOld = true; }")
        button.click()
        until(self.page, f"!window.isOld || {_CANNOT_UNDO}")
        if self.page.evaluate("() => Boolean(window.isOld)"):  # the desk was started again since: it says so
            self.page.locator("#notice").get_by_role("button", name="Close").first.click()
        else:
            self.mine.clear()
            self.opened()

    def again(self) -> None:
        """Load the page; what it could not save it asks about before, and that alone is gone then."""
        self.left(at_rest(self.page, self.file), self.page.reload)

    def leave(self) -> None:
        """Type something, and leave at once in one way or another."""
        before = at_rest(self.page, self.file)
        found = self.at("textarea, input:not([type]):not(.figure)")
        if not found or before.stuck:
            return
        self.write(found[0], words := " ".join(self.chance.sample(WORDS, 2)))
        path = found[1]
        self.mine = {each: kept for each, kept in self.mine.items() if each != path and not each.startswith(f"{path}.")}
        address = self.page.url
        ways: list[Callable[[], object]] = [self.page.reload, lambda: self.page.goto("about:blank"), self.to_list]
        way = self.chance.randrange(3)
        self.story[-1] += f" by way {way}"
        self.left(before, ways[way], address)
        if not self.fault:
            shown = at_rest(self.page, self.file).controls[path]
            said = (shown.get("value"), shown.get("reason"), *shown.get("texts", {}).values())
            assert words in said, f"{path}: {words} was typed before the page was left"

    def to_list(self) -> None:
        self.page.locator("header a[href='/']").click()
        self.page.wait_for_url(_LIST)

    def left(self, before: Seen, leave: Callable[[], object], address: str = "") -> None:
        """Leave, and come back."""
        gone = {each["path"] for each in before.items}
        leave()
        with suppress(Error):
            self.page.wait_for_load_state()
        if address and self.page.url != address:
            self.page.goto(address)
        kept = self.mine
        self.mine = {path: entered for path, entered in kept.items() if path not in gone} if not self.fault else {}
        self.opened()

    def opened(self) -> None:
        until(self.page, "document.getElementById('report')?.contentDocument?.documentElement?.dataset.heard === 'yes'")

    def document(self) -> None:
        """Ask for the report: it says what the page shows, or does not leave."""
        seen = self.look()
        name = self.chance.choices(("Text", "PDF", "Word", "Print", "Copy text"), (6, 1, 1, 1, 2))[0]
        self.story[-1] += f" {name}"
        button = self.page.locator(".actions").get_by_text(name, exact=True)
        self.asked.clear()
        if not seen.saved:
            button.click()
            assert not [url for url in self.asked if "/report." in url or "/print" in url], "a report left"
        elif name in ("Text", "PDF", "Word"):
            with self.page.expect_response(re.compile(r"/report\.")) as found:
                button.click()
            assert found.value.status in (200, 422)
            if found.value.status == 200:
                assert found.value.url.endswith(f"revision={revision_of(self.file.read_bytes())}")
            if name == "Text" and found.value.ok:
                self.says(seen, self.page.request.get(found.value.url).text())
        else:
            with self.page.expect_response(re.compile(r"/report\.txt|/print")):
                button.click()
        with suppress(Error):
            self.page.locator("#notice").get_by_role("button", name="Close").first.click(timeout=200)

    def says(self, seen: Seen, text: str) -> None:
        """A report has the words that stand in it as they were entered."""
        for path in ("clinical_history", "submitted_by", "patient.mrn"):
            words = str(seen.controls[path].get("value", ""))
            assert words.replace(" ", "") in re.sub(r"\s", "", text), f"{path} is not in the report"

    def finalize(self) -> None:
        """Finalize a case that is complete, and mostly open it again."""
        seen = self.look()
        if not seen.complete:
            return
        name = "Dr. Soak"
        self.page.locator("[data-finalize]").click()
        self.page.locator("#finalize-body form").wait_for()
        for reason in self.page.locator("#finalize-body input[name^='reason.']").all():
            reason.fill("it was talked over")
        self.page.get_by_label("Your name").fill(name)
        button = self.page.locator("dialog#finalize").get_by_role("button", name="Finalize")
        if not self.fault and self.chance.random() < 0.3:
            self.tell("cut off amid finalizing")
            button.click(no_wait_after=True)
            self.page.wait_for_timeout(self.chance.choice((0, 100, 400, 900)))
            self.kill()
            self.mend()
            self.page.goto(self.page.url)
            self.opened()
            self.kept(at_rest(self.page, self.file), must=False)
        else:
            button.click()
            if self.fault == "full":
                self.page.locator("#finalize-said").get_by_role("button", name="Close").wait_for()
                self.page.locator("dialog#finalize").get_by_role("button", name="Cancel").click()
                assert not self.records()
                return
            self.page.get_by_text("Reopen for changes").wait_for()
            self.opened()
            self.kept(seen, must=True)
        if self.page.locator("body.fixed").count():
            self.page.locator("#reopen-name").fill(name)
            with self.page.expect_navigation():
                self.page.get_by_text("Reopen for changes").click()
            self.opened()

    def records(self) -> list[dict[str, object]]:
        """What is noted of what was finalized."""
        path = self.place.folder / "finalized" / f"{self.file.stem}.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        found = [json.loads(line) for line in lines]
        return found if found and found[-1]["do"] == "finalized" else []

    def kept(self, seen: Seen, *, must: bool) -> None:
        """What was finalized is whole, of the file as it was, and says what the page showed."""
        found = self.records()
        assert found or not must
        if not found:
            return
        last = found[-1]
        documents = last["documents"]
        assert isinstance(documents, dict)
        assert len(documents) == 3
        assert last["case_sha256"] == hashlib.sha256(self.file.read_bytes()).hexdigest()
        for name, digest in documents.items():
            data = (self.place.folder / "finalized" / name).read_bytes()
            assert hashlib.sha256(data).hexdigest() == digest
            if name.endswith(".html"):
                words = re.sub(r"<[^>]*>", "", re.sub(r"<(style|head).*?</\1>", "", data.decode(), flags=re.DOTALL))
                self.says(seen, html.unescape(words))

    # --- faults

    def begin(self, fault: str, end: Callable[[], None]) -> None:
        self.fault, self.end_of_fault = fault, end
        self.story[-1] += f" {fault}"

    def mend(self) -> None:
        """The fault is over, and the page saves what it kept by itself."""
        end, self.fault = self.end_of_fault, ""
        end()
        until(self.page, _IS_MENDED)

    def answered(self) -> None:
        """The desk, or what is between it and the page, answers with a fault."""
        status = self.chance.choice((0, 403, 404, 503, 507))
        page = self.page
        page.route(
            "**/entries", lambda route: route.fulfill(status=status, body="<p>No.</p>") if status else route.abort()
        )
        self.begin(f"answer {status}", page.unroute_all)

    def lost(self) -> None:
        """The entry arrives, the answer does not."""

        def lose(route: Route) -> None:
            with suppress(Error):
                route.fetch()
            route.abort()

        self.page.route("**/entries", lose)
        self.begin("answers lost", self.page.unroute_all)

    def disk_is_full(self) -> None:
        self.place.full.touch()
        self.begin("full", self.place.full.unlink)

    def killed(self) -> None:
        if self.chance.random() < 0.5 and (found := self.at("textarea, input:not([type]):not(.figure)")):
            self.write(found[0], self.chance.choice(WORDS))  # on its way as the power goes
            self.mine.pop(found[1], None)
            self.page.wait_for_timeout(self.chance.choice((0, 340, 360, 400)))
        self.kill()

    def kill(self) -> None:
        self.place.kill()
        self.begin("kill", self.restart)
        until(self.page, "document.querySelector('[data-saved]')?.textContent !== 'Saved'")

    def restart(self) -> None:
        self.place.start_again()
        other = self.page.context.new_page()
        other.goto(self.place.desk.address)
        other.close()

    def gone(self) -> None:
        """Somebody moves the file; it comes back later."""
        moved = self.file.with_suffix(".moved")
        self.file.rename(moved)

        def back() -> None:
            moved.rename(self.file)

        self.begin("gone", back)
        until(self.page, "document.querySelector('[data-saved]')?.textContent !== 'Saved'")

    def changed_elsewhere(self) -> None:
        """Somebody else edits the file, between two entries or amid them."""
        if self.chance.random() < 0.5:
            self.place.full.touch()  # so that there is something of its own when the page sees the change
            if found := self.at("textarea, input:not([type]):not(.figure)"):
                self.write(found[0], self.chance.choice(WORDS))
                self.mine.pop(found[1], None)
                at_rest(self.page, self.file)
        text = self.file.read_text(encoding="utf-8")
        changed = text.replace("Benedict", "Benedict Elsewhere", 1)
        self.file.write_text(f"# {len(text)}\n{changed}", encoding="utf-8")
        self.place.full.unlink(missing_ok=True)
        self.page.locator("[data-conflict]").wait_for()

    def settle(self) -> None:
        """Load the case as it is, or enter one's own again."""
        notice = self.page.locator("[data-conflict]")
        own = notice.locator("[data-again]")
        if self.fault:
            self.mend_before_loading()
        listed = notice.locator("li input").evaluate_all("(all) => all.map((each) => each.value)")
        if own.is_visible() and self.chance.random() < 0.7:
            self.tell("enters again")
            self.mine = {path: entered for path, entered in self.mine.items() if path in listed}
            with self.page.expect_navigation():
                own.click()
        else:
            self.tell("loads")
            self.mine.clear()
            with self.page.expect_navigation():
                notice.locator("[data-reload]").click()
                if listed:
                    notice.locator("[data-reload]").click()
        self.opened()

    def mend_before_loading(self) -> None:
        end, self.fault = self.end_of_fault, ""
        end()


_LIST = re.compile(r"[0-9]/$")
_IS_MENDED = """document.querySelector("[data-conflict]") || (
  !/desk|file of this case/.test(document.querySelector("[data-saved]")?.textContent ?? "desk"))"""
_CANNOT_UNDO = "/Nothing can be undone/.test(document.getElementById('notice')?.innerText ?? '')"
_FAULTS = (
    Worked.answered,
    Worked.lost,
    Worked.disk_is_full,
    Worked.killed,
    Worked.gone,
    Worked.changed_elsewhere,
)
_NEED_DESK = (Worked.undo, Worked.again, Worked.leave, Worked.finalize)
_WEIGHTS = (
    (Worked.text, 8), (Worked.letters, 4), (Worked.number, 4), (Worked.emptied, 1), (Worked.refused, 3),
    (Worked.choice, 5), (Worked.key, 5), (Worked.many, 4), (Worked.undo, 3), (Worked.again, 2),
    (Worked.leave, 4), (Worked.document, 5), (Worked.finalize, 8), (Worked.answered, 3), (Worked.lost, 2),
    (Worked.disk_is_full, 3), (Worked.killed, 2), (Worked.gone, 1), (Worked.changed_elsewhere, 3),
)  # fmt: skip


def play(place: Workplace, browser: Browser, number: int, seed: str, done: Counter[str]) -> None:
    """Work on one case; what happened is told where something is wrong. `done` counts what was done how often."""
    chance = Random(f"{seed} {number}")
    name = f"S26-{number:05}"
    file = place.folder / f"{name}.yaml"
    text = (SAMPLES / f"{chance.choice(CASES)}.yaml").read_text(encoding="utf-8")
    file.write_text(re.sub(r"(?m)^accession: .*$", f"accession: {name}", text), encoding="utf-8")
    with page_at(browser, place.desk.address, (*FAULTS, "net::ERR_")) as page:
        worked = Worked(place, page, file, chance, done)
        try:
            open_case(page, name)
            worked.work(chance.randint(5, 9))
        except BaseException as error:
            error.add_note(f"case {number} of seed {seed}: {'; '.join(worked.story)}")
            raise
        finally:
            place.full.unlink(missing_ok=True)
    done["cases"] += 1
