"""The journal of a folder: what is about to be written and what was written, one line each, only ever appended.

Why lines and not a database: what one `write` call appends is whole or torn, never mixed, also from several processes;
a torn record spoils nothing but itself, since every record begins on a line of its own; and a person can read it when
all else fails. It names cases by a hash of their accession and holds no answer of any.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from reportgen.findings import refuse

NAME = ".reportgen-batch.jsonl"
_LONGEST = 1_000_000  # characters of a record; a longer line is damage


class Journal:
    """A folder's journal, open for appending; worker processes forked from the opener append to it too."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        try:
            self._handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise self._refused(error) from None

    def add(self, **record: object) -> None:
        """Append one record; raises as `add_all`."""
        self.add_all([record])

    def add_all(self, records: Iterable[dict[str, object]]) -> None:
        """Append records in one go; raises `FindingsError` (E502) where the disk does not take them whole."""
        lines = "".join(f"\n{json.dumps(record, separators=(',', ':'))}\n" for record in records).encode()
        if not lines:
            return
        try:
            written = os.write(self._handle, lines)
        except OSError as error:
            raise self._refused(error) from None
        if written < len(lines):
            raise refuse("E502", "could not be written: the disk is full", str(self.path))

    def flush(self) -> None:
        """Make what was appended survive a power cut."""
        try:
            os.fsync(self._handle)
        except OSError as error:
            raise self._refused(error) from None

    def close(self) -> None:
        """Close the file."""
        os.close(self._handle)

    def _refused(self, error: OSError) -> Exception:
        return refuse("E502", f"could not be written: {error.strerror or 'unknown reason'}", str(self.path))


def records(folder: Path) -> Iterator[dict[str, object]]:
    """The records of a folder's journal, oldest first; torn lines are passed over."""
    try:
        file = (folder / NAME).open("r", encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    except OSError as error:
        raise refuse("E502", f"cannot be read: {error.strerror}", str(folder / NAME)) from None
    with file:
        while line := file.readline(_LONGEST):
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if isinstance(record, dict):
                yield record
