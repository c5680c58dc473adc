"""A soak: cases worked on at random, with faults; the file always holds what the page says is saved."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.web.soaking import play
from tests.web.workplace import Workplace

IS_LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
SEED = os.environ.get("SOAK_SEED", "2026")
CHUNK = 25 if IS_LONG else 3


@pytest.mark.parametrize("chunk", range(8 if IS_LONG else 1))
def test_the_file_holds_what_the_page_says_is_saved(shared_browser: Browser, tmp_path: Path, chunk: int) -> None:
    done: Counter[str] = Counter()
    with Workplace(tmp_path) as place:
        for number in range(CHUNK * chunk, CHUNK * (chunk + 1)):
            play(place, shared_browser, number, SEED, done)
    assert done["cases"] == CHUNK
    assert {"text", "choice"} <= set(done)
