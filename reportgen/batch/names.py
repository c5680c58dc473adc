"""What documents are called: a pattern filled per case, legal on every system, one name for one accession."""

from __future__ import annotations

import hashlib
import string

from reportgen import files
from reportgen.cases.model import Case

FIELDS = ("accession", "collected", "received", "protocol")
OWN = ("results.csv", "summary.html")  # what a batch itself leaves beside the documents
_OWN_STEMS = {name.split(".")[0] for name in OWN}


def problem(pattern: str) -> str:
    """What is wrong with a pattern; "" for a good one."""
    try:
        parsed = list(string.Formatter().parse(pattern))
    except ValueError:
        return "has a brace without its partner"
    named = [field for _, field, _, _ in parsed if field is not None]
    if unknown := [field for field in named if field not in FIELDS]:
        return f"{{{unknown[0]}}} is not one of {', '.join(FIELDS)}"
    if any(format or conversion for *_, format, conversion in parsed):
        return "takes the names in braces alone"
    if "accession" not in named:
        return "must hold {accession}, which tells the cases apart"
    return "may not hold a slash" if "/" in pattern or "\\" in pattern else ""


def stem(pattern: str, case: Case) -> str:
    """The name of a case's documents, without folder and ending."""
    accession = case.written("accession")
    days = {name: day.isoformat() if (day := case.day(name)) else "undated" for name in ("collected", "received")}
    protocols = "+".join(dict.fromkeys(part.protocol.protocol.id for part in case.parts))
    name = files.safe_name(pattern.format(accession=accession, protocol=protocols, **days), accession)
    return f"{name}-{hashed(accession)[:8]}" if name.casefold() in _OWN_STEMS else name


def shard(key: str) -> str:
    """The sub-folder of a case: two digits, so that 100,000 cases make folders of some 400."""
    return hashed(key)[:2]


def hashed(key: str) -> str:
    """What the journal calls a case."""
    return hashlib.sha256(key.encode()).hexdigest()
