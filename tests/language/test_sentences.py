"""The words of clauses: names and filters, nothing else, and what they print is tried out before it is needed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.language.grammar import FILTERS
from reportgen.language.sentences import compile_words, try_out
from reportgen.language.syntax import ExpressionError
from reportgen.sandbox import environment


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
    "text",
    [
        "{{ a", "{{ }}", "{{ a() }}", "{{ a if b }}", "{{ a|nothing }}", "{{ a + b }}", "{% if a %}{% endif %}",
        "{{ a|listing(*b) }}", "{{ a|listing(**b) }}", "{{ a|listing(conjunction=b, c) }}", "{{ a|listing(b }}",
        "{{ a[0] }}", "{{ a[b] }}", "{{ a ~ b }}", "{{ [a] }}", "{{ 'a }}", "{# a", "{{ a | }}", "{{- a }}",
        "{{ a b }}", "{{ true and a }}", "{{ a == b }}", "{{ 1 }}", "{{ none }}",
    ],
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


def read(name: str) -> tuple[str, ...]:
    """Every name prints itself, and those that end in s print two."""
    return (f"<{name}>", f"<{name}2>") if name.endswith("s") else (f"<{name}>",)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("", ""),
        ("Nothing named.", "Nothing named."),
        (" {{ a }}\n", " <a>\n"),
        ("a\n  {{x}}\n", "a\n  <x>\n"),
        ("{{ a }}{{ b.c }} & {{ a['d e'] }}\n\n", "<a><b.c> & <a.d e>\n\n"),
        ("  {# a remark #}\n{{ a }}", "<a>"),
        ("}} {{ a }} { <1 & 2", "}} <a> { <1 & 2"),
        ("{{ parts }}", "<parts>, <parts2>"),
        ("{{ parts|listing }}", "<parts> and <parts2>"),
        ("{{ parts|listing('or') }}", "<parts> or <parts2>"),
        ("{{ parts|listing(conjunction=word) }}", "<parts> <word> <parts2>"),
        ("{{ parts|also(more)|listing }}", "<parts>, <parts2> and <more>"),
        ("{{ parts|also(more|upper)|join('/') }}", "<parts>/<parts2>/<MORE>"),
        ("{{ parts|plural('one', \"it's many\") }}", "it's many"),
        ("{{ 'it\\'s }} a word'|cap }}", "It's }} a word"),
        ("{{ parts|first|upper }}{{'X'|lower}}", "<PARTS>x"),
    ],
)
def test_names_and_filters_are_printed(text: str, printed: str) -> None:
    assert compile_words(text).printed(read) == printed


@given(
    st.lists(st.sampled_from(["{{ a }}", "{{ parts|listing }}", "{{ 'w'|cap }}", " ", "x\n", "}}", "{", "<b>", "é"]))
)
def test_they_are_printed_as_a_template_would(texts: list[str]) -> None:
    """As the layouts' templates write it: who knows one language knows the other."""
    text = "x".join(texts)
    sandbox = environment(escape=False)
    sandbox.filters |= FILTERS
    expected = sandbox.from_string(text).render(a="<a>", parts=("<parts>", "<parts2>"))
    assert compile_words(text).printed(read) == expected


def test_what_a_name_says_is_never_read_as_words() -> None:
    assert compile_words("{{ a }}{{ a|cap }}").printed(lambda _: ("{{ b }}",)) == "{{ b }}{{ b }}"
