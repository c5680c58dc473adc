"""What commonly lies behind a text that is not YAML: a slip of the pen, told in plain words."""

from __future__ import annotations

import re

_TAB = re.compile(r"^ *\t")
_BRACES = re.compile(r"(?:^|[:-]\s+|\[\s*|,\s*)\{\{")
_APOSTROPHE = re.compile(r"(?:[:-]\s+|[\[{,]\s*)'[^']*\w'\w")
_COLON = re.compile(r"^\s*(?:- )?[\w.]+:\s+[^\"'\[{|>#][^#]*?\w: ")
_LOOKED_BACK = 3  # lines: the parser notices a slip where it can go no further
BRACES = "put words that begin with a brace in quotes"


def slip(text: str, line: int) -> str:
    """The next step for a text that cannot be read at a line (from 0); "" where no slip is known."""
    lines = text.split("\n")
    near = lines[max(line - _LOOKED_BACK, 0) : line + 1][::-1]
    for pattern, step in (
        (_TAB, "indent with spaces: YAML knows no tabs"),
        (_BRACES, BRACES),
        (_APOSTROPHE, "write words with an apostrophe in double quotes, or the apostrophe twice"),
        (_COLON, "put words that hold a colon in quotes"),
    ):
        if any(pattern.search(each) for each in near):
            return step
    return ""
