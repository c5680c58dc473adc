"""The words of clauses: names and filters, nothing else, and what they print is tried out before it is needed."""

from __future__ import annotations

import pytest

from reportgen.protocols.expressions import ExpressionError
from reportgen.protocols.words import compile_words, try_out
from reportgen.sandbox import Readable


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Nothing named.", set()),
        ("", set()),
        ("{{ site }} and {{ margins.deep.reason }}", {"site", "margins.deep.reason"}),
        ("{{ stains['Ki-67'] }}", {"stains.Ki-67"}),
        ("{{ features|also(more)|listing }}", {"features", "more"}),
        ("{{ features|listing(conjunction=word) }}", {"features", "word"}),
        ("{{ 'a' }} {{ 'b'|cap }}", set()),
        ("50 % } { {{ site }}", {"site"}),
        ("{# a remark #}{{ site }}", {"site"}),
    ],
)
def test_the_names_in_words_are_known(text: str, names: set[str]) -> None:
    assert compile_words(text).names == names


@pytest.mark.parametrize(
    "text", ["{{ a", "{{ }}", "{{ a() }}", "{{ a if b }}", "{{ a|nothing }}", "{{ a + b }}", "{% if a %}{% endif %}",
             "{{ a|listing(*b) }}", "{{ a|listing(**b) }}", "{{ a[0] }}", "{{ a[b] }}", "{{ a ~ b }}", "{{ [a] }}"]
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        compile_words(text)


@pytest.mark.parametrize(
    "text", ["{{ a|plural }}", "{{ a|cap(1) }}", "{{ a|also }}", "{{ a|listing(1, 2) }}", "{{ a|cap(x=1) }}"]
)
def test_a_filter_used_wrongly_is_found_before_it_is_needed(text: str) -> None:
    with pytest.raises(ExpressionError):
        try_out(compile_words(text))


@pytest.mark.parametrize(
    "text", ["{{ a.b.c }}", "{{ a|listing }}", "{{ a|plural('x', 'y') }}", "{{ a|first|upper }}", "Words."]
)
def test_words_that_can_be_printed_pass(text: str) -> None:
    try_out(compile_words(text))


def test_line_breaks_and_spaces_of_the_words_are_kept() -> None:
    assert compile_words("a\n  {{ x }}\n").template.render(x="b") == "a\n  b\n"


def test_nothing_is_escaped_here() -> None:
    assert compile_words("{{ x }} <1 & 2").template.render(x="<b>") == "<b> <1 & 2"


class Told(Readable):
    """Prints its own path."""

    def __init__(self, path: str) -> None:
        self.path = path

    def read(self, name: str) -> object:
        return Told(f"{self.path}.{name}")

    def __str__(self) -> str:
        return f"<{self.path}>"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nothing named.",
        " {{ a }}\n",
        "{{ a }}{{ b.c }} & {{ a['d e'] }}\n\n",
        "{# a remark #}{{ a }}",
        "}} {{ a }} {",
    ],
)
def test_plain_names_are_put_together_as_a_template_would(text: str) -> None:
    words = compile_words(text)
    assert words.pieces is not None
    roots = {name.partition(".")[0] for name in words.names}
    printed = "".join(said + (f"<{name}>" if name else "") for said, name in words.pieces)
    assert printed == words.template.render({root: Told(root) for root in roots})


@pytest.mark.parametrize("text", ["{{ a|cap }}", "{{ a }} {{ b|listing }}", "{{ 'a' }}"])
def test_filters_and_constants_are_left_to_the_template(text: str) -> None:
    assert compile_words(text).pieces is None
