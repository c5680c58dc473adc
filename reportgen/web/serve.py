"""Serving the desk on this machine, to this machine."""

from __future__ import annotations

import asyncio
import secrets
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import uvicorn

from reportgen.findings import refuse
from reportgen.formats import pdf_typst
from reportgen.laboratory.model import Laboratory
from reportgen.web.app import desk_app
from reportgen.web.batches import Batches
from reportgen.web.connections import WAITING, Connection
from reportgen.web.desk import Desk
from reportgen.web.guard import START, Guard

_HOST = "127.0.0.1"


class _Server(uvicorn.Server):
    """Asks the batches to end before it ends itself, whichever signal ends it."""

    def __init__(self, config: uvicorn.Config, batches: Batches) -> None:
        super().__init__(config)
        self._batches = batches

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        await asyncio.to_thread(self._batches.stop_all)


def serve(
    root: Path,
    laboratory: Laboratory | None,
    lab: str,
    port: int,
    tell: Callable[[str], None],
    pdf_engine: str = "auto",
) -> None:
    """Serve a case folder until stopped; raises E009 where it does not exist, S605 where the port is taken.

    `lab` names the profile as the command line did, for batches. Port 0 is any free port. `tell` gets the address to
    open, once it is served.
    """
    if not root.is_dir():
        raise refuse("E009", "is not a folder", str(root), hint="name the folder of the case files")
    if laboratory is None and pdf_engine != "weasyprint":
        pdf_typst.start()  # here there are no threads yet, and no connections
    bound = _bound(port)
    port = bound.getsockname()[1]
    token = secrets.token_urlsafe(32)
    desk = Desk(root, laboratory, pdf_engine)
    desk.folder.keep_ids()  # pages that are still open find their cases again
    batches = Batches(desk.folder.root, lab, pdf_engine)
    guard = Guard(desk_app(desk, batches), port, token)
    config = uvicorn.Config(
        guard, loop="asyncio", http=Connection, ws="none", lifespan="off", access_log=False, log_config=None,
        server_header=False, date_header=False, timeout_graceful_shutdown=2, limit_concurrency=400,
    )  # fmt: skip
    tell(f"http://{_HOST}:{port}{START}?token={token}")
    try:
        _Server(config, batches).run(sockets=[bound])
    finally:
        batches.stop_all()
        bound.close()


def _bound(port: int) -> socket.socket:
    """The socket to listen on: this machine's own address, which no other machine reaches."""
    # By its third argument, answers go out at once.
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":  # there, it would let two programs serve one port
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((_HOST, port))
        made.listen(WAITING)  # only now is the port ours, and the address can be printed
    except OSError as error:
        made.close()
        why = error.strerror or type(error).__name__
        hint = "another desk may be running; choose another with --port"
        raise refuse("S605", f"port {port} cannot be used: {why}", hint=hint) from None
    return made
