"""What holds for every test: silence, no traces in the checkout, and Hypothesis as the environment asks for it."""

from __future__ import annotations

import builtins
import gc
import io
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from reportgen import contained, machine, system
from reportgen.protocols.load import frozen_templates
from tests.support.toy import Templates

CHECKOUT = Path(__file__).resolve().parents[1]
_TOOLS = {".hypothesis", ".pytest_cache", "__pycache__", ".mypy_cache", ".ruff_cache", ".venv", ".git"}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_READS = frozenset("rbtU")
_CHANGES = {  # functions of os, and which argument names what they change
    "mkdir": 0, "rename": 1, "replace": 1, "link": 1, "symlink": 1, "remove": 0, "unlink": 0, "rmdir": 0,
}  # fmt: skip

# How fast examples are drawn says more of the machine than of a test.
settings.register_profile("default", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", deadline=None, derandomize=True, database=None, print_blob=True)
settings.register_profile(
    "long", deadline=None, max_examples=2_000, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "expects_logs: may log warnings and errors")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two processes more than there are processors: a third of the suite waits for browsers and other processes.

    Three more are no faster, and keys that tests type come late.
    """
    return system.cores() + 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files of this folder, which follow whole pages; spread those that wait for a browser evenly."""
    files: dict[Path, list[pytest.Item]] = {}
    for item in sorted(items, key=lambda item: item.path.parent != CHECKOUT / "tests"):
        files.setdefault(item.path, []).append(item)
    turns: list[tuple[float, list[pytest.Item]]] = []
    for waiting in (True, False):
        chosen = [tests for file, tests in files.items() if (file.parent.name == "web") == waiting]
        turns += [((place + 0.5) / len(chosen), tests) for place, tests in enumerate(chosen)]
    items[:] = [item for _, tests in sorted(turns, key=lambda turn: turn[0]) for item in tests]


def pytest_collection_finish() -> None:
    """Keep the collected tests out of garbage collection: looking at 11,000 of them over and over takes an eighth."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 1_000)


def pytest_sessionfinish() -> None:
    """Keep what is left out of the five rounds of garbage collection with which pytest ends."""
    gc.freeze()


class _Writes:
    """Notes every file of the checkout that this process changes while it is watching.

    Why not an audit hook: it is called for each `id()` too, which took a twentieth of the whole suite.
    """

    def __init__(self) -> None:
        self.watching = False
        self.seen: list[str] = []
        for name, place in _CHANGES.items():
            self.watch(name, place)
        self.watch_opened()

    def watch(self, name: str, place: int) -> None:
        """Let a function of `os` note the argument that names what it changes."""
        real = getattr(os, name)

        def changing(*arguments: Any, **named: Any) -> Any:
            if self.watching:
                folder = named.get("dst_dir_fd") or named.get("dir_fd")
                self.note(arguments[place] if len(arguments) > place else None, folder)
            return real(*arguments, **named)

        setattr(os, name, changing)

    def watch_opened(self) -> None:
        """Let `open` and `os.open` note what they open for writing."""
        real, opened = io.open, os.open

        def open_file(file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
            if self.watching and not _READS.issuperset(mode):
                self.note(file)
            return real(file, mode, *arguments, **named)

        def open_descriptor(path: Any, flags: int, *arguments: Any, **named: Any) -> int:
            if self.watching and flags & _WRITES:
                self.note(path, named.get("dir_fd"))
            return opened(path, flags, *arguments, **named)

        io.open = builtins.open = open_file
        os.open = open_descriptor

    def note(self, name: object, folder: int | None = None) -> None:
        if isinstance(name, str | bytes | os.PathLike):
            whole = (
                Path(os.fsdecode(name))
                if folder is None
                else Path(f"/proc/self/fd/{folder}").readlink() / os.fsdecode(name)
            )
            path = Path(os.path.abspath(whole))  # noqa: PTH100 - no file system may be touched here
            if path.is_relative_to(CHECKOUT) and not _TOOLS.intersection(path.relative_to(CHECKOUT).parts):
                self.seen.append(str(path.relative_to(CHECKOUT)))


_writes = _Writes()


class _Loud(logging.Handler):
    """Keeps every record from warning on."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def no_fonts_of_the_machine() -> Iterator[None]:
    """No test depends on what is installed.

    Why not `monkeypatch`: it would then be set up before every other fixture, and undo after them what a test changed.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(machine, "SYSTEM", ())
        patch.setattr(machine, "HOME", ())
        yield


@pytest.fixture(autouse=True)
def templates_read_once() -> Iterator[None]:
    """Each test takes the built-in templates as it first read them, as a batch does; other folders are read anew."""
    with frozen_templates():
        yield


@pytest.fixture(autouse=True)
def no_traces(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that logs a warning or changes a file of the checkout."""
    loud = _Loud()
    logging.getLogger().addHandler(loud)
    _writes.seen.clear()
    _writes.watching = True
    try:
        yield
    finally:
        _writes.watching = False
        logging.getLogger().removeHandler(loud)
    if _writes.seen:
        pytest.fail(f"changed in the checkout: {', '.join(_writes.seen)}")
    if loud.records and not request.node.get_closest_marker("expects_logs"):
        pytest.fail(f"logged: {[record.getMessage() for record in loud.records]}")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A layout may compute for one second, for tests of what becomes of one that never ends."""
    monkeypatch.setattr(contained, "CPU_SECONDS", 1)


@pytest.fixture
def templates(tmp_path: Path) -> Iterator[Templates]:
    """A templates folder of its own, with the real case header and labels and no protocol yet."""
    with Templates.at(tmp_path / "templates") as made:
        yield made
