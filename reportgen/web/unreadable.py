"""The page of a file that cannot be opened as a case: what it is, and what to do about it."""

from __future__ import annotations

import stat
from collections.abc import Iterable
from typing import Any

from reportgen.findings import Finding
from reportgen.protocols.load import load_header
from reportgen.reading.readers import SIZE_LIMIT
from reportgen.web import views
from reportgen.web.document import Document
from reportgen.web.heads import Kind, head_of

_TITLE = "This file cannot be opened as a case"
_KEPT = "Nothing was changed."
_LARGE = (
    f"The file is larger than {SIZE_LIMIT // 1_000_000} MB. A case needs far less, so the file holds something else. "
    "Open it in the program that it comes from."
)
_ENCODED = "The file is not stored as UTF-8 text. Save it as UTF-8 in the program that it comes from."
_EMPTY = "The file is empty. Delete it, and make the case again with “New case” in the work list."
_OTHER = "The file holds something other than a case. Move it out of the folder of the cases."
_DENIED = "The desk cannot read the file. Ask whoever looks after the folder to give you permission to read it."
_LINK = "It is a link to a file, and the desk opens no links. Put the file itself into the folder of the cases."
_FOLDER = "It is a folder. Move the cases in it into the folder of the desk, or open a desk for it."
_NO_FILE = "It is not a file that holds a case. Move it out of the case folder."
_WRONG = "The file must be corrected in a text editor before it can be opened here."
_LEADS = {"E008": _LARGE, "E001": _ENCODED, "E009": _DENIED}


def of_file(name: str, findings: Iterable[Finding], content: bytes = b"?") -> dict[str, Any]:
    """What the page of a file says.

    Args:
        name: the file.
        findings: why it is no case that can be opened.
        content: what it holds, if it can be read.
    """
    found = tuple(findings)
    told = next((_LEADS[each.code] for each in found if each.code in _LEADS), "")
    if not told and not content.strip():
        told = _EMPTY
    elif not told and head_of(content, name, load_header()).kind is Kind.other:
        told = _OTHER
    lead = f"{told or _WRONG} {_KEPT}"
    return {"title": _TITLE, "file": name, "lead": lead, "findings": () if told else views.refused(found)}


def of_kind(name: str, mode: int) -> dict[str, Any]:
    """The same for something that is no plain file.

    Args:
        name: its name.
        mode: what it is, as the system tells it.
    """
    lead = _LINK if stat.S_ISLNK(mode) else _FOLDER if stat.S_ISDIR(mode) else _NO_FILE
    return {"title": _TITLE, "file": name, "lead": f"{lead} {_KEPT}", "findings": ()}


def of_findings(findings: Iterable[Finding], case: Document | None) -> dict[str, Any]:
    """The same for a case that was opened, and of which something could not be made."""
    said = tuple({**each, "line": ""} for each in views.refused(findings, case))
    return {"title": "This could not be done", "file": "", "lead": _KEPT, "findings": said}
