"""Our own reports keep the form of synoptic reports, as `reportgen lint` judges it: no finding in any format."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen import compose, formats
from reportgen.formats.layout import load_layout
from reportgen.lint.judge import judged, lint
from reportgen.lint.required import required
from reportgen.lint.text_rows import rows
from reportgen.protocols.load import load_protocol
from reportgen.reports.model import Report
from tests.acceptance.test_library import LIBRARY, scenarios, tried
from tests.cli.program import SAMPLES

FORMATS = (("txt", "auto"), ("docx", "auto"), ("pdf", "typst"), ("pdf", "weasyprint"))


def assert_in_order(report: Report, protocol: str, folder: Path) -> None:
    needed = required(load_protocol(protocol)) if protocol else ()
    for format, engine in FORMATS:
        path = folder / f"{engine}.{format}"
        path.write_bytes(formats.render(report, format, load_layout(engine=engine)))
        assert [each.as_line(show_values=True) for each in lint(path, needed)] == []


@pytest.mark.parametrize("name", [path.stem for path in sorted(SAMPLES.glob("*.yaml")) if "q2" not in path.stem])
def test_samples_keep_the_form(name: str, tmp_path: Path) -> None:
    assert_in_order(compose(SAMPLES / f"{name}.yaml"), "" if name == "three-parts" else "aismn", tmp_path)


@pytest.mark.parametrize("id", LIBRARY)
def test_every_scenario_of_the_library_keeps_the_form(id: str, tmp_path: Path) -> None:
    reports = [made for one in scenarios(id) if {*one.protocols()} == {id} and (made := tried(one).report)]
    assert_in_order(reports[0], id, tmp_path)
    needed, layout = required(load_protocol(id)), load_layout()
    for report in reports:
        found = judged(rows(formats.render(report, "txt", layout), "r.txt"), "r.txt", needed)
        assert [each.as_line(show_values=True) for each in found] == []
