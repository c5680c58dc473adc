"""Load with `-p tests.support.quick`: a sample of the suite that fits into a minute (`make quick`).

No list of files decides what is quick, so none can go stale. Of a test with many cases the first one runs, of a property
ten examples; what is marked `slow`, needs a browser or starts a program is left out. The last lines say how much that is.
"""

from __future__ import annotations

import os
import sys
from collections import Counter

os.environ.setdefault("HYPOTHESIS_PROFILE", "quick")

import pytest  # noqa: E402
from hypothesis import settings  # noqa: E402

settings.register_profile("quick", deadline=None, max_examples=10)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep one case of each test, and none that takes long."""
    kept: dict[str, pytest.Item] = {}
    out: list[pytest.Item] = []
    for item in items:
        test = item.nodeid.partition("[")[0]
        if test in kept or item.get_closest_marker("slow") or "shared_browser" in getattr(item, "fixturenames", ()):
            out.append(item)
        else:
            kept[test] = item
    config.hook.pytest_deselected(items=out)
    items[:] = kept.values()
