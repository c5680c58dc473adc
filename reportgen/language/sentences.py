"""The words of clauses: texts that can only name answers and shape them with a few filters.

No branches, no loops, no calls: what is said is decided by a clause's condition, where it can be read and checked, and
never by an `else` inside the words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from reportgen.language.grammar import FILTERS, Several
from reportgen.language.syntax import ExpressionError, Tree, read_words


class WordTemplate(NamedTuple):
    """A compiled text and the dotted names it prints."""

    text: str
    names: frozenset[str]
    pieces: tuple[tuple[str, Tree | None], ...]  # words, each with what is printed behind them
    plain: str  # the words alone

    def printed(self, read: Callable[[str], tuple[str, ...]]) -> str:
        """The text with the answers put in; `read` gives the words of a name."""
        said = []
        for text, tree in self.pieces:
            said.append(text)
            if tree:
                said.append(", ".join(read(tree[1])) if tree[0] == "name" else str(_value(tree, read)))
        return "".join(said)


@lru_cache(maxsize=4096)
def compile_words(text: str) -> WordTemplate:
    """Compile the words of a clause; raises `ExpressionError` for anything but names and filters."""
    pieces = read_words(text)
    names = frozenset(name for _, tree in pieces if tree for name in _names(tree))
    return WordTemplate(text, names, pieces, "".join(words for words, _ in pieces))


def try_out(words: WordTemplate) -> None:
    """Print the words once with something in place of every answer; raises `ExpressionError` where that fails."""
    try:
        words.printed(lambda _: ("words",))
    except (TypeError, ValueError) as error:
        raise ExpressionError(f"the words cannot be printed ({error})") from None


def _value(tree: Tree, read: Callable[[str], tuple[str, ...]]) -> object:
    match tree:
        case ("filter", subject, name, arguments, named):
            given = {key: _value(each, read) for key, each in named.items()}
            return FILTERS[name](_value(subject, read), *(_value(each, read) for each in arguments), **given)
        case ("name", path):
            return Several(read(path))
    return tree[1]


def _names(tree: Tree) -> Iterator[str]:
    match tree:
        case ("name", path):
            yield path
        case ("filter", subject, name, arguments, named):
            if name not in FILTERS:
                raise ExpressionError(f"the filter '{name}' is not offered in words")
            for each in (subject, *arguments, *named.values()):
                yield from _names(each)
