"""How long the work list of a large folder takes, from the first time it is asked for."""

from __future__ import annotations

import re
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

HOST = "127.0.0.1"
CASES = 5_000
GOAL = 1.0  # seconds for a page that is whole
PATIENCE = 30.0
_PENDING = re.compile(r"(\d+) not looked at yet")


def fill(folder: Path, sample: str) -> None:
    """Put `CASES` copies of a case into a folder, each of a patient of its own."""
    for number in range(CASES):
        name = f"L26-{number:05d}"
        text = sample.replace("S26-01234", name).replace("000123", f"{number:06d}")
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def first_list(port: int, cookie: str) -> tuple[float, float, float]:
    """Seconds to the first page, until all its rows are told, and for a search of one case among all."""
    wire = HTTPConnection(HOST, port, timeout=PATIENCE)
    began = time.perf_counter()
    page = _asked(wire, port, cookie, "GET", "/")
    first = time.perf_counter() - began
    while 'class="pill quiet"' in page:
        page = _asked(wire, port, cookie, "POST", "/search", urlencode({"words": "", "sort": "changed"}))
    whole = time.perf_counter() - began
    began = time.perf_counter()
    found = _asked(wire, port, cookie, "POST", "/search", urlencode({"words": f"L26-{CASES // 3:05d}"}))
    searched = time.perf_counter() - began
    wire.close()
    if found.count('id="at-') != 1:
        raise SystemExit(f"the search did not find the one case; {_PENDING.findall(found)} not looked at")
    return first, whole, searched


def _asked(wire: HTTPConnection, port: int, cookie: str, method: str, address: str, body: str = "") -> str:
    headers = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"}
    if method == "POST":
        headers |= {"Origin": f"http://{HOST}:{port}", "Content-Type": "application/x-www-form-urlencoded"}
    wire.request(method, address, body or None, headers)
    answer = wire.getresponse()
    if answer.status != 200:
        raise SystemExit(f"the work list was answered with {answer.status}")
    return answer.read().decode()
