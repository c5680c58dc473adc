"""The guards that watch every test can fail: each is shown a test that it must not let pass."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
HEAD = f"import logging, os, pytest, socket\nfrom pathlib import Path\nCHECKOUT = Path({str(CHECKOUT)!r})\n"
REFUSED = {
    "a warning": "logging.getLogger('x').warning('loud')",
    "an error of a library": "logging.getLogger('weasyprint').error('loud')",
    "a new folder": "(CHECKOUT / 'nowhere' / 'x').mkdir()",
    "a new file": "(CHECKOUT / 'nowhere' / 'x').open('w')",
    "a file by its handle": "os.open(CHECKOUT / 'nowhere' / 'x', os.O_CREAT | os.O_WRONLY)",
    "a renamed file": "os.rename('nothing', CHECKOUT / 'x')",
    "a link": "os.symlink('nothing', CHECKOUT / 'nowhere' / 'x')",
    "a removed file": "os.remove(CHECKOUT / 'nowhere')",
}
ALLOWED = {
    "a remark": "logging.getLogger('x').info('quiet')",
    "a file read": "(CHECKOUT / 'README.md').open()",
    "a file elsewhere": "(Path(os.environ['HERE']) / 'x').open('w')",
    "a tool's own file": "(CHECKOUT / '.pytest_cache' / 'nowhere' / 'x').open('w')",
}


EXPECTED = {"a warning that is expected": REFUSED["a warning"]}


def as_test(number: int, name: str, statement: str) -> str:
    """A test that does this, whether or not it can be done."""
    mark = "@pytest.mark.expects_logs\n" if name in EXPECTED else ""
    return (
        f"{mark}def test_{number}():\n    try:\n        file = {statement}\n    except OSError:\n        file = None\n"
        "    if hasattr(file, 'close'):\n        file.close()\n"
    )


@pytest.fixture(scope="module", name="outcomes")
def fixture_outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """For each statement what the guards said of a test that does it; "" where they let it pass."""
    folder = tmp_path_factory.mktemp("guarded")
    statements = {**REFUSED, **ALLOWED, **EXPECTED}
    tests = [as_test(number, name, statement) for number, (name, statement) in enumerate(statements.items())]
    (folder / "test_it.py").write_text(HEAD + "\n".join(tests), encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rE", "-p", "no:cacheprovider", "-p", "tests.conftest", "test_it.py"],
        capture_output=True, text=True, check=False, cwd=folder, timeout=60,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "HERE": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert f"{len(tests)} passed" in done.stdout, done.stdout + done.stderr
    errors = dict(re.findall(r"^ERROR test_it\.py::test_([0-9]+) - (.*)$", done.stdout, re.MULTILINE))
    return {name: errors.get(str(number), "") for number, name in enumerate(statements)}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_test_must_not_do_is_seen(name: str, outcomes: dict[str, str]) -> None:
    assert "logged: ['loud']" in outcomes[name] or "changed in the checkout: " in outcomes[name]


@pytest.mark.parametrize("name", [*ALLOWED, *EXPECTED])
def test_what_a_test_may_do_is_let_pass(name: str, outcomes: dict[str, str]) -> None:
    assert outcomes[name] == ""
