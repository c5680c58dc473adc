"""Findings in the words of a page: elements by their titles, no place in a file, no step that a page does not have.

A finding is written for the reader of a file: it names elements by their paths and refers to lines, options and keys. A
user of the form sees none of these.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from reportgen.cases.element_path import ElementPath
from reportgen.cases.model import part_prefix
from reportgen.findings import Finding
from reportgen.formats.unprintable import Lost
from reportgen.protocols.compiled import Compiled
from reportgen.web.document import OF_PART, Document
from reportgen.web.tidying import called, place

_PROGRAM = re.compile(r"(^|\s)--\w|[`{}|]|\.ya?ml|\b(?:profile|mapping|column|table|YAML)\b|\b\w+: …")
"""An option, a command, a key, a line of a file: what a page does not have."""
_PLACE = re.compile(r" \((?:[^()\s][^()]*:\d+:\d+|made)\)|\b\S+:\d+:\d+: ?")
_ID = re.compile(r"\b[A-Za-z]\w*(?:[._]\w+)+\b")
_STEPS = {
    "E101": "correct or remove it in the case file",
    "E108": "correct it in the case file",
    "E503": "replace the character, or take the report as Word or text",
}


def titles(made: Document) -> dict[str, str]:
    """What everything is called that has a path in a case."""
    found = {f"{part_prefix(label)}received_as": "Received as" for label in made.labels}
    for prefix, form in made.forms():
        found |= {prefix + path: slot.element.title for path, slot in form.slots.items()}
        if isinstance(form, Compiled):
            found |= {f"{prefix}acknowledge.{each.id}": each.title for each in form.protocol.advisories}
            found |= {f"{prefix}override.{each.id}": each.title for each in form.statements().values()}
            for whole in ("comment", "diagnosis"):
                found.setdefault(f"{prefix}override.{whole}", f"The whole {whole}")
    return found


def title(path: str, known: Mapping[str, str], beside: str = "") -> str:
    """The name of a path on a page; with its part, where that is not the part of the path `beside`.

    What no form asks is named by its key in the file, for it can only be corrected there.
    """
    at = ElementPath.parse(path)
    said = known.get(str(at.bare), "")
    if not at.part:
        return said or f"“{path}”"
    said = said or (f"“{at.from_part}”" if at.steps else "")
    is_other = not said or ElementPath.parse(beside).part != at.part
    return ", ".join(filter(None, (f"Part {at.part}" if is_other else "", said)))


def words(finding: Finding, known: Mapping[str, str]) -> str:
    """A finding beside its field: what is wrong, and the next step where the page has it."""
    message = _named(_PLACE.sub("", finding.message), finding.path, known)
    step = _STEPS.get(finding.code, "" if _PROGRAM.search(finding.step) else finding.step)
    step = _named(step, finding.path, known)
    return f"{message[:1].upper()}{message[1:]}{': ' if step else ''}{step}."


def unprinted(one: Lost) -> str:
    """A character that a PDF cannot show, with its place in the text."""
    where = f"{place(one.text.text, one.text.text.index(one.char))}, is {called(one.char)}"
    if one.font:
        return f"{where}. Only a font of this machine has it: elsewhere, the report may not be made."
    return f"{where}. No font has it, so the report cannot be made as PDF, nor finalized: write it in words."


def _named(text: str, path: str, known: Mapping[str, str]) -> str:
    """A text with titles in place of ids."""
    part = ElementPath.parse(path).part
    prefix = part_prefix(part) if part else ""
    by_id = {each.rpartition(".")[2]: name for each, name in known.items() if name}

    def called(found: re.Match[str]) -> str:
        said = found.group()
        for each in (said, prefix + said):
            if each in known or each.startswith("parts."):
                return title(each, known, path)
        last = said.rpartition(".")[2]
        if last in by_id and ("_" in last or said.partition(".")[0] in OF_PART):
            return by_id[last]
        return said

    return _ID.sub(called, text)
