"""The pages of docs/how-to are true: followed step by step in a copy of the checkout, they give what they show."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import CHECKOUT, environment
from tests.support.pages import Block, assert_like, blocks

PAGES = sorted((CHECKOUT / "docs" / "how-to").glob("*.md"))
COPIED = ("reportgen", "templates", "samples", "tools", "docs", "tests")
_EXIT = re.compile(r"exit (\d+)")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A checkout that a page may change."""
    for name in COPIED:
        ignored = shutil.ignore_patterns("*.pyc.*", "_templates")  # with the bytecode: else each copy compiles it again
        shutil.copytree(CHECKOUT / name, tmp_path / name, ignore=ignored, symlinks=True)
    for name in ("pyproject.toml", "README.md", "CONTRIBUTING.md"):
        shutil.copy(CHECKOUT / name, tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_can_be_followed(page: Path, copy: Path) -> None:
    for block in blocks(page):
        follow(block, copy)


def follow(block: Block, folder: Path) -> None:
    """Do what a block shows: write a file, change one, or run commands."""
    if block.kind == "diff":
        change(folder, block)
    elif block.kind == "console":
        for command, shown in commands(block.text):
            assert_like(shown, run(command, folder))
    else:
        assert block.kind in ("python", "yaml"), f"a block of {block.kind} is never tried"
        path = folder / block.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")


def change(folder: Path, block: Block) -> None:
    """Apply a diff: its first line names the file, and the lines around the change occur once in it."""
    _, *lines = block.text.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if line[0] != "+")
    after = "".join(line[1:] for line in lines if line[0] != "-")
    path = folder / block.file
    text = path.read_text(encoding="utf-8")
    assert before != after
    assert text.count(before) == 1, f"{block.file} does not have once:\n{before}"
    path.write_text(text.replace(before, after), encoding="utf-8")


def commands(text: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output that is shown for it."""
    pairs = [part.partition("\n") for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]]
    return [(command, shown) for command, _, shown in pairs]


def run(line: str, folder: Path) -> str:
    """Run one command in the copy; it ends as its comment says. Returns what it printed."""
    command, _, remark = line.partition(" #")
    words = shlex.split(command)
    starts = {"reportgen": [sys.executable, "-m", "reportgen"], "python": [sys.executable]}
    name = words[0].removeprefix(".venv/bin/")
    done = subprocess.run(
        [*starts[name], *words[1:]], cwd=folder, env=environment({"PYTHONPATH": str(folder)}), timeout=300,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
    )  # fmt: skip
    wanted = int(found[1]) if (found := _EXIT.search(remark)) else 0
    assert done.returncode == wanted, f"{line}\n{done.stdout}"
    return done.stdout


def test_the_pages_are_there_and_try_what_they_tell() -> None:
    assert {page.stem for page in PAGES} >= {
        "add-a-command", "add-a-format", "add-a-protocol", "add-a-table-kind", "add-an-advisory",
    }  # fmt: skip
    for page in PAGES:
        kinds = [block.kind for block in blocks(page)]
        assert "console" in kinds, page.name
        assert {"python", "yaml", "diff"} & set(kinds), page.name


def test_a_step_that_fails_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("print(1)\n", encoding="utf-8")
    follow(Block("diff", "# a.py\n-print(1)\n+print(2)\n"), tmp_path)
    follow(Block("console", "$ python a.py\n2\n"), tmp_path)
    with pytest.raises(AssertionError):
        follow(Block("diff", "# a.py\n-print(1)\n+print(3)\n"), tmp_path)
    with pytest.raises(AssertionError):
        follow(Block("console", "$ python a.py   # exit 1\n2\n"), tmp_path)
    with pytest.raises(AssertionError):
        follow(Block("console", "$ python a.py\n3\n"), tmp_path)
    with pytest.raises(AssertionError):
        follow(Block("sh", "python a.py\n"), tmp_path)
