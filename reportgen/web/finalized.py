"""Finalized cases: their documents, which never change, and a record of who finalized which content when.

The case folder has a folder `finalized/`. For each case it holds the documents, a copy of the case file from which they
were made, and one record of every time the case was finalized or reopened. Only the record is ever replaced; it grows.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen import files
from reportgen.findings import refuse

FOLDER = "finalized"
_DONE = ("finalized", "finalised")  # how a record says it; earlier versions wrote the second, also as the folder's name
_RECORD = ".jsonl"


@dataclass(frozen=True)
class Fixed:
    """The last finalization of a case.

    Attributes:
        by: who finalized it.
        at: when, as an ISO time.
        digest: sha256 of the case file's content.
        number: 1 for the first, counting up.
        documents: the names of the documents, in `finalized/`.
        reopened: whether it was opened again for changes since.
    """

    by: str
    at: str
    digest: str
    number: int
    documents: tuple[str, ...]
    reopened: bool = False


class Ledger:
    """The records of one case folder."""

    def __init__(self, root: Path) -> None:
        self.folder = root / (_DONE[1] if (root / _DONE[1]).is_dir() else FOLDER)

    def last(self, name: str) -> Fixed | None:
        """The last finalization of a case file; None where there was none."""
        records = [record for record in self._records(name) if record.get("case") == name]
        fixed = [record for record in records if record["do"] in _DONE]
        if not fixed:
            return None
        last = fixed[-1]
        return Fixed(
            by=str(last.get("by", "")),
            at=str(last.get("at", "")),
            digest=last["case_sha256"],
            number=len(fixed),
            documents=tuple(last["documents"]),
            reopened=records[-1]["do"] == "reopened",
        )

    def in_force(self, name: str) -> Fixed | None:
        """The finalization in force: None for a case that may be changed."""
        fixed = self.last(name)
        return None if fixed is None or fixed.reopened else fixed

    def stamps(self) -> dict[str, tuple[int, ...]]:
        """What tells a record that has grown from what it was, by the stem of its file."""
        try:
            with os.scandir(self.folder) as entries:
                found = [(each.name, each.stat()) for each in entries if each.name.endswith(_RECORD)]
        except OSError:
            return {}
        return {name.removesuffix(_RECORD): (one.st_mtime_ns, one.st_size, one.st_ino) for name, one in found}

    def kept(self, fixed: Fixed) -> dict[str, Path]:
        """The documents of a finalization by format, as they were kept."""
        return {name.rpartition(".")[2]: self.folder / name for name in fixed.documents}

    def finalize(self, name: str, content: bytes, documents: dict[str, bytes], by: str, at: str) -> Fixed:
        """Keep the documents of a case with the content they were made of.

        Args:
            name: the case file.
            content: its content.
            documents: the finalized documents by format.
            by: who finalized it.
            at: when, as an ISO time.

        Raises:
            FindingsError: E501 where a file of that name stands there already, E502 where it cannot be written.
        """
        records = self._records(name)
        number = 1 + sum(record["do"] in _DONE for record in records if record.get("case") == name)
        stem = self._free(name, number, (*documents, f"case{Path(name).suffix}"))
        named = {f"{stem}.{format}": data for format, data in documents.items()}
        made = {**named, f"{stem}.case{Path(name).suffix}": content}
        digest = hashlib.sha256(content).hexdigest()
        record = {
            "do": "finalized", "by": by, "at": at, "case": name, "case_sha256": digest,
            "documents": {each: hashlib.sha256(data).hexdigest() for each, data in named.items()},
        }  # fmt: skip
        lines = _lines([*records, record])  # before anything is written: what cannot be noted is not finalized
        files.write_files({self.folder / each: data for each, data in made.items()})
        files.write_files({self._record(name): lines}, overwrite=True)
        return Fixed(by, at, digest, number, tuple(named))

    def reopen(self, name: str, by: str, at: str) -> None:
        """Note that a finalized case is opened for changes; its documents stay."""
        record = {"do": "reopened", "by": by, "at": at, "case": name}
        files.write_files({self._record(name): _lines([*self._records(name), record])}, overwrite=True)

    def _free(self, name: str, number: int, endings: tuple[str, ...]) -> str:
        """The name of the next documents: counted on past what stands there, of a finalization that was cut off say."""
        while True:
            stem = self.stem(name) + (f".{number}" if number > 1 else "")
            if not any(os.path.lexists(self.folder / f"{stem}.{ending}") for ending in endings):
                return stem
            number += 1

    def _records(self, name: str) -> list[dict[str, Any]]:
        path = self._record(name)
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
            records = [json.loads(line) for line in lines if line.strip()]
        except FileNotFoundError:
            return []
        except (OSError, ValueError):
            records = []
        if not records or not all(_is_sound(record) for record in records):
            # To take it for "never finalized" would open a fixed case to changes.
            hint = "restore it from a copy, or move it away to begin anew"
            raise refuse("E009", "is not a record of finalized documents", f"{FOLDER}/{path.name}", hint=hint)
        return records

    def _record(self, name: str) -> Path:
        return self.folder / f"{self.stem(name)}{_RECORD}"

    def stem(self, name: str) -> str:
        """What the documents of a file are called; `a.yml` and `a-yml.yaml` share a record, which tells them apart."""
        path = Path(name)
        return path.stem if path.suffix == ".yaml" else f"{path.stem}{path.suffix.replace('.', '-')}"


def _lines(records: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records).encode()


def _is_sound(record: object) -> bool:
    """Whether something read is one of our records."""
    if not isinstance(record, dict):
        return False
    kept = isinstance(record.get("documents"), dict) and isinstance(record.get("case_sha256"), str)
    return record.get("do") == "reopened" or (record.get("do") in _DONE and kept)
