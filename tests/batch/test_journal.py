"""The journal: whole records come back, torn ones spoil nothing but themselves."""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.batch.journal import NAME, Journal, records
from reportgen.findings import FindingsError

_RECORDS = st.lists(st.dictionaries(st.sampled_from(["do", "case", "files"]), st.text(), min_size=1), min_size=1)


def test_records_come_back_in_their_order(tmp_path: Path) -> None:
    assert list(records(tmp_path)) == []
    with closing(Journal(tmp_path)) as journal:
        journal.add(do="write", case="a", files={"x.pdf": "1"})
        journal.add(do="done", case="a")
        journal.flush()
    with closing(Journal(tmp_path)) as journal:
        journal.add(do="failed", case="b")
    assert [record["do"] for record in records(tmp_path)] == ["write", "done", "failed"]


def test_several_records_are_appended_in_one_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls, real = list[bytes](), os.write

    def noting(handle: int, data: bytes) -> int:
        calls.append(data)
        return real(handle, data)

    monkeypatch.setattr(os, "write", noting)
    with closing(Journal(tmp_path)) as journal:
        journal.add_all({"do": "write", "case": case} for case in "abc")
        journal.add_all([])
    assert len(calls) == 1
    assert [record["case"] for record in records(tmp_path)] == ["a", "b", "c"]


@given(written=_RECORDS, data=st.data())
def test_a_torn_end_loses_the_last_record_alone(
    tmp_path_factory: pytest.TempPathFactory, written: list[dict[str, Any]], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    with closing(Journal(folder)) as journal:
        for record in written:
            journal.add(**record)
    path = folder / NAME
    whole = path.read_bytes()
    last = len(json.dumps(written[-1], separators=(",", ":")).encode())
    path.write_bytes(whole[: -data.draw(st.integers(2, last))])
    with closing(Journal(folder)) as journal:
        journal.add(do="after")
    assert list(records(folder)) == [*written[:-1], {"do": "after"}]


def test_damage_in_the_midst_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b'\n{"do":"one"}\n\n[1]\n\xff\xfe\x00\n{"do":\n\n{"do":"two"}\n')
    assert [record["do"] for record in records(tmp_path)] == ["one", "two"]


def test_a_journal_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(FindingsError) as caught:
        Journal(tmp_path)
    assert caught.value.findings[0].code == "E502"
    with pytest.raises(FindingsError) as caught:
        list(records(tmp_path))
    assert caught.value.findings[0].code == "E502"
