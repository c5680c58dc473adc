"""The desk: the work list, changes that are saved at once and can be taken back, documents, finalizing."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from reportgen.findings import FindingsError
from reportgen.web import desk as desks
from reportgen.web.desk import Change, Desk, FixedError, NoStepError
from reportgen.web.evaluation import revision_of
from reportgen.web.folder import ORIGINALS, ConflictError, NoSuchCaseError
from reportgen.web.listing import Status
from tests.cli.program import SAMPLES, edited, invoke, loaded
from tests.web.asgi import lines, snapshot

NAME = "unfinished.yaml"
DONE = "shave-biopsy.yaml"
AT = "2026-11-22T10:00+00:00"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    root = tmp_path / "cases"
    root.mkdir()
    for name in (NAME, DONE):
        shutil.copy(SAMPLES / name, root)
    return Desk(root, None)


def revision(desk: Desk, name: str = NAME) -> str:
    return revision_of(desk.folder.read(name))


def put(path: str, value: str | None) -> Change:
    return lambda made: made.put(path, value)


def change(desk: Desk, path: str, value: str | None, name: str = NAME) -> str:
    """Change a case as it stands; returns its new revision."""
    return desk.change(name, revision(desk, name), put(path, value)).evaluation.revision


def statuses(desk: Desk, words: str = "") -> dict[str, Status]:
    return {line.name: line.status for line in lines(desk, words)}


def finalize(desk: Desk, name: str = DONE, by: str = "Dr. Example") -> None:
    desk.finalize(name, revision(desk, name), by, AT)


# --- the work list


def test_the_work_list_tells_how_far_every_case_is(desk: Desk, tmp_path: Path) -> None:
    root = desk.folder.root
    for number, (name, growth) in enumerate({"refused": "sideways", "fixed": "infiltrative"}.items()):
        changes = ("S26-01234", f"S26-5{number}"), ("growth: infiltrative", f"growth: {growth}")
        edited(root / f"{name}.yaml", *changes, name="shave-biopsy")
    edited(root / "changed.yaml", ("S26-01234", "S26-52"), name="shave-biopsy")
    (root / "broken.yaml").write_text("a: [")
    (root / "empty.yml").write_bytes(b"")
    (root / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    for name in ("fixed.yaml", "changed.yaml"):
        finalize(desk, name)
    (root / "changed.yaml").write_bytes((root / "changed.yaml").read_bytes() + b"# by hand\n")
    expected = {
        NAME: Status.draft, DONE: Status.complete, "refused.yaml": Status.refused,
        "fixed.yaml": Status.finalized, "changed.yaml": Status.changed, "broken.yaml": Status.refused,
        "empty.yml": Status.refused, "binary.yaml": Status.refused,
    }  # fmt: skip
    assert statuses(desk) == expected
    assert statuses(desk) == expected  # as remembered


def test_a_stop_that_nobody_acknowledged_is_told_apart(desk: Desk) -> None:
    for path in sorted(SAMPLES.glob("q*.yaml")):
        shutil.copy(path, desk.folder.root)
    stopped = [line for line in lines(desk) if line.status is Status.stopped]
    assert stopped
    assert all(desk.evaluation(line.name).stopped for line in stopped)


def test_the_last_changed_case_comes_first_and_a_change_is_seen(desk: Desk) -> None:
    for name, time in ((NAME, 100), (DONE, 200)):
        os.utime(desk.folder.path(name), (time, time))
    assert [line.name for line in lines(desk)] == [DONE, NAME]
    change(desk, "patient.name", "Other, Olga")
    first = lines(desk)[0]
    assert (first.name, first.patient, first.open) == (NAME, "Other, Olga", 4)


def test_a_broken_record_does_not_keep_the_list_from_being_shown(desk: Desk) -> None:
    finalize(desk)
    (desk.folder.root / "finalized" / "shave-biopsy.jsonl").write_bytes(b"{")
    assert statuses(desk)[DONE] is Status.changed
    with pytest.raises(FindingsError, match="E009"):
        change(desk, "patient.name", "X", DONE)


@pytest.mark.parametrize("accession", ["", "   ", "\x00", "S26\u202e1", "a\x1b[0m", "\ufffe"])
def test_an_accession_that_cannot_stand_in_a_case_makes_no_file(desk: Desk, accession: str) -> None:
    before = snapshot(desk.folder.root)
    with pytest.raises(FindingsError):
        desk.create(accession, "aismn")
    assert snapshot(desk.folder.root) == before


# --- changes


def test_a_change_is_saved_and_the_file_written_by_hand_is_kept_once(desk: Desk) -> None:
    by_hand = desk.folder.read(NAME)
    change(desk, "patient.name", "Other, Olga")
    now = desk.folder.read(NAME)
    head = b"".join(line for line in by_hand.splitlines(keepends=True)[:2])
    assert head.startswith(b"#")
    assert now.startswith(head + b"protocol:")
    assert loaded(desk.folder.path(NAME))["patient"]["name"] == "Other, Olga"
    kept = f"{ORIGINALS}/unfinished.{revision_of(by_hand)[:8]}.yaml"
    change(desk, "patient.name", "Third, Theo")
    assert {name for name in snapshot(desk.folder.root) if name != DONE} == {NAME, kept}
    assert snapshot(desk.folder.root)[kept] == by_hand


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"# one\n#two\n", b"\xef\xbb\xbf# one\r\n"])
def test_comments_at_the_head_stay_through_many_changes(desk: Desk, start: bytes) -> None:
    path = desk.folder.path(NAME)
    body = path.read_bytes().split(b"invented.\n", 1)[1]
    path.write_bytes(start + body)
    for name in ("A, A", "B, B", "C, C"):
        change(desk, "patient.name", name)
    assert path.read_bytes().startswith(start.removeprefix(b"\xef\xbb\xbf") + b"protocol:")


def test_a_json_case_stays_json(desk: Desk) -> None:
    path = desk.folder.root / "case.json"
    path.write_text('{"protocol": "aismn", "accession": "J-1", "patient": {"name": "A, B"}, "parts": [{"label": "A"}]}')
    change(desk, "patient.name", "É, \U0001f600", "case.json")
    assert path.read_text(encoding="utf-8").startswith('{\n  "protocol"')
    assert desk.evaluation("case.json").data is not None


@pytest.mark.parametrize("what", ["changed", "gone", "other revision"])
def test_nothing_is_saved_over_what_the_page_has_not_shown(desk: Desk, what: str) -> None:
    shown, path = revision(desk), desk.folder.path(NAME)
    if what == "changed":
        path.write_bytes(path.read_bytes() + b"# by hand\n")
    elif what == "gone":
        path.unlink()
    else:
        shown = "0" * 24
    before = snapshot(desk.folder.root)
    for act in (
        lambda: desk.change(NAME, shown, put("patient.name", "X, Y")),
        lambda: desk.undo(NAME, shown),
        lambda: desk.finalize(NAME, shown, "Dr. X", AT),
    ):
        with pytest.raises((ConflictError, NoSuchCaseError)):
            act()
    assert snapshot(desk.folder.root) == before


def test_what_changes_by_hand_while_a_change_is_worked_out_is_not_overwritten(desk: Desk) -> None:
    path = desk.folder.path(NAME)
    by_hand = path.read_bytes() + b"# by hand\n"

    def slow(made: object) -> tuple[str, ...]:
        path.write_bytes(by_hand)
        return put("patient.name", "X, Y")(made)  # type: ignore[arg-type]

    with pytest.raises(ConflictError):
        desk.change(NAME, revision(desk), slow)
    assert snapshot(desk.folder.root)[NAME] == by_hand


@pytest.mark.parametrize(
    "text", ["\x00", "a\x07b", "a\x1bb", "a\u202eb", "a\u2066b", "a\u200bb", "\ufeffa", "a\x85b", "a\ud800", "\uffff"]
)
def test_characters_that_no_case_may_hold_are_refused_and_nothing_is_saved(desk: Desk, text: str) -> None:
    before = snapshot(desk.folder.root)
    for path in ("patient.name", "clinical_history", "parts.A.received_as"):
        with pytest.raises((FindingsError, UnicodeEncodeError)):
            change(desk, path, text)
    assert snapshot(desk.folder.root) == before
    assert not desk.can_undo(NAME, revision(desk))


@pytest.mark.parametrize(
    "text",
    ["no", "012", "1.10", "2026-01-01", "null", "~", "- a", "a: b", "# x", "'", '"', "{x}", "&a", "*a", "!x", "%", "@",
     "a\nb\n\nc", "a\n", "=", "<<", "é", "\U0001f600", "e\u0301", "x" * 3_000, "---", "..."],
)  # fmt: skip
def test_a_text_is_read_again_as_it_was_entered(desk: Desk, text: str) -> None:
    change(desk, "clinical_history", text)
    data = desk.evaluation(NAME).data
    assert data is not None
    assert data["clinical_history"] == text.replace("e\u0301", "é").strip() or data["clinical_history"] == text


def test_a_change_that_changes_nothing_writes_nothing(desk: Desk) -> None:
    before = snapshot(desk.folder.root)
    change(desk, "patient.name", "Draft, Dorothea")
    assert snapshot(desk.folder.root) == before


def test_changes_are_taken_back_one_by_one_to_the_very_bytes(desk: Desk) -> None:
    states = [desk.folder.read(NAME)]
    for name in ("A, A", "B, B", "C, C"):
        change(desk, "patient.name", name)
        states.append(desk.folder.read(NAME))
    for state in reversed(states[:-1]):
        assert desk.can_undo(NAME, revision(desk))
        desk.undo(NAME, revision(desk))
        assert desk.folder.read(NAME) == state
    assert not desk.can_undo(NAME, revision(desk))
    with pytest.raises(NoStepError):
        desk.undo(NAME, revision(desk))


def test_nothing_is_taken_back_over_a_change_by_hand(desk: Desk) -> None:
    change(desk, "patient.name", "A, A")
    path = desk.folder.path(NAME)
    path.write_bytes(path.read_bytes() + b"# by hand\n")
    with pytest.raises(NoStepError):
        desk.undo(NAME, revision(desk))
    change(desk, "patient.name", "B, B")
    desk.undo(NAME, revision(desk))
    assert path.read_bytes().endswith(b"# by hand\n")
    assert not desk.can_undo(NAME, revision(desk))


def test_of_many_changes_to_one_state_exactly_one_is_saved(desk: Desk) -> None:
    won: list[str] = []
    lost: list[type[Exception]] = []
    shown = revision(desk)

    def race(name: str) -> None:
        try:
            desk.change(NAME, shown, put("patient.name", name))
            won.append(name)
        except ConflictError as error:
            lost.append(type(error))

    threads = [threading.Thread(target=race, args=(f"Name, {letter}",)) for letter in "ABCDEF"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert len(lost) == 5
    assert loaded(desk.folder.path(NAME))["patient"]["name"] == won[0]


def test_what_is_remembered_is_bounded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "_REMEMBERED", 2)
    monkeypatch.setattr(desks, "_STEPS", 2)
    for letter in "ABCD":
        change(desk, "patient.name", f"{letter}, {letter}")
    assert len(desk._evaluated) == 2
    desk.undo(NAME, revision(desk))
    desk.undo(NAME, revision(desk))
    assert not desk.can_undo(NAME, revision(desk))


# --- documents and finalizing


def test_documents_are_the_very_bytes_that_the_program_renders(desk: Desk, tmp_path: Path) -> None:
    change(desk, "patient.name", "Other, Olga")
    for name in (NAME, DONE):
        formats = ("docx", "pdf", "html", "txt")
        made = desk.documents(name, formats)
        out = tmp_path / "out"
        assert invoke("render", desk.folder.path(name), "-o", out, "-f", ",".join(formats)).code == 0
        assert {f: (out / f"{Path(name).stem}.{f}").read_bytes() for f in formats} == made


def test_a_finalized_case_is_fixed_until_it_is_reopened(desk: Desk) -> None:
    change(desk, "submitted_by", "Dr. Other", DONE)
    content = desk.folder.read(DONE)
    finalize(desk, by="  Dr.   Example ")
    fixed = desk.fixed(DONE)
    assert fixed
    documents = tuple(f"shave-biopsy.{ending}" for ending in ("docx", "pdf", "html"))
    assert (fixed.by, fixed.at, fixed.documents) == ("Dr. Example", AT, documents)
    assert fixed.is_of(desk.evaluation(DONE).revision)
    before = snapshot(desk.folder.root)
    for act in (
        lambda: change(desk, "submitted_by", "X", DONE),
        lambda: change(desk, "submitted_by", "Dr. Other", DONE),
        lambda: desk.undo(DONE, revision(desk, DONE)),
        lambda: finalize(desk),
    ):
        with pytest.raises(FixedError):
            act()
    assert snapshot(desk.folder.root) == before
    assert before["finalized/shave-biopsy.case.yaml"] == content
    desk.reopen(DONE, "Dr. Other", AT)
    assert desk.fixed(DONE) is None
    assert statuses(desk)[DONE] is Status.complete
    change(desk, "submitted_by", "X", DONE)
    finalize(desk)
    after = snapshot(desk.folder.root)
    assert {n: d for n, d in before.items() if n.endswith(("docx", "pdf", "case.yaml"))}.items() <= after.items()
    assert after["finalized/shave-biopsy.2.docx"] != before["finalized/shave-biopsy.docx"]


def test_what_is_kept_is_what_the_program_makes(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finalize(desk)
    words = ("--finalized-by", "Dr. Example", "--at", AT, "-f", "docx,pdf")
    assert invoke("render", desk.folder.path(DONE), "-o", tmp_path / "out", *words).code == 0
    for ending in ("docx", "pdf"):
        kept = (desk.folder.root / "finalized" / f"shave-biopsy.{ending}").read_bytes()
        assert kept == (tmp_path / "out" / f"shave-biopsy.{ending}").read_bytes()
        assert desk.documents(DONE, (ending,))[ending] == kept
    with monkeypatch.context() as patch:
        patch.setattr("reportgen.web.desk.render", None)  # nothing that was kept is made anew
        assert b"Dr. Example" in desk.documents(DONE, ("html",))["html"]
    edited(desk.folder.path(DONE), ("left distal forearm", "left elbow"), name="shave-biopsy")
    assert b"DRAFT" in desk.documents(DONE, ("txt",))["txt"]


@pytest.mark.parametrize(
    ("spoil", "by"),
    [
        (lambda root: shutil.copy(SAMPLES / NAME, root / DONE), "Dr. X"),
        (lambda root: edited(root / DONE, ("growth: infiltrative", "growth: sideways"), name="shave-biopsy"), "Dr. X"),
        (lambda root: edited(root / DONE, ("Sample, Alexandra", ""), name="shave-biopsy"), "Dr. X"),
        (lambda root: (root / DONE).write_text("a: ["), "Dr. X"),
        (lambda root: None, ""),
        (lambda root: None, " \t "),
        (lambda root: None, "Dr.\x00X"),
        (lambda root: None, "Dr. \u202eX"),
    ],
    ids=["open", "refused", "no patient", "broken", "no name", "blank", "control", "direction"],
)
def test_what_is_not_in_order_or_has_no_name_is_not_finalized(
    desk: Desk, spoil: Callable[[Path], object], by: str
) -> None:
    spoil(desk.folder.root)
    before = snapshot(desk.folder.root)
    with pytest.raises(FindingsError):
        finalize(desk, by=by)
    assert snapshot(desk.folder.root) == before
    assert desk.fixed(DONE) is None


def test_a_stopped_case_is_not_finalized(desk: Desk) -> None:
    shutil.copy(SAMPLES / "q2-metastatic.yaml", desk.folder.root / DONE)
    assert desk.evaluation(DONE).stopped
    before = snapshot(desk.folder.root)
    with pytest.raises(FindingsError):
        finalize(desk)
    assert snapshot(desk.folder.root) == before


def test_a_case_that_is_not_finalized_cannot_be_reopened(desk: Desk) -> None:
    before = snapshot(desk.folder.root)
    with pytest.raises(ConflictError):
        desk.reopen(DONE, "Dr. X", AT)
    assert snapshot(desk.folder.root) == before
    finalize(desk)
    with pytest.raises(FindingsError, match="E303"):
        desk.reopen(DONE, "  ", AT)
    desk.reopen(DONE, "Dr. X", AT)
    with pytest.raises(ConflictError):
        desk.reopen(DONE, "Dr. X", AT)


def test_what_is_changed_by_hand_after_finalizing_is_noticed(desk: Desk) -> None:
    finalize(desk)
    fixed = desk.fixed(DONE)
    assert fixed
    path = desk.folder.path(DONE)
    path.write_bytes(path.read_bytes() + b"# by hand\n")
    assert not fixed.is_of(desk.evaluation(DONE).revision)
    assert statuses(desk)[DONE] is Status.changed
    assert not fixed._replace(digest="").is_of(desk.evaluation(DONE).revision)


def test_a_finalization_outlives_the_desk(desk: Desk) -> None:
    finalize(desk)
    again = Desk(desk.folder.root, None)
    with pytest.raises(FixedError):
        change(again, "submitted_by", "X", DONE)
    assert statuses(again)[DONE] is Status.finalized
