"""The sandbox: nothing runs, nothing leaks, nothing missing is printed, and rendering changes nothing.

Source: threats 1, 2, 4, 5 and 9 of the project's threat list.
"""

from __future__ import annotations

import copy
import os
import subprocess
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pytest
from jinja2 import TemplateError, TemplateNotFound
from jinja2.exceptions import SecurityError, UndefinedError

from reportgen.sandbox import FolderLoader, environment
from tests.support.toy import Templates, said


def data() -> dict[str, object]:
    return {
        "text": "some text",
        "nasty": "<style>*{display:none}</style><1 & >",
        "items": ("a", "b"),
        "deep": {"key": "value", "list": ("x", "y")},
        "number": Decimal("1.10"),
        "nothing": None,
        "yes": True,
        "float": 0.1,
    }


ESCAPES = (
    "{{ text.__class__ }}",
    "{{ text.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''.__class__.__base__.__subclasses__() }}",
    "{{ text['__class__'] }}",
    "{{ text|attr('__class__') }}",
    "{{ items.__init__.__globals__ }}",
    "{{ deep.__init__.__globals__['os'].popen('touch RAN') }}",
    "{{ cycler.__init__.__globals__.os.popen('touch RAN').read() }}",
    "{{ joiner.__init__.__globals__.os.popen('touch RAN').read() }}",
    "{{ namespace.__init__.__globals__.os.popen('touch RAN').read() }}",
    "{{ lipsum.__globals__['os'].popen('touch RAN').read() }}",
    "{{ self.__init__.__globals__.__builtins__.__import__('os').popen('touch RAN') }}",
    "{{ self._TemplateReference__context }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ range(9) }}",
    "{{ dict(a=1) }}",
    "{{ text.format(text) }}",
    "{{ '{0.__class__}'.format(text) }}",
    "{{ '{x.__class__}'.format_map(deep) }}",
    "{{ text.upper() }}",
    "{{ items.index('a') }}",
    "{{ deep.items() }}",
    "{{ deep.get('key') }}",
    "{{ deep.pop('key') }}",
    "{{ deep.update({'key': 'x'}) }}",
    "{{ number.as_tuple() }}",
    "{{ number.real }}",
    "{{ deep['__init__'] }}",
    "{{ deep.keys() }}",
    "{{ items.count('a') }}",
    "{{ items|map('upper')|first }}",
    "{{ items|map(attribute='__class__')|first }}",
    "{{ items|join(attribute='__class__') }}",
    "{{ items|selectattr('__class__')|first }}",
    "{{ items|groupby('__class__') }}",
    "{{ items|sort(attribute='__class__') }}",
    "{{ text|xmlattr }}",
    "{{ text|pprint }}",
    "{{ text|tojson }}",
    "{{ text|format('x') }}",
    "{{ text|replace('s', '<') }}",
    "{{ text|center(999999999) }}",
    "{{ 'A' * 1000000000 }}",
    "{{ 2 ** 999999999 }}",
    "{{ '%999999999d' % 1 }}",
    "{{ 1 // 0 }}",
    "{{ text + text }}",
    "{% for x in range(999999999) %}{% endfor %}",
    "{% for x in items %}{{ loop.__class__ }}{% endfor %}",
    "{% for x in items %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% for x in items recursive %}{{ loop(items) }}{% endfor %}",
    "{% set ns = namespace(a=1) %}",
    "{% set deep.key = 'x' %}",
    "{% macro m() %}{% endmacro %}{{ m.__globals__ }}",
    "{% macro m() %}{{ caller.__globals__ }}{% endmacro %}{% call m() %}{% endcall %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}{{ os.system('touch RAN') }}",
    "{% from 'os' import system %}{{ system('touch RAN') }}",
    "{% extends '/etc/passwd' %}",
    "{% do deep.update({'key': 'x'}) %}",
    "{% debug %}",
    "{% filter attr('__class__') %}{% endfilter %}",
)


@pytest.mark.parametrize("escape", [False, True], ids=["text", "html"])
@pytest.mark.parametrize("template", ESCAPES)
def test_no_escape_runs_or_prints(template: str, escape: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "system", pytest.fail)
    monkeypatch.setattr(subprocess, "Popen", pytest.fail)
    with pytest.raises((TemplateError, TypeError)):
        environment(escape=escape, loader=FolderLoader(tmp_path)).from_string(template).render(data())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["__class__", "__init__", "__globals__", "_private"])
def test_a_name_with_an_underscore_is_refused_as_an_attack_and_not_as_a_misspelling(name: str) -> None:
    for template in (f"{{{{ text.{name} }}}}", f"{{{{ text['{name}'] }}}}", f"{{{{ deep.{name} }}}}"):
        with pytest.raises(SecurityError):
            environment(escape=False).from_string(template).render(data())


@pytest.mark.parametrize("template", ["{{ deep[[1]] }}", "{{ deep[deep] }}", "{{ items['0', 1] }}", "{{ deep[1.5] }}"])
def test_only_names_and_positions_can_be_looked_up(template: str) -> None:
    with pytest.raises(SecurityError):
        environment(escape=False).from_string(template).render(data())


@pytest.mark.parametrize("name", ["range", "dict", "lipsum", "cycler", "joiner", "namespace"])
def test_jinja_s_own_globals_do_not_exist(name: str) -> None:
    with pytest.raises(UndefinedError):
        environment(escape=False).from_string(f"{{% if {name} %}}there{{% endif %}}").render()


def test_there_are_enough_escapes() -> None:
    assert len(ESCAPES) == len(set(ESCAPES)) >= 60


IN_WORDS = (
    *ESCAPES,
    "{{ site if site else 'none' }}",
    "{{ site or 'none' }}",
    "{{ site ~ site }}",
    "{{ site == 'arm' }}",
    "{{ not site }}",
    "{{ site is answered }}",
    "{{ site is defined }}",
    "{{ site|default('none') }}",
    "{{ site|d('none') }}",
    "{{ site|safe }}",
    "{{ site|length }}",
    "{{ site[0] }}",
    "{{ site() }}",
    "{{ site.upper() }}",
    "{{ [site, site] }}",
    "{{ {'a': site} }}",
    "{% if site %}yes{% else %}no{% endif %}",
    "{% for x in site %}{{ x }}{% endfor %}",
    "{% set x = site %}{{ x }}",
    "{% block b %}{{ site }}{% endblock %}",
    "{% raw %}{{ site }}{% endraw %}{% if site %}{% endif %}",
    "{% autoescape false %}{{ site }}{% endautoescape %}",
    "{{ site|listing(*[site]) }}",
    "{{ site|listing(**{'conjunction': site}) }}",
)


@pytest.mark.parametrize("words", IN_WORDS)
def test_the_words_of_a_clause_can_only_name_and_shape_answers(words: str, templates: Templates) -> None:
    clause = said(f"- {{id: one, when: site is answered, say: {words!r}, source: {{book: p}}}}")
    found = templates.refused(wording=clause.replace("\\'", "''"))
    assert {finding.code for finding in found} <= {"T402", "T403", "E006"}
    assert any(finding.code in ("T402", "T403") for finding in found), [finding.as_line() for finding in found]


@pytest.mark.parametrize(
    "condition",
    [
        *[escape[3:-3] for escape in ESCAPES if escape.startswith("{{ ")],
        "site.upper() == 'ARM'",
        "site|upper == 'ARM'",
        "site if site else site",
        "site ~ 'x' == 'armx'",
        "site is defined",
        "site is none",
        "site is string",
        "site in 'arm'",
        "1 < 2 < 3",
        "lambda: site",
        "site == 'a' }}{{ site",
        "site == 'a' }}{% if site %}",
        "site[0] == 'a'",
        "site == none",
        "site == true",
        "none",
        "'arm'",
        "1",
        "['arm']",
        "",
    ],
)
def test_a_condition_offers_no_way_out_either(condition: str, templates: Templates) -> None:
    fact = f"facts: [{{id: f, when: {condition!r}}}]\n".replace("\\'", "''")
    if condition:
        found = templates.refused(extra=fact)
        assert {finding.code for finding in found} <= {"T402", "T403"}, [finding.as_line() for finding in found]


MISSING = (
    "{{ typo }}",
    "{{ deep.typo }}",
    "{{ deep.typo.below }}",
    "{{ items[9] }}",
    "{{ text[0] }}",
    "{{ typo or 'x' }}",
    "{{ 'x' if typo else 'y' }}",
    "{{ 'x' if not yes }}",
    "{% if typo %}x{% else %}y{% endif %}",
    "{% if typo is defined %}x{% endif %}",
    "{% for x in typo %}{% endfor %}",
    "{{ typo|upper }}",
    "{{ typo|join }}",
    "{{ typo|length }}",
    "{{ typo ~ 'x' }}",
    "{{ typo == 'x' }}",
    "{{ typo in items }}",
    "{{ typo|default('x') }}",
    "{{ typo|d('x') }}",
    "{{ nothing }}",
    "{{ yes }}",
    "{{ float }}",
    "{{ deep }}",
    "{{ items }}",
    "{{ self }}",
    "{% for x in items %}{{ loop }}{% endfor %}",
    "{% macro m() %}{% endmacro %}{{ m }}",
)


@pytest.mark.parametrize("template", MISSING)
def test_what_is_missing_or_has_no_words_is_never_printed(template: str) -> None:
    with pytest.raises(TemplateError):
        environment(escape=False).from_string(template).render(data())


def test_a_name_misspelt_raises_where_plain_jinja_takes_the_negative_branch() -> None:
    with pytest.raises(UndefinedError):
        environment(escape=False).from_string("{% if ulcerrated %}is{% else %}is not{% endif %}").render(ulcerated=True)


def test_what_templates_need_does_work() -> None:
    text = "{{ text }}|{{ number }}|{{ deep.key }}|{{ items[0] }}{{ items[-1] }}"
    loop = "{% for x in deep.list %}{{ loop.index }}{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}"
    printed = environment(escape=False).from_string(f"{text}|{{{{ items|join(', ') }}}}|{loop}").render(data())
    assert printed == "some text|1.10|value|ab|a, b|1x, 2y"


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("{{ nasty }}", "&lt;style&gt;*{display:none}&lt;/style&gt;&lt;1 &amp; &gt;"),
        ("{{ nasty|upper }}", "&lt;STYLE&gt;*{DISPLAY:NONE}&lt;/STYLE&gt;&lt;1 &amp; &gt;"),
        ("{{ items|join('<') }}", "a&lt;b"),
        ("{{ '<b>' ~ text }}", "&lt;b&gt;some text"),
        (
            "{% set x %}{{ nasty|trim }}{% endset %}{{ x }}",
            "&lt;style&gt;*{display:none}&lt;/style&gt;&lt;1 &amp; &gt;",
        ),
        ("{% macro m(x) %}{{ x }}{% endmacro %}{{ m('<') }}", "&lt;"),
    ],
)
def test_a_target_with_markup_escapes_every_value(template: str, printed: str) -> None:
    assert environment(escape=True).from_string(template).render(data()) == printed


@pytest.mark.parametrize(
    "template",
    [
        "{% autoescape false %}{{ nasty }}{% endautoescape %}",
        "{% block a %}{% autoescape false %}{{ nasty }}{% endautoescape %}{% endblock %}",
        "{{ nasty|safe }}",
        "{{ nasty|e|safe }}",
        "{{ nasty|striptags }}",
        "{{ nasty|urlize }}",
    ],
)
def test_a_template_cannot_turn_escaping_off(template: str) -> None:
    with pytest.raises(TemplateError):
        environment(escape=True).from_string(template).render(data())


CHANGES = (
    "{% set text = 'x' %}",
    "{% set x = deep %}{% set x = 'y' %}",
    "{% for deep in items %}{% endfor %}",
    "{% macro text() %}{% endmacro %}",
    "{% with deep = 'x' %}{% endwith %}",
    "{% do deep.clear() %}",
    "{{ deep.setdefault('a', 'b') }}",
    "{{ mutable.append('x') }}",
    "{{ mutable.clear() }}",
    "{% set mutable[0] = 'x' %}",
)


@pytest.mark.parametrize("template", CHANGES)
def test_rendering_cannot_change_what_it_was_given(template: str) -> None:
    given = {"text": "a", "deep": {"key": "value"}, "items": ("a",), "mutable": ["m"]}
    before = copy.deepcopy(given)
    with suppress(TemplateError):
        environment(escape=False).from_string(template).render(MappingProxyType(given))
    assert given == before


def test_templates_come_from_their_folder_by_plain_name_only(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.html").write_text("SECRET", encoding="utf-8")
    (inside / "good.html").write_text("good", encoding="utf-8")
    (inside / "link.html").symlink_to(outside / "secret.html")
    (inside / "folder").symlink_to(outside)
    (inside / "below").mkdir()
    made = environment(escape=True, loader=FolderLoader(inside))
    assert made.get_template("good.html").render() == "good"
    names = (
        "../outside/secret.html", str(outside / "secret.html"), "link.html", "folder/secret.html", "below", "", ".",
        "below/../good.html", "nothing.html",
    )  # fmt: skip
    for name in names:
        with pytest.raises(TemplateNotFound):
            made.get_template(name)
        with pytest.raises(TemplateError):
            made.from_string(f"{{% include '{name}' %}}").render()


def test_a_linked_folder_of_templates_is_followed_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.html").write_text("a", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert environment(escape=True, loader=FolderLoader(tmp_path / "link")).get_template("a.html").render() == "a"


def test_arithmetic_is_no_template_s_business() -> None:
    for operator in ("+", "-", "*", "/", "//", "%", "**"):
        with pytest.raises(SecurityError):
            environment(escape=False).from_string(f"{{{{ 2 {operator} 3 }}}}").render()
