"""A soak: cases worked on at random, with faults; the file always holds what the page says is saved."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.web.soaking import Workplace

IS_LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
SEED = os.environ.get("SOAK_SEED", "2026")
CHUNK = 25 if IS_LONG else 4


@pytest.mark.parametrize("chunk", range(8 if IS_LONG else 1))
def test_the_file_holds_what_the_page_says_is_saved(shared_browser: Browser, tmp_path: Path, chunk: int) -> None:
    with Workplace(tmp_path, shared_browser) as place:
        for number in range(CHUNK * chunk, CHUNK * (chunk + 1)):
            place.play(number, SEED)
        assert place.done["cases"] == CHUNK
