"""The key that each answer of a list shows: the one that its author set, else a digit."""

from __future__ import annotations

from collections.abc import Iterable

_DIGITS = "123456789"


def shown_keys(given: Iterable[str | None]) -> tuple[str, ...]:
    """A key for each answer, all different.

    Args:
        given: in the order of the list, the key that the protocol's author set for the answer; "" where no key shall
            pick it, None where nothing is set.

    Returns:
        As many keys. An answer for which nothing is set gets the first digit that the list does not use; "" where no
        digit is left.
    """
    listed = tuple(given)
    free = iter([digit for digit in _DIGITS if digit not in listed])
    return tuple(next(free, "") if key is None else key for key in listed)
