"""What of this machine a document may depend on: the folders of its fonts, and nothing else.

Why here: steps 3 to 6 read no surroundings of their own. Whoever uses a font found here tells it (W316).
"""

from __future__ import annotations

import os
from pathlib import Path

SYSTEM = ("/usr/share/fonts", "/usr/local/share/fonts")
HOME = (".local/share/fonts", ".fonts")


def font_folders() -> tuple[str, ...]:
    """The folders in which fontconfig looks, those of the system first."""
    home = os.environ.get("HOME", "")
    return (*SYSTEM, *(str(Path(home) / each) for each in HOME if home))
