"""What a request says, and the answers that every part of the desk gives alike."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from reportgen.findings import FindingsError
from reportgen.web import unreadable, views
from reportgen.web.batches import NoSuchBatchError
from reportgen.web.desk import FixedError, NoStepError
from reportgen.web.document import Document, UnknownPathError
from reportgen.web.folder import ConflictError, NoFileError, NoSuchCaseError
from reportgen.web.pages import page
from reportgen.web.tidying import Form, NotTakenError

Answer = Callable[[Request], Response]
_FIELDS = 400  # of one form
_DIGITS = 9  # of one number


def form(request: Request) -> Form:
    """What a form sent; the guard has read it, and not more than it lets in."""
    return fields(request.scope.get("body", b""))


def fields(encoded: bytes) -> Form:
    """The fields of an encoded form; none of one that is too large, or not a form at all."""
    try:
        return parse_qs(encoded.decode(), keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError:
        return {}


def query(request: Request) -> Form:
    """What the address asks behind its question mark."""
    return {key: [value] for key, value in request.query_params.items()}


def one(sent: Form, name: str) -> str:
    """One value of a form, "" where there is none."""
    return sent.get(name, [""])[0]


def number(sent: Form, name: str) -> int:
    """One number of a form; -1 where there is none, or too long a one."""
    text = one(sent, name)
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else -1


def go(address: str) -> Response:
    """Lead the page to another address."""
    return Response(headers={"hx-redirect": address}, media_type="text/plain")


def now() -> datetime:
    """The time of this machine, with its zone."""
    return datetime.now().astimezone()


def message(title: str, words: str, status: int) -> HTMLResponse:
    """A page that says one thing."""
    return page("message.html", {"title": title, "words": words}, status)


def refused(words: str, status: int = 422) -> HTMLResponse:
    """A remark for the page that asked: nothing was done, and why."""
    return page("refused.html", {"findings": ({"path": "", "words": words, "line": ""},)}, status)


def _is_page(request: Request) -> bool:
    """Whether the browser shows the answer as a page, and not a script inside one."""
    mode = request.headers.get("sec-fetch-mode", "navigate")
    return request.method == "GET" and mode == "navigate" and "hx-request" not in request.headers


def caught(answer: Answer, case_of: Callable[[Request], Document | None] = lambda _: None) -> Answer:
    """Turn what can go wrong in an answer into one; nothing of a case gets into a log or a traceback.

    `case_of` finds the case that a request is about, if any.
    """

    def safe(request: Request) -> Response:
        try:
            return answer(request)
        except NoFileError as error:
            return page("problem.html", unreadable.of_kind(error.name, error.mode), 404)
        except (NoSuchCaseError, NoSuchBatchError):
            return message("Not found", "The file was moved, renamed or deleted. Nothing was saved.", 404)
        except ConflictError:
            return page("conflict.html", {}, 409)
        except FixedError:
            return refused("This case is finalized. Reopen it to change it.", 423)
        except NoStepError:
            since = "Since the last entry, the desk was restarted or the file was changed elsewhere."
            return refused(f"Nothing can be undone. {since}")
        except UnknownPathError:
            return refused("This case is not asked that. Load the page again.")
        except NotTakenError as error:
            return refused(str(error))
        except FindingsError as error:
            made = case_of(request)
            if _is_page(request):
                return page("problem.html", unreadable.of_findings(error.findings, made), 422)
            # What the disk refuses may pass later; what the case refuses must be changed first.
            status = 507 if "E502" in error.codes else 422
            return page("refused.html", {"findings": views.refused(error.findings, made)}, status)
        except Exception as error:
            # The exception's text could hold a patient's data: only its kind and place are shown.
            frame = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}"
            return message("Something went wrong", f"Nothing was saved. Please report this: {where}.", 500)

    return safe
