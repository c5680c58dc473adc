"""Folders for font files among the temporary files: engines take fonts from a folder that holds nothing else."""

from __future__ import annotations

import atexit
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp

_folders: dict[tuple[int, str], Path] = {}  # process and name → folder


def folder(name: str, files: Mapping[str, bytes] | None = None) -> Path:
    """This process's folder of a name with some files in it, made at first use and removed when the process ends."""
    key = os.getpid(), name
    if key not in _folders:
        made = Path(mkdtemp(prefix="reportgen-fonts-"))
        for file, data in (files or {}).items():
            (made / file).write_bytes(data)
        _folders[key] = made
    return _folders[key]


@atexit.register
def release() -> None:
    """Remove the folders of this process; those of its parent stay."""
    for key in [key for key in _folders if key[0] == os.getpid()]:
        shutil.rmtree(_folders.pop(key), ignore_errors=True)
