"""What a clinician reads holds no id, code, option or path of the program (every sample, every format)."""

from __future__ import annotations

import re
from functools import lru_cache

import pytest

from reportgen.findings import CATALOGUE
from reportgen.pipeline import Rendered, Settings, check, render
from reportgen.protocols.load import load_header, load_protocol, protocol_ids
from reportgen.reports.model import Heading, Notice
from tests.acceptance.support import Data, changed, read_data, source
from tests.cli.program import SAMPLES
from tests.formats.readback import read

FORMATS = ("txt", "html", "docx", "pdf")
NAMES = sorted(path.stem for path in SAMPLES.glob("*.yaml"))
REASON = "seen with a colleague"
PROGRAM = re.compile(rf"(?<![\w-])--[a-z]|\b(override|parts|acknowledge)\.\w|\b({'|'.join(CATALOGUE)})\b")
OWN: dict[str, Data] = {  # variants of each sample: as it is, worded by the pathologist
    "as it is": {},
    "worded": {"override": {"diagnosis": "Spindle cell lesion", "comment": "The findings are discussed."}},
    "diagnosis alone": {"override": {"diagnosis": "Spindle cell lesion"}},
}


def acknowledged(data: Data) -> Data:
    """The case with every warning and stop answered, so that each of them is said."""
    for each in check(source(data)).raised:
        part = next(part for part in data["parts"] if part["label"] == each.part)
        part.setdefault("acknowledge", {})[each.state.id] = REASON
    return data


def variant(name: str, change: str) -> Data:
    data = changed(read_data(SAMPLES / f"{name}.yaml"), {})
    for part in data["parts"]:
        if part.get("protocol", data.get("protocol")) == "aismn":
            part.update(OWN[change])
    return acknowledged(data)


@lru_cache(maxsize=4)
def rendered(name: str, change: str) -> Rendered:
    return render(source(variant(name, change)), Settings(formats=FORMATS))


def internal() -> set[str]:
    """The paths of all elements that hold a point, and the ids of all clauses: no words of any language."""
    forms = [load_header(), *map(load_protocol, protocol_ids())]
    return {path for form in forms for path in form.slots if "." in path}


def ids() -> set[str]:
    return {each.id for id in protocol_ids() for each in load_protocol(id).protocol.advisories}


def texts(made: Rendered) -> list[str]:
    """What the report says in sentences, notices and headings; pairs and cells hold names of blocks, such as A1."""
    blocks = [block.text for block in made.report.blocks() if isinstance(block, Heading | Notice)]
    sentences = [sentence.text for sentence in made.report.sentences() if sentence.clause and not sentence.gap]
    notices = [notice.text for notice in made.report.notices]
    return [*blocks, *sentences, *notices, *made.report.metadata.keywords[1:], made.report.metadata.title]


@pytest.mark.parametrize("change", OWN)
@pytest.mark.parametrize("name", NAMES)
def test_no_report_holds_an_id_or_a_path(name: str, change: str) -> None:
    made = rendered(name, change)
    for text in texts(made):
        assert not PROGRAM.search(text), text
        assert not re.search(rf"\b({'|'.join(sorted(ids()))})\b", text), text
    words = " ".join(texts(made))
    assert not [path for path in internal() if re.search(rf"(?<![\w.]){re.escape(path)}(?!\w)", words)]
    for format in FORMATS:
        body = read(format, made.documents[format], made.report).body
        assert "override." not in body, format
        assert "parts.A" not in body, format
        assert not re.search(r"--[a-z]{3}", body), format


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("change", OWN)
def test_no_gap_names_an_entry_of_the_file(name: str, change: str) -> None:
    gaps = [sentence.text for sentence in rendered(name, change).report.sentences() if sentence.gap]
    assert not [text for text in gaps if PROGRAM.search(text)]


def test_what_was_acknowledged_is_said_by_its_title() -> None:
    made = rendered("q2-metastatic", "as it is").report
    (notice,) = [text for text in made.reading_order() if text.startswith("Acknowledged by the pathologist: ")]
    assert f"Metastasis: {REASON}" in notice
