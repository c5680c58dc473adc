"""Check the protocols completely and record which passed, so that loading can skip the check.

Run it after you change a protocol: `.venv/bin/python tools/check_protocols.py`. It records the SHA-256 of each built-in
protocol, and for each sample profile what `reportgen template accept` records. What is recorded already is not checked
again, except with `--all`. Without the records everything works, but slower, since a protocol that is not recorded is
checked whenever it is loaded. A test checks all protocols and compares the files with them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from reportgen import template_files
from reportgen.laboratory.read import load_laboratory
from reportgen.profiles.accepted import checked
from reportgen.protocols.load import load_header, load_protocol, protocol_ids

_PROFILES = Path(__file__).resolve().parents[1] / "samples" / "profiles"


def records(*, recheck: bool) -> dict[Path, bytes]:
    """File → its content; raises `FindingsError` if a protocol fails its check."""
    hashes = [load_header().hash, *(load_protocol(id, recheck=recheck).hash for id in protocol_ids())]
    found = {template_files.folder() / "protocols" / "checked.txt": "".join(f"{hash}\n" for hash in hashes).encode()}
    for folder in sorted(_PROFILES.iterdir()):
        laboratory = load_laboratory(folder)
        for id in laboratory.changed_protocols:
            load_protocol(id, laboratory, recheck=recheck)
        file, content = checked(laboratory)
        found[file] = content
    return found


if __name__ == "__main__":
    for file, content in records(recheck="--all" in sys.argv).items():
        file.write_bytes(content)
