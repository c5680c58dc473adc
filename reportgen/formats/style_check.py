"""A laboratory's style sheet: it may set the look of words, never hide, move, change or add any.

Properties are an allow-list, each with what its value may be; so nothing that a future engine understands slips in.

Source: threat 10 of the project's threat list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import tinycss2

from reportgen.findings import Finding, FindingsError, Place, did_you_mean
from reportgen.formats.design import LARGEST, LEGIBLE, SMALLEST, contrast, is_pictures, luminance

_Token: TypeAlias = Any  # a token or rule of tinycss2, which has no types
_PSEUDO = re.compile(r":(before|after|first-letter|first-line|marker|placeholder)", re.IGNORECASE)
_PSEUDO_CLASS = re.compile(r"(?<!:):([\w-]+)")
_PSEUDO_CLASSES = (
    "first-child", "last-child", "only-child", "nth-child", "nth-last-child", "first-of-type", "last-of-type",
    "nth-of-type", "root", "empty",
)  # fmt: skip
_LONGEST_SELECTOR, _DEEPEST, _SHOWN = 300, 8, 60  # letters, elements one in another, letters of it in a message
_MOST_FOR_ALL = 6.0  # points
_MARK = "\nz-end-z{}"
_PER_POINT = {"pt": 1.0, "px": 0.75, "mm": 72 / 25.4, "cm": 72 / 2.54, "in": 72.0, "pc": 12.0}
_LONGEST = 120.0  # points
_PALEST_GROUND = 0.75  # luminance: any legible ink stands out from a background at least as light
_LARGEST_SCALE = 3.0
_WORDS: dict[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "font-weight": "normal bold 400 500 600 700 bolder",
        "font-style": "normal italic oblique",
        "text-align": "left right center justify start end",
        "text-decoration": "none underline",
        "vertical-align": "baseline top middle bottom",
        "break-before": "auto avoid page", "break-after": "auto avoid page", "break-inside": "auto avoid",
        "border-style": "none solid dotted dashed double", "border-collapse": "separate collapse",
        "hyphens": "manual none auto", "list-style-type": "disc circle square decimal none",
        "caption-side": "top bottom", "table-layout": "fixed",
        "font-variant-numeric": "normal tabular-nums lining-nums",
    }.items()
}  # fmt: skip
_LENGTHS = (
    "margin", "margin-top", "margin-right", "margin-bottom", "margin-left", "padding", "padding-top", "padding-right",
    "padding-bottom", "padding-left", "border-width", "border-spacing", "border-radius",
)  # fmt: skip
_NO_COLOR = "must be a color written as #rrggbb"
_SIDES = ("", "-top", "-right", "-bottom", "-left")


def require_harmless(css: str, shown: str) -> None:
    """Raise T413, with line and column, for everything in a style sheet that is not offered."""
    findings = list(_findings(css, shown))
    if findings:
        raise FindingsError(findings)


def _findings(css: str, shown: str) -> Iterator[Finding]:
    if "<" in css:
        at = css[: css.index("<")]
        place = Place(shown, at.count("\n") + 1, len(at) - at.rfind("\n"))
        message = "holds a <, which no style needs and which would end the style sheet of a page"
        yield Finding("T413", place, "", message)
        return
    try:
        rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    except (ValueError, OverflowError, RecursionError):
        yield Finding("T413", Place(shown), "", "has an absurdly large number or nesting")
        return
    if not _is_closed(css):
        line = rules[-1].source_line if rules else 1
        hint = "add the } that is missing, the quote, the bracket or the */"
        yield Finding("T413", Place(shown, line, 1), "", "leaves something open at its end, from this rule on", hint)
        return
    for rule in rules:
        if rule.type == "error":
            yield _no(rule, shown, "", f"cannot be read ({rule.message})")
        elif rule.type == "at-rule":
            yield _no(rule, shown, f"@{rule.at_keyword}", "is not offered", "set paper and margins under design")
        elif rule.type == "qualified-rule":
            selector = tinycss2.serialize(rule.prelude).strip()
            yield from _selector(rule, selector, shown)
            yield from _declarations(rule, selector, shown)


def _is_closed(css: str) -> bool:
    """Whether nothing of a style sheet reaches beyond its end: what comes behind it is a rule of its own."""
    try:
        rules = tinycss2.parse_stylesheet(css + _MARK, skip_comments=True, skip_whitespace=True)
    except (ValueError, OverflowError, RecursionError):
        return False
    last = rules[-1] if rules else None
    return last is not None and last.type == "qualified-rule" and tinycss2.serialize(last.prelude).strip() == "z-end-z"


def _selector(rule: _Token, selector: str, shown: str) -> Iterator[Finding]:
    if "::" in selector or _PSEUDO.search(selector):
        yield _no(rule, shown, selector[:_SHOWN], "adds or splits words by a pseudo-element")
        return
    if len(selector) > _LONGEST_SELECTOR or any(len(_compounds(each)) > _DEEPEST for each in selector.split(",")):
        yield _no(rule, shown, f"{selector[:_SHOWN]} …", "is too long a selector", "name elements by a class")
        return
    for name in _PSEUDO_CLASS.findall(selector):
        if name.casefold() not in _PSEUDO_CLASSES:
            hint = did_you_mean(name, _PSEUDO_CLASSES, otherwise="name elements by a class")
            yield _no(rule, shown, selector[:_SHOWN], f":{name} is not offered in selectors", hint)


def _compounds(selector: str) -> list[str]:
    return re.split(r"[\s>+~]+", selector.strip())


def _is_universal(selector: str) -> bool:
    """Whether a rule holds for elements at any depth, so that what it adds adds up."""
    lasts = (_compounds(each)[-1] for each in selector.split(","))
    return any(not re.search(r"[A-Za-z]", re.sub(r":[\w-]+(\(.*\))?|\[.*\]", "", last)) for last in lasts)


def _declarations(rule: _Token, selector: str, shown: str) -> Iterator[Finding]:
    parsed = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    for item in parsed:
        if item.type != "declaration":
            yield _no(item, shown, selector, "contains something that is not a declaration")
            continue
        check = _CHECKS.get(item.lower_name)
        path = f"{selector} {{ {item.lower_name} }}"
        if check is None:
            hint = did_you_mean(item.lower_name, _CHECKS, otherwise="docs/customizing.md lists what is offered")
            yield _no(item, shown, path, "is not a property that a profile may set", hint)
        elif item.important:
            yield _no(item, shown, path, "!important is not offered: marks of drafts and gaps cannot be overruled")
        elif _is_universal(selector) and (why := _adds_up(item)):
            yield _no(item, shown, path, why, "name the elements that are meant")
        elif why := check([token for token in item.value if token.type not in ("whitespace", "comment")]):
            yield _no(item, shown, path, why)


def _adds_up(item: _Token) -> str:
    """Why a declaration cannot hold for every element at once; "" where it can."""
    if item.lower_name.startswith("break-"):
        return "would break at every element"
    sizes = [_points(token) for token in item.value if token.type == "dimension"]
    if item.lower_name.startswith(("margin", "padding")) and any((size or 0) > _MOST_FOR_ALL for size in sizes):
        return f"must be at most {_MOST_FOR_ALL:g}pt for every element: nested elements add up"
    return ""


def _no(node: _Token, shown: str, path: str, message: str, hint: str = "") -> Finding:
    return Finding("T413", Place(shown, node.source_line, node.source_column), path, message, hint)


def _one_of(words: frozenset[str]) -> Callable[[list[_Token]], str]:
    def check(tokens: list[_Token]) -> str:
        said = [_word(token) for token in tokens]
        return "" if said and all(each in words for each in said) else f"must be one of: {', '.join(sorted(words))}"

    return check


def _word(token: _Token) -> str:
    return str(token.lower_value) if token.type == "ident" else str(getattr(token, "representation", "?"))


def _points(token: _Token) -> float | None:
    if token.type == "dimension" and token.lower_unit in _PER_POINT:
        return float(token.value) * _PER_POINT[token.lower_unit]
    return 0.0 if token.type == "number" and token.value == 0 else None


def _lengths(tokens: list[_Token]) -> str:
    sizes = [_points(token) for token in tokens]
    if sizes and all(size is not None and 0 <= size <= _LONGEST for size in sizes):
        return ""
    return f"must be a length from 0 to {_LONGEST:g}pt, in pt, mm, cm, in or px"


def _length(least: float, most: float, message: str) -> Callable[[list[_Token]], str]:
    def check(tokens: list[_Token]) -> str:
        size = _points(tokens[0]) if len(tokens) == 1 else None
        return "" if size is not None and least <= size <= most else message

    return check


def _leading(tokens: list[_Token]) -> str:
    number = tokens[0].value if len(tokens) == 1 and tokens[0].type == "number" else 0
    return "" if 1 <= number <= _LARGEST_SCALE else f"must be a number from 1 to {_LARGEST_SCALE:g}"


def _color(token: _Token) -> str | None:
    """A color as RRGGBB; None for one that is written otherwise."""
    if token.type == "hash" and re.fullmatch(r"[0-9A-Fa-f]{6}", token.value):
        return str(token.value).lower()
    if token.type == "hash" and re.fullmatch(r"[0-9A-Fa-f]{3}", token.value):
        return "".join(each * 2 for each in token.value).lower()
    return {"black": "000000", "white": "ffffff"}.get(_word(token)) if token.type == "ident" else None


def _ink(tokens: list[_Token]) -> str:
    color = _color(tokens[0]) if len(tokens) == 1 else None
    if color is None:
        return _NO_COLOR
    return "" if contrast(color, "ffffff") >= LEGIBLE else f"is too pale to be read: contrast below {LEGIBLE} to 1"


def _ground(tokens: list[_Token]) -> str:
    if len(tokens) == 1 and _word(tokens[0]) in ("transparent", "none"):
        return ""
    color = _color(tokens[0]) if len(tokens) == 1 else None
    if color is None:
        return _NO_COLOR
    return "" if luminance(color) >= _PALEST_GROUND else "is too dark: words could not be read on it"


def _border(tokens: list[_Token]) -> str:
    styles = _WORDS["border-style"]
    for token in tokens:
        if _color(token) is None and _points(token) is None and _word(token) not in styles:
            return "must be a width, a style and a color written as #rrggbb"
        if not 0 <= (_points(token) or 0) <= 12:
            return "must be 0 to 12pt wide"
    return "" if tokens else "is empty"


def _any_color(tokens: list[_Token]) -> str:
    return "" if tokens and all(map(_color, tokens)) else _NO_COLOR


def _families(tokens: list[_Token]) -> str:
    kinds = {token.type for token in tokens}
    named = all(token.value == "," for token in tokens if token.type == "literal")
    if not tokens or not kinds <= {"ident", "string", "literal"} or not named:
        return "must be a list of font names"
    families = "".join(" " + token.value for token in tokens).split(",")
    return "shows pictures in place of letters" if any(is_pictures(each) for each in families) else ""


_CHECKS: dict[str, Callable[[list[_Token]], str]] = {
    **{name: _one_of(words) for name, words in _WORDS.items()},
    **dict.fromkeys(_LENGTHS, _lengths),
    **{f"border{side}": _border for side in _SIDES},
    **{f"border{side}-color": _any_color for side in _SIDES},
    **{f"border{side}-style": _one_of(_WORDS["border-style"]) for side in _SIDES[1:]},
    **{f"border{side}-width": _lengths for side in _SIDES[1:]},
    "color": _ink, "background-color": _ground, "background": _ground, "line-height": _leading, "orphans": _leading,
    "widows": _leading, "font-family": _families, "letter-spacing": _length(0, 3, "must be 0 to 3pt"),
    "font-size": _length(SMALLEST, LARGEST, f"must be {SMALLEST:g}pt to {LARGEST:g}pt"),
}  # fmt: skip


def offered() -> tuple[str, ...]:
    """The properties that a profile's style sheet may set."""
    return tuple(sorted(_CHECKS))
