"""What the journal tells: the last end of each case, its documents, and which start of a batch made them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.batch.history import CaseRecord, EarlierCase, History, Run
from reportgen.batch.names import hashed

TABLE = {"do": "batch", "table": "t.csv", "hash": "h1", "began": "2026-11-01T20:00:00+00:00"}


@pytest.fixture
def history() -> Iterator[History]:
    with closing(History()) as made:
        yield made


def done(key: str, digest: str, **files: str) -> dict[str, object]:
    named = {name.replace("_", "."): content for name, content in files.items()}
    return {"do": "done", "case": key, "digest": digest, "input": f"in {digest}", "files": named}


def test_the_last_end_of_a_case_counts(history: History) -> None:
    history.remember([
        {"do": "write", "case": "a", "files": {"a.txt": "1"}},
        done("a", "d", a_txt="1"),
        done("a", "e", a_txt="2"),
        {"do": "refused", "case": "b"},
        {"do": "write", "case": "c", "files": {"c.txt": "3"}},
    ])  # fmt: skip
    past, refused = history.past("a"), history.past("b")
    assert past
    assert refused
    assert (past.state, past.digest, past.input, past.files) == ("done", "e", "in e", {"a.txt": "2"})
    assert (refused.state, refused.made) == ("refused", {})
    assert history.past("c") == CaseRecord("", older={"c.txt": "3"}), "which may be there: the batch was killed"
    assert history.past("d") is None
    assert [history.wrote("a.txt", digest, "a") for digest in ("1", "2", "3")] == [True, True, False]
    assert history.wrote("c.txt", "3", "c")
    assert not history.wrote("a.txt", "1", "c"), "what was written for one case is not another's"
    assert (history.is_of_another("a.txt", "c"), history.is_of_another("a.txt", "a")) == (True, False)


def test_documents_of_fewer_formats_do_not_make_the_others_forgotten(history: History) -> None:
    history.remember([done("a", "d", a_docx="1", a_pdf="2"), done("a", "d", a_docx="1")])
    assert history.past("a") == CaseRecord("done", "d", "in d", {"a.docx": "1", "a.pdf": "2"})
    history.remember([done("a", "e", a_docx="3")])
    assert history.past("a") == CaseRecord("done", "e", "in e", {"a.docx": "3"}, {"a.pdf": "2"})
    history.remember([done("a", "e", a_pdf="4")])
    assert history.past("a") == CaseRecord("done", "e", "in e", {"a.docx": "3", "a.pdf": "4"})


def test_a_batch_goes_on_until_it_ended(history: History) -> None:
    history.remember([TABLE, done("a", "d", a_txt="1"), TABLE, done("b", "d", b_txt="1")])
    history.begin(Run("t.csv", "h1"))
    assert [past.batch == history.batch for key in "ab" if (past := history.past(key))] == [True, True]
    history.begin(Run("t.csv", "h2"))
    assert [past.batch == history.batch for key in "ab" if (past := history.past(key))] == [False, False]
    history.remember([{"do": "ended"}, {**TABLE, "hash": "h2"}])
    assert history.batch == 3, "one that ended is not gone on with, although its table is the same"


def test_cases_of_earlier_tables_are_told_by_what_is_left_of_them(history: History) -> None:
    keys = {name: hashed(name) for name in ("t-1", "t-2", "t-3", "t-4")}
    history.remember([
        TABLE, *(done(key, "d", **{f"{name.upper()}_txt": name}) for name, key in keys.items()),
        {"do": "refused", "case": "never made"},
    ])  # fmt: skip
    history.is_in_table(keys["t-4"])
    there = {"T-1.txt": "t-1", "T-2.txt": "somebody's"}
    found = list(history.earlier(lambda paths: {path: there[path] for path in paths if path in there}))
    run = Run("t.csv", "h1", "2026-11-01T20:00:00+00:00")
    assert found == [
        EarlierCase("T-1", "kept", ("T-1.txt",), run),
        EarlierCase("T-2", "edited", ("T-2.txt",), run),
        EarlierCase("T-3", "moved away", (), run),
    ]


@given(st.text("abT26- /_.", min_size=1, max_size=12), st.sampled_from(["", "2026-01-02_", "1f/", "x_y_"]))
def test_an_accession_is_told_only_where_its_hash_proves_it(accession: str, before: str) -> None:
    from reportgen.cases.identifiers import identifier_key
    from reportgen.files import safe_name

    with closing(History()) as history:
        key = hashed(identifier_key(accession))
        history.remember([{**done(key, "d"), "files": {f"{before}{safe_name(accession, accession)}.txt": "1"}}])
        (found,) = history.earlier(lambda paths: {})
        assert found.accession in ("", accession) or identifier_key(found.accession) == identifier_key(accession)


NAMES = st.sampled_from(["do", "case", "files", "paths", "table", "hash", "digest"])
PLAIN = st.one_of(st.none(), st.integers(), st.text(max_size=5), st.sampled_from(["done", "batch", "sent", "ended"]))
HASHES = st.dictionaries(st.text(max_size=3), PLAIN, max_size=2)


@given(st.lists(st.dictionaries(NAMES, st.one_of(PLAIN, HASHES, st.lists(PLAIN, max_size=2))), max_size=4))
def test_records_of_any_shape_are_taken_in(records: list[dict[str, object]]) -> None:
    with closing(History()) as history:
        history.remember(records)
        list(history.earlier(lambda paths: {}))
