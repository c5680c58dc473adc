"""Opening files: whatever cannot be a case is refused, at once, with the place and without waiting for anything."""

from __future__ import annotations

import codecs
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reportgen.findings import Finding, FindingsError
from reportgen.reading.readers import SIZE_LIMIT, read_file
from reportgen.reading.source import plain


def refused(path: Path) -> Finding:
    with pytest.raises(FindingsError) as caught:
        read_file(path, name="case.yaml")
    (finding,) = caught.value.findings
    return finding


def written(folder: Path, data: bytes, name: str = "case.yaml") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("name", ["case.yaml", "case.yml", "case.YAML", "case.json"])
def test_the_ending_names_the_format(tmp_path: Path, name: str) -> None:
    assert plain(read_file(written(tmp_path, b'{"a": 1.10}', name))) == {"a": "1.10"}


@pytest.mark.parametrize("name", ["case.txt", "case", "case.yaml.bak", "yaml", ".yaml"])
def test_an_ending_that_names_no_format_is_refused(tmp_path: Path, name: str) -> None:
    finding = refused(written(tmp_path, b"a: 1", name))
    assert finding.code == "E010"
    assert finding.step.startswith("use .yaml, .yml or .json; check a table with")


@pytest.mark.parametrize("bom", [b"", codecs.BOM_UTF8])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_bom_and_any_line_end_are_taken(tmp_path: Path, bom: bytes, end: bytes) -> None:
    path = written(tmp_path, bom + end.join([b"a: 1", b"b: |", b"  two", b"  lines", b"c: [", b"  3]", b""]))
    assert plain(read_file(path)) == {"a": "1", "b": "two\nlines\n", "c": ["3"]}


@pytest.mark.parametrize("bom", [b"", codecs.BOM_UTF8])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_byte_that_is_not_utf8_is_named_with_its_place(tmp_path: Path, bom: bytes, end: bytes) -> None:
    before = "a: 1\n# \u00e9\u00e9\nname: M".encode().replace(b"\n", end)
    finding = refused(written(tmp_path, bom + before + b"\xfcller" + end))
    assert finding.code == "E001"
    assert (finding.place.file, finding.place.line, finding.place.column) == ("case.yaml", 3, 8)
    assert f"byte {len(bom) + len(before)} " in finding.message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_refused(tmp_path: Path, encoding: str) -> None:
    assert refused(written(tmp_path, "a: 1\n".encode(encoding))).code in ("E001", "E004")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_forbidden_character_has_the_right_line_whatever_the_line_end(tmp_path: Path, end: str) -> None:
    text = end.join(["a: 1", "b: 2", "", "name: x\u202ey", ""])
    finding = refused(written(tmp_path, text.encode()))
    assert (finding.code, finding.place.line, finding.place.column) == ("E005", 4, 8)


def test_a_file_at_the_limit_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    text = b"a: 1\n#"
    assert plain(read_file(written(tmp_path, text + b"x" * (SIZE_LIMIT - len(text))))) == {"a": "1"}
    finding = refused(written(tmp_path, text + b"x" * (SIZE_LIMIT - len(text) + 1)))
    assert finding.code == "E008"
    assert "larger than 1 MB" in finding.message


def test_a_file_of_50_mb_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    start = time.perf_counter()
    assert refused(path).code == "E008"
    assert time.perf_counter() - start < 0.5


@pytest.fixture(name="impatience")
def fixture_impatience() -> Iterator[None]:
    """Fail what waits for more than five seconds, for a named pipe for example."""

    def too_long(*_: object) -> None:
        raise TimeoutError("waits")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(5)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("impatience")
def test_what_is_no_file_is_refused_and_nothing_waits(tmp_path: Path) -> None:
    loop, pipe = tmp_path / "loop.yaml", tmp_path / "pipe.yaml"
    loop.symlink_to(loop)
    os.mkfifo(pipe)
    (tmp_path / "folder.yaml").mkdir()
    written(tmp_path, b"a: 1", "plain.yaml")
    broken = tmp_path / "broken.yaml"
    broken.symlink_to(tmp_path / "nothing.yaml")
    start = time.perf_counter()
    for path in (
        loop,
        pipe,
        broken,
        tmp_path / "folder.yaml",
        tmp_path / "missing.yaml",
        tmp_path / "plain.yaml" / "below.yaml",
        tmp_path / ("long" * 100 + ".yaml"),
        tmp_path / "nul\0.yaml",
    ):
        finding = refused(path)
        assert finding.code == "E009", path
        assert finding.message.startswith("cannot be read: ")
    assert time.perf_counter() - start < 1


def test_a_device_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "zero.yaml"
    link.symlink_to("/dev/zero")
    assert refused(link).code == "E009"


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    link = tmp_path / "link.yaml"
    link.symlink_to(written(tmp_path, b"a: 1", "real.yaml"))
    assert plain(read_file(link)) == {"a": "1"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, b"a: 1")
    path.chmod(0)
    assert "Permission denied" in refused(path).message


def test_places_name_the_file_as_it_was_given(tmp_path: Path) -> None:
    path = written(tmp_path, b"a: 1")
    assert read_file(path).place.file == str(path)
    assert read_file(path, name="shown").place.file == "shown"


@pytest.mark.parametrize(("name", "step"), [("t.csv", "reportgen batch TABLE --dry-run"), ("t.doc", "use .yaml")])
def test_a_table_is_no_case_and_the_way_to_check_it_is_named(tmp_path: Path, name: str, step: str) -> None:
    (tmp_path / name).write_bytes(b"accession\n")
    with pytest.raises(FindingsError) as caught:
        read_file(tmp_path / name)
    assert [(finding.code, step in finding.step) for finding in caught.value.findings] == [("E010", True)]
