"""The report's own words: complete, well-formed, and refused with a place where they are not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportgen import template_files
from reportgen.findings import FindingsError
from reportgen.reports.labels import Labels
from reportgen.reports.load_labels import load_labels


def test_every_label_is_there_and_filled() -> None:
    labels = load_labels()
    assert len(Labels.model_fields) >= 35
    for name, value in labels:
        assert value, name
    assert set(labels.sections) == {
        "diagnosis", "comment", "synoptic", "stains", "microscopic", "gross", "history", "coding", "signature",
    }  # fmt: skip


def test_the_patterns_take_what_the_composer_gives() -> None:
    labels = load_labels()
    given = {
        "finalized_by": ("name", "time"), "worded_by_pathologist": ("names",), "acknowledged": ("names",),
        "answered_by_macro": ("macro", "names"),
        "answered_by_profile": ("profile", "names"),
        "acknowledgement": ("title", "reason"),
        "acknowledgement_of_part": ("title", "label", "reason"), "of_part": ("name", "label"),
        "open_one": ("names",), "open_many": ("count", "names"), "part": ("label", "site"), "received_as": ("text",),
        "pending": ("title",), "pending_on": ("title", "names"), "withheld": ("title", "why"), "telephone": ("text",),
        "record": ("version", "protocols", "layout", "hash"), "protocol_record": ("id", "version", "hash"),
        "clia": ("text",), "waived": ("names",), "profile_record": ("name", "version", "hash"),
        "reason": ("words", "reason"), "fill_in": ("answer", "text"), "entry": ("name", "answer"),
        "continued": ("part",), "converted": ("entered", "converted"), "rounded": ("entered", "rounded"),
        "per": ("count", "per"), "per_area": ("count", "per", "rounded", "optics"), "optics_area": ("area",),
        "other_words": ("title", "names"), "other_words_own": ("title", "names", "statement"),
        "stain_result": ("result", "names"), "stain_method": ("text", "version"), "code_times": ("code", "count"),
        "optics_number": ("number", "objective", "area"), "not_reviewed": ("names",),
    }  # fmt: skip
    for name, value in labels:
        if isinstance(value, str):
            assert set(re.findall(r"\{(\w*)\}", value)) == set(given.get(name, ())), name


def own(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(template_files, "path", lambda _: path)


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("page: Page\n", "", "page"),
        ("page: Page\n", "page: Page\npaeg: Page\n", "paeg"),
        ("page: Page\n", "page: [Page]\n", "page"),
        ("page: Page\n", "page:\n", "page"),
    ],
)
def test_labels_of_the_wrong_shape_are_refused_with_their_line(
    old: str, new: str, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (template_files.folder() / "labels" / "en.yaml").read_text(encoding="utf-8")
    assert old in text
    own(tmp_path, text.replace(old, new), monkeypatch)
    with pytest.raises(FindingsError) as caught:
        load_labels.__wrapped__()  # not what is cached of the built-in file
    (finding,) = caught.value.findings
    assert (finding.code, finding.path) == ("T401", path)
    assert finding.place.line
