"""A desk that is really served: to this machine alone, and with no word of a case in what it says.

Source: threats 29 and 32 of the project's threat list.
"""

from __future__ import annotations

import contextlib
import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reportgen.findings import FindingsError
from reportgen.web.serve import _bound, serve
from tests.batch.tables import rows, write
from tests.cli.program import MARK, edited, run
from tests.support.processes import children, is_alive
from tests.web.server import Server

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "cases"
    made.mkdir()
    names = ("Draft, Dorothea", f"{MARK}, {MARK}"), ("S26-01909", f"{MARK}-1"), ('"000190"', f'"{MARK}-2"')
    more = ("Nodule of the shoulder.", MARK), ("right shoulder", f"right shoulder {MARK}")
    edited(made / f"{MARK}.yaml", *names, *more)
    return made


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    made = Server(folder)
    yield made
    made.end(signal.SIGKILL)


def listening(port: int) -> set[str]:
    """The addresses that something listens on at a port, as the system tells."""
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *_ = line.split()
            address, _, number = local.partition(":")
            if state == "0A" and int(number, 16) == port:
                found.add(address)
    return found


def test_nothing_of_a_case_is_said_whatever_goes_wrong(server: Server, folder: Path) -> None:
    status, headers, page = server.ask("GET", "/")
    assert (status, headers["cache-control"]) == (200, "no-store")
    assert "server" not in headers
    assert "date" not in headers
    assert MARK in page.decode()
    found = re.search(r"/cases/[0-9a-f]{18}", page.decode())
    assert found
    case = found.group()
    state = re.search(r"&#34;revision&#34;: ?&#34;([0-9a-f]{24})", server.ask("GET", case)[2].decode())
    assert state
    revision = state.group(1)
    assert server.ask("GET", f"{case}/report.pdf")[2].startswith(b"%PDF")
    assert server.post("/search", words=MARK)[0] == 200
    assert server.post(f"{case}/entries", path="patient.name", value=f"{MARK}\x00", revision=revision)[0] == 422
    assert server.post(f"{case}/entries", path=f"{MARK}.x", value=MARK, revision=revision)[0] == 422
    assert server.post(f"{case}/entries", path="patient.name", value=f"{MARK} B", revision=revision)[0] == 200
    assert server.post(f"{case}/entries", path="patient.name", value=f"{MARK} C", revision=revision)[0] == 409
    assert server.post(f"{case}/finalize", name=MARK, revision=revision)[0] == 409
    assert server.ask("POST", f"{case}/entries", MARK.encode() + b"\xff&" * 500)[0] == 409
    assert server.ask("GET", f"/{MARK}?{MARK}={MARK}")[0] == 404
    assert server.ask("GET", "/", None, **{"sec-fetch-site": "cross-site", "x-mark": MARK})[0] == 403
    assert server.ask("GET", "/", cookie=MARK)[0] == 403
    assert server.ask("GET", "/", host=MARK)[0] == 421
    assert server.ask("GET", f"{server.start}{MARK}")[0] == 403
    with contextlib.suppress(ConnectionError):  # it may hang up before all of it was sent
        assert server.ask("POST", "/search", MARK.encode() * 1_000_000)[0] == 413
    path = folder / f"{MARK}.yaml"
    path.write_text(f"{MARK}: [")
    for address in ("", "/report", "/report.docx", "/finalize", "/print"):
        assert server.ask("GET", case + address)[0] in (200, 409, 422, 500)
    path.unlink()
    path.mkdir()
    assert server.ask("GET", case)[0] == 404
    for raw in (
        f"GET /{MARK} HTTP/1.1\r\n\r\n",
        f"{MARK}\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: x\r\n{MARK}\x00: y\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as plain:
            plain.sendall(raw.encode())
            assert b"200 OK" not in plain.recv(1_000)
    write(folder / "t.csv", [{**row, "necrosis": MARK} for row in rows(1)])
    table = (folder / "t.csv").read_bytes()
    assert server.ask("POST", "/batches", table, **{"x-table-ending": "csv"})[0] == 200
    server.end()
    assert MARK not in server.said
    assert "Traceback" not in server.said
    assert server.said.count("\n") < 12


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="needs Linux")
def test_only_this_machine_reaches_it(server: Server) -> None:
    assert listening(server.port) == {"0100007F"}


@pytest.mark.parametrize(("by", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_it_ends_when_asked_and_its_batches_with_it(
    server: Server, folder: Path, by: signal.Signals, code: int
) -> None:
    table = write(folder / "t.csv", rows(150)).read_bytes()
    assert server.ask("POST", "/batches", table, **{"x-table-ending": "csv"})[0] == 200
    until = time.monotonic() + 20
    while not list(folder.glob("batches/*/reports/*.pdf")):
        assert time.monotonic() < until
        time.sleep(0.02)
    assert server.end(by) == code
    assert "Traceback" not in server.said
    (reports,) = folder.glob("batches/*/reports")
    made = {path.name for path in reports.iterdir()}
    assert {"results.csv", "summary.html"} <= made
    assert 0 < len(list(reports.glob("*.pdf"))) < 150
    assert not list(reports.rglob("*.tmp"))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux")
def test_a_desk_that_is_killed_leaves_no_process_behind(server: Server, folder: Path) -> None:
    case = re.search(r"/cases/[0-9a-f]{18}", server.ask("GET", "/")[2].decode())
    assert case
    assert server.ask("GET", f"{case.group()}/report.pdf")[2].startswith(b"%PDF")
    table = write(folder / "t.csv", rows(150)).read_bytes()
    assert server.ask("POST", "/batches", table, **{"x-table-ending": "csv"})[0] == 200
    until = time.monotonic() + 20
    while not list(folder.glob("batches/*/reports/*.pdf")):
        assert time.monotonic() < until
        time.sleep(0.02)
    left = children(server.process.pid)
    assert len(left) >= 3  # what draws the PDF, the batch, and who works for it
    server.process.kill()
    server.process.wait()
    until = time.monotonic() + 5
    while any(map(is_alive, left)):
        assert time.monotonic() < until
        time.sleep(0.02)
    (reports,) = folder.glob("batches/*/reports")
    assert 0 < len(list(reports.glob("*.pdf"))) < 150


def test_a_second_desk_at_the_same_port_is_refused(server: Server, folder: Path) -> None:
    outcome = run("serve", folder, "--port", str(server.port))
    assert (outcome.code, outcome.out) == (3, "")
    assert "S605" in outcome.err
    assert "http://" not in outcome.err
    assert "Traceback" not in outcome.err
    assert server.ask("GET", "/")[0] == 200


def test_a_port_is_ours_before_its_address_is_told() -> None:
    first = _bound(0)
    port = first.getsockname()[1]
    try:
        assert first.getsockname()[0] == "127.0.0.1"
        with pytest.raises(FindingsError, match="S605") as caught:
            _bound(port)
        assert caught.value.environment
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            pass
    finally:
        first.close()


def test_a_folder_that_is_none_is_refused_before_anything_is_served(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for folder in (tmp_path / "none", tmp_path / "file"):
        with pytest.raises(FindingsError, match="E009"):
            serve(folder, None, "", 0, lambda _: pytest.fail("was served"))


def test_every_start_has_a_token_of_its_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr("reportgen.web.serve._Server.run", lambda *_, **__: None)
    for _ in range(2):
        serve(folder, None, "", 0, told.append)
    tokens = {re.fullmatch(r"http://127\.0\.0\.1:\d+/start\?token=([\w-]{43})", each) for each in told}
    assert None not in tokens
    assert len({each.group(1) for each in tokens if each}) == 2
    assert {path.name for path in folder.iterdir()} == {f"{MARK}.yaml", ".reportgen"}  # the key of the ids alone is new
