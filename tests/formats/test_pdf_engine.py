"""The PDF engine held in: hostile layouts reach nothing, its warnings are errors, a missing library is named."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from reportgen import formats
from reportgen.findings import FindingsError
from reportgen.formats import html, pdf_weasyprint
from reportgen.formats.layout import load_layout
from reportgen.formats.pdf_weasyprint import refuses_outside, render_page
from reportgen.sandbox import environment
from tests.formats.pdf_reading import attached, opened
from tests.formats.specimen import REPORT, with_text

SECRET = "the-secret-of-this-machine"
_HEAD, _BODY, _CSS = "head", "body", "css"

# How a page or a style sheet can ask for something; {url} is a web address or a file.
VECTORS = {
    "image": (_BODY, '<img src="{url}" alt="x">'),
    "attachment link": (_HEAD, '<link rel="attachment" href="{url}">'),
    "attachment anchor": (_BODY, '<a rel="attachment" href="{url}">x</a>'),
    "linked style": (_HEAD, '<link rel="stylesheet" href="{url}">'),
    "imported style": (_HEAD, '<style>@import url("{url}");</style>'),
    "background": (_HEAD, '<style>p {{ background: url("{url}") }}</style>'),
    "inline background": (_BODY, '<p style="background: url({url})">x</p>'),
    "list mark": (_HEAD, '<style>li {{ list-style-image: url("{url}") }}</style>'),
    "generated content": (_HEAD, '<style>p::before {{ content: url("{url}") }}</style>'),
    "font": (_HEAD, '<style>@font-face {{ font-family: x; src: url("{url}") }} p {{ font-family: x }}</style>'),
    "base": (_HEAD, '<base href="{url}/"><link rel="stylesheet" href="deeper.css">'),
    "object": (_BODY, '<object data="{url}">x</object>'),
    "embed": (_BODY, '<embed src="{url}">'),
    "icon": (_HEAD, '<link rel="icon" href="{url}">'),
    "svg image": (
        _BODY,
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title>'
        '<image href="{url}" width="9" height="9"/></svg>',
    ),
    "svg use": (
        _BODY,
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title><use href="{url}#x"/></svg>',
    ),
    "sheet import": (_CSS, '@import url("{url}");'),
    "sheet background": (_CSS, 'p {{ background: url("{url}") }}'),
    "sheet font": (_CSS, '@font-face {{ font-family: x; src: url("{url}") }} p {{ font-family: x }}'),
    "sheet margin box": (_CSS, '@page {{ @top-left {{ content: url("{url}") }} }}'),
}
_HARMLESS = {"icon", "base", "embed", "object", "svg use", "attachment anchor"}  # may be passed over in silence


@contextlib.contextmanager
def server() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine: its address, and the paths it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(SECRET.encode())

        do_HEAD = do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None: ...

    running = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}/x", asked
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


def page(where: str, markup: str) -> tuple[str, tuple[str, ...]]:
    """A page and its style sheets with something planted in one of them."""
    head, body, css = (markup if where == place else "" for place in (_HEAD, _BODY, _CSS))
    return (
        f'<html lang="en"><head><title>x</title>{head}</head><body><ul><li>x</li></ul><p>x</p>{body}</body></html>',
        (css,),
    )


@pytest.mark.enable_socket
@pytest.mark.parametrize("target", ["http", "file", "data"])
@pytest.mark.parametrize("vector", VECTORS)
def test_a_hostile_layout_reaches_nothing(vector: str, target: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET, encoding="utf-8")
    where, template = VECTORS[vector]
    with server() as (address, asked):
        url = {"http": address, "file": secret.as_uri(), "data": f"data:text/css,p{{content:'{SECRET}'}}"}[target]
        made = attempt(*page(where, template.format(url=url)))
    if isinstance(made, FindingsError):
        assert [finding.code for finding in made.findings] == ["E504"]
        assert SECRET not in str(made)
    else:
        assert vector in _HARMLESS
        pdf = opened(made)
        assert attached(pdf) == []
        assert not [item for item in pdf.objects if SECRET.encode() in _content(item)]
    assert asked == []


def attempt(html_page: str, sheets: tuple[str, ...]) -> bytes | FindingsError:
    """What rendering a page comes to."""
    try:
        return render_page(html_page, sheets)
    except FindingsError as error:
        return error


def _content(item: object) -> bytes:
    read = getattr(item, "read_bytes", None)
    with contextlib.suppress(Exception):
        return bytes(read()) if read else repr(item).encode()
    return b""


@pytest.mark.enable_socket
def test_the_server_of_these_tests_does_answer() -> None:
    from urllib.request import urlopen

    with server() as (address, asked):
        assert urlopen(address).read().decode() == SECRET
        assert asked == ["/x"]


@pytest.mark.parametrize("name", ["../../../etc/passwd", "secret.png", "Carlito-Regular.ttf/../x", "//host/x"])
def test_only_the_exact_names_of_the_fonts_exist(name: str) -> None:
    with pytest.raises(FindingsError, match="E504"):
        render_page(*page(_BODY, f'<img src="{name}" alt="x">'))


def test_the_refusal_can_be_asked_for() -> None:
    refuses_outside()


# what the engine only logs


def test_a_style_the_engine_does_not_know_is_an_error_with_its_place() -> None:
    with pytest.raises(FindingsError) as caught:
        render_page(*page(_CSS, "\n\np { colour: red }"))
    (finding,) = caught.value.findings
    assert finding.code == "E504"
    assert re.search(r"3:\d+", finding.message)
    assert "colour" not in finding.message


def test_a_glyph_that_slips_through_is_an_error_without_the_character() -> None:
    with pytest.raises(FindingsError) as caught:
        render_page(*page(_BODY, "<p>\U0010fffd private-words</p>"))
    assert [finding.code for finding in caught.value.findings] == ["E503"]
    assert "private-words" not in str(caught.value)


def test_the_engine_logs_nothing_elsewhere(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(FindingsError):
        render_page(*page(_BODY, "<p>\U0010fffd private-words</p>"))
    formats.render(with_text("private-words"), "pdf", load_layout())
    assert not [record for record in caplog.records if "private-words" in record.getMessage()]
    assert capfd.readouterr() == ("", "")


def test_after_an_error_the_next_report_is_in_order() -> None:
    before = formats.render(REPORT, "pdf", load_layout())
    logger = logging.getLogger("weasyprint")
    handlers, propagate = list(logger.handlers), logger.propagate
    for broken in ('<img src="file:///etc/hostname" alt="x">', "<p>\U0010fffd</p>"):
        with pytest.raises(FindingsError):
            render_page(*page(_BODY, broken))
    assert formats.render(REPORT, "pdf", load_layout()) == before
    assert (logger.handlers, logger.propagate) == (handlers, propagate)


def test_a_template_that_fails_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = environment(escape=True).from_string("{{ nothing_of_this_name }}")
    monkeypatch.setattr(html, "_template", lambda *_: broken)
    with pytest.raises(FindingsError) as caught:
        html.render(REPORT, load_layout())
    assert [(finding.code, str(finding.place)) for finding in caught.value.findings] == [
        ("T408", "layouts/standard/report.css")
    ]


# what this machine may lack

_WITHOUT = """
import sys
from importlib.abc import MetaPathFinder
class Lacking(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "weasyprint.text.ffi":
            raise OSError("cannot load library 'libpango-1.0-0'")
sys.meta_path.insert(0, Lacking())
"""
_WITHOUT_SUBSET = """
import weasyprint.text.ffi
weasyprint.text.ffi.harfbuzz_subset = None
"""
_TRY = """
from reportgen import formats
from reportgen.findings import FindingsError
from reportgen.formats.layout import load_layout
from tests.formats.specimen import REPORT
for name in formats.names():
    try:
        print(name, len(formats.render(REPORT, name, load_layout(engine="weasyprint"))) > 1000)
    except FindingsError as error:
        print(name, error.environment, error.findings[0].as_line())
print("auto", len(formats.render(REPORT, "pdf", load_layout())) > 1000)
"""


@pytest.mark.parametrize(("code", "lack"), [("S601", _WITHOUT), ("S602", _WITHOUT_SUBSET)])
def test_a_missing_library_is_named_with_the_line_that_mends_it(code: str, lack: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", lack + _TRY],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    docx, pdf, page, txt, auto = done.stdout.strip().split("\n")
    assert (docx, page, txt, auto) == ("docx True", "html True", "txt True", "auto True")
    assert pdf.startswith(f"pdf True {code} ")
    assert "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in pdf
    assert done.stderr == ""


_STARTED = """
import ctypes.util, sys
started, find_library = [], ctypes.util.find_library
sys.addaudithook(lambda event, arguments: started.append(arguments[0]) if event == "subprocess.Popen" else None)
from reportgen.formats.pdf_weasyprint import load_engine
load_engine()
assert "weasyprint.text.ffi" in sys.modules
assert ctypes.util.find_library is find_library
print(started)
"""


def test_the_engine_is_loaded_without_another_program() -> None:
    command = [sys.executable, "-c", _STARTED]
    assert subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, check=True).stdout == b"[]\n"


def test_a_forked_process_that_ends_leaves_its_parent_the_fonts() -> None:
    design = load_layout(engine="weasyprint")
    before = formats.render(REPORT, "pdf", design)
    child = multiprocessing.get_context("fork").Process(target=formats.release)
    child.start()
    child.join(30)
    assert child.exitcode == 0
    pdf_weasyprint._sheet.cache_clear()  # a style sheet that is read anew needs the folder of fonts
    assert formats.render(REPORT, "pdf", design) == before
