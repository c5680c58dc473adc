"""Finalized cases: their documents, which never change, and a record of who finalized which content when.

The case folder has a folder `finalized/`. For each case it holds the documents, a copy of the case file from which they
were made, and one record of every time the case was finalized or reopened. Only the record is ever replaced; it grows.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any, NamedTuple

from reportgen import files
from reportgen.findings import refuse

FOLDER = "finalized"
_DONE = ("finalized", "finalised")  # how a record says it; earlier versions wrote the second, also as the folder's name
_RECORD = ".jsonl"
Record = dict[str, Any]


class Fixed(NamedTuple):
    """The finalization of a case that is in force."""

    by: str
    at: str  # an ISO time
    digest: str  # sha256 of the case file's content
    documents: tuple[str, ...]  # their names, in `finalized/`

    def is_of(self, revision: str) -> bool:
        """Whether a case file in this state still says what was finalized."""
        return self.digest.startswith(revision)


class Ledger:
    """The records of one case folder."""

    def __init__(self, root: Path) -> None:
        self.folder = root / (_DONE[1] if (root / _DONE[1]).is_dir() else FOLDER)

    def in_force(self, name: str) -> Fixed | None:
        """The finalization in force: None for a case that may be changed."""
        records = [record for record in self._records(name) if record.get("case") == name]
        if not records or records[-1]["do"] not in _DONE:
            return None
        last = records[-1]
        return Fixed(str(last.get("by", "")), str(last.get("at", "")), last["case_sha256"], tuple(last["documents"]))

    def stamps(self) -> dict[str, tuple[int, ...]]:
        """Time, size and inode of each record, by the stem of its file: a record that has grown has others."""
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
        """Keep the documents of a case, by format, with the case file that they were made of; raises E501 and E502."""
        records = self._records(name)
        number = 1 + sum(record["do"] in _DONE for record in records if record.get("case") == name)
        stem = self._free(name, number, (*documents, f"case{Path(name).suffix}"))
        named = {f"{stem}.{format}": data for format, data in documents.items()}
        digest = hashlib.sha256(content).hexdigest()
        record = {
            "do": "finalized", "by": by, "at": at, "case": name, "case_sha256": digest,
            "documents": {each: hashlib.sha256(data).hexdigest() for each, data in named.items()},
        }  # fmt: skip
        lines = _lines([*records, record])  # before anything is written: what cannot be noted is not finalized
        kept = {**named, f"{stem}.case{Path(name).suffix}": content}
        files.write_files({self.folder / each: data for each, data in kept.items()})
        files.write_files({self._record(name): lines}, overwrite=True)
        return Fixed(by, at, digest, tuple(named))

    def reopen(self, name: str, by: str, at: str) -> None:
        """Note that a finalized case is opened for changes; its documents stay."""
        record = {"do": "reopened", "by": by, "at": at, "case": name}
        files.write_files({self._record(name): _lines([*self._records(name), record])}, overwrite=True)

    def _free(self, name: str, number: int, endings: tuple[str, ...]) -> str:
        """The name of the next documents; it skips files that exist, such as those of an interrupted finalization."""
        while True:
            stem = self.stem(name) + (f".{number}" if number > 1 else "")
            if not any(os.path.lexists(self.folder / f"{stem}.{ending}") for ending in endings):
                return stem
            number += 1

    def _records(self, name: str) -> list[Record]:
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
        """What the documents of a file are called; `a.yml` and `a-yml.yaml` share a record, which keeps them apart."""
        path = Path(name)
        return path.stem if path.suffix == ".yaml" else f"{path.stem}{path.suffix.replace('.', '-')}"


def _lines(records: list[Record]) -> bytes:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records).encode()


def _is_sound(record: object) -> bool:
    """Whether something read is one of our records."""
    if not isinstance(record, dict):
        return False
    kept = isinstance(record.get("documents"), dict) and isinstance(record.get("case_sha256"), str)
    return record.get("do") == "reopened" or (record.get("do") in _DONE and kept)
