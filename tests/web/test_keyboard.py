"""The keyboard of the desk: no key changes a text or answers a question that it was not meant for."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Page

from reportgen.reading.files import read_file
from reportgen.reading.source import plain
from tests.web.browser import CHROMIUM, Served, Typist, browser, page_at, served, until

pytestmark = pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="needs Chromium")

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
HISTORY = "Firm papule, growing slowly for a year.\nRule out dermatofibroma."


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as made:
        yield made


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("desk")) as made:
        yield made


class Case:
    """One case file, opened in the browser."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self.file = file
        self.keys = page.keyboard

    def find(self, words: str) -> str:
        """Find an element by its name; the path of what has the focus then."""
        self.keys.press("Control+k")
        self.keys.type(words)
        self.keys.press("Enter")
        return self.here()

    def here(self) -> str:
        return Typist(self.page).here()

    def saved(self) -> Any:
        """What the file holds as soon as everything is saved."""
        until(self.page, "!document.documentElement.dataset.held")
        assert self.page.evaluate("import('/static/sending.js').then((sending) => sending.idle())")
        return plain(read_file(self.file))

    def part(self) -> Any:
        return self.saved()["parts"][0]

    def remark(self) -> str:
        return self.page.locator("[data-remark]").inner_text()

    def told(self) -> str:
        return self.page.locator("#notice").inner_text()

    def answered(self, path: str) -> Any:
        """The answer to one question of the part."""
        return self.part().get(path)

    def pick_of(self, path: str, answer: str) -> str:
        """The key that an answer shows."""
        return str(self.page.locator(f'[id="c:{path}"] input[value="{answer}"]').first.get_attribute("data-key"))


@pytest.fixture
def case(chromium: Browser, desk: Served, request: pytest.FixtureRequest) -> Iterator[Case]:
    """The shave biopsy of the samples, in a file for each test."""
    name = re.sub(r"\W+", "-", request.node.name)[:60]
    file = desk.folder / f"{name}.yaml"
    data = yaml.safe_load((SAMPLES / "shave-biopsy.yaml").read_text("utf-8"))
    data["accession"] = f"T-{len(list(desk.folder.iterdir())):03}"
    data["clinical_history"] = HISTORY
    data = {**data, **getattr(request, "param", {})}
    file.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
    with page_at(chromium, desk.address) as page:
        page.get_by_role("link", name=data["accession"]).click()
        until(page, "document.getElementById('report')?.contentDocument?.documentElement?.dataset.heard === 'yes'")
        yield Case(page, file)
        file.unlink()


TEXTS = {
    "clinical history": "clinical_history",
    "microscopic description": "parts.A.microscopic",
    "gross description": "parts.A.gross.description",
    "address": "laboratory.address",
    "submitted by": "submitted_by",
}


def test_enter_shift_enter_find_and_tab_change_no_text(case: Case) -> None:
    before = case.saved()
    for words, path in TEXTS.items():
        for keys in (["Shift+Enter", "Enter", "Enter"], ["Tab", "Shift+Tab"]):
            assert case.find(words) == path
            assert case.page.evaluate(
                "(({ value, selectionStart, selectionEnd }) => value && [selectionStart, selectionEnd]"
                ".every((at) => at === value.length))(document.activeElement)"
            )
            for key in keys:
                case.keys.press(key)
                case.here()
            if keys[-1] == "Enter":
                assert case.here() != path or "last element" in case.remark()
    assert case.saved() == before


def test_enter_goes_through_the_whole_case_and_says_that_it_is_the_end(case: Case) -> None:
    before = case.saved()
    path, seen = case.here(), []
    while "last element" not in case.remark():
        seen.append(path)
        case.keys.press("Enter")
        path = case.here()
        assert len(seen) < 200
    assert {"clinical_history", "parts.A.gross.description", "parts.A.microscopic"} <= set(seen)
    for _ in seen[1:]:
        case.keys.press("Shift+Enter")
    assert case.here() == seen[0]
    assert case.saved() == before


def test_a_stray_letter_is_added_and_takes_the_place_of_nothing(case: Case) -> None:
    for words in ("gross description", "submitted by"):
        case.find(words)
        case.keys.press("x")
    case.keys.press("Tab")
    case.keys.press("Shift+Tab")
    case.keys.press("y")
    data = case.saved()
    assert data["submitted_by"].endswith("Clinicxy")
    assert data["parts"][0]["gross"]["description"].endswith("x")
    assert len(data["parts"][0]["gross"]["description"]) > 40


def test_enter_begins_a_new_line_once_something_is_typed_or_the_caret_moved(case: Case) -> None:
    case.find("clinical history")
    case.keys.type(" See photograph.")
    case.keys.press("Enter")
    case.keys.type("Third line.")
    case.keys.press("Control+Enter")
    assert case.here() != "clinical_history"
    assert case.saved()["clinical_history"] == f"{HISTORY} See photograph.\nThird line."
    case.find("clinical history")
    case.keys.press("End")
    case.keys.press("Enter")
    case.keys.press("Shift+Enter")
    assert case.here() != "clinical_history"


def test_a_text_that_is_emptied_is_told_and_undo_brings_it_back(case: Case) -> None:
    case.find("clinical history")
    case.keys.press("Control+a")
    case.keys.press("Delete")
    assert "Firm papule" in case.told()
    assert "clinical_history" not in case.saved()
    case.page.get_by_role("button", name="Undo").last.click()
    assert case.saved()["clinical_history"] == HISTORY
    case.find("clinical history")
    for _ in range(len(HISTORY)):
        case.keys.press("Backspace")
    assert "Firm papule" in case.told()
    case.page.get_by_role("button", name="Undo").last.click()
    assert case.saved()["clinical_history"] == HISTORY


def test_words_that_go_with_their_answer_are_told_and_undo_brings_them_back(case: Case) -> None:
    case.find("peripheral edge")
    for key in ("Backspace", case.pick_of("parts.A.margins.peripheral", "uninvolved")):
        case.find("peripheral edge")
        case.keys.press(key)
        assert "tangentially sectioned" in case.told()
        case.saved()
        case.page.get_by_role("button", name="Undo").last.click()
        assert case.part()["margins"]["peripheral"] == {
            "result": "cannot be assessed", "reason": "tangentially sectioned"
        }  # fmt: skip


WORDS = (
    ("cytologic atypia", "moderate"),
    ("cytologic atypia", "mild"),
    ("necrosis", "cannot be seen"),
    ("necrosis", "present in 30 %"),
    ("necrosis", "no"),
    ("necrosis", "n/a"),
    ("necrosis", "Not seen"),
    ("pleomorphism", "marked"),
    ("desmin", "negative"),
    ("desmin", "positive, strong"),
    ("deep edge", "uninvolved"),
    ("procedure", "excision of lesion"),
    ("procedure", "S26-01234"),
    ("features of atypia", "hug other"),
)


@pytest.mark.parametrize(("delay", "words"), [(0, WORDS), (100, WORDS[::4])])
def test_a_word_at_a_choice_answers_nothing_and_spills_nowhere(
    case: Case, delay: int, words: tuple[tuple[str, str], ...]
) -> None:
    before = case.saved()
    for name, word in words:
        path = case.find(name)
        case.keys.type(word, delay=delay)
        case.keys.press("Backspace")
        assert case.here() == path
        assert f"“{word}” was typed at " in case.told()
        assert case.saved() == before
        case.keys.press("Escape")


def test_a_word_at_an_open_choice_leaves_it_open_and_takes_no_detail_away(case: Case) -> None:
    """What hangs below an answer comes back with it: a wrong letter must not cost the depth that was measured."""
    path = case.find("desmin")
    case.keys.press("Backspace")
    before = case.part()
    assert "desmin" not in before["stains"]
    for word in ("negative", "positive"):
        assert case.find("desmin") == path
        case.keys.type(word)
        assert case.part() == before
    case.find("sma")
    before = case.part()
    assert before["stains"]["SMA"]["extent"]
    case.keys.type("negative", delay=120)
    assert case.part() == before


def test_letters_picked_one_by_one_answer_at_any_speed(case: Case) -> None:
    for delay, answers in (
        (0, ("dermis", "infiltrative", "present", "not represented")),
        (60, ("subcutis", "circumscribed", "absent", "not identified")),
        (300, ("dermis", "mixed", "present in part", "focal")),
    ):
        case.find("epicenter")
        paths = ("epicenter", "growth", "fascicles", "subcutis")
        ids = {"present": "yes", "absent": "no", "present in part": "partly"}
        chosen = [ids.get(answer, answer) for answer in answers]
        keys = "".join(case.pick_of(f"parts.A.{path}", id) for path, id in zip(paths, chosen, strict=True))
        case.keys.type(keys, delay=delay)
        part = case.part()
        found = [part[path]["result"] if isinstance(part[path], dict) else part[path] for path in paths]
        assert found == chosen


def test_keys_that_are_faster_than_the_page_wait_and_none_is_lost(case: Case) -> None:
    """Three milliseconds a key, and a desk that needs a second for each answer: longer than any patience of old."""
    slow(case.page, 0.9)
    case.find("deep edge")
    case.keys.press("v")  # its location comes next
    case.keys.type("Base")
    for key in ("Backspace", "Backspace", "Backspace", "Backspace"):
        case.keys.press(key)
    case.keys.type("At 3 o'clock", delay=3)
    case.keys.press("Home")
    case.keys.type("Deep: ", delay=3)
    case.keys.press("Enter")
    case.keys.press("u")
    margins = case.part()["margins"]
    assert margins["deep"] == {"result": "involved", "location": "Deep: At 3 o'clock"}
    assert margins["peripheral"] == "uninvolved"


def test_a_desk_that_does_not_answer_swallows_no_key_unsaid(case: Case) -> None:
    slow(case.page, 0.3, lambda route: route.abort("connectionrefused"))
    case.find("deep edge")
    case.keys.type("u4", delay=3)
    until(case.page, "document.querySelector('#notice').textContent.includes('not entered: “4”')")
    here = case.here()
    case.keys.press("Enter")  # the page goes on with what it knows
    assert case.here() != here
    case.page.unroute("**/entries")
    assert case.part()["margins"]["deep"] == "uninvolved"


def test_a_click_on_a_tab_esc_and_the_arrows_lose_no_focus(case: Case) -> None:
    case.page.get_by_role("button", name="Part A").click()
    assert case.here() == "parts.A.received_as"
    case.find("necrosis")
    case.keys.press("Escape")
    assert case.here() == "parts.A.necrosis"
    case.page.evaluate("document.activeElement.blur()")
    for key in ("ArrowDown", "ArrowUp", "Enter"):
        case.page.evaluate("document.activeElement.blur()")
        case.keys.press(key)
        assert case.here() == "parts.A.necrosis"


def first_column(text: str) -> list[list[str]]:
    """The keys in each table of a page of the documentation, by table."""
    tables = [part for part in text.split("\n\n") if part.startswith("| key |")]
    return [re.findall("`([^`]+)`", "".join(row.split("|")[1] for row in table.splitlines())) for table in tables]


def test_every_documented_key_does_what_is_said_of_it(case: Case) -> None:
    page, keys = case.page, case.keys

    def at(name: str, *pressed: str) -> str:
        case.find(name)
        for key in pressed:
            keys.press(key)
        return case.here()

    def answers(name: str, key: str, answer: str) -> bool:
        path = case.find(name)
        return at(name, "Backspace", key) != path and case.part()[name] == answer

    def at_top() -> None:
        page.evaluate("document.activeElement.blur()")

    def helped() -> bool:
        at("necrosis", "?")
        open_ = page.locator("dialog#help").is_visible()
        assert set(page.locator("dialog#help kbd").all_inner_texts()) == set(documented[0])
        keys.press("Escape")
        return bool(open_)

    def opened() -> bool:
        at("metastasis", "Backspace")
        case.saved()
        assert at("purpose", "Alt+o") == "parts.A.metastasis", case.here()
        return True

    def found(key: str) -> bool:
        at("necrosis", key)
        is_open = page.locator("dialog#find").is_visible()
        keys.press("Escape")
        return bool(is_open)

    def taken(key: str) -> bool:
        at("ulceration", "p")
        assert case.part()["ulceration"] == "present"
        at("ulceration", key)
        return "ulceration" not in case.part()

    def picked_with_space() -> bool:
        at("ulceration", "ArrowRight", "Space")
        return bool(case.part()["ulceration"] == "present")

    def undone() -> bool:
        at("ulceration", "n")
        case.saved()
        with page.expect_navigation():
            keys.press("Control+z")
        return bool(case.part()["ulceration"] == "present")

    def back_in_report() -> bool:
        page.frame_locator("#report").locator("td[data-path='parts.A.growth']").click()
        assert case.here() == "parts.A.growth"
        keys.press("Escape")
        return bool(page.evaluate("document.activeElement.id") == "report")

    def left() -> bool:
        at_top()
        keys.press("g")
        page.wait_for_url(re.compile(r"/$"))
        return True

    does: Mapping[str, Callable[[], bool]] = {
        "a letter": lambda: answers("ulceration", "p", "present"),
        "a digit": lambda: answers("topography", "6", "C44.6"),
        "Enter": lambda: at("necrosis", "Enter") == "parts.A.perineural",
        "↓": lambda: at("necrosis", "ArrowDown") == "parts.A.perineural",
        "Shift Enter": lambda: at("perineural", "Shift+Enter") == "parts.A.necrosis",
        "↑": lambda: at("perineural", "ArrowUp") == "parts.A.necrosis",
        "Ctrl Enter": lambda: at("clinical history", "x", "Control+Enter") != "clinical_history",
        "→": lambda: at("necrosis", "ArrowRight") == "parts.A.necrosis" and focused(page, "present"),
        "←": lambda: bool(at("necrosis", "ArrowRight", "ArrowLeft")) and focused(page, "not identified"),
        "Backspace": lambda: taken("Backspace"),
        "Delete": lambda: taken("Delete"),
        "Space": picked_with_space,
        "Ctrl Z": undone,
        "/": lambda: found("/"),
        "Ctrl K": lambda: found("Control+k"),
        "Alt O": opened,
        "Alt 0": lambda: at("necrosis", "Alt+0") == "patient.name",
        "Alt 1": lambda: at("necrosis", "Alt+1") == "parts.A.received_as",
        "Esc": back_in_report,
        "?": helped,
        "g": left,
    }  # fmt: skip
    lists: Mapping[str, Callable[[], bool]] = {
        "↓": lambda: gone(page, "ArrowDown", "document.activeElement === document.querySelector('#rows a')"),
        "↑": lambda: gone(page, "ArrowUp", "document.activeElement.matches('[data-search]')"),
        "/": lambda: gone(page, "/", "document.activeElement.matches('[data-search]')"),
        "n": lambda: gone(page, "n", "document.querySelector('dialog#new-case').open"),
        "Enter": lambda: gone(page, "Enter", "location.pathname.startsWith('/cases/')"),
    }
    documented = first_column((SAMPLES.parent / "docs" / "sign-out-desk.md").read_text("utf-8"))
    assert [set(keys) for keys in documented] == [set(does), set(lists)]
    for name, do in does.items():
        assert do(), name
    for name, do in lists.items():
        if name == "Enter":
            keys.press("Escape")
            at_top()
            keys.press("ArrowDown")
        elif name != "↑":
            at_top()
        assert do(), f"work list: {name}"


def focused(page: Page, answer: str) -> bool:
    return bool(page.evaluate(f"document.activeElement.value === {answer!r}"))


def gone(page: Page, key: str, expression: str) -> bool:
    page.keyboard.press(key)
    until(page, expression)
    return True


def slow(page: Page, seconds: float, end: Callable[[Any], None] = lambda route: route.continue_()) -> None:
    """Answer each entry only after a while."""

    def later(route: Any) -> None:
        time.sleep(seconds)
        end(route)

    page.route("**/entries", later)
