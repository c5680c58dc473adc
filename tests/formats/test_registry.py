"""The registry: four formats by name, engines loaded only when used, layouts as pure functions."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen import formats, template_files
from reportgen.formats.layout import layout_record, load_layout
from reportgen.formats.registry import FORMATS, Format, by_name
from tests.formats.specimen import REPORT

_ENGINES = ("weasyprint", "typst", "docx", "lxml", "fontTools")
_LOADED = f"print(*sorted(name for name in {_ENGINES} if name in sys.modules))"
_RENDER = """
from reportgen import formats
from reportgen.formats.layout import load_layout
from tests.formats.specimen import REPORT
"""


def python(code: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_names() -> None:
    assert formats.names() == ("docx", "pdf", "html", "txt")


def test_an_unknown_format_is_no_format() -> None:
    with pytest.raises(KeyError):
        formats.render(REPORT, "odt", load_layout())


def test_the_first_bytes_name_the_format() -> None:
    starts = {name: formats.render(REPORT, name, load_layout())[:5] for name in formats.names()}
    assert starts == {"docx": b"PK\x03\x04\x14", "pdf": b"%PDF-", "html": b"<!DOC", "txt": b"====="}


def test_a_format_registered_twice_is_refused() -> None:
    with pytest.raises(RuntimeError, match="twice"):
        by_name(*FORMATS.values(), Format("txt", "text/rtf", 1, "reportgen.formats.text"))


def test_importing_the_registry_loads_no_engine() -> None:
    assert python(f"import reportgen.formats\n{_LOADED}") == ""


# Typst loads in the child process that lays out
@pytest.mark.parametrize(("name", "engine"), [("html", ""), ("txt", ""), ("docx", "docx lxml"), ("pdf", "")])
def test_a_format_loads_its_own_engine_only(name: str, engine: str) -> None:
    loaded = python(f"{_RENDER}formats.render(REPORT, {name!r}, load_layout())\n{_LOADED}").split()
    assert set(engine.split()) <= set(loaded)
    assert not {"weasyprint", "docx", "typst"} & set(loaded) - set(engine.split())


def test_a_layout_opens_nothing_once_its_assets_are_in_hand() -> None:
    """Files, sockets, programs and environment: an audit hook sees none of them in the second rendering."""
    seen = python(
        f"""{_RENDER}
design = load_layout()
first = [formats.render(REPORT, name, design) for name in formats.names()]
seen = []
watched = ("open", "os.listdir", "os.scandir", "os.putenv", "socket.", "subprocess.", "urllib.", "import")
sys.addaudithook(lambda event, args: seen.append((event, args[0])) if event.startswith(watched) else None)
again = [formats.render(REPORT, name, design) for name in formats.names()]
found = [item for item in seen if item[0] != "import"]
print(found, first == again)
"""
    )
    assert seen == "[] True"


def test_the_layout_record_names_the_layout_and_hashes_its_files() -> None:
    digest = hashlib.sha256()
    for file in ("design.yaml", "report.html", "blocks.html", "report.css", "guard.css", "report.typ"):
        path = template_files.path(f"layouts/standard/{file}")
        digest.update(path.read_bytes())
    digest.update((template_files.folder() / "fonts/SOURCES.txt").read_bytes())
    record = layout_record()
    assert re.fullmatch(r"standard \([0-9a-f]{12}\)", record)
    assert digest.hexdigest()[:12] in record
