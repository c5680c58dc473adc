"""A desk asked in this process: no server, no socket, only the application that a server would call."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Coroutine, Iterable, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

from reportgen.laboratory.model import Laboratory
from reportgen.web.app import desk_app
from reportgen.web.batches import Batches
from reportgen.web.desk import Desk
from reportgen.web.evaluation import revision_of
from reportgen.web.guard import Guard
from reportgen.web.listing import Line, View
from tests.cli.program import SAMPLES

Message = MutableMapping[str, Any]
App = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]
Headers = Sequence[tuple[str, str]]

PORT = 8765
HOST = f"127.0.0.1:{PORT}"
ORIGIN = f"http://{HOST}"
TOKEN = "the-token-of-the-start-address"
OWN: Headers = (("sec-fetch-site", "same-origin"), ("origin", ORIGIN))


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def header(self, name: str) -> str:
        """A header that stands there once at the most; "" where there is none."""
        found = [value for key, value in self.headers if key == name]
        assert len(found) <= 1
        return found[0] if found else ""


def completed(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end, in a thread of its own: in this one, the loop of a browser's driver may run."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def ask(
    app: App, method: str, address: str, headers: Headers = (), chunks: Iterable[bytes] = (b"",), *, ends: bool = True
) -> Answer:
    """Ask an application once; the body arrives in chunks, and never ends without `ends`."""
    path, _, query = address.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": unquote(path), "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        "client": ("127.0.0.1", 50_000), "server": ("127.0.0.1", PORT),
    }  # fmt: skip
    given = list(chunks)
    sent: list[Message] = []

    async def receive() -> Message:
        if not given:
            await asyncio.Event().wait()
        body = given.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(given) or not ends}

    async def send(message: Message) -> None:
        sent.append(message)

    async def once() -> None:
        await app(scope, receive, send)

    completed(once())
    assert [each["type"] for each in sent[:1]] == ["http.response.start"]
    told = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in sent[0]["headers"])
    return Answer(sent[0]["status"], told, b"".join(each.get("body", b"") for each in sent[1:]))


class Visitor:
    """A browser that was let in, at a desk of a folder."""

    def __init__(self, folder: Path, laboratory: Laboratory | None = None) -> None:
        self.folder = folder
        self.desk = Desk(folder, laboratory)
        self.batches = Batches(self.desk.folder.root, "")
        self.guard = Guard(desk_app(self.desk, self.batches), PORT, TOKEN)
        started = ask(self.guard, "GET", f"/start?token={TOKEN}", [("host", HOST)])
        self.cookie = started.header("set-cookie").partition(";")[0]

    def ask(self, method: str, address: str, headers: Headers = OWN, body: bytes = b"") -> Answer:
        """Ask with the cookie and the host, and the headers given."""
        own = (("host", HOST), ("cookie", self.cookie), ("content-length", str(len(body))))
        return ask(self.guard, method, address, (*own, *headers), [body])

    def get(self, address: str) -> Answer:
        """Read an address."""
        return self.ask("GET", address, (("sec-fetch-site", "same-origin"),))

    def post(self, address: str, /, **values: str) -> Answer:
        """Send a form."""
        return self.ask("POST", address, OWN, urlencode(values).encode())

    def case(self, name: str) -> str:
        """The address of a case file."""
        return f"/cases/{self.desk.folder.id_of(name)}"

    def revision(self, name: str) -> str:
        """What tells the state of a file, for a form to send."""
        return revision_of((self.folder / name).read_bytes())


def visitor(folder: Path, *names: str) -> Visitor:
    """A desk at a folder with some of the samples."""
    folder.mkdir(exist_ok=True)
    for name in names:
        shutil.copy(SAMPLES / f"{name}.yaml", folder)
    return Visitor(folder)


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def lines(desk: Desk, words: str = "") -> tuple[Line, ...]:
    """The cases of the work list that have all the words, last changed first."""
    return desk.list.show(View(words), seconds=60).lines
