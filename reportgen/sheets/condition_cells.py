"""A condition in the columns question, is and answer: `growth`, `is one of`, `mixed | nested`."""

from __future__ import annotations

import re

from reportgen.findings import either
from reportgen.language.in_words import SIGNS, TESTS
from reportgen.language.syntax import ExpressionError, Tree, read_condition
from reportgen.sheets.codecs import is_safe
from reportgen.sheets.kinds import CONDITION

QUESTION, IS, ANSWER, WHEN = CONDITION
_ONE_OF, _NONE_OF, _INCLUDES, _NAMES, _TRUE, _UNTRUE = (
    "is one of", "is none of", "includes", "names", "is true", "is not true",
)  # fmt: skip
_TESTED = {words: test for test, words in TESTS.items()}
_COMPARED = {words: sign for sign, words in SIGNS.items()}
WORDS = (*_COMPARED, _ONE_OF, _NONE_OF, _INCLUDES, _NAMES, *_TESTED, _TRUE, _UNTRUE)
"""What may be in the column `is`."""
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_PATH = re.compile(r"[A-Za-z_][\w.-]*")
_NO_WORD = re.compile(r"['\\|\n]")


def cells_of(condition: str) -> dict[str, str]:
    """The cells that say a condition."""
    try:
        question, word, answer = _split(read_condition(condition))
        if word and all(map(is_safe, (question, answer))) and _joined(question, word, answer) == condition:
            return {QUESTION: question, IS: word} | ({ANSWER: answer} if answer else {})
    except (ExpressionError, ValueError):
        pass
    return {WHEN: condition}


def condition_of(cells: dict[str, str]) -> str:
    """The condition that the cells say; "" where they are empty. Raises `ValueError` with what is wrong."""
    question, word, answer, when = (cells.get(column, "") for column in CONDITION)
    if not (question or word or answer):
        return when
    if when:
        raise ValueError(f"says a second condition; empty it, or {QUESTION}, {IS} and {ANSWER}")
    if not question or not word:
        raise ValueError(f"needs {QUESTION} and {IS} in this row")
    return _joined(question, word, answer)


def _split(tree: Tree) -> tuple[str, str, str]:
    match tree:
        case ("name", path):
            return path, _TRUE, ""
        case ("not", ("name", path)):
            return path, _UNTRUE, ""
        case ("is", ("name", path), "naming", ("word", word)):
            return path, _NAMES, word
        case ("is", ("name", path), test, None) if test in TESTS:
            return path, TESTS[test], ""
        case ("in" | "not in" as sign, ("name", path), ("list", words)):
            return path, _ONE_OF if sign == "in" else _NONE_OF, " | ".join(words)
        case ("in", ("word", word), ("name", path)):
            return path, _INCLUDES, word
        case (sign, ("name", path), ("word" | "number" | "name", answer)) if sign in SIGNS:
            return path, SIGNS[sign], str(answer)
    return "", "", ""


def _joined(question: str, word: str, answer: str) -> str:
    """The condition of three cells; raises `ValueError`."""
    if word not in WORDS:
        raise ValueError(f"is not a comparison; choose {either(WORDS)}")
    alone = word in _TESTED or word in (_TRUE, _UNTRUE)
    if alone == bool(answer):
        raise ValueError(f"{'takes no' if alone else 'needs an'} answer in this row")
    if word == _TRUE:
        return question
    if word == _UNTRUE:
        return f"not {question}"
    if word in _TESTED:
        return f"{question} is {_TESTED[word]}"
    if word in (_ONE_OF, _NONE_OF):
        listed = ", ".join(_word(each.strip()) for each in answer.split("|"))
        return f"{question} {'in' if word == _ONE_OF else 'not in'} [{listed}]"
    if word == _INCLUDES:
        return f"{_word(answer)} in {question}"
    if word == _NAMES:
        return f"{question} is naming({_word(answer)})"
    sign = _COMPARED[word]
    bare = _NUMBER.fullmatch(answer) or (sign[0] in "<>" and _PATH.fullmatch(answer))
    return f"{question} {sign} {answer if bare else _word(answer)}"


def _word(text: str) -> str:
    if not text or _NO_WORD.search(text):
        raise ValueError("has an answer with an apostrophe or a sign; write the whole condition under when")
    return f"'{text}'"
