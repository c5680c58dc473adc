"""Hash the documents that this checkout makes, so that two commits can be compared.

Hashes every sample in every format, 500 invented cases and a laboratory's sample export, and prints one line for each:
the hash and the name. Save the lines of both commits and compare them with `diff`:

    python tools/hash_documents.py > before.txt
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
SAMPLES = CHECKOUT / "samples"
FORMATS = "docx,pdf,html,txt"
MADE = (("aismn", 400), ("general", 100))
WRITTEN_BY_THE_BATCH = {"results.csv", "summary.html"}  # they name times of the run


def reportgen(*arguments: str | Path, allowed: tuple[int, ...] = (0,)) -> None:
    """Run the program of this checkout; raises CalledProcessError for an exit code that is not allowed."""
    command = [sys.executable, "-c", "from reportgen.cli.app import main; main()", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "SOURCE_DATE_EPOCH": "1767225600"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=CHECKOUT, check=False)
    if done.returncode not in allowed:
        sys.stderr.write(done.stdout + done.stderr)
        done.check_returncode()


def make_documents(folder: Path) -> None:
    """Write all documents into a folder."""
    for engine in ("typst", "weasyprint"):
        options = ("-o", folder / f"samples-{engine}", "--pdf-engine", engine)
        reportgen("render", *sorted(SAMPLES.glob("*.yaml")), *options, "--format", FORMATS, allowed=(0, 1))
    for protocol, number in MADE:
        table = folder / f"{protocol}.csv"
        reportgen("synth", protocol, "-n", str(number), "--seed", "7", "--parts", "2", "-f", "csv", "-o", table)
        reportgen("batch", table, "-o", folder / protocol, "--format", FORMATS)
    export = SAMPLES / "laboratory-export"
    columns = ("--columns", export / "columns.yaml")
    reportgen("batch", export / "export.csv", *columns, "-o", folder / "export", "--format", FORMATS,
              allowed=(0, 1))  # fmt: skip


def main() -> None:
    """Print the hash and the name of each document."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_documents(folder)
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            relative = path.relative_to(folder)
            if path.name not in WRITTEN_BY_THE_BATCH and not any(part.startswith(".") for part in relative.parts):
                print(hashlib.sha256(path.read_bytes()).hexdigest(), relative)


if __name__ == "__main__":
    main()
