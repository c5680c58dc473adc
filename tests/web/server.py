"""A desk that is served in a process of its own, asked without a browser."""

from __future__ import annotations

import http.client
import re
import signal
import socket
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.cli.program import start


class Server:
    """`reportgen serve` in a process of its own, and a browser's requests to it."""

    def __init__(self, folder: Path, *options: str, before: str = "") -> None:
        self.process = start(*options, "serve", folder, "--port", "0", cwd=folder, before=before)
        self.said = ""
        assert self.process.stderr
        while not (found := re.search(r"http://\S+", self.said)):
            line = self.process.stderr.readline()
            assert line, self.said
            self.said += line
        address = urlsplit(found.group())
        assert address.port
        self.port = address.port
        self.start = f"{address.path}?{address.query}"
        self.cookie = self.ask("GET", self.start)[1]["set-cookie"].partition(";")[0]

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def ask(self, method: str, path: str, body: bytes | None = None, **more: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        own = f"http://127.0.0.1:{self.port}"
        headers = {"cookie": getattr(self, "cookie", ""), "origin": own, "sec-fetch-site": "same-origin", **more}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def post(self, address: str, /, **values: str) -> tuple[int, dict[str, str], bytes]:
        return self.ask("POST", address, urlencode(values).encode())

    def end(self, by: signal.Signals = signal.SIGINT) -> int:
        """End it; returns its exit code, and keeps all that it said."""
        if self.process.poll() is None:
            self.process.send_signal(by)
        out, err = self.process.communicate(timeout=20)
        self.said += out + err
        return self.process.wait()
