"""Protocols to workbooks and back: the same files, whatever they say; and what is refused is refused by its cell."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.protocols.files import built_in_ids, own_files
from reportgen.reading.readers import read_content
from reportgen.reading.source import plain
from reportgen.reading.yaml_writing import written
from reportgen.sheets.kinds import SHEETS, Holds, Kind, SheetPlan
from reportgen.sheets.lines import Files
from reportgen.sheets.protocol_files import formatted, in_order
from reportgen.sheets.read import read_workbook
from reportgen.sheets.write import workbook
from tests.cli.program import CHECKOUT, Outcome, invoke
from tests.protocols.test_file_schema import loaded as as_an_editor_reads
from tests.protocols.test_file_schema import schema_of
from tests.sheets.books import Book
from tests.support.json_schema import keeps
from tests.support.labs import write_lab

_SIGNS = "aB0 1.#=|:,{}[]'\"\n-_>&*!%@/é²"  # no merge key <<, which no file has
_TEXTS = st.sampled_from(
    ["mm", "1.10", "8890/1", "true", "no", "007", "2026-01-05", "growth == 'mixed'", "size > 20", "a in ['b', 'c d']",
     "{{ size }}", "x | y", "left: right", "=A1", "#N/A", "", "- a", "0.5", "core", "not low", "'a' in b", " left",
     "right ", "a #b", "one\ntwo", "id", "say", "sections", "elements"]
) | st.text(_SIGNS, max_size=8)  # fmt: skip
_VALUES = st.recursive(
    st.none() | _TEXTS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(_TEXTS, below, max_size=3),
    max_leaves=4,
)
_TOPS = [(plan, what) for plan in SHEETS for what in plan.top]


@st.composite
def trees(draw: st.DrawFn) -> Files:
    """Files that say something in the shapes that protocols have, with values of any shape."""
    files: Files = {"protocol": {"id": "x"}}
    for plan, what in draw(st.lists(st.sampled_from(_TOPS), unique_by=lambda top: top[1], min_size=1, max_size=4)):
        put(draw, plan, plan.kinds[what], files.setdefault(plan.top[what], {}), 0)
    return {name: data for name, data in files.items() if data}


def put(draw: st.DrawFn, plan: SheetPlan, kind: Kind, data: dict[str, object], depth: int) -> None:
    """Put something of a kind where files have it."""
    value = draw(_VALUES) if depth > 3 or draw(st.integers(0, 9)) == 9 else drawn(draw, plan, kind, depth)
    match kind.holds:
        case Holds.whole:
            data.update(value if isinstance(value, dict) else {})
        case Holds.one:
            data[kind.key] = value
        case Holds.list:
            data[kind.key] = [value, drawn(draw, plan, kind, depth)][: draw(st.integers(1, 2))]
        case Holds.map:
            data[kind.key] = {draw(_TEXTS): value, draw(_TEXTS): drawn(draw, plan, kind, depth)}
        case Holds.own:
            data[draw(_TEXTS) if depth else draw(st.sampled_from(["a b", "label", "é"]))] = value


def drawn(draw: st.DrawFn, plan: SheetPlan, kind: Kind, depth: int) -> object:
    """A value, or a mapping with some of the keys that such a row has."""
    if not kind.is_mapping:
        return draw(_VALUES)
    keys = [key for key, _ in kind.fields.values()] + [kind.condition] * bool(kind.condition)
    few = st.lists(st.sampled_from(keys), unique=True, max_size=3) if keys else st.just([])
    data: dict[str, object] = {key: draw(_TEXTS | _VALUES) for key in draw(few)}
    below = st.lists(st.sampled_from(kind.below), unique=True, max_size=2) if kind.below else st.just([])
    for what in draw(below) if depth < 3 else ():
        put(draw, plan, plan.kinds[what], data, depth + 1)
    return data


def ordered(value: object) -> object:
    """A value in which the order of keys counts."""
    if isinstance(value, dict):
        return [[key, ordered(each)] for key, each in value.items()]
    return [ordered(each) for each in value] if isinstance(value, list) else value


def said(path: Path) -> Files:
    nodes, findings = read_workbook(path)
    assert findings == []
    return {name: value for name, node in nodes.items() if isinstance(value := plain(node), dict)}


def read(data: bytes) -> object:
    return plain(read_content(data, "file.yaml"))


@settings(max_examples=60)
@given(trees())
def test_whatever_files_say_the_rows_say_it_too(files: Files) -> None:
    once = in_order(files)
    assert once == files
    assert ordered(in_order(once)) == ordered(once)  # the order is settled at once


@settings(max_examples=12)
@given(files=trees())
def test_workbooks_keep_what_files_say(files: Files, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("kept") / "book.xlsx"
    path.write_bytes(workbook(files))
    assert ordered(said(path)) == ordered(in_order(files))


@settings(max_examples=60)
@given(trees())
def test_what_is_written_is_read_again(files: Files) -> None:
    for data in files.values():
        for of_cases in (False, True):
            assert ordered(read(written(data, of_cases=of_cases).encode())) == ordered(data)


# ------------------------------------------------------------------------------------------------------- real ones


@pytest.mark.parametrize("id", built_in_ids())
def test_a_built_in_protocol_comes_back_byte_for_byte(id: str, tmp_path: Path) -> None:
    files = {file.path.stem: read(file.data) for file in own_files(id, None)}
    before = formatted({name: data for name, data in files.items() if isinstance(data, dict)})
    assert invoke("protocols", "sheet", id, "-o", tmp_path / "book.xlsx").code == 0
    back = said(tmp_path / "book.xlsx")
    assert back == files
    assert formatted(back) == before
    for name, data in before.items():
        assert read(data) == files[name.removesuffix(".yaml")]
        assert keeps(as_an_editor_reads(data.decode()), schema_of(name))


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    return write_lab(tmp_path / "lab")


def protocol(lab: Path, id: str = "basal") -> Path:
    return lab / "protocols" / id


def back(book: Path, lab: Path, *more: str) -> Outcome:
    return invoke("protocols", "sheet", "--back", book, "--lab", lab, *more)


def test_a_protocol_of_a_laboratory_goes_there_and_back(lab: Path, tmp_path: Path) -> None:
    assert invoke("new", "protocol", "basal", "--title", "Basal cell tumor", "--lab", lab).code == 0
    files = {name: protocol(lab) / f"{name}.yaml" for name in ("protocol", "wording", "scenarios")}
    first = {name: read(path.read_bytes()) for name, path in files.items()}
    made = invoke("protocols", "sheet", "basal", "--lab", lab, "-o", tmp_path / "basal.xlsx")
    assert made.code == 0
    assert made.err.count("W355 has comments, which its workbook does not keep") == 3

    assert back(tmp_path / "basal.xlsx", lab).code == 1  # E501: they are there
    assert back(tmp_path / "basal.xlsx", lab, "--overwrite").code == 0
    again = {name: path.read_bytes() for name, path in files.items()}
    for name, data in again.items():
        assert keeps(as_an_editor_reads(data.decode()), schema_of(f"{name}.yaml"))
        assert (protocol(lab) / data.decode().partition("=")[2].split("\n")[0]).is_file()  # the schema
    assert {name: read(data) for name, data in again.items()} == first
    assert formatted({name: data for name, data in first.items() if isinstance(data, dict)}) == {
        f"{name}.yaml": data for name, data in again.items()
    }
    assert invoke("protocols", "sheet", "basal", "--lab", lab, "-o", tmp_path / "2.xlsx").err == ""
    assert (tmp_path / "2.xlsx").read_bytes() == (tmp_path / "basal.xlsx").read_bytes()
    assert invoke("template", "check", lab).code == 0


def test_a_new_protocol_is_made_from_a_workbook(lab: Path, tmp_path: Path) -> None:
    assert invoke("protocols", "sheet", "-o", tmp_path / "begin.xlsx").out == f"{tmp_path / 'begin.xlsx'}\n"
    with Book(tmp_path / "begin.xlsx") as book:
        book.row("Form", id="size")["title"] = "Greatest size"
    made = invoke("new", "protocol", "basal", "--from", tmp_path / "begin.xlsx", "--lab", lab)
    assert (made.code, made.err) == (0, "")
    assert len(made.out.splitlines()) == 6  # with the schemas
    assert "title: Greatest size" in (protocol(lab) / "protocol.yaml").read_text(encoding="utf-8")
    assert "protocol: basal" in (protocol(lab) / "scenarios.yaml").read_text(encoding="utf-8")
    assert "basal 0.1" in invoke("protocols", "--lab", lab).out
    assert invoke("new", "protocol", "basal", "--from", tmp_path / "begin.xlsx", "--lab", lab).code == 1
    assert invoke("new", "protocol", "x", "--from", tmp_path / "begin.xlsx", "--title", "y", "--lab", lab).code == 2
    assert not protocol(lab, "x").exists()


def test_what_the_protocol_itself_gets_wrong_is_found_in_its_cell(lab: Path, tmp_path: Path) -> None:
    path = tmp_path / "begin.xlsx"
    invoke("protocols", "sheet", "-o", path)
    with Book(path) as book:
        book.row("Form", id="diffuse")["id"] = "focal"
        book.row("Sentences", id="measured")["question"] = "sise"
        book.row("Sentences", id="absent")["source"] = "unknown: page 1"
        book.row("Sentences", id="undetermined")["say"] = "It is {{ feature.reason"
    done = back(path, lab)
    assert done.code == 1
    assert not protocol(lab, "example").exists()
    with Book(path) as book:
        at = {id: book.row("Sentences", id=id) for id in ("measured", "absent", "undetermined")}
        twin = book.row("Form", at=book.row("Form", id="focal").number + 1)
    lines = done.err.splitlines()
    assert any(f"begin.xlsx:{twin.cell('id')}: T404" in line and "first at" in line for line in lines)
    assert any(f"begin.xlsx:{at['measured'].cell('question')}: T402" in line for line in lines), done.err
    assert any(f"begin.xlsx:{at['absent'].cell('source')}: T405" in line for line in lines)
    assert any(f"begin.xlsx:{at['undetermined'].cell('say')}: T403" in line for line in lines)
    assert "protocol.yaml" not in done.err
    assert "wording.yaml" not in done.err


def test_the_same_slip_in_two_cells_is_told_of_each(lab: Path, tmp_path: Path) -> None:
    path = tmp_path / "begin.xlsx"
    invoke("protocols", "sheet", "-o", path)
    with Book(path) as book:
        rows = [book.row("Sentences", id=id) for id in ("present", "absent")]
        for row in rows:
            row["is"] = "equals"
    for done in (back(path, lab), invoke("new", "protocol", "basal", "--from", path, "--lab", lab)):
        assert (done.code, done.out) == (1, "")
        assert [f"begin.xlsx:{row.cell('is')}: T401" in done.err for row in rows] == [True, True]


def test_the_workbook_of_a_built_in_protocol_becomes_the_laboratory_s_own(lab: Path, tmp_path: Path) -> None:
    invoke("protocols", "sheet", "general", "-o", tmp_path / "general.xlsx")
    assert back(tmp_path / "general.xlsx", lab).code == 0
    assert "W357 protocols.general: takes the place of the built-in protocol" in invoke("template", "check", lab).both
    assert invoke("new", "protocol", "ours", "--from", tmp_path / "general.xlsx", "--lab", lab).code == 0


@pytest.mark.parametrize("id", ["../ours", "a b", ""])
def test_an_id_cannot_lead_out_of_the_profile(id: str, lab: Path, tmp_path: Path) -> None:
    path = tmp_path / "begin.xlsx"
    invoke("protocols", "sheet", "-o", path)
    with Book(path) as book:
        book.row("Form", id="example")["id"] = id
    before = sorted(tmp_path.rglob("*"))
    assert "begin.xlsx:Form!C3: T401" in back(path, lab).err
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_that_the_workbook_says_nothing_of_is_not_left_behind(lab: Path, tmp_path: Path) -> None:
    path = tmp_path / "begin.xlsx"
    invoke("protocols", "sheet", "-o", path)
    back(path, lab)
    with Book(path) as book:
        book.book["Cases"].delete_rows(3, 200)
    done = back(path, lab, "--overwrite")
    assert "scenarios.yaml: E501 exists, and the workbook has nothing for it (delete the file" in done.err


def test_what_fits_in_no_cell_is_refused(lab: Path, tmp_path: Path) -> None:
    invoke("new", "protocol", "basal", "--lab", lab)
    text = (protocol(lab) / "wording.yaml").read_text(encoding="utf-8")
    long = text.replace("The example feature is not identified.", "word " * 7000)
    (protocol(lab) / "wording.yaml").write_text(long, encoding="utf-8")
    done = invoke("protocols", "sheet", "basal", "--lab", lab, "-o", tmp_path / "basal.xlsx")
    assert "T401 holds something that a workbook cannot keep" in done.err
    assert not (tmp_path / "basal.xlsx").exists()


def test_commands_that_contradict_themselves_are_refused(lab: Path, tmp_path: Path) -> None:
    assert invoke("protocols", "sheet", "aismn", "--back", tmp_path / "a.xlsx", "--lab", lab).code == 2
    assert invoke("protocols", "sheet", "aismn", "-o", tmp_path / "a.csv").code == 2
    assert "E110" in invoke("protocols", "sheet", "aismm", "-o", tmp_path / "a.xlsx").err
    assert invoke("protocols", "sheet", "aismn", "-o", tmp_path / "a.xlsx").code == 0
    assert "E501" in invoke("protocols", "sheet", "aismn", "-o", tmp_path / "a.xlsx").err


def test_samples_have_no_protocols_that_are_not_tried_here() -> None:
    assert list(CHECKOUT.glob("samples/profiles/*/protocols")) == []


def test_cases_that_are_not_in_order_are_refused_at_their_cells(lab: Path, tmp_path: Path) -> None:
    path = tmp_path / "begin.xlsx"
    invoke("protocols", "sheet", "-o", path)
    with Book(path) as book:
        first = book.row("Cases", what="scenario")
        second = book.row("Cases", name="an unusual size")
        second["name"] = first["name"]
        raised = book.row("Cases", what="raised")
        raised["value"] = "loud"
    err = back(path, lab).err
    assert f"{raised.cell('value')}: T401" in err or f"{raised.cell('name')}: T401" in err
    assert "scenarios.yaml" not in err
    with Book(path) as book:
        book.row("Cases", what="raised")["value"] = "note"
    assert f"{second.cell('name')}: T404" in back(path, lab).err
    assert not (lab / "protocols").exists()


def test_what_no_file_of_a_protocol_could_hold_is_refused(lab: Path, tmp_path: Path) -> None:
    path = tmp_path / "begin.xlsx"
    invoke("protocols", "sheet", "-o", path)
    with Book(path) as book:
        book.row("Form", id="size")["more"] = "deep: " + "[" * 58 + "]" * 58
    assert "begin.xlsx:Form!C3: E007" in back(path, lab).err
    with Book(path) as book:
        book.row("Form", id="size")["more"] = None
        for number in range(35):
            book.row("Sentences", at=100 + number)["depth"] = "0"
            book.row("Sentences", at=100 + number)["what"] = "fact"
            book.row("Sentences", at=100 + number)["id"] = f"f{number}"
            book.row("Sentences", at=100 + number)["when"] = f"feature == '{Random(number).randbytes(14_500).hex()}'"
    assert "begin.xlsx:Form!C3: E008" in back(path, lab).err
    assert not (lab / "protocols").exists()
