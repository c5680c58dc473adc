"""The fixed words of a laboratory's layouts are known, and none denies anything for want of an answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen import template_files
from reportgen.laboratory.model import Laboratory
from reportgen.profiles.check import check
from reportgen.profiles.layout_denials import denials, fixed_words
from tests.support.labs import lab

STANDARD = (template_files.folder() / "layouts/standard/report.html").read_text(encoding="utf-8")


def layout(folder: Path, more: str) -> Laboratory:
    return lab(folder, "layout: {html: report.html}\n", report_html=STANDARD.replace("</main>", f"{more}</main>"))


def test_fixed_words_are_listed_for_the_phrasebook(tmp_path: Path) -> None:
    made = layout(tmp_path, "<p>Accredited by the <b>Example Board</b></p>")
    words = [text for _, text in fixed_words(made)]
    assert "Accredited by the Example Board" in words
    assert not [finding for finding in check(made) if finding.code != "W303"]


@pytest.mark.parametrize(
    "more",
    [
        "{% if report_is_clear %}x{% else %}<p>No tumor is seen.</p>{% endif %}",
        "{% if not notices %}<p>Margins are free.</p>{% endif %}",
        "{% if state != 'draft' %}<p>Nothing negative.</p>{% endif %}",
        "{% if a %}x{% elif not b %}<p>Without necrosis.</p>{% endif %}",
        "{% for s in sections %}{% if s.id == 'x' %}y{% else %}<p>not seen</p>{% endif %}{% endfor %}",
    ],
)
def test_a_denial_behind_an_else_or_a_not_is_refused(more: str, tmp_path: Path) -> None:
    assert {finding.code for finding in denials(layout(tmp_path, more))} == {"T417"}


@pytest.mark.parametrize(
    "more", ["{% if notices %}<p>Not signed.</p>{% endif %}", "{% if a %}x{% else %}<p>y</p>{% endif %}"]
)
def test_other_branches_are_not(more: str, tmp_path: Path) -> None:
    assert list(denials(layout(tmp_path, more))) == []
