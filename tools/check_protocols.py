"""Check every protocol completely and record the SHA-256 of those that passed, so that loading can skip the check.

Run it after you change a protocol: `.venv/bin/python tools/check_protocols.py`. Without it everything works,
but slower, since a protocol that is not recorded is checked whenever it is loaded. A test compares the file with
the protocols.
"""

from __future__ import annotations

from reportgen import template_files
from reportgen.protocols.load import load_header, load_protocol, protocol_ids


def passed() -> str:
    """One SHA-256 per line, of the case header and of each protocol; raises `FindingsError` if one fails its check."""
    hashes = [load_header().hash, *(load_protocol(id, recheck=True).hash for id in protocol_ids())]
    return "".join(f"{hash}\n" for hash in hashes)


if __name__ == "__main__":
    (template_files.folder() / "protocols" / "checked.txt").write_text(passed(), encoding="ascii")
