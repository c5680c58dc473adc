"""The words of clauses: Jinja2 texts that can only name answers and shape them with a few filters.

No branches, no loops, no calls: what is said is decided by a clause's condition, where it can be read and checked, and
never by an `else` inside the words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from jinja2 import TemplateError, TemplateSyntaxError, nodes

from reportgen.protocols.expressions import ExpressionError, path_of
from reportgen.protocols.grammar import FILTERS
from reportgen.sandbox import Readable, Template, environment

_ENVIRONMENT = environment(escape=False, filters=FILTERS)
_TEXT_FILTERS = frozenset({*FILTERS, "lower", "upper", "first", "join"})


@dataclass(frozen=True)
class Words:
    """A compiled text and the dotted names it prints."""

    text: str
    names: frozenset[str]
    pieces: tuple[tuple[str, str], ...] | None  # words, each with the name behind them, or ""; None with filters

    @cached_property
    def template(self) -> Template:
        """The template; compiled when first printed, since most clauses of a protocol stay silent in a case."""
        return _ENVIRONMENT.from_string(self.text)


@lru_cache(maxsize=4096)
def compile_words(text: str) -> Words:
    """Compile the words of a clause; raises `ExpressionError` for anything but names and filters."""
    try:
        tree = _ENVIRONMENT.parse(text)
        names = frozenset(name for node in tree.body for name in _names(node))
        return Words(text, names, _pieces(tree))
    except TemplateSyntaxError as error:
        raise ExpressionError(f"not a text with names in double braces ({error.message})") from None
    except TemplateError as error:
        raise ExpressionError(str(error.message)) from None


def _pieces(tree: nodes.Template) -> tuple[tuple[str, str], ...] | None:
    """Words and plain names in turns, which need no template to be put together: most texts are no more than that."""
    pieces = [("", "")]
    for node in (node for output in tree.body if isinstance(output, nodes.Output) for node in output.nodes):
        if isinstance(node, nodes.TemplateData):
            pieces.append((node.data, ""))
        elif isinstance(node, nodes.Filter | nodes.Const):
            return None
        else:
            pieces.append(("", path_of(node)))
    return tuple(pieces)


def try_out(words: Words) -> None:
    """Print the words once with something in place of every answer; raises `ExpressionError` where that fails."""
    roots = {name.partition(".")[0] for name in words.names}
    try:
        words.template.render(dict.fromkeys(roots, _Sample()))
    except (TemplateError, TypeError, ValueError) as error:
        raise ExpressionError(f"the words cannot be printed ({error})") from None


class _Sample(Readable):
    """Stands for any answer."""

    def read(self, name: str) -> object:
        return self

    def __iter__(self) -> Iterator[str]:
        return iter(("words",))

    def __str__(self) -> str:
        return "words"


def _names(node: nodes.Node) -> list[str]:
    match node:
        case nodes.TemplateData() | nodes.Const():
            return []
        case nodes.Output(nodes=inner):
            return [name for part in inner for name in _names(part)]
        case nodes.Filter(dyn_args=nodes.Expr()) | nodes.Filter(dyn_kwargs=nodes.Expr()):
            raise ExpressionError("a filter takes what is written out, not * or **")
        case nodes.Filter(node=nodes.Expr() as inner, name=filter_name, args=args, kwargs=kwargs):
            if filter_name not in _TEXT_FILTERS:
                raise ExpressionError(f"the filter '{filter_name}' is not offered in words")
            return [name for part in (inner, *args, *(pair.value for pair in kwargs)) for name in _names(part)]
        case nodes.Name() | nodes.Getattr() | nodes.Getitem():
            return [path_of(node)]
    raise ExpressionError(f"{type(node).__name__.lower()} is not offered in words; use a clause with a condition")
