"""A browser and a desk for all tests that ask for a `case`: they take seconds to start."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.web.browser import CHROMIUM, Served, browser, served
from tests.web.one_case import Case, opened


@pytest.fixture(scope="session")
def shared_browser() -> Iterator[Browser]:
    if not CHROMIUM and not os.environ.get("CI"):
        pytest.skip("needs Chromium")
    with browser() as made:
        yield made


@pytest.fixture(scope="session")
def shared_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("desk")) as made:
        yield made


@pytest.fixture
def case(shared_browser: Browser, shared_desk: Served, request: pytest.FixtureRequest) -> Iterator[Case]:
    """A finished case in a file of its own, opened in the browser."""
    with opened(shared_browser, shared_desk, re.sub(r"\W+", "-", request.node.name)[:60]) as made:
        yield made
