"""What is typed at the desk is in the file, or the page says that it is not: a browser, and faults on the way."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from reportgen.reading.files import read_file
from reportgen.reading.source import plain
from tests.cli.program import SAMPLES
from tests.web.browser import CHROMIUM, Typist, browser, page_at, saved, served, until

pytestmark = pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="needs Chromium")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as made:
        yield made


def test_a_case_of_26_parts_can_be_answered_within_seconds(chromium: Browser, tmp_path: Path) -> None:
    data: Any = plain(read_file(SAMPLES / "shave-biopsy.yaml"))
    first = data["parts"][0]
    data["parts"] = [{**first, "label": chr(65 + n), "received_as": f"skin {n}"} for n in range(26)]
    data["accession"] = "S26-26"
    file = tmp_path / "many.json"
    file.write_text(json.dumps(data))
    with served(tmp_path) as desk, page_at(chromium, desk.address) as page:
        began = time.monotonic()
        page.get_by_role("link", name="S26-26").click(no_wait_after=True)
        until(page, "document.activeElement.closest('.control')")
        assert time.monotonic() - began < 8  # 2 s on an idle machine; 20 s where each control is a form
        page.keyboard.press("Alt+2")
        Typist(page).type("parts.B.margins.deep", "u")
        saved(page)
    now: Any = plain(read_file(file))
    assert [part["margins"]["deep"] for part in now["parts"][:3]] == ["involved", "uninvolved", "involved"]
