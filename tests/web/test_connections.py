"""Connections that say nothing, too little or too much: whoever has the cookie is answered all the same.

Source: threat 29 of the project's threat list.
"""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from reportgen.web.connections import SECONDS, STRANGERS, WAITING
from reportgen.web.guard import BODY_LIMIT, UPLOAD_LIMIT
from tests.web.browser import cases
from tests.web.server import Server

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]
_SHORT = 1.5  # seconds for a head, in place of the real ones
_HALF = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = cases(tmp_path_factory.mktemp("desk") / "cases", ("unfinished",))
    made = Server(folder, before=f"import reportgen.web.connections as limits; limits.SECONDS = {_SHORT}\n")
    yield made
    made.end()
    assert "pip" not in made.said
    assert "Traceback" not in made.said


def is_closed(connection: socket.socket) -> bool:
    """Whether the server has closed a connection; what it sent before is read away."""
    connection.settimeout(0.01)
    try:
        while connection.recv(65_536):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        pass
    return True


def test_the_limits_leave_room_for_whoever_is_known() -> None:
    assert WAITING < STRANGERS < 200
    assert 5 <= SECONDS <= 30


@pytest.mark.parametrize("begun", [b"", _HALF], ids=["silent", "half a head"])
def test_hundreds_of_half_open_connections_keep_nobody_out_who_has_the_cookie(server: Server, begun: bytes) -> None:
    known = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    with closing(known), ExitStack() as stack:
        known.request("GET", "/static/icon.svg", headers={"cookie": server.cookie})
        assert known.getresponse().read()
        held = []
        for _ in range(450):
            held.append(stack.enter_context(server.connect()))
            held[-1].sendall(begun)
        began = time.monotonic()
        for _ in range(5):
            assert server.ask("GET", "/static/icon.svg")[0] == 200
        assert time.monotonic() - began < 2
        assert known.sock is not None
        known.request("GET", "/static/icon.svg", headers={"cookie": server.cookie})  # on the connection it had
        assert known.getresponse().status == 200
        assert sum(not is_closed(each) for each in held) <= STRANGERS
        assert server.ask("GET", "/", cookie="")[0] == 403  # a stranger with a whole question is answered, too


@pytest.mark.parametrize("is_known", [False, True], ids=["a stranger", "one that is known"])
def test_a_head_that_comes_in_drops_has_a_time_limit_and_no_longer_one_for_each_drop(
    server: Server, *, is_known: bool
) -> None:
    with server.connect() as slow:
        if is_known:
            head = f"GET /static/icon.svg HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nCookie: {server.cookie}\r\n\r\n"
            slow.sendall(head.encode())
            assert slow.recv(1_000).startswith(b"HTTP/1.1 200")
        began = time.monotonic()
        slow.sendall(_HALF)
        while not is_closed(slow):
            assert time.monotonic() - began < 3 * _SHORT
            time.sleep(0.1)
            try:
                slow.sendall(b"X: y\r\n")
            except ConnectionError:
                break
        assert time.monotonic() - began > _SHORT / 2


def test_a_wish_for_another_protocol_is_passed_over_without_advice_to_install_anything(server: Server) -> None:
    for wish in ("websocket", "h2c"):
        assert server.ask("GET", "/", connection="upgrade", upgrade=wish)[0] == 200


def test_what_is_too_large_is_answered_in_words(server: Server) -> None:
    status, _, page = server.ask("POST", "/search", b"x" * (BODY_LIMIT + 1))
    assert (status, b"larger than 3 MB" in page) == (413, True)
    status, _, page = server.ask("POST", "/batches", b"x" * (8 * UPLOAD_LIMIT))
    assert (status, b"larger than 5 MB" in page) == (413, True)
    status, _, page = server.ask("POST", "/batches", b"x" * UPLOAD_LIMIT, cookie="")
    assert (status, b"has not been let in" in page) == (403, True)


def test_one_that_waits_to_be_asked_for_a_body_is_refused_without_it(server: Server) -> None:
    head = (
        f"POST /batches HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nCookie: {server.cookie}\r\n"
        f"Origin: http://127.0.0.1:{server.port}\r\nContent-Length: 500000000\r\nExpect: 100-continue\r\n\r\n"
    )
    with server.connect() as large:
        large.sendall(head.encode())
        assert large.recv(1_000).startswith(b"HTTP/1.1 413")
