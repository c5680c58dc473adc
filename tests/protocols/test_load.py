"""Loading: what a file must look like, what a laboratory may lay over it; and the shipped protocols are in order."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest

from reportgen import template_files
from reportgen.findings import Finding, FindingsError
from reportgen.laboratory.model import Laboratory
from reportgen.protocols import files
from reportgen.protocols.load import load_header, load_protocol, protocol_ids, read_protocol
from reportgen.reading.readers import read_content
from reportgen.reading.source import Mapping
from tests.support.labs import lab, protocol_lab, worded_lab
from tests.support.toy import SITE, WORDING, Templates, codes


def refusals(id: str, laboratory: Laboratory | None = None) -> tuple[Finding, ...]:
    with pytest.raises(FindingsError) as caught:
        load_protocol(id, laboratory)
    return caught.value.findings


def test_the_shipped_header_is_in_order() -> None:
    header = load_header()
    assert {"accession", "patient.name", "patient.mrn", "collected", "laboratory.name"} <= header.slots.keys()


def test_every_folder_with_a_protocol_is_a_protocol() -> None:
    folders = {path.parent.name for path in template_files.folder().glob("protocols/*/protocol.yaml")}
    assert set(protocol_ids()) == folders
    assert {"aismn", "general"} <= folders


def test_a_protocol_nobody_knows_is_refused_with_the_nearest_name() -> None:
    (finding,) = refusals("aisnm")
    assert (finding.code, finding.hint) == ("E110", 'did you mean "aismn"?')
    (finding,) = refusals("../aismn")
    assert finding.code == "E110"
    (finding,) = refusals("")
    assert finding.hint == f"known: {', '.join(protocol_ids())}"


def test_the_hash_is_that_of_the_files_and_changes_with_every_byte(templates: Templates) -> None:
    first = templates.load("")
    folder = templates.folder / "protocols" / "toy"
    digest = hashlib.sha256()
    for name in ("protocol.yaml", "wording.yaml"):
        data = (folder / name).read_bytes()
        digest.update(f"{len(data)} ".encode() + data)
    assert first.hash == digest.hexdigest()
    (templates.folder / "protocols" / "toy" / "free-text.yaml").write_text("doubt: [toyish]\n", encoding="utf-8")
    worded = templates.load("")
    assert worded.hash == first.hash
    assert worded.words != first.words
    assert "toyish" in worded.prose.words.doubt
    again = templates.load("")
    assert again.hash == first.hash
    for name in ("protocol.yaml", "wording.yaml"):
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write("# a remark\n")
        changed = load_protocol("toy")
        assert changed.hash != first.hash


def test_a_changed_file_is_read_again(templates: Templates) -> None:
    assert "x" not in templates.load("").slots
    assert "x" in templates.load("- {id: x, kind: text, title: X, source: {book: p}}\n").slots


WRONG_SHAPE = [
    ("title: Toy\n", "title: Toy\ntitel: Toy\n", "titel", "titel: Toy"),
    ("summary: A toy.\n", "", "summary", ""),
    ("kind: text", "kind: txt", "sections › main › elements › site › kind", SITE.strip()),
    ("kind: text", "knd: text", "sections › main › elements › site › kind", ""),
    ("status: core", "status: cor", "sections › main › elements › site › status", "status: cor"),
    ("id: site", "id: my site", "sections › main › elements › my site › id", "id: my site"),
    ("id: site", "id: [site]", "sections › main › elements › 1 › id", "id: [site]"),
    ("title: Site", "titel: Site", "sections › main › elements › site › title", "titel: Site"),
    ("status: core", "status: core, maximum: many", "sections › main › elements › site › maximum", "maximum: many"),
    ("status: core", "status: core, lines: perhaps", "sections › main › elements › site › lines", "lines: perhaps"),
    ("status: core", "status: core, unit: mm", "sections › main › elements › site › unit", "unit: mm"),
    ("sources: {book: {title: A book}}", "sources: [book]", "sources", "sources: [book]"),
    ("sections:", "sections: {}\nsektions:", "sections", "sections: {}"),
]


@pytest.mark.parametrize(("old", "new", "path", "mark"), WRONG_SHAPE)
def test_a_file_of_the_wrong_shape_is_refused_at_its_line(
    old: str, new: str, path: str, mark: str, templates: Templates
) -> None:
    templates.write("")
    assert old in templates.text
    text = templates.text.replace(old, new, 1)
    (templates.folder / "protocols" / "toy" / "protocol.yaml").write_text(text, encoding="utf-8")
    found = refusals("toy")
    assert {finding.code for finding in found} == {"T401"}
    wanted = next(finding for finding in found if finding.path == path)
    if mark:
        line = next(number for number, line in enumerate(text.splitlines(), 1) if mark in line or new in line)
        assert wanted.place.line in (line, line - 1)
        assert wanted.place.file == "protocols/toy/protocol.yaml"


def test_a_wording_of_the_wrong_shape_is_refused_at_its_line(templates: Templates) -> None:
    (finding,) = templates.refused(wording=WORDING.replace("    override: true\n", "    overide: true  # here\n"))
    assert (finding.code, finding.path) == ("T401", "wording › diagnosis › headline › overide")
    assert str(finding.place).startswith(templates.line("# here"))


def test_a_file_that_is_no_yaml_is_refused_like_a_case(templates: Templates) -> None:
    (finding,) = templates.refused(wording="header: [\n")
    assert finding.code == "E006"
    assert finding.place.file == "protocols/toy/wording.yaml"


def test_no_message_holds_a_path_of_this_machine(templates: Templates) -> None:
    for finding in templates.refused("- {id: x, kind: text, title: X}\n"):
        assert str(templates.folder) not in finding.as_line()


# ----------------------------------------------------------------------------------------------- a laboratory's profile


def test_a_laboratory_s_words_are_laid_over_the_built_in_ones(templates: Templates, tmp_path: Path) -> None:
    built_in = templates.load("")
    own = load_protocol("toy", worded_lab(tmp_path, {"diagnosis.headline.plain": {"say": "Our words"}}, "toy"))
    clause = own.protocol.wording.diagnosis[0].clauses[0]
    assert (clause.say, clause.when) == ("Our words", "site is answered")
    assert clause.source == {"book": "p2", "laboratory": "Example Laboratory 1.0"}
    assert own.hash != built_in.hash
    assert load_protocol("toy").protocol.wording == built_in.protocol.wording


def test_a_profile_that_says_nothing_of_a_protocol_leaves_it_as_it_is(templates: Templates, tmp_path: Path) -> None:
    built_in = templates.load("")
    own = load_protocol("toy", lab(tmp_path, "labels: {page: Sheet}"))
    assert own.protocol is built_in.protocol  # which takes as much memory for fifty profiles as for one
    assert own.hash == built_in.hash


def test_a_file_is_read_once_for_all_protocols_and_laboratories(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.content.cache_clear()
    read: list[str] = []

    def noted(data: bytes, name: str) -> Mapping:
        read.append(name)
        return read_content(data, name)

    monkeypatch.setattr(files, "read_content", noted)
    for id in ("cyst", "seborrheic"):
        read_protocol(id)
    load_protocol("cyst", protocol_lab(tmp_path, "elements: {size: {label: Its size}}", "cyst"))
    assert set(Counter(read).values()) == {1}
    assert "protocols/fragments/skin-specimen.yaml" in read


def test_a_laboratory_s_words_are_checked_like_any_other(templates: Templates, tmp_path: Path) -> None:
    templates.write("")
    found = refusals(
        "toy", protocol_lab(tmp_path, 'wording:\n  diagnosis.headline.plain:\n    say: "{{ sight }}"\n', "toy")
    )
    assert codes(found) == [("T402", "diagnosis.headline.plain")]
    assert (found[0].place.file, found[0].place.line) == (str(tmp_path / "lab.yaml"), 8)
