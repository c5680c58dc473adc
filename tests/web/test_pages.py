"""Pages are filled with escaped values; the report in the frame brings only styles that are let in."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest

from reportgen.web.pages import STATIC, fill, framed, page, static, when
from tests.web.asgi import visitor

NASTY = "<script>alert(1)</script>\"' onload=x {{ 7*7 }}"


def test_a_value_is_never_markup() -> None:
    said = fill("message.html", {"title": NASTY, "words": NASTY})
    assert "<script>alert" not in said
    assert "&lt;script&gt;" in said
    assert "49" not in said
    assert "\"' onload" not in said


def test_no_page_holds_a_script_or_a_style_of_its_own() -> None:
    for path in (Path(__file__).resolve().parents[2] / "reportgen" / "web" / "pages").glob("*.html"):
        if path.name in ("noreport.html", "keptreport.html"):  # they fill the frame of the report
            continue
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|\|\s*safe|autoescape", text), path.name
        assert not re.search(r"<script(?! src=\"/static/)", text), path.name
        assert not re.search(r"(?:src|href)=\"(?!/|#|data:)", text), path.name


def test_the_files_beside_the_pages_are_there_and_no_others_are_served() -> None:
    for name, kind in STATIC.items():
        answer = static(name)
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
        assert answer.body
    for name in ("", "..", "../guard.py", "htmx.LICENSE.txt", "desk.css/", "DESK.CSS"):
        assert static(name).status_code == 404


def test_a_style_is_let_in_by_its_hash_and_the_notice_is_escaped() -> None:
    answer = framed("<html><head><style>p {}</style></head><body class='x'><p>", NASTY, marks=True)
    html, policy = bytes(answer.body).decode(), answer.headers["content-security-policy"]
    styles = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert len(styles) == 2
    for style in styles:
        assert f"'sha256-{b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" in policy
    assert "unsafe" not in policy
    assert '<body class=\'x\'><div class="desk-left-out" role="status">&lt;script&gt;' in html
    assert "<script" not in html
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy


def test_without_a_notice_nothing_is_added() -> None:
    html = "<html><head></head><body><p>\\1 \\g<0></body></html>"
    assert bytes(framed(html).body).decode() == html


def test_a_name_that_is_no_text_does_not_keep_a_page_from_being_shown() -> None:
    assert b"?.yaml" in page("message.html", {"title": "x", "words": "\udcff.yaml"}).body


@pytest.mark.parametrize(("hours", "said"), [(0, "12:00"), (11, "01:00"), (13, "2026-11-21 23:00")])
def test_a_moment_of_today_is_told_by_its_time(hours: int, said: str) -> None:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert when((now - timedelta(hours=hours)).timestamp(), now) == said


def test_the_words_of_a_case_are_escaped_on_its_page(tmp_path: Path) -> None:
    made = visitor(tmp_path / "cases", "unfinished")
    path = made.folder / "unfinished.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("Nodule of the shoulder.", f"'{NASTY.replace(chr(39), '')}'")
    )
    for address in ("", "/report"):
        said = made.get(made.case("unfinished.yaml") + address).text
        assert "alert(1)" in said
        assert "<script>alert" not in said


def test_the_inputs_of_a_case_are_in_no_form_and_only_those_of_one_control_are_a_group(tmp_path: Path) -> None:
    made = visitor(tmp_path / "cases", "shave-biopsy")
    said = made.get(made.case("shave-biopsy.yaml")).text
    controls = re.split(r'class="control[ "]', said.partition("<main")[2].partition("</main>")[0])[1:]
    groups: dict[str, int] = {}
    for number, control in enumerate(controls):
        assert "<form" not in control  # thousands of forms take a browser many seconds
        for written in re.findall(r"<(?:input|select|textarea)[^>]*>", control):
            assert 'autocomplete="off"' in written  # a browser must not bring back what it showed before
            if 'type="radio"' in written:
                name = unescape(re.findall(r' name="([^"]*)"', written)[0])
                assert groups.setdefault(name, number) == number
    assert len(groups) > 40
