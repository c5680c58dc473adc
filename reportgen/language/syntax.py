"""The written form of conditions and of words with names: texts to trees, and nothing that is not written here.

The form is a part of Jinja2's own, so that who knows one reads the other; but it has no attributes, and no calls or
arithmetic but those below, and so nothing to break out of. A tree is a tuple whose first element says what it is:

    ("name", path)  ("word", text)  ("number", Decimal)  ("list", words)  ("truth", bool)
    ("not", tree)  ("and", left, right)  ("or", left, right)  ("==", left, right) and the other comparisons
    ("is", name, test, argument or None)  ("filter", subject, name, arguments, {name: argument})
    ("at_least", whole number, conditions)  ("any", group, condition)  ("all", group, condition)
    ("+", numbers)  ("total", numbers)  ("largest", numbers)  ("smallest", numbers)  ("count", group, condition or None)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

Tree = tuple[Any, ...]
_LONGEST = 400  # words and signs of one expression: what reads and evaluates it calls itself for each
COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in", "not in"})
PUT_TOGETHER = frozenset({"+", "total", "largest", "smallest"})  # numbers, to one number
NUMBERS = PUT_TOGETHER | {"count"}
_CALLS = frozenset({"at_least", "any", "all"}) | NUMBERS - {"+"}
_RESERVED = frozenset({"and", "or", "not", "in", "is"})
_CONSTANTS = {"true": True, "True": True, "false": False, "False": False}
_NO_VALUES = frozenset({"none", "None"})
_NAME = r"(?P<name>[^\W\d]\w*)"
_NUMBER = r"(?P<number>[0-9]+(?:\.[0-9]+)?)(?![\w.])"
_WORD = r"""(?P<word>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_SIGN = r"(?P<sign>[=!]=|[<>]=?|[()\[\],.|=+])"
_TOKEN = re.compile(rf"\s*(?:{_NAME}|{_NUMBER}|{_WORD}|{_SIGN}|(?P<end>\Z)|(?P<other>.))", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_COMMENT = re.compile(r"(?:^[ \t]*)?\{#(?:.*?#\}\n?|(?P<open>.*))", re.DOTALL | re.MULTILINE)
_BRACES = re.compile(r"""\{\{((?:[^'"}]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\}(?!\}))*)\}\}|\{[{%#]""", re.DOTALL)
_ONE_BRACE = re.compile(r"\{\s*[^\W\d][\w.]*\s*\}")
_INSTEAD = {  # what is often written → what to write
    "=": "compare with ==", "&": "write `and`", "|": "write `or`", "!": "write `not`, or != between two things",
    "≥": "write >=", "≤": "write <=", "≠": "write !=", "{": "conditions name answers without braces",
}  # fmt: skip
_MISSING = "a brace is missing, or there is one too many: write a name between double braces, {{ like this }}"
_NO_WORDS = "not a text with names in double braces; use a clause with a condition"


class ExpressionError(ValueError):
    """A condition or words that the language does not offer; the text says what, and never comes from a case."""


def read_condition(text: str) -> Tree:
    """The tree of a condition; raises `ExpressionError` where it is none."""
    return _ExpressionReader(text).whole(_ExpressionReader.either)


def read_words(text: str) -> tuple[tuple[str, Tree | None], ...]:
    """Words, each with the tree of what is printed behind them, or None; raises `ExpressionError`."""
    pieces: list[tuple[str, Tree | None]] = []
    text = _COMMENT.sub(_no_comment, text) if "{#" in text else text
    end = 0
    for found in _BRACES.finditer(text):
        if found[1] is None:
            raise ExpressionError(_MISSING if found[0] == "{{" else _NO_WORDS)
        pieces.append((text[end : found.start()], _ExpressionReader(found[1]).whole(_ExpressionReader.printed)))
        end = found.end()
    return (*pieces, (text[end:], None)) if end < len(text) else tuple(pieces)


def denied_answers(tree: Tree) -> Iterator[str]:
    """The names that a condition, or a part of it, asks to be not answered."""
    match tree:
        case ("not", ("is", ("name", name), "answered", None)):
            yield name
        case ("and" | "or", left, right):
            yield from denied_answers(left)
            yield from denied_answers(right)


def require_braces(text: str) -> None:
    """Raise `ExpressionError` for words with a name in single braces, which would be printed as it is."""
    if any(_ONE_BRACE.search(words) for words, _ in read_words(text)):
        raise ExpressionError(_MISSING)


def _no_comment(found: re.Match[str]) -> str:
    if found["open"] is not None:
        raise ExpressionError(_NO_WORDS)
    return ""


class _ExpressionReader:
    """Reads one expression, from what binds least to what binds most."""

    def __init__(self, text: str) -> None:
        self.tokens = [(found.lastgroup or "", found[found.lastgroup or 0]) for found in _TOKEN.finditer(text)]
        self.at = 0

    def whole(self, reading: Callable[[_ExpressionReader], Tree]) -> Tree:
        if len(self.tokens) > _LONGEST:
            raise ExpressionError(f"is longer than {_LONGEST} words and signs; name parts of it as facts")
        try:
            tree = reading(self)
        except RecursionError:
            raise ExpressionError("is nested too deeply") from None
        if self.tokens[self.at][0] != "end":
            raise self.unexpected()
        return tree

    def either(self) -> Tree:
        tree = self.both()
        while self.took("or"):
            tree = ("or", tree, self.both())
        return tree

    def both(self) -> Tree:
        tree = self.negated()
        while self.took("and"):
            tree = ("and", tree, self.negated())
        return tree

    def negated(self) -> Tree:
        return ("not", self.negated()) if self.took("not") else self.compared()

    def compared(self) -> Tree:
        left = self.added()
        operator = self.operator()
        if not operator:
            return left
        tree = (operator, left, self.added())
        if self.operator():
            raise ExpressionError("comparisons cannot be put in a row; join them with `and`")
        return tree

    def added(self) -> Tree:
        members = [self.tested()]
        while self.took("+"):
            members.append(self.tested())
        return ("+", tuple(members)) if len(members) > 1 else members[0]

    def operator(self) -> str:
        """The comparison at this point, or "" for none."""
        if self.sees("not") and self.sees("in", 1):
            self.at += 2
            return "not in"
        text = self.tokens[self.at][1]
        if text not in COMPARISONS:
            return ""
        self.at += 1
        return text

    def tested(self) -> Tree:
        tree = self.value()
        while self.took("is"):
            turned = self.took("not")
            test, argument = self.word("name"), None
            if self.took("("):
                argument = None if self.sees(")") else self.value()
                self.take(")")
            elif self.tokens[self.at][0] == "word":
                argument = self.value()
            tree = ("is", tree, test, argument)
            tree = ("not", tree) if turned else tree
        return tree

    def value(self) -> Tree:
        """What is compared: a name, a word, a number, a list; or a condition in brackets."""
        kind, text = self.tokens[self.at]
        if kind == "number":
            self.at += 1
            return "number", Decimal(text)
        if kind == "word":
            return "word", self.quoted()
        if self.took("["):
            return self.list_to("]")
        if self.took("("):
            if self.sees(")") or (self.tokens[self.at][0] == "word" and self.sees(",", 1)):
                return self.list_to(")")
            tree = self.either()
            self.take(")")
            return tree
        if kind == "name" and text in _CONSTANTS:
            self.at += 1
            return "truth", _CONSTANTS[text]
        if kind == "name" and text in _CALLS and self.sees("(", 1):
            self.at += 2
            tree = self.call(text)
            self.take(")")
            return tree
        return self.name()

    def call(self, function: str) -> Tree:
        """What is between the parentheses behind one of the words that take some."""
        if function in PUT_TOGETHER:
            numbers = [self.added()]
            while self.took(","):
                numbers.append(self.added())
            return function, tuple(numbers)
        if function == "at_least":
            number = Decimal(self.word("number"))
            conditions = []
            while self.took(","):
                conditions.append(self.either())
            if number != int(number) or not 0 < number <= len(conditions) or len(conditions) < 2:
                raise ExpressionError("at_least takes a whole number and at least as many conditions, two or more")
            if len(set(map(repr, conditions))) < len(conditions):
                raise ExpressionError("at_least counts the same condition twice")
            return function, int(number), tuple(conditions)
        group = self.name()
        inner = self.either() if self.took(",") else None
        if inner is None and function != "count":
            raise ExpressionError(f"{function} takes a group and a condition: {function}(lesions, …)")
        return function, group, inner

    def list_to(self, end: str) -> Tree:
        words: list[str] = []
        while not self.took(end):
            if self.tokens[self.at][0] != "word":
                raise ExpressionError("lists hold words only")
            words.append(self.quoted())
            if not self.took(","):
                self.take(end)
                break
        return "list", tuple(words)

    def name(self) -> Tree:
        kind, path = self.tokens[self.at]
        if kind != "name" or path in _RESERVED or path in _NO_VALUES:
            raise self.unexpected()
        self.at += 1
        while True:
            if self.took("."):
                path = f"{path}.{self.word('name')}"
            elif self.took("["):
                path = f"{path}.{self.quoted()}"
                self.take("]")
            else:
                return "name", path

    def printed(self) -> Tree:
        """What words print: a name or a word, through any filters."""
        tree = ("word", self.quoted()) if self.tokens[self.at][0] == "word" else self.name()
        while self.took("|"):
            filter, arguments, named = self.word("name"), list[Tree](), dict[str, Tree]()
            if self.took("("):
                while not self.took(")"):
                    if self.sees("=", 1):
                        name = self.word("name")
                        self.at += 1
                        named[name] = self.printed()
                    elif named:
                        raise self.unexpected()
                    else:
                        arguments.append(self.printed())
                    if not self.took(","):
                        self.take(")")
                        break
            tree = ("filter", tree, filter, tuple(arguments), named)
        return tree

    def quoted(self) -> str:
        return _ESCAPED.sub(r"\1", self.word("word")[1:-1])

    def word(self, kind: str) -> str:
        """Take the token here, which must be of a kind."""
        found, text = self.tokens[self.at]
        if found != kind:
            raise self.unexpected()
        self.at += 1
        return text

    def sees(self, text: str, ahead: int = 0) -> bool:
        """Whether this token is next, or so many tokens further on."""
        return self.at + ahead < len(self.tokens) and self.tokens[self.at + ahead][1] == text

    def took(self, text: str) -> bool:
        """Take the token here if it is this one."""
        if self.tokens[self.at][1] != text:
            return False
        self.at += 1
        return True

    def take(self, text: str) -> None:
        if not self.took(text):
            raise self.unexpected()

    def unexpected(self) -> ExpressionError:
        kind, text = self.tokens[self.at]
        if kind == "end":
            return ExpressionError("ends too early")
        before = self.tokens[self.at - 1][0] if self.at else ""
        instead = _INSTEAD.get(text, "")
        if kind == "name" and before == "number":
            instead = "a number has no unit here; it is in the element's own"
        return ExpressionError(f"`{text}` cannot be used here" + f": {instead}" * bool(instead))
