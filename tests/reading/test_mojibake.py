"""Letters read in a wrong encoding are found; names as people write them are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.cases.validate import validate
from reportgen.reading.mojibake import misread_letters
from reportgen.reading.readers import read_text

WRITTEN = (
    "Zoë", "Müller, Jörg", "GARÇON", "Ærø", "Łukasz Żółć", "Ștefan Țăran", "Ăștia", "Őry Ágnes",
    "Şükrü Çağ", "Þórður Æ", "Ñuñoa", "MAÇÃ", "IRMÃ, São", "HÂT", "Ångström", "10 Å", "Οδυσσέας",
    "Пётр Иванов", "Рівне", "Сіра Вівця", "Éloïse", "«été»", "mm²", "90 %", "3–4", "don’t",
    "“Spaß”", "„Größe“", "…", "½", "±2", "≥3", "µm", "TCRγδ", "αβ", "√2", "王小明", "Nguyễn Văn Ấn",
    "אבג", "محمد", "Ọ̀ṣun", "melanoma? nevus?", "a ? b", "?", "Ø 3 mm", "6 × 4", "Ä. Ö. Ü.",
)  # fmt: skip
MISREAD = ("cp1252", "cp1250", "iso8859-15", "iso8859-2", "cp437", "cp850", "mac-roman", "cp1257")


@pytest.mark.parametrize("text", WRITTEN)
def test_what_people_write_is_silent(text: str) -> None:
    assert misread_letters(text) == ""


@pytest.mark.parametrize("encoding", MISREAD)
@pytest.mark.parametrize("name", ["Müller, Jörg", "Zoë", "Núñez", "Gonçalves", "Åse"])
def test_utf_8_read_as_another_encoding_is_found(name: str, encoding: str) -> None:
    try:
        wrong = name.encode().decode(encoding)
    except UnicodeDecodeError:
        pytest.skip("a byte that this encoding does not have")
    assert misread_letters(wrong) if wrong.isprintable() else not wrong.isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "ZoÃ«", "MÃ¼ller", "MÃƒÂ¼ller", "donâ€™t", "3 mmÂ²", "80\u00c2\u00a0%", "3â€“4 mm", "MĂĽller",
        "MichaÅ‚",
        "Иванов".encode().decode("cp1251", "replace"), "Παύλος".encode().decode("cp1253", "replace"), "M?ller", "Nu?ez",
        "张伟".encode().decode("cp1252", "replace"), "Иван".encode().decode("cp1252", "replace"),
    ],
)  # fmt: skip
def test_the_well_known_ones_are_found(text: str) -> None:
    assert misread_letters(text)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="?")))
def test_ascii_is_never_doubted(text: str) -> None:
    assert misread_letters(text) == ""


def test_a_case_tells_which_entry() -> None:
    text = 'protocol: general\naccession: S1\npatient: {name: "MÃ¼ller, JÃ¶rg"}\nparts:\n  - {label: A, site: arm}\n'
    found = validate(read_text(text, name="c")).findings
    assert [(each.code, each.path) for each in found] == [("W310", "patient.name")]
