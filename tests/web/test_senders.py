"""A page's own entries follow one another without waiting; another's change, or one that comes late, is a conflict."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.reading.readers import read_file
from reportgen.reading.source import plain
from reportgen.web.folder import KEY, CaseFolder
from tests.web.asgi import Visitor, visitor

NAME = "shave-biopsy.yaml"
FIELDS = ("clinical_history", "submitted_by", "received")


@pytest.fixture
def made(tmp_path: Path) -> Visitor:
    return visitor(tmp_path / "cases", "shave-biopsy")


def send(made: Visitor, path: str, value: str, **more: str) -> int:
    """Send one entry; the status."""
    return made.post(f"{made.case(NAME)}/entries", path=path, value=value, **more).status


def leave(made: Visitor, entries: list[tuple[str, str]], **more: str) -> int:
    """Send what a page still held when it was left."""
    held = [("entry", urlencode({"path": path, "value": value})) for path, value in entries]
    body = urlencode([*held, *more.items()]).encode()
    return made.ask("POST", f"{made.case(NAME)}/leave", body=body).status


def now(made: Visitor, path: str) -> object:
    """What the file holds."""
    data = plain(read_file(made.folder / NAME))
    assert isinstance(data, dict)
    return data.get(path)


def test_entries_of_one_page_follow_from_the_state_that_it_showed(made: Visitor) -> None:
    shown = made.revision(NAME)
    for number in range(1, 4):
        words = f"Text {number}."
        assert send(made, "clinical_history", words, page="P", number=str(number), revision=shown) == 200
    assert now(made, "clinical_history") == "Text 3."
    assert send(made, "clinical_history", "Late.", page="P", number="2", revision=made.revision(NAME)) == 409
    assert send(made, "clinical_history", "Other.", page="Q", number="1", revision=shown) == 409
    assert now(made, "clinical_history") == "Text 3."


@pytest.mark.parametrize("page", ["", "Q"])
def test_a_change_of_another_between_them_is_a_conflict(made: Visitor, page: str) -> None:
    shown = made.revision(NAME)
    assert send(made, "clinical_history", "One.", page="P", number="1", revision=shown) == 200
    other = {"page": page, "number": "1"} if page else {}
    assert send(made, "submitted_by", "Dr. Other", revision=made.revision(NAME), **other) == 200
    assert send(made, "clinical_history", "Two.", page="P", number="2", revision=shown) == 409
    assert now(made, "clinical_history") == "One."


def test_a_change_by_hand_between_them_is_a_conflict(made: Visitor) -> None:
    shown = made.revision(NAME)
    assert send(made, "clinical_history", "One.", page="P", number="1", revision=shown) == 200
    path = made.folder / NAME
    path.write_bytes(path.read_bytes() + b"# by hand\n")
    assert send(made, "clinical_history", "Two.", page="P", number="2", revision=shown) == 409
    assert leave(made, [("clinical_history", "Two.")], page="P", number="3", revision=shown) == 409
    assert now(made, "clinical_history") == "One."


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 5000, "1.0"])
def test_without_a_number_only_the_state_shown_counts(made: Visitor, number: str) -> None:
    shown = made.revision(NAME)
    assert send(made, "clinical_history", "One.", page="P", number=number, revision=shown) == 200
    assert send(made, "clinical_history", "Two.", page="P", number=number, revision=shown) == 409


def test_of_what_a_page_held_when_it_was_left_one_refusal_keeps_no_other_back(made: Visitor) -> None:
    held = [("clinical_history", "One."), ("submitted_by", "a\u202eb"), ("nothing", "x"), ("received", "2026-11-18")]
    before = now(made, "submitted_by")
    assert leave(made, held, page="P", number="7", revision=made.revision(NAME)) == 204
    assert [now(made, path) for path in FIELDS] == ["One.", before, "2026-11-18"]


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(FIELDS[:2]), st.sampled_from("abc")), max_size=5), st.integers(0, 5))
def test_a_page_that_is_left_amid_its_entries_loses_none(
    tmp_path_factory: pytest.TempPathFactory, entries: list[tuple[str, str]], sent: int
) -> None:
    made = visitor(tmp_path_factory.mktemp("desk") / "cases", "shave-biopsy")
    shown = made.revision(NAME)
    for number, (path, value) in enumerate(entries[:sent]):
        assert send(made, path, value, page="P", number=str(number), revision=shown) == 200
    assert leave(made, entries[sent:], page="P", number="9", revision=shown) == 204
    for path, value in dict(entries).items():
        assert now(made, path) == value


def test_an_entry_whose_answer_was_lost_is_no_change_made_elsewhere(made: Visitor) -> None:
    shown = made.revision(NAME)
    watch = f"{made.case(NAME)}/watch/{shown}"
    assert send(made, "clinical_history", "One.", page="P", number="1", revision=shown) == 200
    assert [made.get(f"{watch}{of}").status for of in ("?page=P", "?page=Q", "?page=", "")] == [204, 200, 200, 200]
    assert send(made, "clinical_history", "One.", page="P", number="2", revision=shown) == 200
    path = made.folder / NAME
    path.write_bytes(path.read_bytes() + b"# by hand\n")
    assert made.get(f"{watch}?page=P").status == 200


def test_a_page_is_told_whether_all_of_the_page_before_it_has_arrived(made: Visitor) -> None:
    shown = made.revision(NAME)

    def watch(number: int, page: str = "P") -> int:
        return made.get(f"{made.case(NAME)}/watch/{made.revision(NAME)}?page={page}&number={number}").status

    assert watch(1) == 202  # nobody was heard yet
    assert send(made, "clinical_history", "One.", page="P", number="1", revision=shown) == 200
    assert [watch(1), watch(2)] == [204, 202]
    assert send(made, "submitted_by", "a\u202eb", page="P", number="2", revision=shown) == 422
    assert [watch(2), watch(4)] == [204, 202]
    held = [("clinical_history", "Two."), ("submitted_by", "Dr. Last")]
    assert leave(made, held, page="P", number="4", revision=shown) == 204
    assert [watch(4), watch(5), watch(9, "Q")] == [204, 202, 202]
    assert made.get(f"{made.case(NAME)}/watch/{shown}?page=P&number=4").status == 200
    assert (now(made, "clinical_history"), now(made, "submitted_by")) == ("Two.", "Dr. Last")


def test_a_page_of_which_nothing_was_heard_yet_is_waited_for_though_another_was_heard_before(made: Visitor) -> None:
    shown = made.revision(NAME)
    assert send(made, "clinical_history", "One.", page="P", number="1", revision=shown) == 200
    now_shown = made.revision(NAME)
    watch = f"{made.case(NAME)}/watch/{now_shown}?page=Q&number=1"
    assert made.get(watch).status == 202
    assert leave(made, [("clinical_history", "Two.")], page="Q", number="1", revision=now_shown) == 204
    assert made.get(watch).status == 200
    assert send(made, "clinical_history", "Late.", page="P", number="0", revision=made.revision(NAME)) == 409


def test_what_leaves_the_desk_is_of_the_state_that_the_page_shows(made: Visitor) -> None:
    case, shown = made.case(NAME), made.revision(NAME)
    leaving = ("report.txt", "report.docx", "print", "finalize")
    for address in leaving:
        assert made.get(f"{case}/{address}?revision={shown}").status == 200, address
    path = made.folder / NAME
    path.write_text(path.read_text(encoding="utf-8").replace("Firm papule", "Soft papule"), encoding="utf-8")
    for address in leaving:
        answer = made.get(f"{case}/{address}?revision={shown}")
        assert (answer.status, "Soft" in answer.text) == (409, False), address
    assert made.post(f"{case}/finalize", revision=shown, name="Dr. Example").status == 409
    assert not (made.folder / "finalized").exists()


def test_a_full_disk_is_no_fault_of_the_entry(made: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    shown = made.revision(NAME)
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        assert send(made, "clinical_history", "One.", revision=shown) == 507
    assert made.revision(NAME) == shown
    assert send(made, "clinical_history", "a\u202eb", revision=shown) == 422
    assert send(made, "clinical_history", "One.", revision=shown) == 200


def test_nothing_to_undo_is_no_conflict(made: Visitor) -> None:
    answer = made.post(f"{made.case(NAME)}/undo", revision=made.revision(NAME))
    assert answer.status == 422
    assert "Nothing can be undone." in answer.text


def test_ids_that_are_kept_are_those_of_the_next_start(tmp_path: Path) -> None:
    ids = []
    for _ in range(2):
        folder = CaseFolder(tmp_path)
        folder.keep_ids()
        ids.append(folder.id_of("S26-1.yaml"))
    assert ids[0] == ids[1] != CaseFolder(tmp_path).id_of("S26-1.yaml")


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_key_that_is_none_is_made_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".reportgen").mkdir()
    (tmp_path / KEY).write_bytes(content)
    folder = CaseFolder(tmp_path)
    folder.keep_ids()
    assert len((tmp_path / KEY).read_bytes()) == 32
    other = CaseFolder(tmp_path)
    other.keep_ids()
    assert other.id_of("a.yaml") == folder.id_of("a.yaml")


def test_where_no_key_can_be_kept_the_desk_serves_all_the_same(tmp_path: Path) -> None:
    (tmp_path / ".reportgen").write_text("in the way")
    folder = CaseFolder(tmp_path)
    folder.keep_ids()
    assert len(folder.id_of("a.yaml")) == 18
