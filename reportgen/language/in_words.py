"""A condition as a person would say it: `growth is "mixed" and size is more than 20`."""

from __future__ import annotations

from collections.abc import Callable

from reportgen.language.conditions import row_of
from reportgen.language.grammar import listing
from reportgen.language.syntax import PUT_TOGETHER, Tree, read_condition, read_words

ANSWER = "\u2039\u203a"  # around what words print of the case
Named = Callable[[str], str]  # a name, as conditions write it → what it is called
SIGNS = {
    "==": "is", "!=": "is not", "<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least",
}  # fmt: skip
TESTS = {"answered": "is answered", "applicable": "applies", "unproven": "is not proven"}
_LONG = frozenset({"and", "or", "at_least", "any", "all"})  # in parentheses where they are part of another condition


def in_words(text: str, named: Named = str) -> str:
    """A condition in words; raises `ExpressionError` where it is none.

    Args:
        text: the condition.
        named: what a name is called, such as the title of an element; else it is called as it is written.
    """
    return _Speaker(named).said(read_condition(text))


def words_in_words(text: str, named: Named = str) -> str:
    """Words to print, with what they print of the case between the signs of `ANSWER`; raises `ExpressionError`."""
    pieces = []
    for before, tree in read_words(text):
        while tree is not None and tree[0] == "filter":
            tree = tree[1]
        pieces += [before, f"{ANSWER[0]}{_Speaker(named).value(tree)}{ANSWER[1]}" if tree is not None else ""]
    return "".join(pieces)


class _Speaker:
    def __init__(self, named: Named) -> None:
        self.named = named

    def said(self, tree: Tree) -> str:
        match tree:
            case ("and" | "or" as word, _, _):
                return f" {word} ".join(map(self.part, row_of(tree, word)))
            case ("at_least", needed, members):
                return f"at least {needed} of these: {'; '.join(map(self.part, members))}"
            case ("any" | "all" as word, group, inner):
                return f"in {'some' if word == 'any' else 'every'} entry of {self.value(group)}, {self.part(inner)}"
            case ("not", inner):
                return f"not ({self.said(inner)})"
            case ("truth", truth):
                return "always" if truth else "never"
            case ("name", _):
                return f"{self.value(tree)} is true"
            case ("is", subject, test, argument):
                tested = TESTS[test] if argument is None else f"names {self.value(argument)}"
                return f"{self.value(subject)} {tested}"
            case ("in" | "not in" as sign, left, ("list", _) as words):
                return f"{self.value(left)} is {'' if sign == 'in' else 'not '}{self.value(words)}"
            case ("in" | "not in" as sign, left, right):
                includes = "includes" if sign == "in" else "does not include"
                return f"{self.value(right)} {includes} {self.value(left)}"
        return f"{self.value(tree[1])} {SIGNS[tree[0]]} {self.value(tree[2])}"

    def part(self, tree: Tree) -> str:
        return f"({self.said(tree)})" if tree[0] in _LONG else self.said(tree)

    def value(self, tree: Tree) -> str:
        """A name, a word, words to choose from, or a number."""
        match tree:
            case ("name", path):
                return self.named(path)
            case ("word", word):
                return f'"{word}"'
            case ("list", words):
                return listing([f'"{word}"' for word in words], "or")
            case ("count", group, inner):
                of_which = f" in which {self.part(inner)}" if inner else ""
                return f"the number of entries of {self.value(group)}{of_which}"
            case ("+", members):
                return " + ".join(map(self.value, members))
            case (function, members) if function in PUT_TOGETHER:
                return f"the {function} of {listing([self.value(each) for each in members])}"
        return str(tree[1])
