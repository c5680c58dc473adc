"""`render --watch` and Ctrl-C, in a process of its own."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

from tests.cli.program import edited, files_below, start


class Watching:
    """`render --watch` in a process of its own."""

    def __init__(self, case: Path, *options: str) -> None:
        arguments = ["render", str(case), "--watch", "-f", "txt", *options]
        self.process = start(*arguments)
        self.limit = threading.Timer(30, self.process.kill)  # a wait that is in vain ends
        self.limit.start()

    def until(self, stream: str, word: str) -> None:
        """Read lines until one holds the word."""
        source = self.process.stdout if stream == "out" else self.process.stderr
        assert source is not None
        for line in source:
            if word in line:
                return
        raise AssertionError(f"{word} was not printed")

    def stop(self) -> tuple[int, str]:
        """Press Ctrl-C; the exit code and what was still printed on standard error."""
        self.process.send_signal(signal.SIGINT)
        _, err = self.process.communicate(timeout=20)
        self.limit.cancel()
        return self.process.wait(), err


def test_watching_renders_again_at_each_save_and_stops_with_ctrl_c(tmp_path: Path) -> None:
    case = edited(tmp_path / "case.yaml")
    watching = Watching(case)
    try:
        watching.until("err", "watching; stop with Ctrl-C")
        assert "[NOT ENTERED]" in (tmp_path / "case.txt").read_text(encoding="utf-8")
        edited(case, ("growth: infiltrative", "growth: infiltrativ"))
        watching.until("err", "E103")
        assert "[NOT ENTERED]" in (tmp_path / "case.txt").read_text(encoding="utf-8")
        watching.until("out", "case.txt")
        edited(case, ("perineural:", "perineural: not identified"))
        watching.until("out", "case.txt")
        assert "[NOT ENTERED]" not in (tmp_path / "case.txt").read_text(encoding="utf-8")
    finally:
        code, err = watching.stop()
    assert code == 130
    assert "Traceback" not in err
    assert list(files_below(tmp_path)) == ["case.txt", "case.yaml"]


def test_watching_never_replaces_what_another_run_wrote(tmp_path: Path) -> None:
    case = edited(tmp_path / "case.yaml")
    (tmp_path / "case.txt").write_text("mine", encoding="utf-8")
    watching = Watching(case)
    try:
        watching.until("err", "E501")
        edited(case, ("perineural:", "perineural: not identified"))
        watching.until("err", "E501")
    finally:
        code, _ = watching.stop()
    assert code == 130
    assert (tmp_path / "case.txt").read_text(encoding="utf-8") == "mine"
