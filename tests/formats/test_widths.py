"""How wide texts are: as the font says, for the wider of its faces, so that nothing is wider than was told."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from reportgen import template_files
from reportgen.findings import FindingsError
from reportgen.formats.font_file import measured
from reportgen.formats.fonts import coverage, font_files
from reportgen.formats.widths import _bundled, width, widths
from tests.formats.test_fonts import own_font

KNOWN = sorted(char for char in coverage() if char.isprintable())


def test_every_character_of_the_bundled_font_has_the_width_of_its_wider_face() -> None:
    known = widths()
    for face in ("regular", "bold"):
        with TTFont(font_files()[face]) as font:
            for char in KNOWN:
                advance, _ = font["hmtx"][font.getBestCmap()[ord(char)]]
                assert known[char] >= advance * 1000 / 2048


@given(st.text(st.sampled_from(KNOWN)), st.text(st.sampled_from(KNOWN)), st.floats(1, 40))
def test_widths_add_up_and_grow_with_the_size(one: str, two: str, size: float) -> None:
    known = widths()
    assert width(one + two, size, known) == pytest.approx(width(one, size, known) + width(two, size, known))
    assert width(one, 2 * size, known) == pytest.approx(2 * width(one, size, known))


def test_what_the_font_lacks_counts_as_wide_as_high() -> None:
    assert width("\u4e2d", 10, widths()) == 10


def test_a_laboratory_s_own_font_has_its_own_widths(tmp_path: Path) -> None:
    bold = font_files()["bold"].read_bytes()
    own = widths(own_font(tmp_path, regular_ttf=bold))
    assert own is widths(own_font(tmp_path, regular_ttf=bold))
    bolder = measured(TTFont(font_files()["bold"]))
    ours = widths()  # what identifies a patient is set in it all the same
    assert {char: own[char] for char in "abcW"} == {char: max(bolder[char], ours[char]) for char in "abcW"}


def test_without_the_written_widths_nothing_is_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    _bundled.cache_clear()
    monkeypatch.setattr(template_files, "exists", lambda _: False)
    with pytest.raises(FindingsError, match="S603"):
        widths()
