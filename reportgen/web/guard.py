"""The guard between the desk and all else that can reach this port: other pages, other programs, other people.

A request is let in with an exact Host, the session's cookie, and, where it changes something, an origin of its own. The
body is read here, up to a limit, so that nothing behind it reads more.

Source: threats 29 to 32 of the project's threat list.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT = 3_000_000  # bytes; a text as long as a case file may be, with each letter encoded
UPLOAD_LIMIT = 5_000_000  # bytes of a table
UPLOADS = "/batches"
START = "/start"
_SECONDS = 30  # for a body to arrive
_SECONDS_FOR_STRANGERS = 2
_PAUSE = 0.5  # seconds between two pieces of a body that is refused
_TOKEN_HEADER = b"x-reportgen-token"
POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
}

# For a link on another page: a redirect would still count as asked for by that page, and go without the cookie.
_ONWARD = (
    '<!DOCTYPE html><html lang="en"><title>reportgen</title><meta http-equiv="refresh" content="0;url=/">'
    '<main><h1>You are let in</h1><p><a href="/">To the work list</a></p></main></html>'
)


class RefusedError(Exception):
    """A request that is not let in: its status, and the words that the person reads."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


class Guard:
    """An ASGI application in front of that of the desk; `token` is the secret of the start address."""

    def __init__(self, app: ASGIApp, port: int, token: str) -> None:
        self.app = app
        self.hosts = {f"{host}:{port}" for host in ("127.0.0.1", "localhost", "[::1]")}
        self.cookie = f"reportgen-{port}"  # cookies know no ports: two desks must not share one
        self.token = token
        self._session = secrets.token_urlsafe(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let it in."""
        if scope["type"] != "http":
            raise RuntimeError("only http is served")
        guarded = _Guarded(send)
        headers = {name.lower(): value for name, value in scope["headers"]}
        body = _Body(receive)
        try:
            self._let_in(scope, headers)
            if scope["path"] == START:
                await self._start(scope)(scope, receive, guarded)
                return
            limit = UPLOAD_LIMIT if scope["path"] == UPLOADS else BODY_LIMIT
            if scope["method"] != "POST":  # what only reads sends nothing, so that it cannot pass for a form
                limit = 0
            scope["body"] = await asyncio.wait_for(body.whole(headers.get(b"content-length", b"0"), limit), _SECONDS)
        except RefusedError as refused:
            if b"expect" not in headers:  # one that waits to be asked for the body sends none
                await body.let_pass(_SECONDS if self.is_known(headers) else _SECONDS_FOR_STRANGERS)
            await _told(refused.status, refused.words)(scope, receive, guarded)
            return
        except TimeoutError:
            await _told(408, "The request took too long to arrive.")(scope, receive, guarded)
            return
        try:
            await self.app(scope, receive, guarded)
        except Exception:  # an error in the desk ends here: a server would log it, and a patient's data with it
            if not guarded.has_begun:
                await _told(500, "Something went wrong. Nothing was saved.")(scope, receive, guarded)

    def _let_in(self, scope: Scope, headers: dict[bytes, bytes]) -> None:
        """Raise `RefusedError` for a request that must not get further."""
        hosts = [value for name, value in scope["headers"] if name.lower() == b"host"]
        if len(hosts) != 1 or hosts[0].decode("latin-1") not in self.hosts:
            raise RefusedError(421, "This address is not served here. Open the address that reportgen printed.")
        own = f"http://{hosts[0].decode('latin-1')}"
        site = headers.get(b"sec-fetch-site", b"").decode("latin-1")
        origin = headers.get(b"origin", b"").decode("latin-1")
        if scope["path"] == START and scope["method"] == "GET":
            return  # the link may come from anywhere; it opens nothing without the token
        if site not in ("", "same-origin", "none") or origin not in ("", own):
            raise RefusedError(403, "Another page asked for this. Nothing was done.")
        if not self.is_known(headers):
            raise RefusedError(
                403, "This browser has not been let in. Open the link that reportgen printed at its start."
            )
        if scope["method"] not in ("GET", "HEAD", "POST"):
            raise RefusedError(405, "That is not offered here.")
        is_own = origin == own or (not origin and site == "same-origin") or self._has_token(headers)
        if scope["method"] == "POST" and not is_own:
            raise RefusedError(403, "The origin of this request is unknown. Nothing was done.")

    def is_known(self, headers: dict[bytes, bytes]) -> bool:
        """Whether a request, by its headers, comes from a browser that was let in."""
        pairs = (pair.strip().partition("=") for pair in headers.get(b"cookie", b"").decode("latin-1").split(";"))
        # Another page of this machine can set a second cookie of this name, but none with this content.
        given = [value.encode() for name, _, value in pairs if name == self.cookie]
        return any(secrets.compare_digest(value, self._session.encode()) for value in given)

    def _has_token(self, headers: dict[bytes, bytes]) -> bool:
        """For programs, which send no origin: the token of the start address in a header that no form can send."""
        return secrets.compare_digest(headers.get(_TOKEN_HEADER, b""), self.token.encode())

    def _start(self, scope: Scope) -> Response:
        """Let a browser in that opens the start address, and take the token out of what it shows."""
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if scope["method"] != "GET" or not secrets.compare_digest(given.encode(), self.token.encode()):
            return _told(403, "The link is not the one that reportgen printed at its last start.")
        cookie = {"set-cookie": f"{self.cookie}={self._session}; HttpOnly; SameSite=Strict; Path=/"}
        site = next((value for name, value in scope["headers"] if name.lower() == b"sec-fetch-site"), b"none")
        if site in (b"none", b"same-origin"):
            return Response(status_code=303, headers={**cookie, "location": "/"})
        return HTMLResponse(_ONWARD, headers=cookie)


class _Guarded:
    """Sends an answer with the headers that every answer carries; one that the answer brings itself is kept."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_begun = False

    async def __call__(self, message: Message) -> None:
        self.has_begun = True
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)


class _Body:
    """The body of a request, which arrives piece by piece."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._is_over = False

    async def whole(self, length: bytes, limit: int) -> bytes:
        """All of it; raises `RefusedError` where it, or the length that its sender names, is above the limit."""
        large = f"{limit // 1_000_000} MB" if limit >= 1_000_000 else f"{limit // 1000} kB"
        too_large = RefusedError(413, f"That is larger than {large}. Nothing was saved.")
        if not length.isdigit() or len(length) > 12 or int(length) > limit:
            raise too_large
        body = bytearray()
        while not self._is_over:
            body += await self._piece()
            if len(body) > limit:
                raise too_large
        return bytes(body)

    async def _piece(self) -> bytes:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self._is_over = True
            raise RefusedError(400, "The request ended too early.")
        self._is_over = not message.get("more_body", False)
        piece: bytes = message.get("body", b"")
        return piece

    async def let_pass(self, seconds: float) -> None:
        """Let the rest arrive and keep none of it: a sender that is cut off sees that, and not the answer."""
        end = asyncio.get_running_loop().time() + seconds
        with suppress(TimeoutError, RefusedError):
            while not self._is_over and asyncio.get_running_loop().time() < end:
                await asyncio.wait_for(self._piece(), _PAUSE)


def _told(status: int, words: str) -> Response:
    title = "Not let in" if status in (403, 421) else "Not done"
    page = f'<!DOCTYPE html><html lang="en"><title>reportgen</title><main><h1>{title}</h1><p>{words}</p></main></html>'
    return HTMLResponse(page, status, {"connection": "close"})
