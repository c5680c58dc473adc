"""A condition as a person would say it: `growth is "mixed" and size is more than 20`."""

from __future__ import annotations

from reportgen.language.conditions import row_of
from reportgen.language.grammar import listing
from reportgen.language.syntax import PUT_TOGETHER, Tree, read_condition

SIGNS = {
    "==": "is", "!=": "is not", "<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least",
}  # fmt: skip
TESTS = {"answered": "is answered", "applicable": "applies", "unproven": "is not proven"}
_LONG = frozenset({"and", "or", "at_least", "any", "all"})  # in parentheses where they are part of another condition


def in_words(text: str) -> str:
    """A condition in words; raises `ExpressionError` where it is none."""
    return _said(read_condition(text))


def _said(tree: Tree) -> str:
    match tree:
        case ("and" | "or" as word, _, _):
            return f" {word} ".join(map(_part, row_of(tree, word)))
        case ("at_least", needed, members):
            return f"at least {needed} of these: {'; '.join(map(_part, members))}"
        case ("any" | "all" as word, group, inner):
            return f"in {'some' if word == 'any' else 'every'} entry of {group[1]}, {_part(inner)}"
        case ("not", inner):
            return f"not ({_said(inner)})"
        case ("truth", truth):
            return "always" if truth else "never"
        case ("name", path):
            return f"{path} is true"
        case ("is", subject, test, argument):
            return f"{subject[1]} {TESTS[test] if argument is None else f'names {_value(argument)}'}"
        case ("in" | "not in" as sign, left, ("list", _) as words):
            return f"{_value(left)} is {'' if sign == 'in' else 'not '}{_value(words)}"
        case ("in" | "not in" as sign, left, right):
            return f"{_value(right)} {'includes' if sign == 'in' else 'does not include'} {_value(left)}"
    return f"{_value(tree[1])} {SIGNS[tree[0]]} {_value(tree[2])}"


def _part(tree: Tree) -> str:
    return f"({_said(tree)})" if tree[0] in _LONG else _said(tree)


def _value(tree: Tree) -> str:
    """A name, a word, words to choose from, or a number."""
    match tree:
        case ("word", word):
            return f'"{word}"'
        case ("list", words):
            return listing([f'"{word}"' for word in words], "or")
        case ("count", group, inner):
            return f"the number of entries of {group[1]}" + (f" in which {_part(inner)}" if inner else "")
        case ("+", members):
            return " + ".join(map(_value, members))
        case (function, members) if function in PUT_TOGETHER:
            return f"the {function} of {listing([_value(each) for each in members])}"
    return str(tree[1])
