"""A font as a face of a family of our own naming."""

from __future__ import annotations

from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from reportgen.formats.font_file import renamed
from reportgen.formats.fonts import FACES, font_files


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("was", FACES)
def test_it_is_what_it_is_used_as_and_nothing_tells_what_it_was(was: str, face: str) -> None:
    with TTFont(font_files()[was]) as font:
        data = renamed(font, "ours 1", face)
    with TTFont(BytesIO(data)) as font:
        assert {font["name"].getDebugName(number) for number in (1, 4)} == {"ours 1", f"ours 1 {face}"}
        assert "Carlito" not in {str(each) for each in font["name"].names if each.nameID in (1, 3, 4, 6, 16, 18, 21)}
        assert font["OS/2"].usWeightClass == (700 if face == "bold" else 400)
        assert bool(font["OS/2"].fsSelection & 1) == (face == "italic")
