"""The documentation is true: its commands run, its Python runs, its paths exist, its generated pages are fresh."""

from __future__ import annotations

import contextlib
import importlib
import io
import itertools
import os
import re
import runpy
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from reportgen.cli.app import program
from reportgen.pipeline import compose, render
from reportgen.protocols.load import protocol_ids
from reportgen.reading.readers import read_text
from tests.cli.program import CHECKOUT, Outcome, invoke
from tests.support.pages import Block, assert_like, blocks
from tests.support.toy import Templates
from tests.test_architecture import FLOORS

DOCS = sorted([CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md", *(CHECKOUT / "docs").rglob("*.md")])
WRITTEN = ("yaml", "css", "html", "xml")  # blocks that are files; the first line names them
MADE = {"errors.md", "cli.md", "library.md"}
FOLDERS = "reportgen|templates|docs|samples|tests|tools|benchmarks|requirements"
INVENTED = (  # what docs/how-to tells the reader to add
    "templates/protocols/epidermoid-cyst", "reportgen/formats/rtf.py", "reportgen/tables/json_lines.py",
    "reportgen/cli/count.py", "tests/formats/test_rtf.py", "tests/tables/test_json_lines.py", "tests/cli/test_count.py",
)  # fmt: skip

_LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)]*))?\)")


def with_blocks() -> list[Path]:
    """The pages whose blocks run here; those of docs/how-to run in `test_how_to.py`."""
    return [path for path in DOCS if path.name not in MADE and path.parent.name != "how-to" and blocks(path)]


def named(path: Path) -> str:
    return str(path.relative_to(CHECKOUT))


# ------------------------------------------------------------------ what the pages show, done in order in one folder


@pytest.mark.parametrize("page", with_blocks(), ids=named)
def test_what_a_page_shows_can_be_done(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(CHECKOUT / "samples", tmp_path / "samples")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}  # what the Python of a page has defined so far
    for block in blocks(page):
        if block.excerpt:
            assert_excerpt(block.text, Path(block.excerpt).read_text(encoding="utf-8"))
        elif block.kind in WRITTEN:
            write_example(block.text)
        elif block.kind == "sh":
            for line in block.text.splitlines():
                do(line)
        elif block.kind == "console":
            command, _, shown = block.text.removeprefix("$ ").partition("\n")
            assert_like(shown, do(command).both)
        elif block.kind == "python":
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(block.text, named(page), "exec"), names)


def test_the_pages_show_what_they_should() -> None:
    kinds = [block.kind for page in with_blocks() for block in blocks(page)]
    assert len(with_blocks()) >= 4
    assert kinds.count("sh") >= 5
    assert kinds.count("console") >= 3
    assert kinds.count("python") >= 2
    assert sum(bool(block.excerpt) for block in blocks(CHECKOUT / "README.md")) == 4
    assert set(kinds) <= {"sh", "console", "python", "text", "json", *WRITTEN}


def do(line: str) -> Outcome:
    """Run one line of a shell block; it ends as its comment says."""
    command, _, remark = line.partition(" #")
    words = shlex.split(command)
    if words[0] == "make":
        targets = re.findall(r"^(\w+):", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        assert words[1] in targets
        return Outcome(0, "", "")
    assert words[0] == "reportgen", line
    outcome = invoke(*words[1:])
    expected = int(found[1]) if (found := re.search(r"exit (\d+)", remark)) else 0
    assert outcome.code == expected, f"{line}: {outcome.both}"
    return outcome


def write_example(text: str) -> None:
    """Write a block whose first line is a comment with its file name; invented protocols are tested apart."""
    name = Block("", text).file
    assert name.endswith(tuple(f".{kind}" for kind in WRITTEN)), "such a block begins with its file name"
    if not name.startswith(INVENTED):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")


def assert_excerpt(shown: str, whole: str) -> None:
    """Each stretch between two `…` stands in the file as it is, in this order."""
    position = 0
    for stretch in shown.split("…\n"):
        found = whole.find(stretch, position)
        assert found >= 0, f"not in the file:\n{stretch}"
        position = found + len(stretch)


def test_an_untrue_page_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AssertionError):
        do("reportgen check missing.yaml")
    with pytest.raises(AssertionError):
        do("make coffee")
    with pytest.raises(AssertionError):
        assert_like("one\n…\nthree\n", "one\ntwo\n")
    with pytest.raises(AssertionError):
        assert_excerpt("a\n…\nb\n", "b\na\n")


# ------------------------------------------------------------------ the example protocol


def test_the_example_protocol_is_complete(templates: Templates) -> None:
    written = {}
    for block in blocks(CHECKOUT / "docs" / "how-to" / "add-a-protocol.md"):
        if block.kind == "yaml":
            written[block.text.splitlines()[0].removeprefix("# ")] = block.text
    folder = templates.folder / "protocols" / "epidermoid-cyst"
    folder.mkdir()
    for name in ("protocol.yaml", "wording.yaml"):
        (folder / name).write_text(written[f"templates/protocols/epidermoid-cyst/{name}"], encoding="utf-8")
    report = compose(read_text(written["cyst-case.yaml"], name="cyst-case.yaml"))
    sentences = [sentence.text for sentence in report.sentences()]
    assert sentences[:2] == ["Skin, back, excision:", "Ruptured epidermoid cyst (see comment)"]
    assert "There is a granulomatous reaction to the contents of the cyst." in sentences
    intact = written["cyst-case.yaml"].replace("{result: present, reaction: granulomatous}", "not identified")
    assert "Epidermoid cyst" in [sentence.text for sentence in compose(read_text(intact, name="c")).sentences()]


def test_the_page_names_every_kind_of_element_and_every_filter() -> None:
    from reportgen.language.grammar import FILTERS
    from reportgen.protocols.elements import KINDS

    text = (CHECKOUT / "docs" / "protocols.md").read_text(encoding="utf-8")
    assert all(f"| `{kind}` |" in text for kind in KINDS)
    assert all(f"`{name}`" in text for name in FILTERS)


# ------------------------------------------------------------------ generated pages


@pytest.fixture(scope="module")
def generator() -> dict[str, Any]:
    return runpy.run_path(str(CHECKOUT / "tools" / "generate_docs.py"))


@pytest.mark.parametrize("columns", ["", "40"])
def test_the_generated_pages_are_fresh(
    generator: dict[str, Any], columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if columns:
        monkeypatch.setenv("COLUMNS", columns)
    pages = generator["pages"]()
    assert set(pages) == MADE
    for name, text in pages.items():
        assert (CHECKOUT / "docs" / name).read_text(encoding="utf-8") == text, "run tools/generate_docs.py"


def test_every_protocol_has_a_picture() -> None:
    drawn = {path.stem for path in (CHECKOUT / "docs" / "images" / "library").glob("*.png")}
    assert drawn == set(protocol_ids()), "run tools/draw_library.py"


def test_every_command_and_option_stands_in_the_page(generator: dict[str, Any]) -> None:
    text = (CHECKOUT / "docs" / "cli.md").read_text(encoding="utf-8")
    options = set()
    commands = list(generator["commands"]())
    for words in commands:
        command: Any = get_command(program())
        for word in words[1:]:
            command = command.commands[word]
        chapter = text.partition(f"## {' '.join(words)}\n")[2].partition("\n## ")[0]
        assert chapter, words
        assert command.help
        for parameter in command.params:
            for option in parameter.opts:
                options.add(option)
                assert option in chapter, (words, option)
    assert len(commands) >= 11
    assert len(options) >= 14


def test_the_readme_names_every_command() -> None:
    text = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    command: Any = get_command(program())
    assert all(f"`reportgen {name}" in text for name in command.commands)


# ------------------------------------------------------------------ the walks through the house


def walks() -> dict[str, list[str]]:
    """The walks of docs/architecture.md: title → the functions, in order."""
    text = (CHECKOUT / "docs" / "architecture.md").read_text(encoding="utf-8")
    chapter = text.partition("## Three walks")[2].partition("\n## ")[0]
    return {
        walk.partition("\n")[0]: re.findall(r"^\| `([\w.]+)` \|", walk, re.MULTILINE)
        for walk in chapter.split("\n### ")[1:]
    }


def function_of(name: str) -> Any:
    """The function or method of a dotted name below the package."""
    words = name.split(".")
    for last in range(len(words) - 1, 0, -1):
        path = ".".join(["reportgen", *words[:last]])
        try:
            value: Any = importlib.import_module(path)
        except ModuleNotFoundError:
            continue
        for word in words[last:]:
            value = getattr(value, word)
        return value
    raise AssertionError(f"{name}: there is no such module")


def room(name: str) -> str:
    """The folder of a function; a door (a folder above the pipeline) is as many rooms as it has modules."""
    words = name.split(".")
    return ".".join(words[:2]) if FLOORS[words[0]] > FLOORS["pipeline"] else words[0]


def returns(rooms: list[str]) -> list[str]:
    """The rooms that a walk enters a second time."""
    entered = [name for name, _ in itertools.groupby(rooms)]
    return [name for place, name in enumerate(entered) if name in entered[:place]]


def test_the_walks_name_functions_and_never_return_to_a_room() -> None:
    assert [len(functions) >= 7 for functions in walks().values()] == [True] * 3
    for title, functions in walks().items():
        assert all(callable(function_of(name)) for name in functions), title
        assert returns([room(name) for name in functions]) == [], title


def test_no_room_of_a_walk_imports_a_later_step() -> None:
    """An earlier step does not know the later ones; only doors, the pipeline and tables know several steps."""
    tool = drawing()
    for title, functions in walks().items():
        steps = [name for name in dict.fromkeys(map(room, functions)) if name in tool["STEPS"][:-1]]
        assert len(steps) >= 4
        assert steps == sorted(steps, key=tool["STEPS"].index), title
        for place, step in enumerate(steps):
            assert not tool["imported"]()[step] & set(steps[place + 1 :]), (title, step)


def test_a_step_back_would_be_noticed() -> None:
    assert returns(["reading", "cases", "cases", "reading"]) == ["reading"]
    with pytest.raises(AttributeError):
        function_of("reading.readers.read_minds")
    with pytest.raises(AssertionError):
        function_of("nothing.at.all")


def drawing() -> dict[str, Any]:
    return runpy.run_path(str(CHECKOUT / "tools" / "draw_architecture.py"))


def test_the_drawn_architecture_is_fresh() -> None:
    picture = (CHECKOUT / "docs" / "images" / "architecture.svg").read_text(encoding="utf-8")
    assert picture == drawing()["picture"](), "run tools/draw_architecture.py"
    assert picture.count('<text class="name"') >= 15
    assert picture.count('<path class="arrow"') >= 15


# ------------------------------------------------------------------ paths and words


@pytest.mark.parametrize("page", DOCS, ids=named)
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link, anchor in _LINK.findall(text):
        assert link.startswith("https://") or (page.parent / link).exists(), link
        assert not anchor or anchor in anchors(page.parent / link if link else page), f"{link}#{anchor}"
    for path in re.findall(rf"`((?:{FOLDERS})/[^`\s]*)`", text):
        assert (CHECKOUT / path).exists() or path.startswith(INVENTED), path
    for name in re.findall(r"`(test_\w+\.py|tools/\w+\.\w+)`", text):
        assert list(CHECKOUT.rglob(name)), name


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made from their words."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_is_in_the_index() -> None:
    index = CHECKOUT / "docs" / "README.md"
    listed = {(index.parent / link).resolve() for link, _ in _LINK.findall(index.read_text(encoding="utf-8"))}
    assert {page.resolve() for page in DOCS} - listed == {index.resolve(), (CHECKOUT / "README.md").resolve()}


def test_decisions_fit_on_a_page_and_have_their_form() -> None:
    pages = sorted((CHECKOUT / "docs" / "decisions").glob("*.md"))
    assert [page.name[:2] for page in pages] == [f"{number:02}" for number in range(1, len(pages) + 1)]
    assert len(pages) >= 5
    for page in pages:
        text = page.read_text(encoding="utf-8")
        headings = ["## Background", "## What we measured", "## Decision"]
        assert [text.index(heading) for heading in headings] == sorted(text.index(heading) for heading in headings)
        assert len(text.splitlines()) <= 55


def project_files() -> Iterator[Path]:
    """The files that are ours, as text; vendored fonts, licences and what tools leave behind are left out."""
    skipped = {".git", ".venv", "build", "dist", "fonts", "__pycache__", "cases", "reports"}
    for folder, inner, names in os.walk(CHECKOUT):
        inner[:] = [name for name in inner if not name.startswith(".") or name == ".ci"]
        if Path(folder) == CHECKOUT:
            inner[:] = [name for name in inner if name not in skipped]
        else:
            inner[:] = [name for name in inner if name not in skipped - {"cases", "reports", "build"}]
        ours = [name for name in names if name != ".git"]  # in a worktree .git is a file, with the path of the checkout
        yield from (Path(folder) / name for name in ours if not name.endswith((".pyc", ".ttf", ".docx", ".png")))


HOSTS = ("py" + "pi.org", "python" + "hosted.org", "npm" + "js.", "crates" + ".io")
MAKERS = ("clau" + "de", "anthro" + "pic", "open" + "ai", "chat" + "gpt", "copi" + "lot")
PLACES = re.compile(r"(?<![\w.~$}-])/(?:work|root|home|Users|tmp/\w)" + r"\b")


def out_of_place(text: str) -> bool:
    """Whether a text names a registry, a machine's own path or a tool of its making."""
    return any(word in text.lower() for word in HOSTS + MAKERS) or bool(PLACES.search(text))


def test_no_project_file_names_a_registry_a_machine_or_a_tool_of_its_making() -> None:
    assert all(out_of_place(f"see {word} for more") for word in (*HOSTS, *MAKERS, "/ho" + "me/me", "/wo" + "rk/main"))
    assert not out_of_place("see docs/home and ~/work and build/tmp/x")
    paths = list(project_files())
    assert len(paths) >= 100
    assert [path for path in paths if out_of_place(path.read_text(encoding="utf-8", errors="replace"))] == []


def test_the_readme_says_the_intended_use_as_the_program_does() -> None:
    readme = " ".join((CHECKOUT / "README.md").read_text(encoding="utf-8").split())
    said = invoke("--help").out
    report = render(CHECKOUT / "samples" / "shave-biopsy.yaml").report
    use = "Formats data entered by a qualified pathologist; makes no diagnosis"
    rest = "every draft must be reviewed and signed out in the laboratory's own system"
    assert f"{use}; {rest}." in readme
    assert f"{use}; {rest}." in " ".join(said.split())
    assert use in " ".join(report.furniture.record)
