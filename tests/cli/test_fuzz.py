"""No command line and no file ends in "internal error": each ends with an exit code that means something."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reportgen import contained
from reportgen.cli.app import main
from tests.cli.hostile import Hostile, commands, hostile

_CODES = (0, 1, 2, 3)
_OF_BATCH = (4, 5, 6)
_EXAMPLES = 5_000 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 300


class Served(SystemExit):
    """A folder would have been served: the suite has no network, and the desk would never end."""


def ran(made: Hostile, folder: Path) -> tuple[int, str]:
    """Write the files, run the command in this process; returns its code and all that it said.

    The streams refuse what the real ones refuse: letters that are none cannot be printed on standard output.
    """
    for name, content in made.files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    bytes_out, bytes_err = io.BytesIO(), io.BytesIO()
    out = io.TextIOWrapper(bytes_out, encoding="utf-8", errors="strict", write_through=True)
    err = io.TextIOWrapper(bytes_err, encoding="utf-8", errors="backslashreplace", write_through=True)
    code = 0
    with (
        contextlib.chdir(folder),
        mock.patch.object(sys, "argv", ["reportgen", *made.words]),
        mock.patch("reportgen.web.serve._bound", side_effect=Served(0)),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return code, (bytes_out.getvalue() + bytes_err.getvalue()).decode()


@pytest.fixture(scope="module")
def seen() -> Iterator[Counter[object]]:
    """How often each command and each code came: what fuzzes must get far, too."""
    counted: Counter[object] = Counter()
    yield counted
    contained.release()


@pytest.mark.slow
@pytest.mark.expects_logs
@settings(
    max_examples=_EXAMPLES, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(seed=st.integers(0, 2**40))
def test_no_command_line_and_no_file_is_an_internal_error(
    tmp_path_factory: pytest.TempPathFactory, seen: Counter[object], seed: int
) -> None:
    made = hostile(seed)
    folder = tmp_path_factory.mktemp("fuzz")
    try:
        code, said = ran(made, folder)
    finally:
        with contextlib.chdir(folder):  # so that its names are not taken for those of the checkout
            shutil.rmtree(folder, ignore_errors=True)
    assert "internal error" not in said, (made.words, said)
    assert "Traceback" not in said, (made.words, said)
    assert code in (_CODES if made.words[0] != "batch" else (*_CODES, *_OF_BATCH)), (made.words, code)
    assert code == 0 or said.strip(), made.words
    seen[made.words[0]] += 1
    seen[code] += 1


@pytest.mark.slow
def test_what_was_tried_reached_every_code_and_most_commands(seen: Counter[object]) -> None:
    tried = sum(number for each, number in seen.items() if isinstance(each, str))
    if tried < 100:
        pytest.skip("asked for alone")
    assert {0, 1, 2} <= seen.keys()
    assert seen[0] > tried / 20
    assert len({name[0] for name in commands()} & seen.keys()) >= 7
