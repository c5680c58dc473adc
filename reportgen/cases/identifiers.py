"""Numbers by which a case or a patient is known: what a spreadsheet made of them, and when two spellings are one."""

from __future__ import annotations

import re
import unicodedata

_DASHES = dict.fromkeys(map(ord, "\u2212\u02d7\u00ad\ufe63\uff0d"), "-")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_SPOILED = (
    (r"[+-]?[0-9]+(?:[.,][0-9]+)?e[+-][0-9]+|[0-9]+[.,][0-9]+e[0-9]+", "is a rounded number of a spreadsheet"),
    (r"#+", "is what a spreadsheet shows of a column that is too narrow"),
    (r"[0-9]+[.,]0+", "has a fraction, as a program writes it that took it for a number"),
    (r"['\u2019\u2018`].*", "begins with the apostrophe by which a spreadsheet marks a text"),
    (r"=.*", "is a formula of a spreadsheet"),
    (rf"[0-9]{{1,4}}[- ./]{_MONTH}(?:[- ./][0-9]{{2,4}})?|{_MONTH}[- ./][0-9]{{1,4}}", "has become a date"),
    (r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}[ t][0-9]{1,2}:[0-9]{2}.*", "has become a date with a time of day"),
    (r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", "has become a date"),
    (r"[0-9]{15}0+", "has more digits than a spreadsheet keeps, and ends with zeros"),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), why) for pattern, why in _SPOILED)


def spoiled(text: str) -> str:
    """What a spreadsheet did to an identifier; "" where nothing shows."""
    said = text.strip()
    return next((why for pattern, why in _PATTERNS if pattern.fullmatch(said)), "")


def identifier_key(text: str) -> str:
    """What makes two spellings one identifier: width, capitals, spaces and kinds of dashes tell nothing apart."""
    if text.isascii():
        return "".join(text.split()).casefold()
    folded = unicodedata.normalize("NFKC", text.translate(_DASHES)).casefold()
    signs = ("-" if unicodedata.category(sign) == "Pd" else sign for sign in folded if not sign.isspace())
    return unicodedata.normalize("NFC", "".join(signs))


def mask(text: str) -> re.Pattern[str]:
    """The form of an identifier as a laboratory writes it: 9 is any digit, X any letter, all else stands for itself."""
    made = ("[0-9]" if sign == "9" else r"[^\W\d_]" if sign == "X" else re.escape(sign) for sign in text)
    return re.compile("".join(made))
