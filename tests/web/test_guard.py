"""Who is let in, with what, and under which headers.

Source: threats 29 to 31 of the project's threat list.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Send

from reportgen.web import guard as guarding
from reportgen.web.guard import BODY_LIMIT, UPLOAD_LIMIT, Guard
from tests.cli.program import MARK
from tests.web.asgi import HOST, ORIGIN, OWN, PORT, TOKEN, Answer, Headers, Visitor, ask, completed, snapshot, visitor

SITE: Headers = (("sec-fetch-site", "same-origin"),)
FIXED = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
}


class Echo:
    """Stands for the desk: notes what got through."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bytes]] = []

    async def __call__(self, scope: Message, _: Receive, send: Send) -> None:
        self.asked.append((scope["method"], scope["path"], scope["body"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"in"})


class Door:
    """A guard with nothing but an echo behind it."""

    def __init__(self) -> None:
        self.echo = Echo()
        self.guard = Guard(self.echo, PORT, TOKEN)
        start = ask(self.guard, "GET", f"/start?token={TOKEN}", [("host", HOST)])
        self.cookie = start.header("set-cookie").partition(";")[0]

    def ask(self, method: str = "GET", headers: Headers = SITE, *, path: str = "/", host: str = HOST) -> Answer:
        own = (("host", host), ("cookie", self.cookie))
        return ask(self.guard, method, path, (*own, *headers))

    def send(self, *chunks: bytes, path: str = "/", length: str | None = None, ends: bool = True) -> Answer:
        said = [] if length is None else [("content-length", length)]
        headers = (("host", HOST), ("cookie", self.cookie), *OWN, *said)
        return ask(self.guard, "POST", path, headers, chunks, ends=ends)


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def at_desk(tmp_path: Path) -> Visitor:
    return visitor(tmp_path / "cases", "unfinished", "shave-biopsy")


# --- the name it is asked by


@pytest.mark.parametrize("host", [f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"[::1]:{PORT}"])
def test_the_names_of_this_machine_are_answered(door: Door, host: str) -> None:
    assert door.ask(host=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", f"evil.example:{PORT}", "127.0.0.1", "localhost", f"127.0.0.1:{PORT + 1}", f"127.0.0.2:{PORT}",
        f"0.0.0.0:{PORT}", f"localhost.:{PORT}", f"localhost.evil.example:{PORT}", f"127.0.0.1:{PORT}.evil.example",
        f"user@127.0.0.1:{PORT}", f" 127.0.0.1:{PORT}", f"[::1%lo]:{PORT}", f"127.1:{PORT}", "", "\xe9",
    ],
)  # fmt: skip
def test_every_other_name_is_refused_whatever_else_is_sent(door: Door, host: str) -> None:
    assert door.ask(host=host).status == 421
    assert door.ask(host=host, path=f"/start?token={TOKEN}").status == 421
    assert door.echo.asked == []


@pytest.mark.parametrize("hosts", [(), (HOST, HOST), (HOST, "evil.example"), ("evil.example", HOST)])
def test_a_name_must_be_given_once(door: Door, hosts: tuple[str, ...]) -> None:
    headers = (*(("host", host) for host in hosts), ("cookie", door.cookie), *SITE)
    assert ask(door.guard, "GET", "/", headers).status == 421
    assert door.echo.asked == []


# --- where a request comes from


@pytest.mark.parametrize(
    ("site", "origin", "read", "done"),
    [
        ("same-origin", ORIGIN, 200, 200),
        ("same-origin", "", 200, 200),
        ("", ORIGIN, 200, 200),
        ("none", "", 200, 403),
        ("", "", 200, 403),
        ("cross-site", "https://evil.example", 403, 403),
        ("cross-site", "", 403, 403),
        ("same-site", f"http://127.0.0.1:{PORT + 1}", 403, 403),
        ("same-site", "", 403, 403),
        ("", "https://evil.example", 403, 403),
        ("", f"http://127.0.0.1:{PORT + 1}", 403, 403),
        ("", f"http://localhost:{PORT}", 403, 403),
        ("", f"https://127.0.0.1:{PORT}", 403, 403),
        ("", f"{ORIGIN}.evil.example", 403, 403),
        ("", "null", 403, 403),
        ("same-origin", "null", 403, 403),
        ("same-origin", "https://evil.example", 403, 403),
        ("cross-site", ORIGIN, 403, 403),
        ("Same-Origin", "", 403, 403),
    ],
)
def test_only_what_comes_from_our_own_page_changes_anything(
    door: Door, site: str, origin: str, read: int, done: int
) -> None:
    headers = [(name, value) for name, value in (("sec-fetch-site", site), ("origin", origin)) if value]
    assert door.ask("GET", headers).status == read
    assert door.ask("HEAD", headers).status == read
    assert door.ask("POST", headers).status == done
    assert [method for method, _, _ in door.echo.asked] == ["GET", "HEAD"] * (read == 200) + ["POST"] * (done == 200)


def test_a_program_that_knows_the_token_may_change_things_and_a_foreign_page_with_it_may_not(door: Door) -> None:
    assert door.ask("POST", [("x-reportgen-token", TOKEN)]).status == 200
    assert door.ask("POST", [("x-reportgen-token", f"{TOKEN}x")]).status == 403
    assert door.ask("POST", [("x-reportgen-token", "\xe9")]).status == 403
    assert door.ask("POST", [("x-reportgen-token", TOKEN), ("origin", "https://evil.example")]).status == 403
    assert door.ask("POST", [("x-reportgen-token", TOKEN), ("sec-fetch-site", "cross-site")]).status == 403
    assert ask(door.guard, "POST", "/", [("host", HOST), ("x-reportgen-token", TOKEN)]).status == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "X"])
def test_other_methods_are_refused(door: Door, method: str) -> None:
    assert door.ask(method, (*OWN, ("access-control-request-method", "POST"))).status == 405
    assert door.echo.asked == []


def test_a_websocket_is_not_served(door: Door) -> None:
    async def nothing(*_: Message) -> Message:
        raise AssertionError("nothing is received or sent")

    with pytest.raises(RuntimeError):
        completed(door.guard({"type": "websocket", "headers": []}, nothing, nothing))  # type: ignore[arg-type]
    assert door.echo.asked == []


# --- the start address and the cookie


@pytest.mark.parametrize("site", ["none", "same-origin", "cross-site", "same-site"])
def test_the_start_address_gives_a_cookie_that_no_script_and_no_foreign_page_can_use(door: Door, site: str) -> None:
    answer = ask(door.guard, "GET", f"/start?token={TOKEN}", [("host", HOST), ("sec-fetch-site", site)])
    if site in ("none", "same-origin"):
        assert (answer.status, answer.header("location"), answer.body) == (303, "/", b"")
    else:  # a browser would follow a redirect without the cookie
        assert (answer.status, answer.header("location")) == (200, "")
        assert b'content="0;url=/"' in answer.body
    assert TOKEN.encode() not in answer.body
    assert re.fullmatch(
        rf"reportgen-{PORT}=[\w-]{{43}}; HttpOnly; SameSite=Strict; Path=/", answer.header("set-cookie")
    )
    assert TOKEN not in str(answer.headers)


@pytest.mark.parametrize(
    "query", ["", "?token=", "?token=x", f"?token={TOKEN}x", f"?token={TOKEN[:-1]}", f"?token=x&token={TOKEN}",
              f"?TOKEN={TOKEN}", "?token=%FF", "?token=%C3%A9", f"?{TOKEN}"],
)  # fmt: skip
def test_another_token_opens_nothing(door: Door, query: str) -> None:
    answer = ask(door.guard, "GET", f"/start{query}", [("host", HOST)])
    assert (answer.status, answer.header("set-cookie")) == (403, "")


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT"])
def test_the_start_address_is_only_read(door: Door, method: str) -> None:
    answer = ask(door.guard, method, f"/start?token={TOKEN}", [("host", HOST), *OWN])
    assert (answer.status, answer.header("set-cookie")) == (403, "")


@pytest.mark.parametrize(
    "cookie",
    ["", "x", f"reportgen-{PORT}=", f"reportgen-{PORT}=x", f"reportgen-{PORT}={TOKEN}", f"reportgen-{PORT}=\xe9",
     "reportgen-1={value}", "reportgen={value}", "x{name}={value}", "{name}={value}x", "{name}"],
)  # fmt: skip
def test_without_the_cookie_nothing_is_shown(at_desk: Visitor, cookie: str) -> None:
    name, _, value = at_desk.cookie.partition("=")
    sent = cookie.format(name=name, value=value)
    for address in ("/", "/static/desk.css", at_desk.case("unfinished.yaml"), "/nowhere", "/start/"):
        answer = ask(at_desk.guard, "GET", address, [("host", HOST), ("cookie", sent)])
        assert answer.status == 403
        assert "Dorothea" not in answer.text


def test_the_cookie_is_found_among_others(door: Door) -> None:
    name = door.cookie.partition("=")[0]
    for cookie in (f"a=b; {door.cookie}", f"{door.cookie};a=b", f"{name}=thrown by another page; {door.cookie}"):
        assert ask(door.guard, "GET", "/", [("host", HOST), ("cookie", cookie)]).status == 200


def test_two_desks_share_no_cookie() -> None:
    first, second = Door(), Door()
    assert first.cookie != second.cookie
    assert ask(second.guard, "GET", "/", [("host", HOST), ("cookie", first.cookie)]).status == 403


# --- bodies


@pytest.mark.parametrize(("path", "limit"), [("/", BODY_LIMIT), ("/batches", UPLOAD_LIMIT), ("/batches/", BODY_LIMIT)])
def test_a_body_is_read_up_to_a_limit_whatever_is_said_of_its_length(door: Door, path: str, limit: int) -> None:
    half, rest = b"x" * (limit // 2), b"y" * (limit - limit // 2)
    assert door.send(half, rest, path=path).status == 200
    assert door.send(half, rest, path=path, length=str(limit)).status == 200
    assert [len(body) for _, _, body in door.echo.asked] == [limit, limit]
    assert door.send(half, rest, b"z", path=path).status == 413
    assert door.send(half, rest, b"z", path=path, length="3").status == 413
    assert door.send(half, rest, b"z", path=path, ends=False).status == 413  # an endless body is not waited for
    assert door.send(b"", path=path, length=str(limit + 1), ends=False).status == 413
    assert len(door.echo.asked) == 2


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "", "9" * 13, "9" * 5_000, "\xb2"])
def test_a_length_that_is_none_is_refused(door: Door, length: str) -> None:
    assert door.send(b"x", length=length).status == 413
    assert door.echo.asked == []


def test_a_body_that_never_arrives_is_not_waited_for(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarding, "_SECONDS", 0.02)
    assert door.send(b"some of it", length="100", ends=False).status == 408
    assert door.echo.asked == []


def test_a_body_that_breaks_off_does_nothing(door: Door) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(name.encode(), value.encode()) for name, value in (("host", HOST), ("cookie", door.cookie), *OWN)]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}
    completed(door.guard(scope, receive, send))
    assert sent[0]["status"] == 400
    assert door.echo.asked == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_only_reads_sends_nothing(door: Door, method: str) -> None:
    assert ask(door.guard, method, "/", [("host", HOST), ("cookie", door.cookie), *SITE], [b"name=X"]).status == 413
    assert door.echo.asked == []


# --- what every answer carries


def test_every_answer_carries_the_headers(at_desk: Visitor) -> None:
    answers = {
        200: at_desk.get("/"),
        204: at_desk.get(f"{at_desk.case('unfinished.yaml')}/watch/{at_desk.revision('unfinished.yaml')}"),
        303: ask(at_desk.guard, "GET", f"/start?token={TOKEN}", [("host", HOST)]),
        307: at_desk.get("/cases/x/"),
        403: ask(at_desk.guard, "GET", "/", [("host", HOST)]),
        404: at_desk.get("/nowhere"),
        405: at_desk.post("/"),
        409: at_desk.post(f"{at_desk.case('unfinished.yaml')}/undo", revision="x"),
        413: at_desk.ask("POST", "/search", OWN, b"x" * (BODY_LIMIT + 1)),
        421: ask(at_desk.guard, "GET", "/", [("host", "evil.example")]),
        422: at_desk.post("/cases"),
    }
    for status, answer in answers.items():
        assert answer.status == status
        assert {name: answer.header(name) for name in FIXED} == FIXED
        assert not [name for name, _ in answer.headers if name.startswith("access-control")]
        assert answer.header("server") == ""
    for address in ("/static/desk.css", "/static/case.js", f"{at_desk.case('shave-biopsy.yaml')}/report.pdf"):
        answer = at_desk.get(address)
        assert {name: answer.header(name) for name in FIXED} == FIXED
        assert answer.status == 200


def test_only_the_report_may_stand_in_a_frame_and_its_styles_are_let_in_by_hash(at_desk: Visitor) -> None:
    for address in ("report", "print"):
        policy = at_desk.get(f"{at_desk.case('shave-biopsy.yaml')}/{address}").header("content-security-policy")
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        styles = rules.pop("style-src").split()
        assert rules == {
            "default-src": "'self'", "base-uri": "'none'", "form-action": "'self'", "frame-ancestors": "'self'",
            "object-src": "'none'", "img-src": "'self' data:",
        }  # fmt: skip
        assert styles[0] == "'self'"
        assert len(styles) > 1
        assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", each) for each in styles[1:])


@pytest.mark.parametrize("begun", [False, True])
def test_what_fails_behind_the_guard_gets_no_further(begun: bool) -> None:
    async def failing(_: Message, __: Receive, send: Send) -> None:
        if begun:
            await send({"type": "http.response.start", "status": 500, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        raise ValueError(MARK)

    made = Guard(failing, PORT, TOKEN)
    cookie = ask(made, "GET", f"/start?token={TOKEN}", [("host", HOST)]).header("set-cookie").partition(";")[0]
    answer = ask(made, "GET", "/", [("host", HOST), ("cookie", cookie)])
    assert answer.status == 500
    assert MARK not in answer.text
    assert {name: answer.header(name) for name in FIXED} == FIXED


def test_a_refusal_changes_nothing(at_desk: Visitor) -> None:
    before = snapshot(at_desk.folder)
    foreign: Headers = (("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"))
    body = b"accession=NEW&protocol=aismn"
    assert at_desk.ask("POST", "/cases", foreign, body).status == 403
    assert at_desk.ask("PUT", "/cases", OWN, body).status == 405
    assert ask(at_desk.guard, "POST", "/cases", [("host", HOST), *OWN], [body]).status == 403
    assert snapshot(at_desk.folder) == before
    assert at_desk.ask("POST", "/cases", OWN, body).status == 200
    assert snapshot(at_desk.folder) != before
