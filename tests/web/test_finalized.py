"""What was finalized stays: documents that nothing replaces, and a record that never loses a word."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from reportgen.findings import FindingsError
from reportgen.web.finalized import FOLDER, Ledger
from tests.cli.program import edited
from tests.web.asgi import Visitor, snapshot

DOCUMENTS = {"docx": b"word", "pdf": b"paper"}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path)


def finalize(ledger: Ledger, name: str = "a.yaml", content: bytes = b"case") -> tuple[str, ...]:
    return ledger.finalize(name, content, DOCUMENTS, "Dr. É", "2026-11-22T10:00").documents


def test_a_case_that_nobody_finalized_has_no_record(ledger: Ledger) -> None:
    assert ledger.in_force("a.yaml") is None


def test_the_documents_the_case_and_the_record_are_kept(ledger: Ledger, tmp_path: Path) -> None:
    made = ledger.finalize("a.yaml", b"case", DOCUMENTS, "Dr. É", "2026-11-22T10:00")
    assert ledger.in_force("a.yaml") == made
    assert (made.by, made.at) == ("Dr. É", "2026-11-22T10:00")
    assert made.digest == hashlib.sha256(b"case").hexdigest()
    kept = snapshot(tmp_path / FOLDER)
    record = json.loads(kept.pop("a.jsonl"))
    assert kept == {"a.docx": b"word", "a.pdf": b"paper", "a.case.yaml": b"case"}
    assert record == {
        "do": "finalized", "by": "Dr. É", "at": "2026-11-22T10:00", "case": "a.yaml", "case_sha256": made.digest,
        "documents": {"a.docx": hashlib.sha256(b"word").hexdigest(), "a.pdf": hashlib.sha256(b"paper").hexdigest()},
    }  # fmt: skip


def test_what_is_finalized_again_is_counted_on_and_nothing_is_replaced(ledger: Ledger, tmp_path: Path) -> None:
    finalize(ledger)
    first = snapshot(tmp_path / FOLDER)
    ledger.reopen("a.yaml", "X", "later")
    assert ledger.in_force("a.yaml") is None
    assert finalize(ledger, content=b"case, changed") == ("a.2.docx", "a.2.pdf")
    last = ledger.in_force("a.yaml")
    assert last
    assert last.documents == ("a.2.docx", "a.2.pdf")
    kept = snapshot(tmp_path / FOLDER)
    assert kept["a.jsonl"].startswith(first.pop("a.jsonl"))
    assert [json.loads(line)["do"] for line in kept["a.jsonl"].splitlines()] == ["finalized", "reopened", "finalized"]
    assert {name: kept[name] for name in first} == first
    assert kept["a.2.case.yaml"] == b"case, changed"


@pytest.mark.parametrize("left", ["a.docx", "a.pdf", "a.case.yaml"])
def test_documents_that_were_cut_off_from_their_record_are_left_alone_and_counted_past(
    ledger: Ledger, tmp_path: Path, left: str
) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / left).write_bytes(b"left by a power cut")
    assert finalize(ledger) == ("a.2.docx", "a.2.pdf")
    kept = snapshot(tmp_path / FOLDER)
    assert kept[left] == b"left by a power cut"
    last = ledger.in_force("a.yaml")
    assert last
    assert last.documents == ("a.2.docx", "a.2.pdf")


def test_cases_of_like_names_share_nothing(ledger: Ledger, tmp_path: Path) -> None:
    names = ("a.yaml", "a.yml", "a.json", "a-yml.yaml", "a.YAML", "a.2.yaml")
    for number, name in enumerate(names):
        assert ledger.in_force(name) is None
        made = [finalize(ledger, name, b"%d" % number)]
        ledger.reopen(name, "X", "later")
        made.append(finalize(ledger, name, b"%d again" % number))
        last = ledger.in_force(name)
        assert last
        assert last.documents == made[1]
    kept = snapshot(tmp_path / FOLDER)
    assert sorted(data for name, data in kept.items() if ".case." in name) == sorted(
        word for n in range(6) for word in (b"%d" % n, b"%d again" % n)
    )
    for number, name in enumerate(names):
        last = ledger.in_force(name)
        assert last
        assert last.digest == hashlib.sha256(b"%d again" % number).hexdigest()


@pytest.mark.parametrize(
    "record",
    [
        b"", b"\n\n", b"{", b"null\n", b"[]\n", b"1\n", b'"x"\n', b"{}\n", b'{"do": "something"}\n', b'{"do": null}\n',
        b'{"do": "finalized"}\n', b'{"do": "finalized", "documents": 5, "case_sha256": "x"}\n', b"\xff\n", b"\x00\x00",
        b'{"do": "finalized", "documents": {}, "case_sha256": null}\n', b'{"do": "finalized", "docu',
    ],
)  # fmt: skip
def test_a_broken_record_refuses_and_opens_nothing(ledger: Ledger, tmp_path: Path, record: bytes) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "a.jsonl").write_bytes(record)
    for ask in (ledger.in_force, finalize_of(ledger), lambda name: ledger.reopen(name, "X", "later")):
        with pytest.raises(FindingsError, match="E009"):
            ask("a.yaml")
    assert snapshot(tmp_path / FOLDER) == {"a.jsonl": record}


def finalize_of(ledger: Ledger):  # type: ignore[no-untyped-def]
    return lambda name: finalize(ledger, name)


def test_every_record_that_is_cut_off_somewhere_refuses(ledger: Ledger, tmp_path: Path) -> None:
    finalize(ledger)
    path = tmp_path / FOLDER / "a.jsonl"
    whole = path.read_bytes()
    for length in range(len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(FindingsError, match="E009"):
            ledger.in_force("a.yaml")


def test_a_record_that_cannot_be_read_refuses(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / FOLDER / "a.jsonl").mkdir(parents=True)
    with pytest.raises(FindingsError, match="E009"):
        ledger.in_force("a.yaml")


def test_what_cannot_be_noted_is_not_finalized(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        finalize(ledger, "\udcff.yaml")
    assert snapshot(tmp_path) == {}


def test_where_the_folder_cannot_be_made_nothing_is_finalized(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_bytes(b"a file is in the way")
    with pytest.raises(FindingsError):
        finalize(ledger)
    assert snapshot(tmp_path) == {FOLDER: b"a file is in the way"}


def test_a_case_that_an_earlier_version_finalized_still_opens_and_gives_what_was_kept(tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    folder.mkdir()
    edited(folder / "warned.yaml", ("S100: negative", "S100: positive"), name="q1-excision")  # which raises a warning
    made = Visitor(folder)
    case = made.case("warned.yaml")
    content = made.desk.folder.read("warned.yaml")
    made.desk.ledger.finalize("warned.yaml", content, {"docx": b"kept"}, "Dr. Example", "2026-11-22T10:00")
    assert made.get(case).status == 200
    assert made.get(f"{case}/finalized.docx").body == b"kept"
    shown = made.get(f"{case}/report")
    assert shown.status == 200
    assert "The finalized documents are kept" in shown.text
