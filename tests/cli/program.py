"""Run the program: in this process where that is enough, in one of its own where exit, signals or imports matter."""

from __future__ import annotations

import atexit
import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import yaml

from tests.cli.starter import Program, Starter

CHECKOUT = Path(__file__).resolve().parents[2]
SAMPLES = CHECKOUT / "samples"
MARK = "ZZPHI"  # stands for a patient's data: must turn up nowhere but in the report itself
START = "from reportgen.cli.app import main; main()"
WITHOUT_PANGO = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
sys.meta_path.insert(0, Missing())
"""


@dataclass(frozen=True)
class Outcome:
    """How a run ended, and what it printed."""

    code: int
    out: str
    err: str
    both: str = ""  # standard output and standard error as they came (only from `invoke`)


class _Tee(io.StringIO):
    """A stream that is also copied to another."""

    def __init__(self, copy: io.StringIO) -> None:
        super().__init__()
        self.copy = copy

    def write(self, text: str) -> int:
        self.copy.write(text)
        return super().write(text)


def invoke(*arguments: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Outcome:
    """Run the program's own `main` in this process."""
    from reportgen.cli.app import main

    both = io.StringIO()
    out, err = _Tee(both), _Tee(both)
    with (
        contextlib.chdir(cwd or Path.cwd()),
        mock.patch.dict(os.environ, env or {}),
        mock.patch.object(sys, "argv", ["reportgen", *map(str, arguments)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = _exit_code(main)
    return Outcome(code, out.getvalue(), err.getvalue(), both.getvalue())


def _exit_code(main: Any) -> int:
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def run(
    *arguments: str | Path, before: str = "", env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Outcome:
    """Run the program in a process of its own; `before` is Python that runs first.

    With neither `before` nor `env` the process has loaded the program already.
    """
    if not before and env is None:
        return Outcome(*_starter().run([*map(str, arguments)], cwd or Path.cwd(), 60))
    done = subprocess.run(
        [sys.executable, "-c", before + START, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment(env),
        cwd=cwd,
        timeout=60,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def start(*arguments: str | Path, before: str = "", cwd: Path | None = None) -> subprocess.Popen[str] | Program:
    """Start the program in a process and a session of its own; `before` is Python that runs first.

    Without `before` the process has loaded the program already.
    """
    if not before:
        return _starter().start([*map(str, arguments)], cwd or Path.cwd())
    return subprocess.Popen(
        [sys.executable, "-u", "-c", before + START, *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(), cwd=cwd,
        start_new_session=True,
    )  # fmt: skip


@cache
def _starter() -> Starter:
    starter = Starter(environment())
    atexit.register(starter.end)
    return starter


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """This environment, with the checkout importable and nothing that decides about times."""
    kept = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    return {**kept, "PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "utf-8", **(more or {})}


def sample(name: str) -> Path:
    """A sample case."""
    return SAMPLES / f"{name}.yaml"


class _TextLoader(yaml.SafeLoader):
    """Loads YAML as an editor's schema check sees it: dates stay text."""


_TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def loaded(path: Path) -> Any:
    """A YAML file as plain data."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_TextLoader)


def edited(target: Path, *replaced: tuple[str, str], name: str = "unfinished") -> Path:
    """A sample written to `target` with texts replaced; each of them must be there."""
    text = sample(name).read_text(encoding="utf-8")
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    target.write_text(text, encoding="utf-8")
    return target


def files_below(folder: Path) -> Iterator[str]:
    """The names of all files in a folder, temporary ones included."""
    yield from sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
