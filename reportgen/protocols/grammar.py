"""Grammar of printed words: lists of none, one, two or more, singular and plural, capitals.

The few words it adds ("and") are passed in by the text, so that a laboratory can report in another language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable


def items_of(value: object) -> tuple[str, ...]:
    """The words of one answer or of several."""
    if isinstance(value, str):
        return (value,)
    return tuple(str(item) for item in value) if isinstance(value, Iterable) else (str(value),)


def listing(value: object, conjunction: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`; nothing for nothing."""
    *most, last = items_of(value) or ("",)
    return f"{', '.join(most)} {conjunction} {last}" if most else last


def also(value: object, more: object) -> tuple[str, ...]:
    """The words of both, in order."""
    return items_of(value) + items_of(more)


def cap(value: object) -> str:
    """With a capital first letter, the rest as it is (`SMA` stays)."""
    text = str(value)
    return text[:1].upper() + text[1:]


def plural(value: object, one: str, many: str) -> str:
    """`one` for a single item, else `many`."""
    return one if len(items_of(value)) == 1 else many


FILTERS: dict[str, Callable[..., object]] = {
    "listing": listing,
    "also": also,
    "cap": cap,
    "plural": plural,
}
