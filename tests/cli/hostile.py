"""Command lines and files that nobody should send, made from a seed: nearly right ones, for these get far."""

from __future__ import annotations

import csv
import io
import json
import re
from copy import deepcopy
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import yaml

from tests.cli.program import CHECKOUT, SAMPLES, loaded

_CASES = ("shave-biopsy", "unfinished", "three-parts", "q2-metastatic", "re-excision", "punch-clear")
_EXPORT = SAMPLES / "laboratory-export"
_LEFT_OUT = {"--help", "--watch", "--scheduler", "--verbose"}  # wait for ever, or for other machines

WORDS: tuple[Any, ...] = (
    "", " ", "-", "--", "x", "no", "null", "~", "yes", "true", "0", "-1", "1e3", "NaN", "inf", ".5", "1.10",
    "0x1f", "012", "9" * 400, "1" * 30 + "." + "1" * 30, "½", "3-4", "<", "≤ 2 mm", "2 mm 3 cm", "80 %",
    "100.0001 %", "2026-02-30", "12:30", "9999-12-31", "0000-00-00", "1961-04-02", "11/16/2026", "aismn",
    "general", "aismn.general", "../../etc", "/", ".", "..", "A", "a", "AA", "A.B", "\u0410", "é" * 300,
    "e\u0301", "\u202e", "\u200b", "\ufeff", "\ufffd", "\u2028", "\x07", "\x7f", "\x85", "\ue000", "\U0001f600",
    "\U000e0041", "שלום", "漢字", "{{ 7*7 }}", "{% for x in y %}", "${x}", "%s%n", "<b>&amp;", "=1+1", "@x", "#",
    " # x", "'", '"', "\\", "a: b", "- a", "[", "{", "&a *a", "!!python/object:os.system", "<<", "x\ny", "\r\n",
    "cannot be determined (why)", "not known (x)", "other: x", "pending", "involved", "positive", "x" * 5_000,
    "W306", "A5",
)  # fmt: skip
_SHAPES: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**40, 1.5, [], {}, [[]], [None], {"": ""}, {"result": None},
    {"result": {"result": "x"}}, {"count": "x", "per": []}, {"reason": ""}, ["a", "a"], [{"label": "A"}],
    {"a": {"b": {"c": {"d": {"e": "f"}}}}},
)  # fmt: skip


class Hostile(NamedTuple):
    """A command line, and the files that it names, which are to be written before."""

    words: tuple[str, ...]
    files: dict[str, bytes]


@cache
def commands() -> dict[tuple[str, ...], list[tuple[str, str]]]:
    """Each command with its options, and what each takes ("" for nothing), as the page about them tells."""
    found: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for section in (CHECKOUT / "docs/cli.md").read_text(encoding="utf-8").split("\n## reportgen ")[1:]:
        name, _, rest = section.partition("\n")
        options = re.findall(r"^  (?:-\w, )?(--[\w-]+)(?: / --[\w-]+)?(?: <([\w ]+)>)?", rest, re.MULTILINE)
        if "COMMAND" not in rest:
            found[tuple(name.split())] = [each for each in options if each[0] not in _LEFT_OUT]
    return found


@cache
def _sample(name: str) -> Any:
    return loaded(SAMPLES / f"{name}.yaml")


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def hostile(seed: int) -> Hostile:
    """The command line and the files of a seed."""
    random = Random(seed)
    name = random.choices(tuple(commands()), [_WEIGHTS.get(each[0], 1) for each in commands()])[0]
    files: dict[str, bytes] = {}
    words = [*name]
    for _ in range(random.choices((0, 1, 2, 3), (1, 30, 2, 1))[0]):
        words.append(_argument(random, name, files))
    for option, kind in random.sample(commands()[name], min(len(commands()[name]), random.choice((0, 0, 1, 1, 2, 4)))):
        words.append(option)
        if kind:
            words.append(_value(random, option, kind, files))
    if name in (("batch",), ("synth",)) and "--output" not in words:
        words += ["--output", "out"]
    if name == ("synth",) and "--number" not in words:
        words += ["--number", "2"]
    if random.random() < 0.05:
        words.insert(random.randrange(len(words) + 1), _spoken(random))
    return Hostile(tuple(words), files)


_WEIGHTS = {"render": 30, "check": 25, "batch": 35, "explain": 8, "serve": 2, "synth": 3, "doctor": 0, "new": 2}


def _spoken(random: Random) -> str:
    """A word of a command line; it holds no NUL, for the system takes none."""
    return str(random.choice((*WORDS, "\udcff", "\udc80.yaml", "--nonsense", "--json=x", "-fo", "-f", "--lab")))


def _argument(random: Random, name: tuple[str, ...], files: dict[str, bytes]) -> str:
    if random.random() < 0.03:
        return _spoken(random)
    if name[0] in ("render", "check", "explain"):
        return _case_file(random, files)
    if name[0] == "batch" or name[-1] == "columns":
        return _table(random, files)
    if name[-1] == "profile" or (name[0] == "template" and name[-1] != "coverage"):
        return _profile(random, files)
    if name[0] == "serve":  # a folder would be served
        return _case_file(random, files)
    if name[-1] in ("prove", "coverage"):  # seconds for a large protocol
        return random.choice(("general", "general", "nothing"))
    return random.choice(("aismn", "aismn", "general", "nothing"))


def _value(random: Random, option: str, kind: str, files: dict[str, bytes]) -> str:
    if random.random() < 0.06 and option not in ("--jobs", "--number", "--output"):
        return _spoken(random)
    if kind.startswith("int"):
        few = ("1", "2", "2", "0", "-1", "x", "1.5", "")
        return random.choice(few if option in ("--jobs", "--number") else (*few, "99999999999999999999", "9"))
    known: dict[str, tuple[str, ...]] = {
        "--format": ("txt", "txt,html", "docx", "docx,txt", "pdf", "txt,txt", "yaml", "csv", "doc", ","),
        "--output": (
            "out",
            "out/deep/er",
            "out.csv",
            "out.xlsx",
            "case.yaml",
            "a/../b",
            "é",
            "x" * 300,
            "",
            "missing/",
        ),
        "--protocol": ("aismn", "general", "nothing"),
        "--paper": ("a4", "letter", "A3"),
        "--pdf-engine": ("typst", "auto", "none"),
        "--name": (
            "{accession}",
            "{collected}-{accession}",
            "{nothing}",
            "{",
            "{accession",
            "{accession!r}",
            "x",
            "{0}",
        ),
        "--encoding": ("utf-8", "latin-1", "cp1252", "utf-16", "idna", "rot13", "base64", "nothing"),
        "--finalized-by": ("Dr. P", ""),
        "--at": ("2026-11-23T14:30", "2026-11-23", "14:30", "9999-12-31T23:59:59+14:00"),
        "--combine": ("all.pdf", "out/all.pdf", "case.yaml"),
        "--first-date": ("2026-01-01", "9999-12-31", "0001-01-01", "2026-02-30"),
        "--sheet": ("1", "Sheet", "é"),
        "--journal": ("out", "journal"),
    }
    if option == "--lab":
        return _profile(random, files)
    if option == "--columns":
        files["columns.yaml"] = _mapping(random)
        return "columns.yaml"
    return random.choice(known.get(option, ("x",)))


# --- files


def _broken(random: Random, content: bytes) -> bytes:
    """A file that something happened to."""
    spot = random.randrange(len(content) + 1)
    torn = (
        content[:spot], content[spot:], content[:spot] + random.randbytes(4) + content[spot:], content + content,
        content[:spot] + str(random.choice(WORDS)).encode() + content[spot:], content.replace(b"\n", b"\r\n"), b"",
        b"\xef\xbb\xbf" + content, content.decode(errors="replace").encode("utf-16"), content.replace(b": ", b":\t"),
        content.replace(b"  ", b" "), b"\x00" + content, b"\xff\xfe" + content, random.randbytes(200), b"#" * 1_000_001,
        b"[" * 3_000, b"a: &a [*a]\n" + content, b"{" + content,
    )  # fmt: skip
    return random.choice(torn)


def _wrong(random: Random, data: Any, times: int) -> Any:
    """Data with so many values replaced, taken away, doubled, or put where they do not belong."""
    made = deepcopy(data)
    for _ in range(times):
        node: Any = made
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = random.choice(keys)
            if isinstance(node[key], (dict, list)) and node[key] and random.random() < 0.8:
                node = node[key]
                continue
            what = random.random()
            if what < 0.2:
                del node[key]
            elif what < 0.3 and isinstance(node, dict):
                node[str(random.choice(WORDS))] = deepcopy(node[key])
            elif what < 0.4 and isinstance(node, list):
                node.append(deepcopy(node[key]))
            else:
                node[key] = deepcopy(random.choice((*WORDS, *_SHAPES, *_SHAPES)))
            break
    return made


def _written(random: Random, data: Any) -> bytes:
    if random.random() < 0.3:
        return json.dumps(data, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
    return yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False).encode()


def _case_file(random: Random, files: dict[str, bytes]) -> str:
    source = random.choice(_CASES)
    content = _text(SAMPLES / f"{source}.yaml").encode()
    if random.random() < 0.2:
        content = _broken(random, content)
    elif random.random() < 0.9:
        content = _written(random, _wrong(random, _sample(source), random.choice((0, 0, 1, 1, 2, 8))))
    name = random.choice(
        ("case.yaml", "case.yaml", "case.json", "é.yml", "\udcff.yaml", "-x.yaml", "x.txt", "a b.yaml")
    )
    files[name] = content
    return name if random.random() < 0.95 else random.choice(("missing.yaml", ".", "case.yaml/", "/dev/null"))


def _table(random: Random, files: dict[str, bytes]) -> str:
    if random.random() < 0.1:
        return _case_file(random, files)
    with (_EXPORT / "export.csv").open(encoding="utf-8", newline="") as file:
        rows = [each for number, each in enumerate(csv.reader(file)) if number < random.choice((1, 2, 4, 6))]
    if random.random() < 0.4:  # the same in the words of the protocol
        to = {heading: _to(one) for heading, one in loaded(_EXPORT / "columns.yaml")["columns"].items()}
        rows[0] = [to.get(heading) or heading for heading in rows[0]]
    for _ in range(random.choice((0, 1, 2, 5))):
        row = random.choice(rows)
        row[random.randrange(len(row))] = str(random.choice(WORDS))
    name = random.choice(("t.csv", "t.csv", "t.csv", "t.tsv", "t.xlsx", "t.txt", "é.csv"))
    text = io.StringIO()
    csv.writer(text, delimiter="\t" if name == "t.tsv" else random.choice(",,,;|")).writerows(rows)
    content = _workbook(random, rows) if name == "t.xlsx" else text.getvalue().encode("utf-8", "surrogatepass")
    files[name] = _broken(random, content) if random.random() < 0.2 else content
    return name


def _to(one: Any) -> str:
    return str(one.get("to", "")) if isinstance(one, dict) else str(one or "")


def _workbook(random: Random, rows: list[list[str]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book, file = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("?", cell) for cell in row])
    for _ in range(random.choice((0, 1, 3))):
        spot = sheet.cell(random.randrange(1, 7), random.randrange(1, 30))
        spot.value = random.choice((1, 1.5, True, "=1/0", "#N/A", None, 10**20))
    book.save(file)
    return file.getvalue()


def _mapping(random: Random) -> bytes:
    if random.random() < 0.2:
        return _broken(random, _text(_EXPORT / "columns.yaml").encode())
    return _written(random, _wrong(random, loaded(_EXPORT / "columns.yaml"), random.choice((0, 1, 2, 4))))


def _profile(random: Random, files: dict[str, bytes]) -> str:
    if random.random() < 0.4:
        return random.choice(("none", "none", "none", "missing", "", "case.yaml"))
    origin = SAMPLES / "profiles" / random.choice(("university", "university", "dermatopathology"))
    for path in origin.iterdir():
        files[f"profile/{path.name}"] = path.read_bytes()
    wrong = _wrong(random, loaded(origin / "lab.yaml"), random.choice((0, 1, 2, 5)))
    files["profile/lab.yaml"] = _written(random, wrong)
    if random.random() < 0.3:
        name = random.choice(list(files))
        files[name] = _broken(random, files[name])
    return "profile"
