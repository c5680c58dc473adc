"""Inputs that once came to a wrong, shortened or silent report, each run as a user would, with what is right.

What is expected stands in `shared-cases/`, for a pathologist to read. An entry has a `name` and may have:

  input       a file of the library beside the checkout; the entry is skipped where the library is not there
  sample      else a case of `samples/`, with `change` as in the scenarios beside this file
  text        else the file itself, ending in `ending`
  swap        old words → new ones, put into the text of the input before it is run
  lab         a folder of the library, or the lines of a profile
  protocol    a protocol of the library, put beside the program's own
  mended      old words → new ones, put into that protocol
  run         the command; {input}, {lab}, {out}, {samples}, {mappings} and {library} are put in;
              else a text report is rendered
  exit        how it ends, 0 where it is not said
  codes       the codes of all findings told, each once; none where it is not listed
  says, never what report and messages together must hold, and must not
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml

from reportgen import template_files
from tests.acceptance.support import CHECKOUT, HERE, SAMPLES, base, changed
from tests.cli.program import invoke

LIBRARY = next((path / "shared/cases" for path in CHECKOUT.parents if (path / "shared/cases/profiles").is_dir()), None)
FILES = sorted((HERE / "shared-cases").glob("*.yaml"))
RENDER = "render {input} --format txt --output {out}"
CODE = re.compile(r"\b[EWT]\d{3}\b(?= |:)|\bS6\d\d\b")


@dataclass(frozen=True)
class Entry:
    """One input with what must come of it."""

    file: str
    name: str
    about: str = ""
    input: str = ""
    sample: str = ""
    change: dict[str, Any] = field(default_factory=dict)
    text: str = ""
    ending: str = ".csv"
    swap: dict[str, str] = field(default_factory=dict)
    lab: str = ""
    protocol: str = ""
    mended: dict[str, str] = field(default_factory=dict)
    run: str = RENDER
    exit: int = 0
    codes: list[str] = field(default_factory=list)
    says: list[str] = field(default_factory=list)
    never: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.file}: {self.name}"

    @property
    def of_the_library(self) -> list[str]:
        """What it takes from the library."""
        return [each for each in (self.input, self.protocol, self.lab) if each and "\n" not in each] + re.findall(
            r"{library}/(\S+)", self.run
        )


def _entries() -> Iterator[Entry]:
    for path in FILES:
        for item in yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)["cases"]:  # every value a text
            item["exit"] = int(item.get("exit", 0))
            yield Entry(file=path.stem, **item)


ENTRIES = tuple(_entries())


@pytest.mark.parametrize("entry", ENTRIES, ids=str)
def test_it_comes_to_what_is_right(entry: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if entry.of_the_library and LIBRARY is None:
        pytest.skip("the library of further cases is not here")
    if entry.protocol:
        templates = _templates(_protocol(entry, tmp_path), tmp_path / "templates")
        monkeypatch.setattr(template_files, "folder", lambda: templates)
    out = tmp_path / "out"
    where = {
        "input": _input(entry, tmp_path), "lab": _lab(entry, tmp_path), "out": out,
        "library": LIBRARY, "samples": SAMPLES, "mappings": HERE / "shared-cases/mappings",
    }  # fmt: skip
    done = invoke(*(word.format(**where) for word in shlex.split(entry.run)))
    told = _plain(done.both.replace(str(tmp_path), ""))
    everything = " ".join([told, *map(_plain, _documents(out))])
    assert done.code == entry.exit, told
    assert set(CODE.findall(told)) == set(entry.codes), told
    assert [words for words in entry.says if _plain(words) not in everything] == [], everything
    assert [words for words in entry.never if _plain(words) in everything] == [], everything


def test_the_entries_are_many_and_of_different_names() -> None:
    assert len({str(each) for each in ENTRIES}) == len(ENTRIES) >= 120
    assert sum(not each.of_the_library for each in ENTRIES) >= 34


@pytest.mark.skipif(LIBRARY is None, reason="the library of further cases is not here")
@pytest.mark.parametrize("kind", ["clinical", "inputs", "profiles", "forms"])
def test_no_input_of_the_library_is_left_out(kind: str) -> None:
    tried = " ".join(str(each.of_the_library) for each in ENTRIES)
    named = [each.name for each in _library(kind).iterdir() if each.name != "README.md"]
    assert named
    assert [name for name in named if f"{kind}/{name}" not in tried] == []


def _library(name: str) -> Path:
    assert LIBRARY is not None
    return LIBRARY / name


def _input(entry: Entry, folder: Path) -> Path:
    if entry.input and not entry.swap:
        return _library(entry.input)
    if entry.sample:
        path = folder / "case.json"
        path.write_text(json.dumps(changed(base(entry.sample), entry.change)), encoding="utf-8")
        return path
    text = _library(entry.input).read_text(encoding="utf-8") if entry.input else entry.text
    for old, new in entry.swap.items():
        assert old in text, f"{entry} swaps {old!r}, which is not there"
        text = text.replace(old, new)
    path = folder / f"input{Path(entry.input).suffix or entry.ending}"
    path.write_text(text, encoding="utf-8")
    return path


def _lab(entry: Entry, folder: Path) -> Path:
    if "\n" not in entry.lab:
        return _library(entry.lab) if entry.lab else folder
    lab = folder / "lab"
    lab.mkdir()
    (lab / "lab.yaml").write_text(entry.lab, encoding="utf-8")
    return lab


def _protocol(entry: Entry, folder: Path) -> Path:
    protocol = _library(entry.protocol)
    if not entry.mended:
        return protocol
    copy = folder / protocol.name
    copy.mkdir()
    for path in protocol.iterdir():
        text = path.read_text(encoding="utf-8")
        for old, new in entry.mended.items():
            text = text.replace(old, new)
        (copy / path.name).write_text(text, encoding="utf-8")
    return copy


def _templates(protocol: Path, folder: Path) -> Path:
    """The program's own templates and one more protocol, also in place of one with its id."""
    built_in = CHECKOUT / "templates"
    (folder / "protocols").mkdir(parents=True, exist_ok=True)
    for path in (protocol, *built_in.iterdir(), *(built_in / "protocols").iterdir()):
        link = folder / ("" if path.parent == built_in else "protocols") / path.name
        if path.name != "protocols" and not link.exists():
            link.symlink_to(path)
    return folder


def _documents(out: Path) -> Iterator[str]:
    for path in sorted(out.rglob("*")):
        if path.suffix in (".txt", ".csv"):
            yield path.read_text(encoding="utf-8")
        elif path.suffix == ".docx":
            with ZipFile(BytesIO(path.read_bytes())) as parts:
                read = (name for name in parts.namelist() if re.match(r"word/(document|header\d*)\.xml", name))
                yield from (re.sub(r"<[^>]+>", "", parts.read(name).decode()) for name in read)


def _plain(text: str) -> str:
    return " ".join(text.split())
