"""What goes wrong becomes an answer that tells nothing of a case.

Source: threat 32 of the project's threat list.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, NoReturn

import pytest
from starlette.requests import Request

from reportgen.findings import refuse
from reportgen.web import requests
from reportgen.web.batches import NoSuchBatchError
from reportgen.web.desk import FixedError, NoStepError
from reportgen.web.document import UnknownPathError
from reportgen.web.folder import ConflictError, NoSuchCaseError
from reportgen.web.requests import caught, form, go, one
from tests.cli.program import MARK
from tests.web.asgi import OWN, visitor


def request(body: bytes = b"") -> Request:
    return Request({"type": "http", "method": "POST", "path": "/", "headers": [], "body": body})


def failing(error: BaseException) -> Any:
    def answer(_: Request) -> NoReturn:
        raise error

    return caught(answer)(request())


@pytest.mark.parametrize(
    "kind", [ValueError, KeyError, RuntimeError, UnicodeError, RecursionError, MemoryError, OSError]
)
def test_an_error_inside_is_told_by_kind_and_place_and_never_by_its_text(
    kind: type[Exception], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = failing(kind(MARK))
    said = answer.body.decode()
    assert answer.status_code == 500
    assert f"{kind.__name__} in test_requests.py:" in said
    assert MARK not in said
    assert MARK not in caplog.text
    assert MARK not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NoSuchCaseError(MARK), 404),
        (NoSuchBatchError(MARK), 404),
        (ConflictError(MARK), 409),
        (FixedError(MARK), 423),
        (UnknownPathError(MARK), 422),
        (NoStepError(MARK), 422),
        (refuse("E502", "could not be written"), 507),
        (refuse("E303", "needs a name"), 422),
    ],
)
def test_what_is_foreseen_has_an_answer_of_its_own(error: Exception, status: int) -> None:
    answer = failing(error)
    assert answer.status_code == status
    assert MARK not in answer.body.decode()
    assert "went wrong" not in answer.body.decode()


def test_an_error_while_the_answer_to_an_error_is_made_reaches_no_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made = visitor(tmp_path / "cases")

    def broken(*_: object) -> NoReturn:
        raise ValueError(MARK)

    monkeypatch.setattr(requests, "message", broken)
    answer = made.get("/cases/none")
    assert answer.status == 500
    assert MARK not in answer.text
    assert MARK not in caplog.text


@pytest.mark.parametrize(
    "body",
    [b"\xff", b"&".join([b"a=b"] * 401), b"", b"=", b"&&&", b"%", b"%zz", b"path", b"{}", b"\x00" * 100, b"a=" * 10],
)
def test_a_form_that_is_none_does_nothing(tmp_path: Path, body: bytes) -> None:
    made = visitor(tmp_path / "cases", "unfinished")
    before = made.revision("unfinished.yaml")
    for word in ("entries", "undo", "rows", "parts", "finalize", "reopen"):
        assert made.ask("POST", f"{made.case('unfinished.yaml')}/{word}", OWN, body).status in (409, 422)
    assert made.ask("POST", "/cases", OWN, body).status == 422
    assert made.revision("unfinished.yaml") == before
    assert [path.name for path in made.folder.iterdir()] == ["unfinished.yaml"]


def test_a_form_is_read_with_its_empty_fields() -> None:
    sent = form(request(b"a=1&b=&a=2&c=%C3%A9+x"))
    assert sent == {"a": ["1", "2"], "b": [""], "c": ["é x"]}
    assert (one(sent, "a"), one(sent, "b"), one(sent, "none")) == ("1", "", "")


def test_the_page_is_led_on_by_a_header() -> None:
    answer = go("/cases/x")
    assert (answer.status_code, answer.headers["hx-redirect"], answer.body) == (200, "/cases/x", b"")


def test_the_time_has_a_zone() -> None:
    assert requests.now().tzinfo is not None
