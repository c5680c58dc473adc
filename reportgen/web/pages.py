"""The pages of the desk, filled by the one strict template environment; and the report on the screen."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path

from starlette.responses import HTMLResponse, Response

from reportgen.release import VERSION
from reportgen.sandbox import FolderLoader, Sandbox, environment
from reportgen.web.guard import POLICY

Values = dict[str, object]
"""What a template is filled with: texts, numbers, mappings and tuples; truth values only for its conditions."""

_HERE = Path(__file__).parent
_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
STATIC = {path.name: _KINDS[path.suffix] for path in (_HERE / "static").iterdir() if path.suffix in _KINDS}
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_BODY = re.compile(r"<body[^>]*>")
_NOTICE = """
.desk-left-out { position: sticky; top: 0; z-index: 2; margin: 0 -15pt; padding: 6pt 15pt; background: #7a1f1f; color: #fff; font: 700 10pt/1.35 sans-serif; }
@media print { .desk-left-out { position: static; } }
"""  # noqa: E501 - one rule a line
_MARKS = """
[data-path], [data-clause] { cursor: pointer; border-radius: 2pt; }
[data-path]:hover, [data-clause]:hover { outline: 1pt solid #5b8db8; outline-offset: 1pt; }
.desk-here { outline: 1.6pt solid #1d6fa5 !important; outline-offset: 1.5pt; background: #e8f2fa; }
"""


@cache
def _environment() -> Sandbox:
    return environment(escape=True, loader=FolderLoader(_HERE / "pages"))


def fill(name: str, values: Values) -> str:
    """A page, or a piece of one, with its values."""
    return _environment().get_template(name).render({"version": VERSION, **values})


def page(name: str, values: Values, status: int = 200) -> HTMLResponse:
    """A page as an answer."""
    # A file's name may hold bytes that are not text; they must not keep the page from being shown.
    return HTMLResponse(fill(name, values).encode("utf-8", "replace"), status)


def static(name: str) -> Response:
    """One of the few files beside the pages."""
    if name not in STATIC:
        return page("message.html", {"title": "Not found", "words": "There is nothing at this address."}, 404)
    return Response(_file(name), media_type=STATIC[name])


@cache
def _file(name: str) -> bytes:
    return (_HERE / "static" / name).read_bytes()


def framed(html: str, notice: str = "", *, marks: bool = False) -> HTMLResponse:
    """A page with its own style sheets, for a frame of the desk; only their hashes are allowed as styles.

    `notice` is shown above it; `marks` are for the report on the screen, whose sentences and answers can be clicked.
    """
    if marks or notice:
        html = html.replace("</head>", f"<style>{_NOTICE}{_MARKS if marks else ''}</style></head>", 1)
    if notice:
        said = f'<div class="desk-left-out" role="status">{escape(notice)}</div>'
        html = _BODY.sub(lambda found: found.group() + said, html, count=1)
    hashes = sorted({_hash(style) for style in _STYLE.findall(html)})
    policy = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    policy = f"{policy}; img-src 'self' data:; style-src 'self' {' '.join(hashes)}"
    return HTMLResponse(html, headers={"content-security-policy": policy})


def _hash(style: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"


def when(seconds: float, now: datetime) -> str:
    """A moment for the work list: the time for today, else the day."""
    moment = datetime.fromtimestamp(seconds, now.tzinfo)
    return f"{moment:%H:%M}" if moment.date() == now.date() else f"{moment:%Y-%m-%d %H:%M}"
