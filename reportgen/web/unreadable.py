"""The page of a file that cannot be opened as a case: what it is, and what to do about it."""

from __future__ import annotations

import stat
from collections.abc import Iterable

from reportgen.findings import Finding
from reportgen.protocols.load import load_header
from reportgen.reading.readers import SIZE_LIMIT
from reportgen.web import views
from reportgen.web.document import Document
from reportgen.web.heads import Kind, head_of
from reportgen.web.pages import Values

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


def of_file(name: str, findings: Iterable[Finding], content: bytes = b"?") -> Values:
    """What the page of a file says that cannot be opened as a case; `content` is what it holds, if it can be read."""
    found = tuple(findings)
    lead = next((_LEADS[each.code] for each in found if each.code in _LEADS), "")
    if not lead and not content.strip():
        lead = _EMPTY
    elif not lead and head_of(content, name, load_header()).kind is Kind.other:
        lead = _OTHER
    return _values(_TITLE, name, lead or _WRONG, () if lead else views.refused(found))


def of_kind(name: str, mode: int) -> Values:
    """The same for something that is not a plain file; `mode` is what the system says that it is."""
    lead = _LINK if stat.S_ISLNK(mode) else _FOLDER if stat.S_ISDIR(mode) else _NO_FILE
    return _values(_TITLE, name, lead)


def of_findings(findings: Iterable[Finding], case: Document | None) -> Values:
    """The same for a case that was opened, and from which something could not be made."""
    said = tuple({**each, "line": ""} for each in views.refused(findings, case))
    return _values("This could not be done", "", "", said)


def _values(title: str, file: str, lead: str, findings: tuple[Values, ...] = ()) -> Values:
    return {"title": title, "file": file, "lead": f"{lead} {_KEPT}".lstrip(), "findings": findings}
