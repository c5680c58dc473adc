"""A case folder whose desk can be killed and started again, and whose disk can be full."""

from __future__ import annotations

import re
from pathlib import Path
from types import TracebackType

from tests.web.browser import Served

_FULL = """
import os
sync = os.fsync
def fsync(handle):
    if os.path.exists({flag!r}):
        raise OSError(28, "No space left on device")
    sync(handle)
os.fsync = fsync
"""


class Workplace:
    """A case folder, its desk, which can be killed and started again, and its disk, which can be full."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "cases"
        self.folder.mkdir()
        self.full = folder / "full"
        self.desk = self._start()
        self.port = re.sub(r".*:([0-9]+)/.*", r"\1", self.desk.address)

    def __enter__(self) -> Workplace:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.desk.stop()

    def _start(self, *options: str) -> Served:
        return Served(self.folder, *options, before=_FULL.format(flag=str(self.full)))

    def kill(self) -> None:
        """A power cut: what was not on the disk is gone."""
        self.desk.kill()
        self.desk.stop()

    def start_again(self) -> None:
        """The same folder at the same place, under another start address."""
        self.desk = self._start("--port", self.port)
