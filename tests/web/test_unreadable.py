"""A file that cannot be opened as a case has a page that says why, with a way back."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reportgen.web.evaluation import revision_of
from tests.cli.program import SAMPLES
from tests.web.asgi import Visitor, visitor

_CONTENTS = {
    "larger than a case": (b"accession: S26-1\n" + b"#" * 1_000_001, "larger than 1 MB"),
    "not UTF-8": ("accession: Mü".encode("latin-1"), "not stored as UTF-8"),
    "UTF-16": ("accession: S26-1".encode("utf-16"), "not stored as UTF-8"),
    "empty": (b"", "is empty"),
    "blank": (b" \n\n", "is empty"),
    "a list": (b"- a\n- b\n", "other than a case"),
    "a word": (b"hello", "other than a case"),
    "of another program": (b"services: {web: {image: x}}", "other than a case"),
    "not well-formed": (b"accession: [", "corrected in a text editor"),
    "a control character": (b"accession: \x00", "corrected in a text editor"),
    "parts that are none": (b"accession: S26-1\nparts: 3\n", "corrected in a text editor"),
}
_KINDS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a folder": (Path.mkdir, "It is a folder"),
    "a link that leads nowhere": (lambda path: path.symlink_to("/nowhere/at/all"), "It is a link"),
    "a link to a case": (lambda path: path.symlink_to(SAMPLES / "unfinished.yaml"), "It is a link"),
    "a pipe": (os.mkfifo, "not a file that holds a case"),
}


@pytest.fixture
def at_desk(tmp_path: Path) -> Visitor:
    return visitor(tmp_path / "cases", "unfinished")


def is_page(text: str) -> bool:
    """Whether it is a page with the style of the desk and a way back, which needs no script."""
    return all(
        each in text for each in ("<!DOCTYPE html>", "/static/desk.css", '<a class="button" href="/"', "</html>")
    )


@pytest.mark.parametrize(("content", "words"), _CONTENTS.values(), ids=_CONTENTS)
@pytest.mark.parametrize("ending", ["yaml", "json"])
def test_a_file_that_is_no_case_has_a_page_with_the_reason_and_close(
    at_desk: Visitor, content: bytes, words: str, ending: str
) -> None:
    path = at_desk.folder / f"x.{ending}"
    path.write_bytes(content)
    assert f">{path.name}<" in at_desk.get("/").text
    answer = at_desk.get(at_desk.case(path.name))
    assert answer.status == 200
    assert is_page(answer.text)
    assert ">Close</a>" in answer.text
    assert path.name in answer.text
    assert words in answer.text or (ending == "json" and "corrected in a text editor" in answer.text)
    assert "--" not in answer.text.replace("<!--", "")  # no option of the command line
    assert path.read_bytes() == content


def test_a_file_that_may_not_be_read_has_such_a_page(at_desk: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    path = at_desk.folder / "unfinished.yaml"
    path.chmod(0)
    opened = Path.open

    def denied(self: Path, *arguments: object, **named: object) -> object:  # whoever runs the test may be root
        if self == path:
            raise PermissionError(13, "Permission denied")
        return opened(self, *arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", denied)
    assert ">unfinished.yaml<" in at_desk.get("/").text
    answer = at_desk.get(at_desk.case("unfinished.yaml"))
    assert is_page(answer.text)
    assert "give you permission to read it" in answer.text


@pytest.mark.parametrize(("make", "words"), _KINDS.values(), ids=_KINDS)
def test_what_is_no_file_is_listed_apart_and_told_what_it_is_and_never_opened(
    at_desk: Visitor, make: Callable[[Path], object], words: str
) -> None:
    make(at_desk.folder / "x.yaml")
    listed = at_desk.get("/").text
    assert "1 other file" in listed
    assert f'<a href="{at_desk.case("x.yaml")}">x.yaml</a>' in listed
    answer = at_desk.get(at_desk.case("x.yaml"))
    assert answer.status == 404
    assert is_page(answer.text)
    assert "x.yaml" in answer.text
    assert words in answer.text
    sent = at_desk.post(f"{at_desk.case('x.yaml')}/entries", path="accession", value="1", revision=revision_of(b""))
    assert sent.status == 404


def test_a_file_that_became_a_folder_or_went_is_told_too(at_desk: Visitor) -> None:
    assert at_desk.get(at_desk.case("unfinished.yaml")).status == 200
    path = at_desk.folder / "unfinished.yaml"
    path.unlink()
    gone = at_desk.get(at_desk.case("unfinished.yaml"))
    assert (gone.status, is_page(gone.text), "renamed or deleted" in gone.text) == (404, True, True)
    path.mkdir()
    assert "It is a folder" in at_desk.get(at_desk.case("unfinished.yaml")).text


def test_a_refusal_is_a_page_for_the_browser_and_a_remark_for_a_script(at_desk: Visitor) -> None:
    (at_desk.folder / "unfinished.yaml").write_bytes(b"accession: [")
    address = f"{at_desk.case('unfinished.yaml')}/report.pdf"
    answer = at_desk.ask("GET", address, (("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "navigate")))
    assert (answer.status, is_page(answer.text)) == (422, True)
    for asked in (("sec-fetch-mode", "cors"), ("hx-request", "true")):
        answer = at_desk.ask("GET", address, (("sec-fetch-site", "same-origin"), asked))
        assert (answer.status, "<html" in answer.text) == (422, False)
