"""One batch a folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.batch.lock import locked
from reportgen.findings import FindingsError

HOLD = """
import sys, time
from pathlib import Path
from reportgen.batch.lock import locked
with locked(Path(sys.argv[1]), "2026-11-23T10:00:00+00:00"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_second_is_told_who_holds_the_folder_and_the_kernel_frees_it(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(FindingsError) as caught, locked(tmp_path, "now"):
            pass
        (finding,) = caught.value.findings
        assert finding.code == "E506"
        assert f"process {holder.pid} on " in finding.message
        assert "since 2026-11-23T10:00:00+00:00" in finding.message
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    with locked(tmp_path, "now"):
        assert str(os.getpid()) in (tmp_path / ".reportgen-batch.lock").read_text(encoding="utf-8")


def test_a_lock_is_free_again_after_its_block(tmp_path: Path) -> None:
    for _ in range(2):
        with locked(tmp_path / "made" / "here", "now"):
            pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FindingsError) as caught, locked(tmp_path / "file", "now"):
        pass
    assert caught.value.findings[0].code == "E502"


def test_workers_of_a_killed_batch_are_waited_for(tmp_path: Path) -> None:
    """The folder is held on by a forked child for a moment after its parent was killed."""
    script = HOLD.replace(
        "    time.sleep(60)",
        "    import os\n    if os.fork() == 0:\n        time.sleep(1)\n    else:\n        os.kill(os.getpid(), 9)",
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, check=False, timeout=30)
    assert done.returncode == -9
    with locked(tmp_path, "now"):
        pass
