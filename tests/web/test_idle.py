"""What a browser meets after the server has closed the connections that it left idle."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.processes import children
from tests.web.browser import CHROMIUM, cases, downloaded, drop_table, open_case, page_at, served

pytestmark = pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="needs Chromium")
_IDLE = 5  # seconds until the server closes a connection that is not used


@pytest.mark.slow
def test_every_page_opens_at_once_after_a_pdf_a_finalized_case_and_a_batch_also_when_connections_were_left_idle(
    shared_browser: Browser,
    tmp_path: Path,
) -> None:
    folder = cases(tmp_path / "cases", ("shave-biopsy", "unfinished", "three-parts"))
    with served(folder) as desk, page_at(shared_browser, desk.address) as one:
        work_list = re.sub("/start.*", "/", desk.address)
        for child in children(desk.process.pid):  # one made before the desk listened could hold no connection
            os.kill(child, signal.SIGKILL)
        two = one.context.new_page()
        two.goto(desk.address)
        open_case(two, "S26-01234")
        open_case(one, "S26-01909")
        downloaded(one, "PDF", tmp_path / "report.pdf")
        two.get_by_role("button", name="Finalize").click()
        two.get_by_label("Your name").fill("Dr. Pathologist")
        two.locator("dialog#finalize").get_by_role("button", name="Finalize").click()
        two.get_by_text("Reopen for changes").wait_for()
        two.goto(work_list)
        drop_table(two, tmp_path)
        two.get_by_role("heading", name="Done").wait_for()
        for page in (one, two):  # nor may the watch for changes keep a connection in use
            page.goto("about:blank")
        one.wait_for_timeout(1_000 * (_IDLE + 1))
        began = time.monotonic()
        for page in (one, two):
            page.goto(work_list)
            open_case(page, "S26-01815")
            page.goto(work_list)
        assert time.monotonic() - began < 3 * _IDLE  # a connection that a child held was never answered
