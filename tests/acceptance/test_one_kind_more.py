"""One more kind of thing is one entry: a format and a level of advisories, added in a test and met at every door."""

from __future__ import annotations

import csv
import importlib
import json
import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import reportgen.cli
from reportgen.formats.layout import Layout
from reportgen.formats.registry import FORMATS, Engine, Format
from reportgen.reports.model import Report
from tests.batch.tables import rows, write
from tests.cli.program import CHECKOUT, environment, invoke, run, sample
from tests.support.labs import write_lab
from tests.web.asgi import visitor

# --- a format


def rtf(report: Report, _: Layout) -> bytes:
    """The words of a report in the order of reading, each as a paragraph of rich text."""
    words = (text for text in report.reading_order() if text)
    escaped = (
        "".join(each if each.isascii() and each not in "\\{}" else f"\\u{ord(each)}?" for each in text)
        for text in words
    )
    return ("{\\rtf1 " + "\\par ".join(escaped) + "}").encode("ascii")


@pytest.fixture
def _with_rtf(monkeypatch: pytest.MonkeyPatch) -> None:
    """What adding a format takes: its module, and its line in the registry."""
    for command in pkgutil.iter_modules(reportgen.cli.__path__):  # whose help lists the formats as it is loaded
        importlib.import_module(f"reportgen.cli.{command.name}")
    module = ModuleType("reportgen.formats.rtf")
    module.__dict__["ENGINE"] = Engine(rtf)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(FORMATS, "rtf", Format("rtf", "application/rtf", 20_000, module.__name__, button="Rich text"))


@pytest.mark.usefixtures("_with_rtf")
def test_a_format_more_is_rendered_from_a_case(tmp_path: Path) -> None:
    assert invoke("render", sample("shave-biopsy"), "-f", "rtf,txt", "-o", tmp_path).code == 0
    made = (tmp_path / "shave-biopsy.rtf").read_text(encoding="ascii")
    assert made.startswith("{\\rtf1 ")
    assert "DRAFT" in made
    told = invoke("render", sample("shave-biopsy"), "-f", "odt", "-o", tmp_path)
    assert told.code == 2
    assert "docx, pdf, html, txt, rtf" in told.err


@pytest.mark.usefixtures("_with_rtf")
def test_a_format_more_is_rendered_from_a_table(tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", rows(3))
    done = invoke("batch", table, "-o", tmp_path / "out", "-f", "rtf", "-j", "2")
    assert (done.code, done.err.count("internal error")) == (0, 0)
    assert len(list((tmp_path / "out").glob("*.rtf"))) == 3
    with (tmp_path / "out" / "results.csv").open(encoding="utf-8", newline="") as file:
        assert {each["status"] for each in csv.DictReader(file)} == {"rendered"}


@pytest.mark.usefixtures("_with_rtf")
def test_a_format_more_is_offered_at_the_desk(tmp_path: Path) -> None:
    desk = visitor(tmp_path / "cases", "shave-biopsy")
    case = desk.case("shave-biopsy.yaml")
    revision = desk.revision("shave-biopsy.yaml")
    button = f'<a class="button" href="{case}/report.rtf?revision={revision}" data-download="rtf">Rich text</a>'
    assert button in desk.get(case).text
    answer = desk.get(f"{case}/report.rtf?revision={revision}")
    assert answer.header("content-type") == "application/rtf"
    assert 'filename="shave-biopsy.rtf"' in answer.header("content-disposition")
    assert answer.body.startswith(b"{\\rtf1 ")


def test_without_its_line_there_is_no_such_format_anywhere(tmp_path: Path) -> None:
    assert invoke("render", sample("shave-biopsy"), "-f", "rtf", "-o", tmp_path).code == 2
    desk = visitor(tmp_path / "cases", "shave-biopsy")
    case = desk.case("shave-biopsy.yaml")
    assert "report.rtf" not in desk.get(case).text
    assert desk.get(f"{case}/report.rtf").status == 404


# --- a level of advisories

NOTE = '    note = "note", "plain"\n'
CONSULT = '    consult = "consult", "open", "warns"\n'
PROFILE = """\
protocols:
  aismn:
    advisories:
      append:
        - id: A99
          title: Second opinion
          levels: [{level: consult, when: mitoses >= 0, say: Show the slides to a colleague.}]
          source: {laboratory: consensus policy}
"""
DESK = """
import sys
from pathlib import Path
from reportgen.laboratory.read import load_laboratory
from tests.web.asgi import Visitor
made = Visitor(Path(sys.argv[1]), load_laboratory(Path(sys.argv[2])))
case = made.case("case.yaml")
print(made.get(case).text)
asked = {"revision": made.revision("case.yaml"), "name": "Dr. Example"}
reason = {"reason.parts.A.acknowledge.A99": "Seen by a colleague today"}
print([made.post(f"{case}/finalize", **asked, **more).status for more in ({}, reason)])
"""


@pytest.fixture(scope="module")
def louder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program whose source has one line more: the entry of the level."""
    copy = tmp_path_factory.mktemp("louder")
    for folder in ("reportgen", "templates"):
        shutil.copytree(CHECKOUT / folder, copy / folder, ignore=shutil.ignore_patterns("*.pyc.*"))
    source = copy / "reportgen/protocols/model.py"
    text = source.read_text(encoding="utf-8")
    assert text.count(NOTE) == 1
    source.write_text(text.replace(NOTE, NOTE + CONSULT), encoding="utf-8")
    write_lab(copy / "lab", PROFILE)
    return copy


def own(louder: Path) -> dict[str, str]:
    """The environment in which the copy is imported, and the tests from here."""
    return {"PYTHONPATH": f"{louder}:{CHECKOUT}"}


def test_a_level_more_is_told_by_each_command(louder: Path, tmp_path: Path) -> None:
    for command, more in (("check", ()), ("render", ("-f", "txt", "-o", tmp_path)), ("explain", ())):
        done = run(command, sample("shave-biopsy"), "--lab", louder / "lab", *more, env=own(louder), cwd=louder)
        assert done.code == 0, done.err
        assert ("consult A99" in done.out + done.err) is (command != "explain")  # which shows sentences alone
    done = run("check", sample("shave-biopsy"), "--lab", louder / "lab", "--json", env=own(louder), cwd=louder)
    (case,) = json.loads(done.out)["cases"]
    assert {"A99": "consult"}.items() <= {each["id"]: each["level"] for each in case["parts"][0]["advisories"]}.items()


def test_a_level_more_is_shown_at_the_desk(louder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    folder.mkdir()
    shutil.copy(sample("shave-biopsy"), folder / "case.yaml")
    done = subprocess.run(
        [sys.executable, "-c", DESK, str(folder), str(louder / "lab")],
        env=environment(own(louder)), cwd=louder, capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert '<div class="remark open">\n<h3><span class="level">consult</span> Second opinion</h3>' in done.stdout
    assert done.stdout.endswith("[422, 200]\n")  # not finalized without a reason


def test_a_level_more_is_counted_in_the_summary_of_a_batch(louder: Path, tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", rows(2))
    more = "-o", tmp_path / "out", "-f", "txt", "--lab", louder / "lab"
    done = run("batch", table, *more, env=own(louder), cwd=louder)
    assert done.code == 0, done.err
    summary = (tmp_path / "out" / "summary.html").read_text(encoding="utf-8")
    assert "Second opinion" in summary
    assert "consult" in summary


def test_without_its_entry_the_level_is_refused(louder: Path) -> None:
    done = run("check", sample("shave-biopsy"), "--lab", louder / "lab")
    assert done.code == 1
    assert "consult" not in done.out
