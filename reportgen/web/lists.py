"""The work list, and the batches that are started from it."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from reportgen.findings import either
from reportgen.tables.registry import endings
from reportgen.web import views
from reportgen.web.batches import Batch, Batches, NoSuchBatchError
from reportgen.web.choosing import protocols, to_choose
from reportgen.web.desk import Desk
from reportgen.web.drafts import Drafts
from reportgen.web.listing import SORTS, View
from reportgen.web.pages import Values, framed, page
from reportgen.web.requests import form, go, now, number, one, refused
from reportgen.web.tidying import one_line

_PATIENCE = 0.7  # seconds for one answer; what is not known by then comes with the next
_LINK = re.compile(r"</?a\b[^>]*>")


class ListPages:
    """The answers about the folder as a whole."""

    def __init__(self, desk: Desk, batches: Batches, drafts: Drafts) -> None:
        self.desk = desk
        self.batches = batches
        self.drafts = drafts

    def home(self, _: Request) -> Response:
        """The work list."""
        values = {
            **self._rows(View()),
            **to_choose(self.desk.laboratory),
            "own_protocols": views.own_protocols(self.desk, self.drafts.ids()),
            "batches": views.batch_list(self.batches.all()),
            "folder": self.desk.folder.root.name,
            "endings": list(endings()),
        }
        return page("worklist.html", values)

    def search(self, request: Request) -> Response:
        """A page of the rows that have all the words; posted, so that no accession gets into an address."""
        sent = form(request)
        words, by = one(sent, "words"), one(sent, "by")
        sort = by or one(sent, "sort")
        is_same = words == one(sent, "said") and not by
        place = number(sent, "to" if one(sent, "to") else "page") if is_same else 0
        view = View(words, one(sent, "status"), sort if sort in SORTS else SORTS[0], place)
        return page("rows.html", self._rows(view))

    def create(self, request: Request) -> Response:
        """A new case."""
        sent = form(request)
        if one(sent, "protocol") not in self._protocols():
            return refused("Choose a protocol for part A.")
        name = self.desk.create(one_line(one(sent, "accession")), one(sent, "protocol"))
        return go(f"/cases/{self.desk.folder.id_of(name)}")

    def start(self, request: Request) -> Response:
        """Begin a batch with the table that was sent."""
        ending = f".{request.headers.get('x-table-ending', '').lower()}"
        protocol = request.headers.get("x-protocol", "")
        table: bytes = request.scope.get("body", b"")
        if ending not in endings() or not table or (protocol and protocol not in self._protocols()):
            return refused(f"Drop one table: a {either(endings())} file with a row for each part.")
        batch = self.batches.start(table, ending, protocol, now())
        return go(f"/batches/{batch.id}")

    def batch(self, request: Request) -> Response:
        """One batch."""
        return page("batch.html", views.batch(self._batch(request)))

    def progress(self, request: Request) -> Response:
        """How far a batch is."""
        return page("progress.html", views.batch(self._batch(request)))

    def stop(self, request: Request) -> Response:
        """Ask a batch to end."""
        self.batches.stop(request.path_params["id"])
        return self.progress(request)

    def summary(self, request: Request) -> Response:
        """The summary that the batch wrote; its links lead to files beside it, which the desk does not show."""
        return framed(_LINK.sub("", self._written(request, "summary.html").decode()))

    def results(self, request: Request) -> Response:
        """What became of each row."""
        headers = {"content-disposition": 'attachment; filename="results.csv"'}
        return Response(self._written(request, "results.csv"), media_type="text/csv", headers=headers)

    def _rows(self, view: View) -> Values:
        return views.work_list(self.desk.list.show(view, _PATIENCE), now())

    def _protocols(self) -> set[str]:
        return {each["id"] for each in protocols(self.desk.laboratory)}

    def _batch(self, request: Request) -> Batch:
        return self.batches.get(request.path_params["id"])

    def _written(self, request: Request, name: str) -> bytes:
        try:
            return (self._batch(request).output / name).read_bytes()
        except OSError:
            raise NoSuchBatchError from None
