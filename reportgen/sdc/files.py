"""The files of an imported form: its protocol, a scenario to begin with, and the list of what was lost or changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from reportgen.findings import counted, refuse
from reportgen.laboratory.meanings import load_meanings
from reportgen.laboratory.model import Laboratory
from reportgen.laboratory.own_protocols import FILES, FOLDER, SCENARIOS, schema_line
from reportgen.laboratory.starter import with_protocol
from reportgen.pipeline import Settings, compose
from reportgen.protocols.load import load_protocol
from reportgen.reading.readers import SIZE_LIMIT
from reportgen.reading.source import source_of
from reportgen.reading.yaml_writing import written
from reportgen.reports.open_items import names_of
from reportgen.sdc.model import Form, Kind, Loss
from reportgen.sdc.names import slug
from reportgen.sdc.protocol import protocol_of

LIST = "import.md"
_MOST = 20_000  # items and answers; the largest forms have some 2,000
_HEAD = """\
# Imported from {file}. {list} tells what of the form was lost or changed.
# The form asks; it says nothing. Without a wording.yaml, the pathologist words the diagnosis above the synopsis.
"""
_CASES = "# Cases, each with what its report must say. Every name and number is invented.\n"


def protocol_files(form: Form, id: str, laboratory: Laboratory) -> tuple[dict[Path, bytes], tuple[Loss, ...]]:
    """The files of the protocol that a form becomes, by their paths, and everything that was lost or changed.

    Args:
        form: the form.
        id: the id of the protocol; empty: made from the title of the form.
        laboratory: the profile that is to have it.

    Raises:
        FindingsError: where the protocol would not be in order.
    """
    if sum(1 + len(item.answers) for item in form.items()) > _MOST:
        raise refuse("E008", f"has more than {_MOST:,} items and answers", form.place, hint="import a smaller form")
    id = id or slug(form.title)
    data, losses = protocol_of(form, id, load_meanings(laboratory).states)
    folder = laboratory.own.folder / FOLDER / id
    head = _HEAD.format(file=Path(form.place.file).name, list=LIST)
    contents = {folder / FILES[0]: (schema_line(FILES[0]) + head + written(data)).encode()}
    if len(contents[folder / FILES[0]]) > SIZE_LIMIT:
        raise refuse("E008", "is larger than a protocol can be", form.place)
    brought = with_protocol(laboratory, id, contents)
    load_protocol(id, brought)
    contents[folder / SCENARIOS] = _scenarios(id, form.title, brought).encode()
    contents[folder / LIST] = _list(form, losses).encode()
    return contents, losses


def summary(losses: Iterable[Loss]) -> list[str]:
    """A line for each kind of thing that was lost or changed, what was lost first."""
    count = Counter((not loss.lost, loss.what.partition(":")[0]) for loss in losses)
    return [f"{'changed' if kept else 'lost'}: {what} ({number})" for (kept, what), number in sorted(count.items())]


def _list(form: Form, losses: tuple[Loss, ...]) -> str:
    file = Path(form.place.file).name
    questions = sum(item.kind is Kind.question for item in form.items())
    lines = [f"# {form.title}: what became of the form", ""]
    lines += [f"{file} asks {counted(questions, 'question')}.", ""]
    for title, lost in (("Lost", True), ("Changed", False)):
        rows = [loss for loss in losses if loss.lost is lost]
        lines += [f"## {title}", "", "| id in the form | line | what | outcome |", "|---|---|---|---|"] if rows else []
        lines += [_row(loss.id, loss.place.line, loss.what, loss.outcome) for loss in rows]
        lines += [""] if rows else []
    if form.properties:
        lines += ["## Properties of the form", "", "| name | value |", "|---|---|"]
        lines += [_row(name, value) for name, value in form.properties]
    return "\n".join(lines).rstrip() + "\n"


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _scenarios(id: str, title: str, laboratory: Laboratory) -> str:
    """A case without any answer, of which the report says nothing and names what is open."""
    case: dict[str, object] = {
        "protocol": id,
        "accession": "S26-00001",
        "patient": {"name": "Invented, Ivo", "mrn": "000001", "birth_date": "1970-01-01", "sex": "male"},
        "collected": "2026-01-05",
        "received": "2026-01-06",
        "submitted_by": "Dr. Example",
        "laboratory": {"name": "Example Laboratory", "address": "1 Sample Street"},
        "parts": [{"label": "A"}],
    }
    gaps = names_of(compose(source_of(case), Settings(laboratory=laboratory)).open, several=False)
    said = {"header": f"{title}:", "comment": [], "gaps": list(gaps)}
    scenario = {"name": "nothing is said of a form without answers", **said}
    data: dict[str, object] = {"about": "The form alone says nothing.", "case": case, "scenarios": [scenario]}
    return schema_line(SCENARIOS) + _CASES + written(data, of_cases=True)
