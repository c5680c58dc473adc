"""Ways out of a template that others have found, through every door by which a laboratory's template comes in."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.document import Document

from reportgen.findings import FindingsError
from reportgen.laboratory.model import Laboratory
from tests.acceptance.support import TEMPLATES
from tests.formats.word_templates import (
    changed_part,
    escaped,
    filled,
    good,
    laid_out,
    part_named,
    parts_of,
    with_body,
    with_footnote,
    word_lab,
)
from tests.support.labs import lab

ESCAPES = (
    "{{ ''.__class__.__mro__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ().__class__.__bases__[0].__subclasses__() }}",
    "{{ [].__class__ }}",
    "{{ {}.__class__ }}",
    "{{ ''['__class__'] }}",
    "{{ ''[('__cl', 'ass__')|join] }}",
    "{{ ''['\\x5f\\x5fclass\\x5f\\x5f'] }}",
    "{{ (1).__class__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ joiner.__init__.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ namespace(a=1) }}",
    "{{ dict(a=1) }}",
    "{{ dict.__base__ }}",
    "{{ lipsum(n=1) }}",
    "{{ range(10**9) }}",
    "{{ range(1000000000)|join }}",
    "{{ 'x' * 1000000000 }}",
    "{{ 9**9**9 }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ self }}",
    "{{ ''|attr('__class__') }}",
    "{{ ''|attr('__cl' ~ 'ass__') }}",
    "{{ '%s'|format(1) }}",
    "{{ '%s' % 'x' }}",
    "{{ ''.format }}",
    "{{ '{0.__class__}'.format(1) }}",
    "{{ '{0.__class__}'.format_map({'0': 1}) }}",
    "{{ ''.join.__self__ }}",
    "{{ ''.encode('rot13') }}",
    "{{ ['x']|map(attribute='__class__')|join }}",
    "{{ ['x']|join(attribute='__class__') }}",
    "{{ ['x']|join('', '__class__') }}",
    "{{ ['x']|groupby('__class__') }}",
    "{{ ['x']|sort(attribute='__class__')|first }}",
    "{{ ['x']|selectattr('__class__')|first }}",
    "{% for x in ('a',) %}{{ loop.__class__ }}{% endfor %}",
    "{% for x in ('a',) %}{{ loop._iterator }}{% endfor %}",
    "{% for x in ('a',) %}{{ loop.changed }}{% endfor %}",
    "{% set x = ''.__class__ %}{{ x }}",
    "{% set x = ''.__class__.__mro__ %}",
    "{% set x %}{{ ''.__class__ }}{% endset %}",
    "{% with x = ''.__class__ %}{{ x }}{% endwith %}",
    "{% if ''.__class__ %}x{% endif %}",
    "{% for x in ''.__class__.__mro__ %}{{ x }}{% endfor %}",
    "{% macro m() %}x{% endmacro %}{{ m.__globals__ }}",
    "{% macro m() %}x{% endmacro %}{{ m._func.__globals__ }}",
    "{% macro m() %}x{% endmacro %}{{ m }}",
    "{% macro m() %}{{ caller.__globals__ }}{% endmacro %}{{ m() }}",
    "{% macro m() %}{{ caller.__globals__ }}{% endmacro %}{% call m() %}x{% endcall %}",
    "{% macro m() %}{{ varargs.__class__ }}{% endmacro %}{{ m(1) }}",
    "{% macro m() %}{{ kwargs.__class__ }}{% endmacro %}{{ m(a=1) }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% include '/etc/passwd' %}",
    "{% include '../../../../../../../../../etc/passwd' %}",
    "{% import 'os' as o %}{{ o }}",
    "{% from 'os' import popen %}{{ popen('id') }}",
    "{% extends '/etc/passwd' %}",
    "{% filter pprint %}x{% endfilter %}",
    "{% filter attr('__class__') %}x{% endfilter %}",
    "{% autoescape false %}{{ report }}{% endautoescape %}",
    "{% do x %}",
    "{% debug %}",
    "{{ 'x'|safe }}",
    "{{ 'x'|tojson }}",
    "{{ 'x'|pprint }}",
    "{{ {'a': 1}|xmlattr }}",
    "{{ 'x'|list }}",
    "{{ 'x'|string }}",
    "{{ 'x'|e.__class__ }}",
    "{{ 'x' is callable }}",
    "{{ 'x' is defined }}",
    "{{ request }}",
    "{{ config.items() }}",
    "{{ url_for.__globals__ }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ __builtins__ }}",
    "{{ environment }}",
)
_TELLING = ("uid=", "root:", "class 'str'", "class 'tuple'", "<function", "<class", "<module", "object at 0x")
_CODES = {"T408", "T413", "T415", "T416"}


@lru_cache(maxsize=1)
def _letter() -> bytes:
    return good()


def _typed(escape: str) -> str:
    return f"<w:p><w:r><w:t>{escaped(escape)}</w:t></w:r></w:p>"


def _html(folder: Path, escape: str) -> Laboratory:
    standard = (TEMPLATES / "layouts" / "standard" / "report.html").read_text(encoding="utf-8")
    assert standard.count("</main>") == 1
    text = standard.replace("</main>", f"{escape}\n</main>")
    return lab(folder, "layout: {html: report.html}\n", report_html=text)


def _word_body(folder: Path, escape: str) -> Laboratory:
    return word_lab(folder, with_body(_typed(escape), _letter()))


def _word_header(folder: Path, escape: str) -> Laboratory:
    header = part_named(_letter(), "header")
    return word_lab(folder, changed_part(_letter(), header, "<w:p>", _typed(escape) + "<w:p>"))


def _word_footnote(folder: Path, escape: str) -> Laboratory:
    return word_lab(folder, with_footnote(escaped(escape), _letter()))


_CHANNELS: dict[str, tuple[str, Callable[[Path, str], Laboratory]]] = {
    "html": ("html", _html),
    "word body": ("docx", _word_body),
    "word header": ("docx", _word_header),
    "word footnote": ("docx", _word_footnote),
}


@pytest.mark.parametrize("channel", _CHANNELS)
def test_the_channel_prints_what_is_harmless(channel: str, tmp_path: Path) -> None:
    format, make = _CHANNELS[channel]
    printed = laid_out(make(tmp_path, "{{ 'so' ~ 'me' }} words"), format)
    texts = parts_of(printed).values() if format == "docx" else [printed]
    assert any(b"some words" in text for text in texts)


_LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
_TRIED = [  # a Word file takes longer: one of five ways out through each of its channels; all where time does not count
    (escape, channel)
    for number, escape in enumerate(ESCAPES)
    for channel in _CHANNELS
    if _LONG or channel == "html" or number % 5 == 0
]


def test_enough_ways_are_tried_through_each_channel() -> None:
    assert min([each for _, each in _TRIED].count(channel) for channel in _CHANNELS) >= 15


@pytest.mark.parametrize(("escape", "channel"), _TRIED)
def test_no_way_out(escape: str, channel: str, tmp_path: Path) -> None:
    format, make = _CHANNELS[channel]
    laboratory = make(tmp_path, escape)
    with pytest.raises(FindingsError) as caught:
        laid_out(laboratory, format)
    assert {finding.code for finding in caught.value.findings} <= _CODES
    said = " ".join(finding.as_line(show_values=True) for finding in caught.value.findings)
    assert [word for word in _TELLING if word in said] == []


_PROPERTIES = (
    "title", "subject", "author", "keywords", "comments", "category", "content_status", "identifier", "language",
    "last_modified_by", "version",
)  # fmt: skip


@pytest.mark.parametrize("start", range(0, len(ESCAPES), len(_PROPERTIES)))
def test_properties_of_the_template_are_never_evaluated(start: int, tmp_path: Path) -> None:
    escapes = ESCAPES[start : start + len(_PROPERTIES)]

    def named(document: Document) -> None:
        for name, escape in zip(_PROPERTIES, escapes, strict=False):
            setattr(document.core_properties, name, escape)

    data = good(named)
    assert all(escaped(escape).encode() in parts_of(data)["docProps/core.xml"] for escape in escapes)
    made = filled(tmp_path / "lab", data)
    properties = docx.Document(BytesIO(made)).core_properties
    assert properties.title.startswith("Dermatopathology report S26-01234")
    parts = parts_of(made)
    everything = b"".join(parts.values())
    assert [escape for escape in escapes if escaped(escape).encode() in everything] == []
    core = parts["docProps/core.xml"].decode()
    assert [word for word in (*_TELLING, "&lt;class", "{{", "{%") if word in core] == []
