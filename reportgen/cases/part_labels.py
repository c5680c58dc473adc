"""The labels of parts, as the laboratory gave them: containers carry them, so nothing here ever changes one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from reportgen.reading.characters import letters

ABOUT_LABELS = frozenset({"E207", "E215", "W313", "W318"})  # findings that rest on the labels of a case
_LABEL = re.compile(r"(?=\w)[^\W\d_]{0,3}(?:-?[0-9]{1,3}[^\W\d_]?)?")  # too short for a name
_ALIKE = str.maketrans(  # Greek, then Cyrillic capitals → the Latin ones that look the same
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405",
    "ABEZHIKMNOPTYXABEKMHOPCTYXIJS",
)
_LETTERS = 26 + 26**2 + 26**3  # labels of one to three letters
_NEEDLESS = re.compile(r"-|(?<![0-9])0+(?=[0-9])")
_STEPS = re.compile(r"([A-Z]*)([0-9]*)([A-Z]*)")


def label_in(text: str) -> str:
    """The label in an entry (`A`, `AB`, `a`, `1`, `B2`, `A-1`), without space around it; "" where it is none."""
    found = text.strip()
    return found if _LABEL.fullmatch(found) else ""


def label_key(label: str) -> str:
    """What two labels share that could be taken for one: `A`, `a`, a wide or a Cyrillic `A`; `A-1`, `A1`, `A01`."""
    wide = label.strip().upper() if label.isascii() else unicodedata.normalize("NFKC", label.strip()).upper()
    return _NEEDLESS.sub("", wide.translate(_ALIKE))


def part_names(given: Sequence[str]) -> tuple[str, ...]:
    """What findings and paths call each part: its label; where it has none, or another part's, no letter is invented.

    Such a part is called by its place: `unlabeled~2`, `A~2`, which no label can be.
    """
    seen = set[str]()
    names = []
    for number, text in enumerate(given, start=1):
        label, key = label_in(text), label_key(text)
        names.append(label if label and key not in seen else f"{label or 'unlabeled'}~{number}")
        seen.add(key)
    return tuple(names)


def in_sequence(labels: Sequence[str]) -> list[int]:
    """The places of parts in the order of their labels (2 before 10, Z before AA, A2 before A10).

    Labels of different kinds (`A` and `1`) have no common order: they keep theirs.
    """
    made = [found.groups() if (found := _STEPS.fullmatch(label_key(label))) else None for label in labels]
    kinds = {each and tuple(map(bool, each)) for each in made}
    places = list(range(len(labels)))
    if None in kinds or len(kinds) > 1:
        return places
    known = [(len(one), one, int(number or 0), len(two), two) for one, number, two in filter(None, made)]
    return sorted(places, key=known.__getitem__)


def next_label(names: Sequence[str]) -> str:
    """A label that no part has and that follows the others: 4 after 1, 2, 3; c after a, b; A3 after A1, A2."""
    labels = [name for name in map(label_in, names) if name]
    taken = set(map(label_key, labels))
    places = [place for name in labels if (place := _place(name)) is not None]
    lowered = bool(labels) and all(name.islower() for name in labels)
    numbered = _after(labels)
    if numbered and label_in(numbered) and label_key(numbered) not in taken:
        return numbered
    first = max(places, default=-1) + 1
    following = (letters(n % _LETTERS) for n in range(first, first + len(taken) + 1))
    free = next(each for each in following if label_key(each) not in taken)
    return free.lower() if lowered else free


def out_of_sequence(names: Sequence[str]) -> int | None:
    """The first part that does not follow the one before it (the first: that is not A, a or 1); None where all do.

    Labels of other kinds (`A1`, `L`, `R-2`) have no sequence that could be known.
    """
    numbered = all(name.isascii() and name.isdecimal() for name in names)
    places = [int(name) - 1 if numbered else _place(name) for name in names]
    if None in places:
        return None
    return next((number for number, place in enumerate(places) if place != number), None)


def _after(labels: Iterable[str]) -> str:
    """The next of numbers behind the same letters (none, for plain numbers); "" where the labels are not so."""
    split = [re.fullmatch(r"([^\W\d_]*-?)0*([0-9]+)", label) for label in labels]
    if not split or None in split:
        return ""
    heads = {found[1] for found in split if found}
    return f"{heads.pop()}{max(int(found[2]) for found in split if found) + 1}" if len(heads) == 1 else ""


def _place(name: str) -> int | None:
    """The place of a letter in A, B … Z, AA … from 0; None for what is none."""
    if not (name.isascii() and name.isalpha() and len(name) < 4):
        return None
    place = 0
    for letter in name.upper():
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
