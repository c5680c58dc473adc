r"""What a machine or a hurried hand writes where nothing was entered: the one place that decides it.

Such words come from databases (`NULL`), from templates that were not filled (`***`, `@NAME@`, `[Enter site]`) and from
interfaces that did not decode (`\.br\`, `&nbsp;`). They look like an answer and are none.
"""

from __future__ import annotations

import re

_DATABASE = re.compile(
    r"(?:#?n/?a\.?|<na>|n\.a\.|nan|nat|nil|none|\(?null\)?|\\n|undefined|\[?blank\]?|\[null\])", re.IGNORECASE
)
_WHOLE = re.compile(
    r"(?:(?:[^\w\s±†]|_)+|tb[dacn]|to ?do|to be (?:added|entered|completed)|fill in|\[[a-z][a-z ]*\]|x{2,}|x x x)\.?",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    r"""
      \*{3,} | _{3,} | \?{2,}                                    # wildcards, lines to write on
    | @[A-Za-z][\w. ]*@ | «[^»]*» | %[A-Z][A-Z_]+% | \$[A-Z][A-Z_]+\$ | \[object\ \w+\]  # fields of templates
    | \{[^{}]*\} | \$\{ | <<[^<>]*>>
    | \[\s*\] | \[\s*(?i:enter|insert|type|select|choose|add|specify|fill|click|describe|dictate)\b[^\]]*\]
    | \[[^\]]*\b(?i:here|tbd|not\ entered|placeholder)\s*\]
    | \b(?:TBD|TBA|TODO|FIXME|NULL|NaN)\b | \b[xX]{3,}\b | \#?\bN/A\b | \#(?:REF|VALUE|NAME|NUM|DIV/0)[!?]
    | (?i:\blorem\ ipsum\b | \bto\ be\ determined\b)
    | \\(?:\.[a-z]{2}[+\-\d ]*|[TSFREHN]|X[0-9A-Fa-f]+)\\ | \\[nrt](?=[A-Z\s\\]|$)  # codes of an interface
    | _x000[AD]_
    | &(?:[a-z]{2,8}|\#\d{1,5}|\#x[0-9A-Fa-f]{1,4}); | </?[A-Za-z][A-Za-z0-9 /_-]*>
    | \b[A-Za-z][\w']*\^[A-Za-z]
    """,
    re.VERBOSE,
)
_UNKNOWN = re.compile(
    r"""
    (?: (?:is\ )?(?:not|un)[ -]?(?:known|available|assigned|provided|given|stated)
      | unk | unavailable | missing | pending | no\ (?:mrn|number|record|id)
    )\b[^0-9]*
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TRIAL = re.compile(
    r"\b(?:z+test\w*|test[-_ ]?patient\w*|patient[, ]+test\w*|do not use|dummy)\b"
    r"|\b(?:not a real|fake|testing|asdf\w*|qwerty\w*)\b|^\s*test\b|\btest\s*$",
    re.IGNORECASE,
)


def database_nothing(text: str) -> bool:
    """Whether a text is, as a whole, a database's or a spreadsheet's word for nothing."""
    return _DATABASE.fullmatch(text.strip()) is not None


def says_unknown(text: str) -> bool:
    """Whether a text stands for an identifier or a date that nobody knows."""
    return database_nothing(text) or _UNKNOWN.fullmatch(text.strip()) is not None


def nothing_in(text: str, *, prose: bool = False) -> str:
    """The first thing in a text that says nothing; "" where there is none.

    In prose, which is to say something in words, one sign or letter is not enough.
    """
    bare = text.strip()
    if _DATABASE.fullmatch(bare) or _WHOLE.fullmatch(bare) or (prose and len(bare) == 1):
        return bare
    found = _INSIDE.search(bare)
    return found.group() if found else ""


def trial_name(text: str) -> bool:
    """Whether a patient's name looks like one of a trial run ("TEST, DO NOT USE")."""
    return _TRIAL.search(text) is not None
