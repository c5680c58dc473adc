"""Draw the pictures of a report and of the sign-out desk in docs/images: `make screenshots`.

The report is the first page of the demo's PDF. The desk is a real one, which serves a folder of samples to a browser
without a window.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps
from playwright.sync_api import Browser, Page

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT))

from reportgen.pipeline import Settings, render  # noqa: E402
from tests.cli.program import run, sample  # noqa: E402
from tests.web.browser import Typist, browser, in_paper, open_case, page_at, saved, served  # noqa: E402

TARGET = CHECKOUT / "docs" / "images"
SAMPLES = ("shave-biopsy", "unfinished", "q1-excision", "q2-metastatic", "three-parts", "punch-clear", "re-excision")
LARGE, SMALL = {"width": 1440, "height": 900}, {"width": 1024, "height": 768}
PASSING = ("Applying inline style",)  # a screenshot tries to apply some, which the desk's policy forbids
WHEN = 1_795_000_000  # a day in November 2026: what the work list says about files must not change with each run
PAGE = 100 / 72  # pixels per point: a letter page is 850 pixels wide


def main() -> None:
    """Draw all pictures again."""
    TARGET.mkdir(exist_ok=True)
    kept(first_page(render(sample("shave-biopsy"), Settings(formats=("pdf",))).documents["pdf"]), "report")
    with browser() as started:
        for scheme, size, name in (
            ("light", LARGE, "light"), ("dark", LARGE, "dark"), ("light", SMALL, "small-light"),
            ("dark", SMALL, "small-dark"),
        ):  # fmt: skip
            with desk(started, scheme, size) as page:
                pictures(page, name)
        with desk(started, "light", LARGE) as page:
            more_pictures(page)
        protocol_picture(started)


def first_page(document: bytes) -> Image.Image:
    """The first page of a PDF, with a thin frame: paper and screen are both white."""
    image: Image.Image = pypdfium2.PdfDocument(document)[0].render(scale=PAGE).to_pil()
    return ImageOps.expand(image, border=1, fill="#c3ccd5")


@contextmanager
def desk(started: Browser, scheme: str, size: dict[str, int]) -> Iterator[Page]:
    """A page of a new desk."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "cases"
        folder.mkdir()
        for number, name in enumerate(SAMPLES):
            made = folder / f"{name}.yaml"
            shutil.copy(CHECKOUT / "samples" / made.name, made)
            os.utime(made, (WHEN - 4000 * number,) * 2)
        with (
            served(folder) as running,
            page_at(
                started, running.address, PASSING, color_scheme=scheme, viewport=size, reduced_motion="reduce"
            ) as page,
        ):
            page.set_default_timeout(10_000)
            yield page


def pictures(page: Page, kind: str) -> None:
    """The pages of the desk, in one size and color scheme."""
    keep(page, f"desk-list-{kind}")
    open_case(page, "S26-01909")
    page.keyboard.press("Alt+1")
    Typist(page).go("parts.A.margins.deep")
    keep(page, f"desk-case-{kind}")
    in_paper(page, "span[data-clause]", "Re-excision").click()
    page.get_by_text("comment.recommendation").wait_for()
    keep(page, f"desk-why-{kind}")


def more_pictures(page: Page) -> None:
    """Pages and dialogs that appear now and then."""
    open_case(page, "S26-01234")
    page.keyboard.press("Alt+1")
    Typist(page).go("parts.A.stains.desmin")
    page.locator("[id='f:parts.A.stains']").scroll_into_view_if_needed()
    keep(page, "desk-stains")
    page.keyboard.press("Control+k")
    page.keyboard.type("mar")
    keep(page, "desk-find")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Finalize").click()
    dialog = page.locator("dialog#finalize")
    dialog.get_by_label("Your name").fill("Dr. Pathologist")
    keep(page, "desk-finalize")
    dialog.get_by_role("button", name="Finalize").click()
    page.get_by_text("Reopen for changes").wait_for()
    keep(page, "desk-finalized")
    page.goto(page.url.partition("/cases")[0])
    open_case(page, "S26-01815")
    page.keyboard.press("Alt+2")
    page.get_by_role("button", name="Parts …").click()
    keep(page, "desk-parts")
    page.keyboard.press("Escape")
    page.goto(page.url.partition("/cases")[0])
    open_case(page, "S26-02002")
    page.keyboard.press("Alt+1")
    keep(page, "desk-stop")
    other = page.context.new_page()
    other.goto(page.url)
    Typist(other).type("patient.mrn", "111")
    saved(other)
    other.close()
    page.get_by_text("was changed elsewhere").wait_for()
    keep(page, "desk-conflict")
    page.goto(page.url.partition("/cases")[0])
    with tempfile.TemporaryDirectory() as place:
        table = Path(place) / "table.csv"
        made = run("synth", "aismn", "-n", "24", "--seed", "7", "-f", "csv", "-o", table)
        if made.code:
            raise SystemExit(made.both)
        page.set_input_files("[data-drop] input[type=file]", table)
        page.get_by_role("heading", name="Done").wait_for(timeout=60_000)
        page.wait_for_timeout(500)
        keep(page, "desk-batch")


def protocol_picture(started: Browser) -> None:
    """The page of a protocol that is being written, with a scenario that fails."""
    with tempfile.TemporaryDirectory() as place:
        lab = Path(place) / "our-lab"
        for words in (("profile", lab), ("protocol", "bcc", "--title", "Basal cell carcinoma", "--lab", lab)):
            if (made := run("new", *words)).code:
                raise SystemExit(made.both)
        scenarios = lab / "protocols/bcc/scenarios.yaml"
        scenarios.write_text(scenarios.read_text(encoding="utf-8").replace("12 mm.", "13 mm."), encoding="utf-8")
        folder = Path(place) / "cases"
        folder.mkdir()
        with (
            served(folder, "--lab", str(lab)) as running,
            page_at(started, running.address, PASSING, viewport=LARGE, reduced_motion="reduce") as page,
        ):
            page.get_by_role("link", name="Basal cell carcinoma").click()
            page.get_by_label("Form and report of").select_option(label="the feature is present – fails")
            page.locator("#findings a").click()
            page.wait_for_timeout(800)  # until the report of the scenario is drawn
            keep(page, "desk-protocol")


def keep(page: Page, name: str) -> None:
    """Save what the window shows."""
    kept(Image.open(io.BytesIO(page.screenshot())), name)


def kept(image: Image.Image, name: str) -> None:
    """Save a picture in few colors: a page is mostly plain areas and text."""
    image.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(TARGET / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
