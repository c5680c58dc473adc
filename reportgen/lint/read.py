"""A report in any of the file types that can be judged, read in a child process with limits on time and memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from reportgen.contained import Owner, contained
from reportgen.findings import FindingsError, either, refuse
from reportgen.lint.rows import Row, as_data, from_data
from reportgen.reading.readers import read_bytes

LARGEST = 20_000_000  # bytes of a file; a report with pictures has less
_SECONDS = 20  # of computing
_MOST_ROWS = 20_000
_ENDINGS = (".docx", ".pdf", ".txt")
_RAN_AWAY, _BROKE = "T415", "T408"


def read_rows(path: Path) -> tuple[Row, ...]:
    """The rows of a report.

    Raises:
        FindingsError: E008 for a file that is too large, E009 for one that cannot be read, E010 for one of another
            type, E025 for one that is broken, locked or a bomb, E026 for one without text.
    """
    shown, ending = str(path), path.suffix.lower()
    if ending not in _ENDINGS:
        raise refuse("E010", f'"{ending}" is not a file type of reports', shown, hint=f"name a {either(_ENDINGS)} file")
    data = read_bytes(path, shown, LARGEST, "lint one report at a time")
    try:
        told = contained(_read, None, ending, data, shown, place=shown, seconds=_SECONDS)
    except FindingsError as error:
        if error.codes & {_RAN_AWAY, _BROKE}:
            raise refuse("E025", "cannot be read within the limits of time and memory", shown) from None
        raise
    found = tuple(from_data(json.loads(told)))
    if not any(row.text for row in found):
        raise refuse("E026", "holds no text", shown)
    return found


def _read(_: Owner | None, ending: str, data: bytes, name: str) -> str:
    """The rows of a file as JSON; runs in the child."""
    rows: list[Row] = []
    for row in _reader(ending)(data, name):
        rows.append(row)
        if len(rows) > _MOST_ROWS:
            raise refuse("E025", f"has more than {_MOST_ROWS:,} lines", name, hint="lint one report at a time")
    return json.dumps(as_data(rows))


def _reader(ending: str) -> Callable[[bytes, str], Iterator[Row]]:
    if ending == ".docx":
        from reportgen.lint.docx_rows import rows as docx

        return docx
    if ending == ".pdf":
        from reportgen.lint.pdf_rows import rows as pdf

        return pdf
    from reportgen.lint.text_rows import rows as text

    return text
