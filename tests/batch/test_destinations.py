"""Places for documents: a folder and a store in memory behave as one; what else stands there is never lost."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import mock

import fsspec
import pytest

from reportgen.batch import lock, plan
from reportgen.batch.compare_folder import compare_with_folder
from reportgen.batch.destinations import Destination, Folder, Remote, is_url, local, need, problem
from reportgen.batch.history import History
from reportgen.batch.model import BatchRequest, CaseState, CheckResult
from reportgen.batch.store import Store
from reportgen.findings import Finding, FindingsError
from reportgen.pipeline import Settings
from tests.batch.tables import rows, write


@pytest.fixture
def url() -> str:
    return f"memory://{uuid.uuid4().hex}/run"


@pytest.fixture(params=["folder", "url"])
def place(request: pytest.FixtureRequest, tmp_path: Path, url: str) -> Destination:
    return Folder(tmp_path) if request.param == "folder" else Remote(url)


def listed(place: Destination) -> list[str]:
    return sorted(place.listing() or ())


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_documents_are_put_and_told_by_their_hashes(place: Destination) -> None:
    assert place.contents(["a.txt"]) == {}
    place.put({"a.txt": b"a", "1f/b.txt": b"b"})
    assert place.contents(["a.txt", "1f/b.txt", "c.txt"]) == {"a.txt": sha(b"a"), "1f/b.txt": sha(b"b")}
    assert (place.has("1f/b.txt"), place.has("c.txt")) == (True, False)
    place.put({"a.txt": b"new"}, overwrite=True)
    assert place.contents(["a.txt"]) == {"a.txt": sha(b"new")}


def test_another_document_is_not_replaced_and_nothing_stays_of_the_set(place: Destination) -> None:
    place.put({"b.txt": b"other"})
    with pytest.raises(FindingsError) as refused:
        place.put({"a.txt": b"a", "b.txt": b"b"})
    assert [finding.code for finding in refused.value.findings] == ["E501"]
    assert place.contents(["a.txt", "b.txt"]) == {"b.txt": sha(b"other")}


def test_the_very_same_documents_are_no_hindrance_nor_half_of_them(place: Destination) -> None:
    for standing in ({"a.txt": b"a"}, {"a.txt": b"a", "b.txt": b"b"}):
        place.put(standing, overwrite=True)
        place.put({"a.txt": b"a", "b.txt": b"b"})
        assert place.contents(["a.txt", "b.txt"]) == {"a.txt": sha(b"a"), "b.txt": sha(b"b")}


def test_of_several_cases_one_whose_documents_cannot_be_put_fails_alone(place: Destination) -> None:
    place.put({"b.txt": b"other", "c.txt": b"c"})
    sets = [({f"{name}.pdf": name.encode(), f"{name}.txt": name.encode()}, False) for name in "abc"]
    refused = place.put_all([*sets, ({"b.txt": b"new"}, True)])
    assert [str(error).partition("E501")[1] if error else "" for error in refused] == ["", "E501", "", ""]
    assert place.contents(["a.pdf", "a.txt", "b.pdf", "b.txt", "c.pdf", "c.txt"]) == {
        "a.pdf": sha(b"a"), "a.txt": sha(b"a"), "b.txt": sha(b"new"), "c.pdf": sha(b"c"), "c.txt": sha(b"c"),
    }  # fmt: skip


def test_a_sign_tells_one_batch_from_another(place: Destination, tmp_path: Path) -> None:
    assert place.mark() == ""
    marks = set()
    for name in ("first", "second"):
        if isinstance(place, Folder):
            (tmp_path / lock.NAME).write_text(name)
        place.sign(name)
        marks.add(place.mark())
    assert len(marks) == 2
    assert "" not in marks
    place.leave()
    assert place.mark() == ("" if isinstance(place, Remote) else sha(b"second"))


def test_a_store_is_listed_with_its_folders(url: str) -> None:
    assert listed(Remote(url)) == []
    Remote(url).put({"a.txt": b"a", "1f/b.txt": b"b"})
    assert listed(Remote(url)) == ["1f/b.txt", "a.txt"]
    assert Remote(url).shown("1f/b.txt") == f"{url}/1f/b.txt"
    assert Remote(url).free() is None
    assert Folder(Path("/")).listing() is None
    assert Folder(Path("/")).free()


@pytest.fixture
def failing() -> Iterator[mock.MagicMock]:
    system = mock.MagicMock()
    with mock.patch.object(fsspec, "url_to_fs", return_value=(system, "bucket")):
        yield system


def test_what_a_store_refuses_is_a_finding_without_its_words(failing: Any) -> None:
    failing.pipe_file.side_effect = PermissionError("the secret key is ZZPHI")
    failing.walk.side_effect = PermissionError("the secret key is ZZPHI")
    for act in (lambda: Remote("s3://bucket").put({"a": b""}), lambda: listed(Remote("s3://bucket"))):
        with pytest.raises(FindingsError) as refused:
            act()
        assert str(refused.value).startswith("s3://bucket: E502 could not be written: PermissionError (check the URL")


def test_a_store_with_real_folders_gets_them(failing: Any) -> None:
    failing.pipe_file.side_effect = [FileNotFoundError, None]
    Remote("sftp://host/bucket").put({"1f/a": b"a"})
    failing.makedirs.assert_called_once_with("bucket/1f", exist_ok=True)
    assert failing.pipe_file.call_count == 2


def test_a_store_that_is_not_installed_names_its_extra() -> None:
    refused = pytest.raises(FindingsError, match=r"S609 needs a package .*reportgen\[s3\]")
    with mock.patch.object(fsspec, "url_to_fs", side_effect=ImportError("Install s3fs")), refused:
        Remote("s3://bucket").has("a")
    with pytest.raises(FindingsError, match=r"S609 needs the package no_such_thing"):
        need("no_such_thing", "cluster")
    with pytest.raises(FindingsError, match=r"E502 cannot be written to"):
        Remote("nowhere://bucket").has("a")


def test_urls_are_told_from_paths() -> None:
    assert [is_url(text) for text in ("s3://b", "file:///a", "out", "/a/b", "C:/x", "a//b")] == [
        True, True, False, False, False, False,
    ]  # fmt: skip
    assert local("file:///a/b%20c") == Path("/a/b c")
    assert local("s3://a/b") is None
    assert problem("s3://bucket") == ""
    assert "password" in problem("sftp://me:word@host/a")


def test_a_place_is_listed_once_and_only_what_stands_there_is_looked_at(tmp_path: Path, url: str) -> None:
    """Not one question for each case: ten million of them would take longer than the work."""
    table = write(tmp_path / "t.csv", rows(60))
    request = BatchRequest(table, tmp_path, Settings(("txt",)), url=url)
    request.destination.put({"B26-00007.txt": b"someone's"})
    store = Store()
    plan.read(request, store)
    for task in store.tasks():
        store.judge(CheckResult(task.number), CaseState.waiting, ())
        store.set_path(task.number, f"B26-{task.number - 1:05d}")
    watched = mock.patch.object(Remote, "contents", autospec=True, side_effect=Remote.contents)
    told: list[Finding] = []
    with watched as looked, closing(History()) as history:
        compare_with_folder(request, store, history, lambda case, findings: told.extend(findings))
    assert [path for call in looked.call_args_list for path in call.args[1]] == ["B26-00007.txt"]
    assert [finding.as_line().partition(" is ")[0] for finding in told] == [f"{url}/B26-00007.txt: E508"]
    store.close()
