"""Check every protocol in full and write down the sha256 of those that passed, so that loading need not do it again.

Run after a protocol was changed: `.venv/bin/python tools/check_protocols.py`. Without it everything works, only slower:
content that is not written down is checked whenever it is loaded. A test holds the file against the protocols.
"""

from __future__ import annotations

from reportgen import template_files
from reportgen.protocols.load import load_header, load_protocol, protocol_ids


def passed() -> str:
    """One sha256 a line, of the case header and of each protocol; raises `FindingsError` where one is not in order."""
    hashes = [load_header().hash, *(load_protocol(id, recheck=True).hash for id in protocol_ids())]
    return "".join(f"{hash}\n" for hash in hashes)


if __name__ == "__main__":
    (template_files.folder() / "protocols" / "checked.txt").write_text(passed(), encoding="ascii")
