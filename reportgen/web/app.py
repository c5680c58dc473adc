"""The addresses of the desk, and what answers each of them. No address holds a word of a case."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reportgen.web.batches import Batches
from reportgen.web.cases import CasePages
from reportgen.web.desk import Desk
from reportgen.web.drafts import Drafts
from reportgen.web.lists import ListPages
from reportgen.web.pages import static
from reportgen.web.protocols import ProtocolPages
from reportgen.web.requests import Answer, caught, message

_READ, _DO = ("GET",), ("POST",)


def desk_app(desk: Desk, batches: Batches) -> Starlette:
    """The application: addresses over a desk and its batches."""
    drafts = Drafts(desk.laboratory)
    case, lists, protocol = CasePages(desk), ListPages(desk, batches, drafts), ProtocolPages(drafts)
    addresses: tuple[tuple[str, Answer, tuple[str, ...]], ...] = (
        ("/", lists.home, _READ),
        ("/search", lists.search, _DO),
        ("/cases", lists.create, _DO),
        ("/cases/{id}", case.show, _READ),
        ("/cases/{id}/entries", case.enter, _DO),
        ("/cases/{id}/leave", case.leave, _DO),
        ("/cases/{id}/undo", case.undo, _DO),
        ("/cases/{id}/row", case.row, _READ),
        ("/cases/{id}/rows", case.rows, _DO),
        ("/cases/{id}/parts", case.parts, _DO),
        ("/cases/{id}/why", case.why, _DO),
        ("/cases/{id}/watch/{revision}", case.watch, _READ),
        ("/cases/{id}/report", case.report, _READ),
        ("/cases/{id}/print", case.print, _READ),
        ("/cases/{id}/report.{format}", case.download, _READ),
        ("/cases/{id}/finalize", case.finalize, (*_READ, *_DO)),
        ("/cases/{id}/finalized.{format}", case.finalized, _READ),
        ("/cases/{id}/reopen", case.reopen, _DO),
        ("/batches", lists.start, _DO),
        ("/batches/{id}", lists.batch, _READ),
        ("/batches/{id}/progress", lists.progress, _READ),
        ("/batches/{id}/summary", lists.summary, _READ),
        ("/batches/{id}/results.csv", lists.results, _READ),
        ("/batches/{id}/stop", lists.stop, _DO),
        ("/protocols/{id}", protocol.show, _READ),
        ("/protocols/{id}/report", protocol.report, _READ),
        ("/protocols/{id}/watch/{revision}", protocol.watch, _READ),
        ("/static/{name}", _static, _READ),
    )
    routes = [Route(path, caught(answer, case.case_of), methods=list(methods)) for path, answer, methods in addresses]
    return Starlette(routes=routes, exception_handlers={HTTPException: _nowhere})


def _static(request: Request) -> Response:
    return static(request.path_params["name"])


def _nowhere(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return message("Not found", "There is nothing at this address.", status)
