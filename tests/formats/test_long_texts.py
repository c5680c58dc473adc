"""The longest texts that a case may hold are printed whole in every format."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
import yaml
from pypdf import PdfReader

from reportgen.pipeline import Settings, render
from reportgen.protocols.elements import LONGEST
from reportgen.reading.readers import read_content
from tests.cli.program import SAMPLES

PLACES = ("clinical_history", "microscopic", "gross")


@pytest.fixture(scope="module")
def documents() -> dict[str, bytes]:
    data = yaml.safe_load((SAMPLES / "shave-biopsy.yaml").read_text(encoding="utf-8"))
    data["clinical_history"] = text_of("clinical_history")
    data["parts"][0]["microscopic"] = text_of("microscopic")
    gross = data["parts"][0].get("gross")
    data["parts"][0]["gross"] = {**(gross if isinstance(gross, dict) else {}), "description": text_of("gross")}
    content = yaml.safe_dump(data, allow_unicode=True).encode()
    return dict(render(read_content(content, "a.yaml"), Settings(formats=("docx", "pdf", "txt"))).documents)


def text_of(place: str) -> str:
    """A text of exactly the longest length, whose words are counted: none can be missing unseen."""
    words = "".join(f"{place[0]}x{number:05d} " for number in range(LONGEST))
    return words[:LONGEST]


@pytest.mark.parametrize("format", ["docx", "pdf", "txt"])
def test_every_word_of_the_longest_texts_is_printed(documents: dict[str, bytes], format: str) -> None:
    data = documents[format]
    if format == "pdf":
        said = " ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    else:
        said = ZipFile(BytesIO(data)).read("word/document.xml").decode() if format == "docx" else data.decode()
    for place in PLACES:
        missing = [word for word in text_of(place).split() if word not in said]
        assert missing == [], (place, len(missing), missing[:3])
