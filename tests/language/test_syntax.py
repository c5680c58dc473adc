"""The written form of conditions: what is written is what is read, and nothing else is taken."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import nodes

from reportgen.language.compiler import compile_condition
from reportgen.language.sentences import compile_words
from reportgen.language.syntax import ExpressionError, Tree, read_condition, read_words, require_braces
from reportgen.sandbox import environment

A, B, C = ("name", "a"), ("name", "b"), ("name", "c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A),
        ("a or b and not c", ("or", A, ("and", B, ("not", C)))),
        ("(a or b) and c", ("and", ("or", A, B), C)),
        ("a and b and c", ("and", ("and", A, B), C)),
        ("not a == 'x'", ("not", ("==", A, ("word", "x")))),
        ("not not a", ("not", ("not", A))),
        ("not a is answered", ("not", ("is", A, "answered", None))),
        ("a is not answered()", ("not", ("is", A, "answered", None))),
        ("a is naming('x') or b", ("or", ("is", A, "naming", ("word", "x")), B)),
        ("a is naming 'x'", ("is", A, "naming", ("word", "x"))),
        ("a not in ['x', \"y\",]", ("not in", A, ("list", ("x", "y")))),
        ("a in ('x',)", ("in", A, ("list", ("x",)))),
        ("a in ('x', 'y')", ("in", A, ("list", ("x", "y")))),
        ("a in ()", ("in", A, ("list", ()))),
        ("a == ('x')", ("==", A, ("word", "x"))),
        ("a.b['Ki-67'].in>=4.50", (">=", ("name", "a.b.Ki-67.in"), ("number", Decimal("4.50")))),
        (r"a != 'it\'s \\ \"so\"'", ("!=", A, ("word", 'it\'s \\ "so"'))),
        ("true or False", ("or", ("truth", True), ("truth", False))),
        (" a\n  and\tb ", ("and", A, B)),
        ("größe < 1", ("<", ("name", "größe"), ("number", Decimal(1)))),
    ],
)
def test_a_condition_is_read_as_it_is_written(text: str, tree: Tree) -> None:
    assert read_condition(text) == tree


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a and", "ends too early"),
        ("", "ends too early"),
        ("a b", "`b` cannot be used here"),
        ("a == 'x", "`'` cannot be used here"),
        ("a - 1", "`-` cannot be used here"),
        ("1 < a < 3", "comparisons cannot be put in a row; join them with `and`"),
        ("a in [1]", "lists hold words only"),
        ("a == 1.", "`1` cannot be used here"),
        ("a == 1e5", "`1` cannot be used here"),
        ("a == ٣", "`٣` cannot be used here"),
        ("(" * 300, "is nested too deeply"),
        ("a and " * 3000 + "a", "is longer than 400 words and signs; name parts of it as facts"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(text: str, said: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        read_condition(text)
    assert str(refused.value) == said


def test_the_longest_that_is_read_can_be_worked_out() -> None:
    for text in ("a and " * 199 + "a", "not " * 398 + "a", "a or " * 199 + "a"):
        assert compile_condition(text).names == {"a"}
    assert compile_words("{{ a" + "|cap" * 198 + " }}").printed(lambda _: ("xy",)) == "Xy"


@pytest.mark.parametrize("text", ["{#" * 50_000, "#}" * 50_000 + "{#" * 50_000, "{{ '" * 50_000, "{{ a" * 50_000])
def test_words_without_an_end_are_refused_at_once(text: str) -> None:
    with pytest.raises(ExpressionError):
        read_words(text)


names = st.sampled_from(["a", "b.c", "stains['Ki-67']", "in_situ", "orange", "x.not"])
words = st.sampled_from(["'x'", '"y z"', "'or'", "''"])
atoms = st.one_of(
    names,
    st.tuples(names, st.sampled_from(["==", "!="]), st.one_of(words, names)).map(" ".join),
    st.tuples(names, st.sampled_from(["<", "<=", ">", ">=", "=="]), st.sampled_from(["0", "12", "3.5"])).map(" ".join),
    st.tuples(names, st.sampled_from([" in ", " not in "]), st.lists(words).map(", ".join)).map(
        lambda each: f"{each[0]}{each[1]}[{each[2]}]"
    ),
    st.tuples(names, st.sampled_from([" is answered", " is not applicable", " is naming('left')"])).map("".join),
)
written = st.recursive(
    atoms,
    lambda inner: st.one_of(
        inner.map("not {}".format),
        inner.map("({})".format),
        st.tuples(inner, st.sampled_from([" and ", " or "]), inner).map("".join),
    ),
    max_leaves=8,
)


@given(written)
def test_it_is_read_as_jinja_reads_it(text: str) -> None:
    """Laboratories write layouts in Jinja2 and conditions in this; the same words must not mean two things."""
    sandbox = environment(escape=False)
    sandbox.tests |= dict.fromkeys(("applicable", "answered", "naming"), lambda *_: True)
    output = sandbox.parse("{{ (" + text + ") }}").body[0]
    assert isinstance(output, nodes.Output)
    assert read_condition(text) == as_tree(output.nodes[0])


def as_tree(node: Any) -> Tree:
    """The tree of what Jinja2 read."""
    signs = {"eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=", "in": "in", "notin": "not in"}
    match node:
        case nodes.And(left=left, right=right) | nodes.Or(left=left, right=right):
            return type(node).__name__.lower(), as_tree(left), as_tree(right)
        case nodes.Not(node=inner):
            return "not", as_tree(inner)
        case nodes.Compare(expr=left, ops=[nodes.Operand(op=operator, expr=right)]):
            return signs[operator], as_tree(left), as_tree(right)
        case nodes.Test(node=subject, name=name, args=args):
            return "is", as_tree(subject), name, as_tree(args[0]) if args else None
        case nodes.Const(value=str(value)):
            return "word", value
        case nodes.Const(value=value):
            return "number", Decimal(str(value))
        case nodes.List(items=items):
            return "list", tuple(as_tree(item)[1] for item in items)
        case nodes.Getattr(node=inner, attr=name) | nodes.Getitem(node=inner, arg=nodes.Const(value=name)):
            return "name", f"{as_tree(inner)[1]}.{name}"
    return "name", node.name


@given(st.text("ab'\"\\ .[](),|=<>!{}%#-+0159 \nandornotis", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for reading in (read_condition, read_words):
        with suppress(ExpressionError):
            reading(text)


@pytest.mark.parametrize("text", ["Margin {{ margins.deep }.", "Margin { margins.deep }.", "{{ a"])
def test_a_missing_brace_is_told(text: str) -> None:
    with pytest.raises(ExpressionError, match="brace"):
        require_braces(text)
