"""The published sample report, character for character, by a laboratory's profile alone.

The page lies beside the checkout (`../shared/seed`). A profile is made from it while the test runs, so that
no sentence of it stands in this repository; the last test makes sure of that.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

import pytest

from reportgen import compose, formats
from reportgen.formats.layout import load_layout
from reportgen.laboratory.model import Laboratory
from reportgen.pipeline import Settings
from reportgen.reports.model import Report
from reportgen.scenarios.said import section
from tests.acceptance.support import CHECKOUT, Data, base, changed, source
from tests.formats.readback import expected_body, read, squeeze
from tests.support.labs import worded_lab

SEED = CHECKOUT.parent / "shared" / "seed"
TEXT_FILES = {".py", ".yaml", ".yml", ".md", ".txt", ".html", ".css", ".toml", ".json", ".csv", ".sh", ""}
FOLDERS = ("reportgen", "templates", "samples", "tests", "docs", "tools", "benchmarks")


@dataclass(frozen=True)
class Published:
    """The published report: its header line, its diagnosis line, the sentences of its comment."""

    header: str
    diagnosis: str
    comment: tuple[str, ...]


@pytest.fixture(scope="module")
def published() -> Published:
    pages = sorted(SEED.glob("*.txt")) if SEED.is_dir() else []
    if not pages:
        if os.environ.get("CI") == "true":
            pytest.fail(f"the published page is not at {SEED}")
        pytest.skip(f"the published page is not at {SEED}")
    _, _, after = pages[0].read_text(encoding="utf-8").partition("\nSample pathology report\n")
    lines = [line.removeprefix("- ") for line in after.split("\n")[:3]]
    assert lines[2].startswith("Comment: ")
    sentences = re.split(r"(?<=\.) ", lines[2].removeprefix("Comment: "))
    assert len(sentences) == 4
    return Published(lines[0], lines[1], tuple(sentences))


def sample_case() -> Data:
    """The sample case, with the site and the procedure named as generally as the published report names them."""
    procedure = {"result": "other", "text": "biopsy", "counts_as": "biopsy"}
    return changed(
        base("shave-biopsy"), {"procedure": procedure, "site": "anatomic site", "laterality": "not specified"}
    )


def wording(published: Published) -> dict[str, dict[str, str]]:
    """The clauses a laboratory would write to get the published sentences: answers where the page has example words."""
    extent, atypia, interpretation, recommendation = published.comment
    atypia = atypia.replace("Mild ", "{{ atypia.grade|cap }} ")
    features = "hyperchromasia, nuclear enlargement and focal pleomorphism"
    assert features in atypia
    assert extent.endswith("deep edge of the biopsy.")
    return {
        "diagnosis.headline.surface": {"say": published.diagnosis.removesuffix(" (see comment)")},
        "comment.extent.deep_involved_biopsy": {
            "say": extent.replace("edge of the biopsy", "{{ edge }} of the {{ specimen }}")
        },
        "comment.atypia.features_pleomorphic": {
            "say": atypia.replace(features, "{{ atypia.features|also(pleomorphic)|listing }}")
        },
        "comment.interpretation.entity": {"say": interpretation},
        "comment.recommendation.re_excision": {"say": recommendation},
    }


@pytest.fixture(scope="module")
def laboratory(published: Published, tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    return worded_lab(tmp_path_factory.mktemp("laboratory"), wording(published))


@pytest.fixture
def report(laboratory: Laboratory) -> Report:
    return compose(source(sample_case()), Settings(laboratory=laboratory))


def test_the_report_is_the_published_one(report: Report, published: Published) -> None:
    header, diagnosis = section(report, "diagnosis")
    assert header.text == published.header
    assert diagnosis.text == published.diagnosis
    assert " ".join(sentence.text for sentence in section(report, "comment")) == " ".join(published.comment)


def test_the_sample_case_gets_the_same_words(laboratory: Laboratory, published: Published) -> None:
    report = compose(source(base("shave-biopsy")), Settings(laboratory=laboratory))
    header, diagnosis = section(report, "diagnosis")
    assert header.text == "Skin, left distal forearm, shave biopsy:"
    assert diagnosis.text == published.diagnosis
    assert tuple(sentence.text for sentence in section(report, "comment")) == published.comment


@pytest.mark.parametrize("name", ["txt", "html", "docx", "pdf"])
def test_the_document_is_the_published_one(
    report: Report, published: Published, laboratory: Laboratory, name: str
) -> None:
    back = read(name, formats.render(report, name, load_layout(laboratory=laboratory)), report)
    assert back.body == expected_body(report)
    for words in (published.header, published.diagnosis, " ".join(published.comment)):
        assert squeeze(words) in back.body


def test_the_same_wording_follows_other_answers(laboratory: Laboratory) -> None:
    changes = {"atypia": {"grade": "moderate", "features": ["nuclear enlargement"]}, "pleomorphism": "marked"}
    report = compose(source(changed(sample_case(), changes)), Settings(laboratory=laboratory))
    (atypia,) = [each.text for each in section(report, "comment") if each.clause.startswith("comment.atypia.")]
    assert atypia.startswith("Moderate cellular")
    assert "nuclear enlargement and marked pleomorphism" in atypia
    assert "hyperchromasia" not in atypia


def test_the_laboratory_says_nothing_where_its_clause_is_not_licensed(
    laboratory: Laboratory, published: Published
) -> None:
    changes = {"margins.deep": None, "stains": {"SMA": "pending"}}
    report = compose(source(changed(sample_case(), changes)), Settings(laboratory=laboratory))
    texts = {sentence.text for sentence in report.sentences()}
    assert texts.isdisjoint({published.diagnosis, published.comment[0], published.comment[2], published.comment[3]})


def test_our_own_words_are_our_own(published: Published) -> None:
    report = compose(source(sample_case()))
    assert section(report, "diagnosis")[1].text == published.diagnosis  # one of the fixed short forms
    assert {sentence.text for sentence in section(report, "comment")}.isdisjoint(published.comment)


def test_no_published_sentence_stands_in_this_repository(published: Published) -> None:
    looked_at = 0
    for path in (path for folder in FOLDERS for path in (CHECKOUT / folder).rglob("*")):
        if path.is_file() and path.suffix in TEXT_FILES and "__pycache__" not in path.parts:
            looked_at += 1
            words = " ".join(path.read_text(encoding="utf-8", errors="replace").split())
            assert [sentence for sentence in published.comment if sentence in words] == [], path
    assert looked_at > 60
