"""Grammar of printed words: lists of none, one, two or more, singular and plural, capitals.

The few words it adds ("and") are passed in by the text, so that a laboratory can report in another language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_BEGINS_AS_WORD = re.compile(r"[^\W\d_][\u0300-\u036f]*[^\W\d_]")  # two letters: one alone is a sign


class Several(tuple[str, ...]):
    """The words of an answer; printed as they are, with commas between them."""

    __slots__ = ()

    def __str__(self) -> str:
        return ", ".join(self)


def items_of(value: object) -> tuple[str, ...]:
    """The words of one answer or of several."""
    if isinstance(value, str):
        return (value,)
    return tuple(str(item) for item in value) if isinstance(value, Iterable) else (str(value),)


def listing(value: object, conjunction: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`; nothing for nothing."""
    *most, last = items_of(value) or ("",)
    return f"{', '.join(most)} {conjunction} {last}" if most else last


def also(value: object, more: object) -> Several:
    """The words of both, in order."""
    return Several(items_of(value) + items_of(more))


def first(value: object) -> str:
    """The first of several; nothing for nothing."""
    return (items_of(value) or ("",))[0]


def join(value: object, between: str = "") -> str:
    """All, with something between them."""
    return str(between).join(items_of(value))


def lower(value: object) -> str:
    """In small letters."""
    return str(value).lower()


def upper(value: object) -> str:
    """In capitals."""
    return str(value).upper()


def cap(value: object) -> str:
    """With a capital first letter where the first word is an ordinary one in small letters; else as it is.

    A sign keeps its letters: `pT1`, `p53`, `mRNA`, `c-kit`, one Greek letter, `r (recurrent)`. So does a word
    whose first letter has no capital of its own: `ß`, a ligature, scripts of one case.
    """
    text = str(value)
    word = next(iter(text.split(maxsplit=1)), "")
    capital = text[:1].title()
    is_ordinary = _BEGINS_AS_WORD.match(text) and word == word.lower() and not any(map(str.isnumeric, word))
    return capital + text[1:] if is_ordinary and capital.lower() == text[:1] else text


def bare(value: object) -> Several:
    """Free text, or each of several, without the full stop at its end; its capitals stay, for they may be of a name."""
    return Several(item.strip().rstrip(" .") for item in items_of(value))


def phrase(value: object) -> Several:
    """Free text for the middle of a sentence: no full stop, and a small letter where the first word is an ordinary one.

    It is for what is never called after a person: "Touton giant cells" keep their capital under `bare`.
    """
    return Several(map(_inside, bare(value)))


def _inside(text: str) -> str:
    first_word = text.split(" ", 1)[0]
    ordinary = first_word[:1].isupper() and (first_word[1:].replace("-", "").islower() or first_word == "A")
    return text[:1].lower() + text[1:] if ordinary else text


def stopped(value: object) -> str:
    """Free text as a sentence of its own: with a full stop, unless it ends in a mark already."""
    text = str(value).rstrip()
    return text if text.rstrip("\"'”’)]").endswith((".", "!", "?", ":", ";", "…")) or not text else f"{text}."


def plural(value: object, one: str, many: str) -> str:
    """`one` for a single item, else `many`."""
    return one if len(items_of(value)) == 1 else many


FILTERS: dict[str, Callable[..., object]] = {
    each.__name__: each for each in (listing, also, cap, bare, phrase, plural, first, join, lower, upper)
}
