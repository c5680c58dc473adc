"""The case folder: which files are cases, and that none is written over unseen.

Source: threats 17 and 25 to 27 of the project's threat list.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.findings import FindingsError
from reportgen.web.evaluation import revision_of
from reportgen.web.folder import ORIGINALS, CaseFolder, ConflictError, NoSuchCaseError
from tests.cli.program import environment
from tests.web.asgi import snapshot


@pytest.fixture
def folder(tmp_path: Path) -> CaseFolder:
    (tmp_path / "cases").mkdir()
    return CaseFolder(tmp_path / "cases")


def test_only_plain_case_files_of_the_folder_itself_are_cases(folder: CaseFolder, tmp_path: Path) -> None:
    root = folder.root
    for name in ("b.yaml", "a.yml", "c.json", "D.YAML", "-x.yaml", ".hidden.yaml", "columns.yaml", "lab.yaml", "x.txt",
                 "x.yaml.bak", "x.yaml~", ".reportgen-1.tmp", "yaml", "aismn.schema.json"):  # fmt: skip
        (root / name).write_text("a: b")
    (root / "folder.yaml").mkdir()
    (root / "below").mkdir()
    (root / "below" / "x.yaml").write_text("a: b")
    (tmp_path / "secret.yaml").write_text("a: b")
    (root / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (root / "inner.yaml").symlink_to(root / "b.yaml")
    (root / "broken.yaml").symlink_to(tmp_path / "nothing")
    os.mkfifo(root / "pipe.yaml")
    assert folder.names() == ["-x.yaml", "D.YAML", "a.yml", "b.yaml", "c.json"]
    assert [name for name, _ in folder.stamps()] == folder.names()
    with pytest.raises(NoSuchCaseError):
        folder.name_of(folder.id_of("link.yaml"))


def test_an_id_tells_nothing_and_is_another_at_the_next_start(folder: CaseFolder) -> None:
    (folder.root / "S26-1.yaml").write_text("a: b")
    id = folder.id_of("S26-1.yaml")
    assert folder.name_of(id) == "S26-1.yaml"
    assert len(id) == 18
    assert CaseFolder(folder.root).id_of("S26-1.yaml") != id
    for other in ("", "S26-1.yaml", "../S26-1.yaml", "é", "\udcff", id[:-1], id.upper() + "x", "\x00"):
        with pytest.raises(NoSuchCaseError):
            folder.name_of(other)


def test_a_name_that_is_no_text_has_an_id_too(folder: CaseFolder) -> None:
    Path(os.fsdecode(os.fsencode(folder.root) + b"/\xff.yaml")).write_bytes(b"a: b")
    (name,) = folder.names()
    assert folder.name_of(folder.id_of(name)) == name
    assert folder.read(name) == b"a: b"


@pytest.mark.parametrize(
    "accession",
    ["S26-1", "S26/1", "../../evil", "/etc/passwd", "..", ".", ".hidden", "-x", "CON", "nul.txt", "a\\b", "a:b", "é",
     "x" * 300, "columns", "Columns", "lab", "a.yaml", "a b", "*", "\U0001f600", "a.", "c:\\x"],
)  # fmt: skip
def test_a_new_case_stands_in_the_folder_and_is_a_case(folder: CaseFolder, tmp_path: Path, accession: str) -> None:
    name = folder.create(accession, b"a: b")
    assert folder.names() == [name]
    assert [path.name for path in tmp_path.iterdir()] == ["cases"]
    assert [path.name for path in folder.root.iterdir()] == [name]
    assert folder.read(name) == b"a: b"
    with pytest.raises(FindingsError, match="E501"):
        folder.create(accession, b"other")
    assert folder.read(name) == b"a: b"


@pytest.mark.parametrize("there", ["s26-1.yaml", "S26-1.yml", "S26-1.json", "s26-1.YAML"])
def test_a_new_case_is_refused_where_a_name_differs_in_case_or_ending_alone(folder: CaseFolder, there: str) -> None:
    (folder.root / there).write_bytes(b"old")
    with pytest.raises(FindingsError, match="E501"):
        folder.create("S26-1", b"new")
    assert snapshot(folder.root) == {there: b"old"}


def test_a_new_case_does_not_follow_a_link(folder: CaseFolder, tmp_path: Path) -> None:
    (folder.root / "x.yaml").symlink_to(tmp_path / "target")
    with pytest.raises(FindingsError, match="E501"):
        folder.create("x", b"new")
    assert not (tmp_path / "target").exists()


def test_two_accessions_never_share_a_file(folder: CaseFolder) -> None:
    assert folder.create("S26/1", b"1") != folder.create("S26:1", b"2") != folder.create("S26-1", b"3")
    assert len(folder.names()) == 3


def test_what_cannot_be_read_is_told(folder: CaseFolder) -> None:
    (folder.root / "large.yaml").write_bytes(b"#" * 1_000_001)
    (folder.root / "folder.yaml").mkdir()
    for name, code in (("large.yaml", "E008"), ("folder.yaml", "E009")):
        with pytest.raises(FindingsError, match=code):
            folder.read(name)
    with pytest.raises(NoSuchCaseError):
        folder.read("gone.yaml")


def test_the_first_content_is_kept_where_asked_and_once(folder: CaseFolder) -> None:
    (folder.root / "a.yaml").write_bytes(b"by hand")
    revision = revision_of(b"by hand")
    folder.replace("a.yaml", b"1", revision, keep=True)
    folder.replace("a.yaml", b"by hand", revision_of(b"1"), keep=False)
    folder.replace("a.yaml", b"2", revision, keep=True)
    kept = f"{ORIGINALS}/a.{revision[:8]}.yaml"
    assert snapshot(folder.root) == {"a.yaml": b"2", kept: b"by hand"}
    assert folder.names() == ["a.yaml"]


def test_where_the_original_cannot_be_kept_nothing_is_replaced(folder: CaseFolder) -> None:
    (folder.root / "a.yaml").write_bytes(b"by hand")
    (folder.root / ".reportgen").write_bytes(b"a file is in the way")
    with pytest.raises(FindingsError, match="E502"):
        folder.replace("a.yaml", b"new", revision_of(b"by hand"), keep=True)
    assert folder.read("a.yaml") == b"by hand"


def test_a_file_of_the_same_size_and_time_has_another_stamp(folder: CaseFolder) -> None:
    path = folder.root / "a.yaml"
    path.write_bytes(b"1")
    os.utime(path, (1, 1))
    before = list(folder.stamps())
    folder.replace("a.yaml", b"2", revision_of(b"1"), keep=False)
    os.utime(path, (1, 1))
    assert list(folder.stamps()) != before


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["load", "save", "save", "hand", "gone"]),
        st.integers(0, 1),
        st.sampled_from([b"1", b"2", b"3"]),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(STEPS)
def test_a_page_replaces_what_it_has_seen_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, bytes]]
) -> None:
    folder = CaseFolder(tmp_path_factory.mktemp("cases"))
    path = folder.root / "a.yaml"
    path.write_bytes(b"0")
    seen = [b"0", b"0"]
    for step, page, content in steps:
        there = path.read_bytes() if path.exists() else None
        if step == "hand":
            path.write_bytes(content)
        elif step == "gone":
            path.unlink(missing_ok=True)
        elif step == "load":
            seen[page] = there or seen[page]
        else:
            try:
                folder.replace("a.yaml", content, revision_of(seen[page]), keep=False)
            except ConflictError:
                assert there != seen[page]
                assert (path.read_bytes() if path.exists() else None) == there
            else:
                assert there == seen[page]
                assert path.read_bytes() == content
                seen[page] = content
    assert {each.name for each in folder.root.iterdir()} <= {"a.yaml"}


def test_of_many_that_replace_one_content_at_once_exactly_one_wins(folder: CaseFolder) -> None:
    content = b"0"
    (folder.root / "a.yaml").write_bytes(content)
    for _ in range(5):
        won: list[bytes] = []
        gate = threading.Barrier(6)

        def race(number: int, old: bytes, won: list[bytes] = won, gate: threading.Barrier = gate) -> None:
            gate.wait()
            try:
                folder.replace("a.yaml", old + b"%d" % number, revision_of(old), keep=False)
            except ConflictError:
                return
            won.append(old + b"%d" % number)

        threads = [threading.Thread(target=race, args=(number, content)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert won == [folder.read("a.yaml")]
        content = won[0]


def test_a_kill_leaves_the_old_file_or_the_new_one(folder: CaseFolder) -> None:
    contents = [letter * 300_000 for letter in (b"a", b"b")]
    (folder.root / "a.yaml").write_bytes(contents[0])
    code = """
import sys
from pathlib import Path
from reportgen.web.folder import CaseFolder
from reportgen.web.evaluation import revision_of
folder = CaseFolder(Path(sys.argv[1]))
print("begun", flush=True)
while True:
    old = folder.read("a.yaml")
    folder.replace("a.yaml", (b"b" if old[:1] == b"a" else b"a") * 300_000, revision_of(old), keep=False)
"""
    for wait in (0.0, 0.011, 0.023):
        words = [sys.executable, "-c", code, str(folder.root)]
        with subprocess.Popen(words, stdout=subprocess.PIPE, env=environment()) as process:
            assert process.stdout
            process.stdout.readline()
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
        assert folder.read("a.yaml") in contents
        assert folder.names() == ["a.yaml"]
