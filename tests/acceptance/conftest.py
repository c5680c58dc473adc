"""What scenarios share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reportgen.protocols.load import frozen_templates


@pytest.fixture(scope="module")
def held_templates() -> Iterator[None]:
    """The templates are read once for a file of tests, which changes none of them."""
    with frozen_templates():
        yield
