"""Connections to the desk: how long one may take to say what it wants, and how many may wait before they are known.

Every program of this machine can open connections. One that has not shown the session's cookie is a stranger: strangers
share a few places, and a newcomer takes the place of the stranger that has waited longest, so that whoever has the
cookie is always heard.

Source: threat 29 of the project's threat list.
"""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from reportgen.web.guard import Guard

WAITING = 100  # connections that may wait to be taken
# More than are taken at once: a newcomer is heard before its place is asked for.
STRANGERS = WAITING + 28
SECONDS = 10.0  # for the head of a request to arrive whole

_strangers: dict[Connection, None] = {}  # of the one desk of this process, in the order in which they came


class Connection(H11Protocol):
    """One connection, as uvicorn serves it, with limits that uvicorn does not have."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # TCP only
        """Take a place among the strangers, if need be that of another."""
        super().connection_made(transport)
        _strangers[self] = None
        self._watch()
        if len(_strangers) > STRANGERS:
            next(iter(_strangers)).leave()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        _strangers.pop(self, None)
        self._watch(on=False)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in what came; a complete head shows whether the sender is known."""
        super().data_received(data)
        is_head_open = self.conn.their_state is h11.IDLE
        self._watch(on=is_head_open)
        if not is_head_open and self in _strangers and self._is_known():
            del _strangers[self]

    def _is_known(self) -> bool:
        guard = self.config.app
        return isinstance(guard, Guard) and guard.is_known(dict(self.headers or ()))

    def leave(self) -> None:
        """Close the connection at once, whatever is still to be sent."""
        _strangers.pop(self, None)
        self.transport.abort()

    def _watch(self, *, on: bool = True) -> None:
        """Begin to count the seconds for a head, or stop; what comes meanwhile does not restart the count."""
        if not on and self._deadline:
            self._deadline.cancel()
            self._deadline = None
        elif on and not self._deadline:
            self._deadline = self.loop.call_later(SECONDS, self.leave)

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: uvicorn would advise to install a library that the desk has no use for."""
