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
from types import TracebackType

from playwright.sync_api import Browser, Error, Locator, Page, Route

from tests.cli.program import SAMPLES
from tests.web.browser import Served, open_case, page_at, until
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
CASES = ("shave-biopsy", "shave-biopsy", "q1-biopsy", "unfinished", "three-parts", "punch-clear")
FAULTS = ("403", "404", "503", "507", "ERR_FAILED", "Failed to fetch")  # what a browser logs of them
_FULL = """
import os
sync = os.fsync
def fsync(handle):
    if os.path.exists({flag!r}):
        raise OSError(28, "No space left on device")
    sync(handle)
os.fsync = fsync
"""


class Workplace:
    """A case folder, its desk, which can be killed and started again, and its disk, which can be full."""

    def __init__(self, folder: Path, browser: Browser) -> None:
        self.folder = folder / "cases"
        self.folder.mkdir()
        self.browser = browser
        self.full = folder / "full"
        self.desk = self._start()
        self.port = re.sub(r".*:([0-9]+)/.*", r"\1", self.desk.address)
        self.done: Counter[str] = Counter()  # what was done how often

    def __enter__(self) -> Workplace:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.desk.stop()

    def _start(self, *options: str) -> Served:
        return Served(self.folder, *options, before=_FULL.format(flag=str(self.full)))

    def kill(self) -> None:
        """A power cut: what was not on the disk is gone."""
        self.desk.kill()
        self.desk.stop()

    def start_again(self) -> None:
        """The same folder at the same place, under another start address."""
        self.desk = self._start("--port", self.port)

    def play(self, number: int, seed: str) -> None:
        """Work on one case; what happened is told where something is wrong."""
        chance = Random(f"{seed} {number}")
        name = f"S26-{number:05}"
        file = self.folder / f"{name}.yaml"
        text = (SAMPLES / f"{chance.choice(CASES)}.yaml").read_text(encoding="utf-8")
        file.write_text(re.sub(r"(?m)^accession: .*$", f"accession: {name}", text), encoding="utf-8")
        with page_at(self.browser, self.desk.address, FAULTS) as page:
            worked = _Worked(self, page, file, chance)
            try:
                open_case(page, name)
                worked.work(chance.randint(5, 9))
            except BaseException as error:
                error.add_note(f"case {number} of seed {seed}: {'; '.join(worked.story)}")
                raise
            finally:
                self.full.unlink(missing_ok=True)
        self.done["cases"] += 1


class _Worked:
    """One case at work, with what its page must still show."""

    def __init__(self, place: Workplace, page: Page, file: Path, chance: Random) -> None:
        self.place = place
        self.page = page
        self.file = file
        self.chance = chance
        self.story: list[str] = []
        self.mine: dict[str, Entered] = {}  # what was entered here, and nothing has taken away since
        self.fault = ""
        self.end_of_fault: Callable[[], None] = lambda: None
        self.asked: list[str] = []  # addresses by which a report leaves the desk
        page.on("request", lambda request: self.asked.append(request.url))

    def work(self, steps: int) -> None:
        """Do this and that, and look at the page after each step."""
        self.look()
        for _ in range(steps):
            doing = self.chance.choices(*zip(*_WEIGHTS, strict=True))[0]
            if self.fault and (doing in _FAULTS or (doing in _NEED_DESK and self.fault in ("kill", "gone"))):
                doing = _Worked.mend
            self.tell(doing.__name__)
            doing(self)
            if self.look().stuck:
                self.settle()
                self.look()
        if self.fault:
            self.tell("mend")
            self.mend()
            self.look()

    def tell(self, words: str) -> None:
        self.story.append(words)
        self.place.done[words.partition(" ")[0]] += 1

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
        assert seen.pill not in ("complete", "finalised")
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

    # --- what is done with a case

    def undo(self) -> None:
        """Take the last entry back: what was entered here may be another now."""
        button = self.page.locator("button[data-undo]:not([disabled])")
        seen = self.look()
        if seen.saved and button.count():
            with self.page.expect_navigation():
                button.click()
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
                assert f"revision={hashlib.sha256(self.file.read_bytes()).hexdigest()[:16]}"[:20] in found.value.url
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

    def finalise(self) -> None:
        """Finalise a case that is complete, and mostly open it again."""
        seen = self.look()
        if not seen.complete:
            return
        name = "Dr. Soak"
        self.page.locator("[data-finalise]").click()
        self.page.locator("#finalise-body form").wait_for()
        for reason in self.page.locator("#finalise-body input[name^='reason.']").all():
            reason.fill("it was talked over")
        self.page.get_by_label("Your name").fill(name)
        button = self.page.locator("dialog#finalise").get_by_role("button", name="Finalise")
        if not self.fault and self.chance.random() < 0.3:
            self.tell("cut off amid finalising")
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
                self.page.locator("#finalise-said").get_by_role("button", name="Close").wait_for()
                self.page.locator("dialog#finalise").get_by_role("button", name="Cancel").click()
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
        """What is noted of what was finalised."""
        path = self.place.folder / "finalised" / f"{self.file.stem}.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        found = [json.loads(line) for line in lines]
        return found if found and found[-1]["do"] == "finalised" else []

    def kept(self, seen: Seen, *, must: bool) -> None:
        """What was finalised is whole, of the file as it was, and says what the page showed."""
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
            data = (self.place.folder / "finalised" / name).read_bytes()
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
        self.file.write_text(f"# {len(text)}\n{text}", encoding="utf-8")
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
_FAULTS = (
    _Worked.answered,
    _Worked.lost,
    _Worked.disk_is_full,
    _Worked.killed,
    _Worked.gone,
    _Worked.changed_elsewhere,
)
_NEED_DESK = (_Worked.undo, _Worked.again, _Worked.leave, _Worked.finalise)
_WEIGHTS = (
    (_Worked.text, 8), (_Worked.letters, 4), (_Worked.number, 4), (_Worked.emptied, 1), (_Worked.refused, 3),
    (_Worked.choice, 5), (_Worked.key, 5), (_Worked.many, 4), (_Worked.undo, 3), (_Worked.again, 2),
    (_Worked.leave, 4), (_Worked.document, 5), (_Worked.finalise, 8), (_Worked.answered, 3), (_Worked.lost, 2),
    (_Worked.disk_is_full, 3), (_Worked.killed, 2), (_Worked.gone, 1), (_Worked.changed_elsewhere, 3),
)  # fmt: skip
