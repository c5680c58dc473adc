"""The desk as a person meets it: a browser, a keyboard, files on the disk."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from reportgen.pipeline import Settings, render
from reportgen.reading.readers import read_file
from reportgen.reading.source import plain
from tests.cli.program import SAMPLES, run
from tests.support.toy import Templates
from tests.web.browser import (
    CHROMIUM,
    Typist,
    cases,
    downloaded,
    drop_table,
    in_paper,
    open_case,
    page_at,
    paper,
    saved,
    served,
    until,
)

pytestmark = pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="needs Chromium")


KEYS: dict[str, list[list[str]]] = yaml.safe_load(Path(__file__).with_name("keystrokes.yaml").read_text("utf-8"))


@pytest.mark.slow
def test_the_sample_case_is_entered_without_a_mouse_and_leaves_as_the_same_documents(
    shared_browser: Browser, tmp_path: Path
) -> None:
    folder = cases(tmp_path / "cases", ())
    with served(folder) as desk, page_at(shared_browser, desk.address) as page:
        page.keyboard.press("n")
        page.keyboard.type("S26-01234")
        page.keyboard.press("Tab")
        page.keyboard.type("intradermal smooth")
        page.keyboard.press("Enter")
        page.wait_for_url("**/cases/*")
        until(page, "document.activeElement.closest('.control')?.dataset.path === 'patient.name'")
        typist = Typist(page)
        for path, *keys in KEYS["case"]:
            typist.type(path, *keys)
        for path, *keys in KEYS["part"]:
            typist.type(f"parts.A.{path}", *keys)
        typist.page.keyboard.press("Control+Enter")
        saved(page)

        file = folder / "S26-01234.yaml"
        assert settled(render(file, Settings(("txt",))).documents["txt"]) == settled(
            render(SAMPLES / "shave-biopsy.yaml", Settings(("txt",))).documents["txt"]
        )
        assert "Nothing is missing" in page.locator("#bar").inner_text()
        assert "atypical intradermal smooth muscle neoplasm" in paper(page)
        assert "Re-excision is recommended" in paper(page)

        assert run("render", file, "-o", tmp_path / "out").code == 0
        for name, ending in (("Word", "docx"), ("PDF", "pdf")):
            assert (
                downloaded(page, name, tmp_path / f"page.{ending}")
                == (tmp_path / f"out/S26-01234.{ending}").read_bytes()
            )
        page.get_by_role("button", name="Copy text").click()
        page.get_by_text("in the clipboard").wait_for()
        assert (
            page.evaluate("navigator.clipboard.readText()")
            == render(file, Settings(("txt",))).documents["txt"].decode()
        )

        # opened again, and changed
        page.goto(desk.address)
        open_case(page, "S26-01234")
        page.keyboard.press("Alt+1")
        Typist(page).type("parts.A.margins.deep", "u")
        saved(page)
        assert "Re-excision is recommended" not in paper(page)
        assert "margins" in str(plain(read_file(file)))
        assert "uninvolved" in file.read_text()


def settled(text: bytes) -> str:
    """A report as text, without the line that holds the hash of what was entered."""
    return re.sub(r"input [0-9a-f]+", "input …", text.decode())


def test_a_gap_leads_to_its_field_and_back_and_a_sentence_tells_why(shared_browser: Browser, tmp_path: Path) -> None:
    folder = cases(tmp_path / "cases", ("unfinished",))
    with served(folder) as desk, page_at(shared_browser, desk.address) as page:
        open_case(page, "S26-01909")
        in_paper(page, "mark[data-clause]", "PENDING").click()
        until(page, "document.activeElement.closest('.control')?.dataset.path === 'parts.A.perineural'")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.id") == "report"
        in_paper(page, "td[data-path='parts.A.growth']").click()
        assert Typist(page).here() == "parts.A.growth"
        in_paper(page, "span[data-clause]", "Re-excision").click()
        why = page.locator("#why")
        why.get_by_text("comment.recommendation").wait_for()
        assert "Deep edge or margin" in why.inner_text()
        assert "involved" in why.inner_text()
        assert "Source:" in why.inner_text()
        page.get_by_role("button", name="A · Perineural invasion").click()
        page.keyboard.press("n")
        saved(page)
        assert page.get_by_role("button", name="A · Perineural invasion").count() == 0
        assert "PENDING: Perineural" not in paper(page)


def test_a_stop_is_acknowledged_with_a_reason_and_parts_are_added_and_moved(
    shared_browser: Browser, tmp_path: Path
) -> None:
    folder = cases(tmp_path / "cases", ("q2-metastatic", "three-parts"))
    with served(folder) as desk, page_at(shared_browser, desk.address) as page:
        open_case(page, "S26-02002")
        assert "Not a report yet" in paper(page)
        for stop in ("High-grade appearance", "Metastasis"):
            page.get_by_role("button", name=f"A · {stop}: acknowledge").click()
            page.keyboard.type("seen with a colleague")
            page.keyboard.press("Enter")
            saved(page)
        assert page.locator("#saved .pill").inner_text() == "draft"
        assert "Not a report yet" not in paper(page)
        part = plain(read_file(folder / "q2-metastatic.yaml"))["parts"][0]  # type: ignore[index]
        assert part["acknowledge"] == dict.fromkeys(("A4", "A5"), "seen with a colleague")

        page.goto(page.url.partition("/cases")[0])
        open_case(page, "S26-01815")
        for name, parts in (
            ("Duplicate part B", ["A general", "B aismn", "C general", "D aismn"]),
            ("Move part D up", ["A general", "B aismn", "D aismn", "C general"]),
            ("Remove part B", ["A general", "D aismn", "C general"]),
        ):
            page.get_by_role("button", name="Parts …").click()
            button = page.get_by_role("button", name=name)
            with page.expect_navigation():
                button.click()
                if name.startswith("Remove"):
                    button.click()
            data: Any = plain(read_file(folder / "three-parts.yaml"))
            assert [f"{each['label']} {each['protocol']}" for each in data["parts"]] == parts


def test_a_slash_finds_an_element_by_its_name(shared_browser: Browser, tmp_path: Path) -> None:
    folder = cases(tmp_path / "cases", ("shave-biopsy",))
    with served(folder) as desk, page_at(shared_browser, desk.address) as page:
        open_case(page, "S26-01234")
        for words, path in (
            ("mitotic", "parts.A.mitoses"),
            ("desmin", "parts.A.stains.desmin"),
            ("birth", "patient.birth_date"),
        ):
            page.keyboard.press("Control+k")
            page.keyboard.type(words)
            page.keyboard.press("Enter")
            assert Typist(page).here() == path
        page.keyboard.press("Control+k")
        page.keyboard.type("mar")
        page.keyboard.press("Escape")
        assert Typist(page).here() == "patient.birth_date"
        Typist(page).go("patient.sex")
        page.keyboard.press("/")
        assert page.locator("#find").is_visible()


def test_a_second_tab_and_a_change_on_the_disk_are_never_overwritten(shared_browser: Browser, tmp_path: Path) -> None:
    folder = cases(tmp_path / "cases", ("shave-biopsy",))
    file = folder / "shave-biopsy.yaml"
    with served(folder) as desk, page_at(shared_browser, desk.address) as one:
        open_case(one, "S26-01234")
        two = one.context.new_page()
        two.goto(one.url)
        two.wait_for_load_state("networkidle")
        Typist(one).type("patient.mrn", "111")
        saved(one)
        jump(two, "submitted by")
        two.keyboard.press("Control+a")
        two.keyboard.type("Dr. Second")
        two.get_by_text("was changed elsewhere").wait_for()
        assert "111" in file.read_text()
        assert "Dr. Second" not in file.read_text()
        two.get_by_role("button", name="Load it, and enter mine again").click()
        saved(two)
        assert "111" in file.read_text()
        assert "Dr. Second" in file.read_text()

        file.write_text(file.read_text().replace("Dr. Second", "Dr. Outside"))
        one.get_by_text("was changed elsewhere").wait_for()
        one.keyboard.type("222")  # the form takes nothing now
        assert "Dr. Outside" in file.read_text()
        assert "222" not in file.read_text()
        one.get_by_role("button", name="Load the case as it is now").click()
        one.wait_for_load_state("networkidle")
        assert one.locator("[id='c:submitted_by'] input").input_value() == "Dr. Outside"


def jump(page: Page, words: str) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def test_a_desk_that_is_killed_while_somebody_types_loses_a_second_at_most(
    shared_browser: Browser, tmp_path: Path
) -> None:
    folder = cases(tmp_path / "cases", ("shave-biopsy",))
    with served(folder) as desk, page_at(shared_browser, desk.address) as page:
        open_case(page, "S26-01234")
        jump(page, "clinical history")
        page.keyboard.press("Control+a")
        typed = []
        began = time.monotonic()
        words = ""
        while time.monotonic() - began < 2.5:
            page.keyboard.type("word ", delay=12)
            words += "word "
            typed.append((time.monotonic(), words))
        desk.kill()
        killed = time.monotonic()
        before = [text for at, text in typed if at <= killed - 1]
        kept = read_file(folder / "shave-biopsy.yaml").get("clinical_history")
        assert kept is not None
        assert len(before[-1].strip()) > 20
        assert len(str(plain(kept))) >= len(before[-1].strip())
        page.keyboard.type("more")
        page.get_by_text("Not saved: the desk does not answer").wait_for()


PAGES = ("list", "case", "part", "stopped", "finalize", "find", "parts", "help", "new", "message", "batch", "finalized")
GUIDELINES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.slow
def test_no_page_has_a_barrier_light_or_dark(shared_browser: Browser, tmp_path: Path) -> None:
    folder = cases(tmp_path / "cases", ("shave-biopsy", "unfinished", "q2-metastatic", "three-parts"))
    axe = Axe()
    seen = []
    passing = ("Applying inline style", "404")  # axe tries some while it measures; one page is looked for in vain
    with served(folder) as desk, page_at(shared_browser, desk.address, passing) as page:

        def checked(name: str, within: str | None = None) -> None:
            page.locator("main:not([inert])").wait_for()  # a case that is just loading takes no key yet
            for scheme, rules in (("light", GUIDELINES), ("dark", {"type": "rule", "values": ["color-contrast"]})):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
                found = axe.run(page, context=within, options={"runOnly": rules, "resultTypes": ["violations"]})
                assert found.violations_count == 0, f"{name}, {scheme}: {found.generate_report()}"
                assert found.response["passes"]
            seen.append(name)

        checked("list")
        page.keyboard.press("n")
        checked("new", "#new-case")
        page.keyboard.press("Escape")
        open_case(page, "S26-01909")
        checked("case")
        page.keyboard.press("Alt+1")
        in_paper(page, "span[data-clause]", "Re-excision").click()
        page.get_by_text("comment.recommendation").wait_for()
        checked("part")
        for name, opened in (("find", "Find"), ("parts", "Parts …"), ("help", "Keys"), ("finalize", "Finalize")):
            page.get_by_role("button", name=opened).click()
            page.locator(f"dialog#{name}[open]").wait_for()
            checked(name, f"dialog#{name}")
            page.keyboard.press("Escape")
        page.goto(desk.address)
        open_case(page, "S26-02002")
        page.keyboard.press("Alt+1")
        checked("stopped")
        page.goto(re.sub(r"/start.*", "/cases/nothing", desk.address))
        checked("message")
        page.goto(desk.address)
        open_case(page, "S26-01234")
        page.get_by_role("button", name="Finalize").click()
        page.get_by_label("Your name").fill("Dr. Pathologist")
        page.locator("dialog#finalize").get_by_role("button", name="Finalize").click()
        page.get_by_text("Reopen for changes").wait_for()
        checked("finalized")
        page.goto(desk.address)
        drop_table(page, tmp_path)
        page.get_by_role("heading", name="Done").wait_for(timeout=30_000)
        checked("batch")
    assert sorted(seen) == sorted(PAGES)


def test_a_protocol_that_the_desk_never_saw_gets_a_whole_form(shared_browser: Browser, tmp_path: Path) -> None:
    with Templates.at(tmp_path / "templates") as templates:
        templates.write(Path(__file__).with_name("unseen.yaml").read_text("utf-8"))
    folder = cases(tmp_path / "cases", ())
    made = str(tmp_path / "templates")
    before = (
        "from pathlib import Path; from reportgen import template_files\n"
        f"template_files.folder = lambda: Path({made!r})\n"
    )
    with served(folder, before=before) as desk, page_at(shared_browser, desk.address) as page:
        page.keyboard.press("n")
        page.keyboard.type("T-1")
        page.get_by_label("Toy").check()
        page.keyboard.press("Enter")
        page.wait_for_url("**/cases/*")
        page.keyboard.press("Alt+1")
        typist = Typist(page)
        for path, *keys in (
            ("site", "left ear"),
            ("colour", "1"),
            ("colour.shade", "1"),
            ("length", "<2.5", "Enter", "2"),
            ("marks", "1", "2"),
            ("cells", "12"),
            ("seen", "2026-01-31"),
            ("hardness", "4", "too small"),
            ("panel.X1", "1"),
            ("panel.X1.share", "40"),
            ("pieces.1.weight", "3"),
            ("pieces.2.weight", "4"),
            ("remarks", "first"),
        ):
            typist.type(f"parts.A.{path}", *keys)
        page.keyboard.press("Control+Enter")
        saved(page)
    assert plain(read_file(folder / "T-1.yaml"))["parts"] == [  # type: ignore[index]
        {
            "label": "A", "site": "left ear", "colour": {"result": "red", "shade": "dark"}, "length": "<2.5 cm",
            "marks": ["a line", "b spots"], "cells": "12", "seen": "2026-01-31",
            "hardness": {"result": "cannot be felt", "reason": "too small"},
            "panel": {"X1": {"result": "positive", "share": "40 %"}},
            "pieces": [{"weight": "3 g"}, {"weight": "4 g"}], "remarks": "first",
        }
    ]  # fmt: skip


def test_what_is_typed_and_what_is_not_known_take_each_others_place(shared_browser: Browser, tmp_path: Path) -> None:
    folder = cases(tmp_path, ["shave-biopsy"])
    with served(folder) as desk, page_at(shared_browser, desk.address) as page:
        open_case(page, "S26-01234")
        number = page.locator('[id="c:patient.mrn"]')
        number.locator("[name^=answer]").check(force=True)
        number.locator("[name=reason]").fill("no papers")
        number.locator("[name=reason]").press("Tab")
        saved(page)
        assert number.locator("[name=value]").input_value() == ""
        in_paper(page, "*", "not known (no papers)").first.wait_for()
        number.locator("[name=value]").fill("000456")
        number.locator("[name=value]").press("Tab")
        saved(page)
        in_paper(page, "*", "000456").first.wait_for()
        assert not number.locator("[name^=answer]").is_checked()
    assert yaml.safe_load((folder / "shave-biopsy.yaml").read_text("utf-8"))["patient"]["mrn"] == "000456"
